"""What each kind of errand means: a few lines that name the libraries in order. Each may be done twice."""

from collections.abc import Callable, Sequence, Set
from datetime import UTC, datetime

import publisher
import search
from commands.indexing import entries_on_site, questions_on_site, rebuild_index, subjects_kept_back
from commands.publishing import KINDS, WORKER_WAITS_S, changes_of, publishing, waiting
from commands.publishing import publish as bring_live
from commands.seeing import see_live
from content import operations
from county import ledger
from county.ledger import Errand
from installation import search_index

PUBLISHING = KINDS


def publish(errands: Sequence[Errand]) -> None:
    """Bring the site, then the index, to the state of the database.

    Raises: publisher.HeldError after a rollback, until somebody publishes by hand.
    """
    changes = changes_of(list(errands))
    with publishing(wait_s=WORKER_WAITS_S) as here:
        if publisher.is_held():
            raise publisher.HeldError
        before = subjects_kept_back()
        bring_live(here, changes)
    index_changes(errands, before ^ subjects_kept_back())


def index_changes(errands: Sequence[Errand], judged: Set[tuple[str, int]]) -> None:
    """Bring the index to what the site shows of these errands' subjects, and of those that were or are kept back."""
    if not (errands or judged):
        return
    if any(errand.kind in ("publish_site", "publish_organ") for errand in errands):
        rebuild_index()  # the names of organs and channels stand in every entry
        return
    documents = {int(errand.key) for errand in errands if errand.kind == "publish_document"}
    documents |= {key for kind, key in judged if kind == "document"}
    questions = {int(errand.key) for errand in errands if errand.kind == "publish_question"}
    questions |= {key for kind, key in judged if kind == "question"}
    entries = [*entries_on_site(documents), *(questions_on_site() if questions else ())]
    here = {entry.id for entry in entries}
    subjects = {f"{kind}-{key}" for key in documents for kind in ("disclosure", "service")}
    gone = (subjects | {f"question-{key}" for key in questions}) - here
    index = search_index()
    try:
        index.remove(gone)
        index.put(entries)
    except search.IndexDamagedError:
        rebuild_index()


def count_standing(errands: Sequence[Errand]) -> None:
    """Count anew how complete and how fresh some documents are, and owe the next: publishing goes first in between."""
    for errand in errands:
        last = operations.count_standing(after=int(errand.key))
        if last is not None:
            ledger.owe("count_standing", last, at=datetime.now(UTC))


PAY: dict[str, Callable[[Sequence[Errand]], None]] = dict.fromkeys(PUBLISHING, publish) | {
    "see_live": see_live,
    "count_standing": count_standing,
}


def companions(errand: Errand, now: datetime) -> list[Errand]:
    """Errands that the same work pays: every publication that waits goes into one."""
    return waiting(now) if errand.kind in PUBLISHING else []
