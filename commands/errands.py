"""What each kind of errand means: a few lines that name the libraries in order. Each may be done twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import publisher
import search
from commands.indexing import entries_on_site, questions_on_site, rebuild_index
from county import ledger
from county.ledger import Errand
from installation import search_index, settings

PUBLISHING = ("publish_document", "publish_question", "publish_site")  # the last: an organ or channel changed


def build_site() -> publisher.BuildReport:
    """Build the public site with the settings of this installation."""
    given = settings()
    return publisher.build(
        site_folder=given.site_folder,
        upload_folder=given.upload_folder,
        public_url=given.public_url,
        at=datetime.now(UTC),
        keep=given.keep_releases,
    )


def publish(errands: Sequence[Errand]) -> None:
    """Bring the site, then the index, to the state of the database."""
    build_site()
    if any(errand.kind == "publish_site" for errand in errands):
        rebuild_index()  # the names of organs and channels stand in every entry
        return
    documents = {int(errand.key) for errand in errands if errand.kind == "publish_document"}
    entries = list(entries_on_site(documents))
    if any(errand.kind == "publish_question" for errand in errands):
        entries += questions_on_site()
    here = {entry.id for entry in entries}
    gone = {f"{kind}-{key}" for key in documents for kind in ("disclosure", "service")} - here
    index = search_index()
    try:
        index.remove(gone)
        index.put(entries)
    except search.IndexDamagedError:
        rebuild_index()


PAY: dict[str, Callable[[Sequence[Errand]], None]] = dict.fromkeys(PUBLISHING, publish)


def companions(errand: Errand, now: datetime) -> list[Errand]:
    """Errands that the same work pays: every publication that waits goes into one build."""
    if errand.kind not in PUBLISHING:
        return []
    found = []
    while other := ledger.take_next(now, kinds=PUBLISHING):
        found.append(other)
    return found
