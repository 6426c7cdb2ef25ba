"""Officers at their desks: texts changed, approved and published by the operations that the back office calls.

    python -m bench.desk staff                   the three officers that the other acts need
    python -m bench.desk edit|new NUMBER         one text changed, or written, and published; says which file will show it
    python -m bench.desk middle                  the document that `edit` changes
    python -m bench.desk watch 20                with `flask work` running: seconds from each commit to the readable file

Works on the installation of ZHUANLAN_HOME and answers one JSON document.
"""

import argparse
import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import create_app
from bench.corpus import item
from content import operations, queries
from content.addresses import document_address
from content.models import Document, DocumentKind, Edition
from county import sign_in
from county.ledger import Errand, waiting_errands
from county.officers import Officer
from county.organs import Organ, organ_by_code_or_name
from county.regions import Site
from database import db
from installation import settings

STAFF = ("bench-editor", "bench-reviewer", "bench-publisher")
LONGEST_WAIT_S = 900
ENOUGH_S = 240  # a worker this slow shows itself in fewer edits
POLL_S = 0.001
FIRST_NEW = 10_000_000  # an item that no corpus has


def hire() -> dict[str, Any]:
    """Make the officers, and call what the import owes paid: a first full build shows it all."""
    now = datetime.now(UTC)
    home = db.session.scalars(db.select(Organ).order_by(Organ.id).limit(1)).one()
    for login in STAFF:
        sign_in.create_officer(login, login, home, by=None, at=now)
    db.session.execute(db.update(Errand).values(state="settled", settled_at=now))
    db.session.commit()
    return {"staff": len(STAFF)}


def edit(document_id: int, title: str) -> Path:
    """Give a disclosure another title and publish it; the file that will show it."""
    document = db.session.get_one(Document, document_id)
    edition = operations.revise(document, by=_officer(0), at=datetime.now(UTC))
    operations.save_draft(edition, {"title": title}, by=_officer(0), at=datetime.now(UTC))
    _publish(edition)
    return _file_of(document)


def new(number: int) -> Path:
    """Write and publish a disclosure of today; the file that will show it."""
    row = item(FIRST_NEW + number)
    organ, channel = organ_by_code_or_name(row["organ"]), queries.channel_by_code(row["channel"])
    if organ is None or channel is None:  # another corpus
        last = queries.live_disclosures([_middle()])[0].document
        organ, channel = last.organ, last.channel
    values = {"title": row["title"], "body": row["body"], "summary": row["summary"]}
    edition = operations.create_document(
        DocumentKind.DISCLOSURE, organ=organ, channel=channel, site_id=db.session.scalars(db.select(Site.id)).one(),
        values=values, by=_officer(0), at=datetime.now(UTC),
    )  # fmt: skip
    _publish(edition)
    return _file_of(edition.document)


def watch(count: int) -> dict[str, Any]:
    """Edit one document after the other under a running worker; the seconds from each commit to its file."""
    chosen = random.Random(1)
    ids = _live_ids()
    seconds: list[float] = []
    first = _seconds_to_file(ids[len(ids) // 2], "待阅第零稿")
    begun = time.monotonic()
    while len(seconds) < count and time.monotonic() - begun < ENOUGH_S:
        seconds.append(_seconds_to_file(chosen.choice(ids), f"待阅第{len(seconds) + 1}稿"))
    return {"first_s": first, "seconds": seconds}


def _seconds_to_file(document_id: int, mark: str) -> float:
    title = f"{mark}：{_title(document_id)}"[:190]
    file, words = edit(document_id, title), title.encode()
    started = time.perf_counter()
    while words not in _bytes_of(file):
        time.sleep(POLL_S)
        if time.perf_counter() - started > LONGEST_WAIT_S:
            raise TimeoutError(f"{file} does not show its new title")
    seconds = time.perf_counter() - started
    while waiting_errands():  # the next edit begins when this one is wholly done, index included
        db.session.rollback()
        time.sleep(0.02)
    db.session.rollback()
    return seconds


def _publish(edition: Edition) -> None:
    operations.submit(edition, by=_officer(0), at=datetime.now(UTC))
    operations.approve(edition, by=_officer(1), at=datetime.now(UTC), secrecy_reviewed=True)
    operations.publish(edition, by=_officer(2), at=datetime.now(UTC))
    db.session.commit()


def _officer(place: int) -> int:
    return db.session.scalars(db.select(Officer.id).where(Officer.login == STAFF[place])).one()


def _live_ids() -> list[int]:
    kind = db.select(Document.id).where(
        Document.kind == DocumentKind.DISCLOSURE, Document.sorted_on.is_not(None)
    )
    return list(db.session.scalars(kind.order_by(Document.id)))


def _middle() -> int:
    ids = _live_ids()
    return ids[len(ids) // 2]


def _title(document_id: int) -> str:
    return queries.live_disclosures([document_id])[0].title.rpartition("：")[2]


def _file_of(document: Document) -> Path:
    return settings().live_tree / document_address(document.kind, document.id).strip("/") / "index.html"


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk")
    parser.add_argument("act", choices=["staff", "middle", "edit", "new", "watch"])
    parser.add_argument(
        "count", type=int, nargs="?", default=1, help="how many edits, or the number of the act"
    )
    given = parser.parse_args()
    with create_app().app_context():
        if given.act == "staff":
            said = hire()
        elif given.act == "watch":
            said = watch(given.count)
        elif given.act == "middle":
            said = {"document": _middle()}
        else:
            middle = _middle()
            file = (
                edit(middle, f"第{given.count}次更正：{_title(middle)}")
                if given.act == "edit"
                else new(given.count)
            )
            said = {"document": middle if given.act == "edit" else None, "file": str(file)}
        db.session.remove()
        db.engine.dispose()
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main()
