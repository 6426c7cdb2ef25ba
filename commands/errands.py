"""What each kind of errand means: a few lines that name the libraries in order. Each may be done twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import publisher
import search
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
    """Bring the site, then the index, to the state of the database.

    A page that is blocked stays out of the index too.
    """
    blocked = {page.page for page in build_site().blocked}
    documents = {int(errand.key) for errand in errands if errand.kind == "publish_document"}
    entries = [entry for entry in search.published_entries(documents) if entry.url not in blocked]
    if any(errand.kind == "publish_question" for errand in errands):
        entries += [entry for entry in search.published_questions() if entry.url not in blocked]
    index = search_index()
    if any(
        errand.kind == "publish_site" for errand in errands
    ):  # names of organs and channels are in every entry
        index.rebuild(entry for entry in search.published_entries() if entry.url not in blocked)
    try:
        index.remove(
            {f"{kind}-{key}" for key in documents for kind in ("disclosure", "service")}
            - {entry.id for entry in entries}
        )
        index.put(entries)
    except search.IndexDamagedError:
        index.rebuild(entry for entry in search.published_entries() if entry.url not in blocked)


PAY: dict[str, Callable[[Sequence[Errand]], None]] = dict.fromkeys(PUBLISHING, publish)


def companions(errand: Errand, now: datetime) -> list[Errand]:
    """Errands that the same work pays: every publication that waits goes into one build."""
    if errand.kind not in PUBLISHING:
        return []
    found = []
    while other := ledger.take_next(now, kinds=PUBLISHING):
        found.append(other)
    return found
