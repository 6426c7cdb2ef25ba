"""How an edge publishes: one publisher at a time, a commit after each step that must not be lost."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import publisher
from county import chain, ledger
from county.chain import Head
from county.ledger import Errand
from database import db
from installation import settings

log = logging.getLogger("zhuanlan.publishing")
KINDS = (
    "publish_document",
    "publish_question",
    "publish_case",
    "publish_organ",
    "publish_alert",
    "publish_site",
)  # the last: a channel, the site
WORKER_WAITS_S = 60.0


def place() -> publisher.Place:
    """Where this installation keeps its site."""
    given = settings()
    return publisher.Place(
        given.site_folder, given.upload_folder, given.public_url, given.read_back_url, given.keep_releases
    )


@contextmanager
def publishing(*, wait_s: float = 0) -> Iterator[publisher.Place]:
    """Be the only publisher, begin with what one that died left undone, and leave nothing half written down.

    Raises: publisher.BusyError.
    """
    here = place()
    with publisher.one_publisher(here.site_folder, wait_s=wait_s):
        try:
            finished = publisher.finish(here, at=datetime.now(UTC))
            if finished:
                _owe_a_look(here, finished)
            db.session.commit()
            yield here
        except BaseException:
            db.session.rollback()
            raise


def changes_of(errands: list[Errand]) -> publisher.Changes:
    """What errands ask to be brought to the site."""
    keys: dict[str, set[int]] = {kind: set() for kind in KINDS[:-1]}
    for errand in errands:
        if errand.kind in keys:
            keys[errand.kind].add(int(errand.key))
    return publisher.Changes(
        documents=frozenset(keys["publish_document"]),
        questions=frozenset(keys["publish_question"]),
        organs=frozenset(keys["publish_organ"]),
        alert=bool(keys["publish_alert"]),
        cases=frozenset(keys["publish_case"]),
        everything=any(errand.kind == "publish_site" for errand in errands),
    )


def publish(
    here: publisher.Place, changes: publisher.Changes, *, accept_fewer: bool = False,
    progress: publisher.Progress | None = None,
) -> publisher.Report | None:  # fmt: skip
    """Bring these changes to the live tree, or build it anew where all of it changes; None when nothing had to change."""
    prepared = publisher.prepare(
        here, changes, at=datetime.now(UTC), accept_fewer=accept_fewer, progress=progress
    )
    return _brought(here, prepared) if prepared else None


def build(
    here: publisher.Place, *, accept_fewer: bool = False, progress: publisher.Progress | None = None
) -> publisher.Report:
    """Build the whole site into a fresh tree and switch to it."""
    prepared = publisher.prepare_build(
        here, at=datetime.now(UTC), accept_fewer=accept_fewer, progress=progress
    )
    return _brought(here, prepared)


def _brought(here: publisher.Place, prepared: publisher.Prepared) -> publisher.Report:
    db.session.commit()  # from here on it is certain: whoever comes next carries it out
    report = publisher.carry_out(here, prepared, at=datetime.now(UTC))
    _owe_a_look(here, prepared.publication)
    db.session.commit()
    _note_ledger(prepared.publication)
    publisher.tidy(here)
    db.session.commit()
    return publisher.compressed(here, prepared, report)


def _note_ledger(publication: publisher.Publication) -> None:
    """Write the end of the chain of acts down outside the database too; a disk that is full keeps nobody from publishing."""
    head = Head(publication.ledger_no, publication.ledger_seal, publication.name)
    try:
        chain.note(settings().home / chain.NOTED, head)
    except OSError as error:
        log.warning("the head of the ledger could not be noted: %s", error)


def _owe_a_look(here: publisher.Place, publication: publisher.Publication) -> None:
    if here.read_back_url:
        ledger.owe("see_live", publication.id, at=datetime.now(UTC))


def build_site() -> publisher.Report:
    """Build the whole site of this installation."""
    with publishing(wait_s=WORKER_WAITS_S) as here:
        return build(here)


def waiting(now: datetime) -> list[Errand]:
    """Claim every publication that is owed."""
    found = []
    while errand := ledger.take_next(now, kinds=KINDS):
        found.append(errand)
    return found


def wait_no_longer(now: datetime) -> None:
    """Have every publication that is owed tried at once, those that were given up as well."""
    ledger.hasten(KINDS, at=now)
    db.session.commit()


def owed(now: datetime) -> list[Errand]:
    """Publications that are owed and due, left to whoever pays them."""
    return [errand for errand in ledger.waiting_errands() if errand.kind in KINDS and errand.due_at <= now]


def roll_back(here: publisher.Place, release: str | None) -> publisher.Report:
    """Bring the live tree back to an earlier publication."""
    return _brought(here, publisher.prepare_rollback(here, release, at=datetime.now(UTC)))


def build_folder(folder: Path, progress: publisher.Progress | None = None) -> publisher.Report:
    """Build the whole site into a folder; nothing live changes."""
    return publisher.build_into(folder, place(), name=folder.name, progress=progress)
