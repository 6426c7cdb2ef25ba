"""Verifying the ledger: every act against its seal, the end of the chain against what was noted of it elsewhere."""

import enum
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Row

from county.acts import Act, LedgerHead, seal_of, sealed_columns
from database import db

AT_ONCE = 2000
NOTED = "ledger-heads.jsonl"  # below the home of an installation: heads noted outside the database


class Head(NamedTuple):
    """The end of the chain at some moment, and where that is written down."""

    chain_no: int
    seal: str
    noted_in: str = ""


class Damage(enum.Enum):
    """What can be wrong with the ledger."""

    CHANGED = "changed"  # the act, or the seal before it, is not what was sealed
    MISSING = "missing"  # a place of the chain is empty
    UNSEALED = "unsealed"  # written past the program
    CUT = "cut"  # the chain ends before a head that was noted
    OTHER_HEAD = "other head"  # the seal at a noted place is another: this act or an earlier one was changed


@dataclass(frozen=True)
class Finding:
    """Something wrong, and with which act; what is known of it."""

    damage: Damage
    chain_no: int | None
    act_id: int | None = None
    at: datetime | None = None
    verb: str = ""
    subject: str = ""
    noted_in: str = ""


def ledger_head() -> Head:
    """The end of the chain as it is committed."""
    row = db.session.execute(db.select(LedgerHead.chain_no, LedgerHead.seal)).first()
    return Head(row.chain_no, row.seal) if row else Head(0, "")


def verify(noted: Iterable[Head] = ()) -> Iterator[Finding]:
    """Everything that is wrong with the ledger, with the acts it is wrong with; `noted` are heads written down earlier.

    What others write meanwhile does no harm: what is read first is never ahead of what is read after it.
    """
    noted = [head for head in noted if head.chain_no]
    last = db.session.scalar(db.select(db.func.max(Act.chain_no))) or 0
    until = ledger_head()
    if until.chain_no < last:
        until = Head(last, "")
    waiting: dict[int, list[Head]] = {}
    for head in (*noted, until):
        waiting.setdefault(head.chain_no, []).append(head)
    place, seal = 0, ""
    for act in _chain(until.chain_no):
        yield from (Finding(Damage.MISSING, gap) for gap in range(place + 1, act.chain_no))
        place = act.chain_no
        if act.seal != seal_of(act, place, seal):
            yield _finding(Damage.CHANGED, act)
        seal = act.seal or ""
        for head in waiting.pop(place, ()):
            if head.seal != seal:
                yield _finding(Damage.OTHER_HEAD, act, head.noted_in)
    yield from (Finding(Damage.MISSING, gap) for gap in range(place + 1, until.chain_no + 1))
    for number, heads in sorted(waiting.items()):
        if number > until.chain_no:
            yield from (Finding(Damage.CUT, number, noted_in=head.noted_in) for head in heads)
    past = sealed_columns().where(Act.chain_no.is_(None)).order_by(Act.id)
    yield from (_finding(Damage.UNSEALED, act) for act in db.session.execute(past))


def _chain(last: int) -> Iterator[Row[Any]]:
    """The acts in the order of the chain, a few at a time."""
    place = 0
    while True:
        query = sealed_columns().where(Act.chain_no > place, Act.chain_no <= last).order_by(Act.chain_no)
        some = db.session.execute(query.limit(AT_ONCE)).all()
        yield from some
        if len(some) < AT_ONCE:
            return
        place = some[-1].chain_no


def _finding(damage: Damage, act: Row[Any], noted_in: str = "") -> Finding:
    subject = f"{act.subject_kind} {act.subject_id}"
    return Finding(damage, act.chain_no, act.id, act.at, act.verb, subject, noted_in)


def note(file: Path, head: Head) -> None:
    """Write a head down outside the database, on the disk before this returns; of one place a line."""
    line = json.dumps({"chain_no": head.chain_no, "seal": head.seal, "noted_in": head.noted_in}) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def noted_heads(file: Path) -> list[Head]:
    """The heads written down in a file; a last line that was cut off by a crash is none."""
    if not file.exists():
        return []
    found = []
    for line in file.read_text("utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            row = json.loads(line)
            found.append(Head(row["chain_no"], row["seal"], row["noted_in"]))
    return found
