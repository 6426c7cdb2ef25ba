"""Keeping what is being written: unsaved text, who else is there, and what a text began from."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from content.models import KeptText
from county.errors import RefusedError
from county.officers import Officer
from database import db

HERE = timedelta(seconds=75)  # who was seen within is still there: pages say so every 25 s
KEPT_FOR = timedelta(days=30)
LARGEST = 4_000_000  # characters of one form


def kept_text(place: str, officer: Officer) -> KeptText | None:
    """What an officer has open in this form."""
    return db.session.get(KeptText, (officer.id, place))


def arrive(
    place: str, officer: Officer, base: Mapping[str, str], *, version: int, at: datetime
) -> tuple[KeptText, Sequence[Officer]]:
    """An officer opens a form on this version of a text; what is kept there of his, and who else is there."""
    query = db.select(KeptText).where(KeptText.place == place).options(joinedload(KeptText.officer))
    there = db.session.scalars(query.order_by(KeptText.officer_id)).all()
    others = [row.officer for row in there if row.officer_id != officer.id and row.seen_at > at - HERE]
    row = next((row for row in there if row.officer_id == officer.id), None) or _begun(
        place, officer, at, base, version
    )
    row.seen_at = at
    if (
        row.fields is None and row.base_version != version
    ):  # a text that is kept began from what it began from
        row.base, row.base_version = dict(base), version
    db.session.flush()
    return row, others


def keep(
    place: str, officer: Officer, fields: Sequence[tuple[str, str]] | None, *, at: datetime
) -> Sequence[Officer]:
    """Keep what stands in a form (None: only that its writer is still there); who else is there.

    Raises: RefusedError for more than can be kept.
    """
    row = _row(place, officer, at)
    if fields is not None:
        if sum(len(name) + len(text) for name, text in fields) > LARGEST:
            raise RefusedError("内容太长，不能自动保存，请点“保存草稿”。")
        row.fields, row.kept_at = [list(pair) for pair in fields], at
    db.session.flush()
    return others_at(place, officer, at=at)


def forget(place: str, officer: Officer, *, at: datetime) -> None:
    """What was typed has been saved, or is given up."""
    _forget_old(officer, at)
    row = kept_text(place, officer)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def others_at(place: str, officer: Officer, *, at: datetime) -> Sequence[Officer]:
    """Other officers who have this form open."""
    query = (
        db.select(Officer)
        .join(KeptText, KeptText.officer_id == Officer.id)
        .where(KeptText.place == place, KeptText.seen_at > at - HERE, Officer.id != officer.id)
        .order_by(Officer.id)
    )
    return db.session.scalars(query).all()


def rebase(place: str, officer: Officer, base: Mapping[str, str], *, version: int, at: datetime) -> None:
    """A form goes on from what somebody else has saved."""
    row = _row(place, officer, at)
    row.base, row.base_version = dict(base), version
    db.session.flush()


def base_of(place: str, officer: Officer, version: int) -> dict[str, str] | None:
    """The text as it was when the officer opened the form on this version; None where that is not known."""
    row = kept_text(place, officer)
    return row.base if row is not None and row.base_version == version else None


def _row(place: str, officer: Officer, at: datetime) -> KeptText:
    row = kept_text(place, officer) or _begun(place, officer, at, {}, 0)
    row.seen_at = at
    return row


def _begun(place: str, officer: Officer, at: datetime, base: Mapping[str, str], version: int) -> KeptText:
    """A form may be opened twice at the same moment, by a double click: the second finds the row of the first."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "officer_id": officer.id,
        "place": place,
        "base": dict(base),
        "base_version": version,
        "seen_at": at,
    }
    db.session.execute(dialect.insert(KeptText).values(values).on_conflict_do_nothing())
    return db.session.get_one(KeptText, (officer.id, place))


def _forget_old(officer: Officer, at: datetime) -> None:
    old = KeptText.seen_at < at - KEPT_FOR
    db.session.execute(db.delete(KeptText).where(KeptText.officer_id == officer.id, old))
