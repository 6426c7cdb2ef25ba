"""Acts on record, each sealed to the one before it when its transaction commits: a chain in which nothing can be changed unseen.

A seal is a hash of the act, of its place in the chain, and of the seal before. The places are given at the very end of a
transaction, under a lock on one row: writers wait for each other's commit and for nothing else, and the chain has no gaps.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, Row, Select, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from county.officers import Officer
from database import UtcDateTime, db

UNSEALED = "acts to be sealed"  # mark in the info of a session: ids of what its transaction wrote
THE_ONE = 1  # id of the only row of ledger_head
AT_ONCE = 500  # ids in one query
BigId = BigInteger().with_variant(Integer, "sqlite")


class Act(db.Model):
    """One act on record (操作记录): who did what to which record, and when. Never changed, never deleted."""

    __tablename__ = "act"
    __table_args__ = (
        Index("act_subject", "subject_kind", "subject_id"),
        Index("act_chain", "chain_no", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("officer.id"), index=True
    )  # None: the system or a citizen
    verb: Mapped[str] = mapped_column(String(40), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # never personal data
    chain_no: Mapped[int | None] = mapped_column(BigId)  # its place in the chain: 1, 2, 3 … without gaps
    seal: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the seal before and this act

    actor: Mapped[Officer | None] = relationship()


class LedgerHead(db.Model):
    """The last place given in the chain, and its seal (链首). One row, which is also the lock of whoever seals."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain_no: Mapped[int] = mapped_column(BigId)
    seal: Mapped[str] = mapped_column(String(64))


def sealed_columns() -> Select[Any]:
    """A query of acts as they are sealed: from the database, for there every value has its final form."""
    return db.select(
        Act.id, Act.at, Act.actor_id, Act.verb, Act.subject_kind, Act.subject_id, Act.organ_id, Act.details,
        Act.chain_no, Act.seal,
    )  # fmt: skip


def seal_of(act: Row[Any], chain_no: int, seal_before: str) -> str:
    """The seal of an act at this place of the chain."""
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    values = [chain_no, seal_before, act.id, at, act.actor_id, act.verb, act.subject_kind, act.subject_id,
              act.organ_id, act.details]  # fmt: skip
    text = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@event.listens_for(db.session, "after_flush")
def _note(session: Session, _context: object) -> None:
    written = {one.id for one in session.new if isinstance(one, Act)}
    if written:
        session.info.setdefault(UNSEALED, set()).update(written)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(UNSEALED, None)


@event.listens_for(db.session, "before_commit")
def _seal(session: Session) -> None:
    """Seal what this transaction wrote; last of all, so that the lock is held for the commit only."""
    if session.in_nested_transaction():
        return
    session.flush()
    written: Collection[int] = session.info.pop(UNSEALED, ())
    if not written:
        return
    chain_no, seal = _locked_head(session)
    rows = []
    for act in _acts(session, sorted(written)):
        chain_no += 1
        seal = seal_of(act, chain_no, seal)
        rows.append((act.id, chain_no, seal))
    if not rows:
        return
    for start in range(0, len(rows), AT_ONCE):
        _write(session, rows[start : start + AT_ONCE])
    session.execute(db.update(LedgerHead.__table__).values(chain_no=chain_no, seal=seal))


def _write(session: Session, rows: list[tuple[int, int, str]]) -> None:
    """Give acts their places and seals: all in one statement, which no plan can make slow."""
    columns = db.column("id", BigInteger), db.column("place", BigInteger), db.column("hash", String)
    given, act = db.values(*columns, name="given").data(rows).cte("sealed"), Act.__table__
    session.execute(
        db.update(act).where(act.c.id == given.c.id).values(chain_no=given.c.place, seal=given.c.hash)
    )


def _locked_head(session: Session) -> tuple[int, str]:
    """The end of the chain, held for this transaction."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(LedgerHead).values(id=THE_ONE, chain_no=0, seal="")
    held = new.on_conflict_do_update(index_elements=["id"], set_={"id": THE_ONE})
    row = session.execute(held.returning(LedgerHead.chain_no, LedgerHead.seal)).one()
    return row.chain_no, row.seal


def _acts(session: Session, ids: list[int]) -> Iterator[Row[Any]]:
    """Those of these acts that were not rolled back with a savepoint.

    Looked for by their ids alone: an index in which every act was once without a place is slow to search for those.
    """
    for start in range(0, len(ids), AT_ONCE):
        some = sealed_columns().where(Act.id.in_(ids[start : start + AT_ONCE])).order_by(Act.id)
        yield from (act for act in session.execute(some).all() if act.chain_no is None)
