"""Finding documents by their names, whatever their state: for the back office."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload

from content.models import Document
from county.organs import Organ
from database import db

MOST_WORDS = 6
LONGEST = 100  # characters of a search
UNSEARCHABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def words_of(text: str) -> list[str]:
    """What is looked for: a few words, without what no database takes."""
    return UNSEARCHABLE.sub(" ", text)[:LONGEST].split()[:MOST_WORDS]


def documents_named(
    words: Sequence[str],
    organ_ids: Collection[int] | None,
    elsewhere: Select[tuple[int]] | None = None,
    *,
    longest: int,
) -> Sequence[Document]:
    """Documents of these organs (None: all), or of `elsewhere`, in whose title, number or organ's name every word stands.

    The newest first. Title, number and organ of every document stand in one narrow index, which is read through.
    """
    if not words:
        return []
    mine: ColumnElement[bool] = db.true() if organ_ids is None else Document.organ_id.in_(organ_ids)
    if elsewhere is not None and organ_ids is not None:
        mine = db.or_(mine, Document.id.in_(elsewhere))
    found = (
        db.select(Document.id).where(mine, *map(_holds, words)).order_by(Document.id.desc()).limit(longest)
    )
    ids = db.session.scalars(found).all()
    query = db.select(Document).where(Document.id.in_(ids)).options(joinedload(Document.organ))
    return db.session.scalars(query.order_by(Document.id.desc())).all() if ids else []


def organs_named(words: Sequence[str], organ_ids: Collection[int] | None, *, longest: int) -> Sequence[Organ]:
    """Organs of these in whose name every word stands."""
    query = db.select(Organ).where(*(_of_organ(word) for word in words)).order_by(Organ.code).limit(longest)
    query = query if organ_ids is None else query.where(Organ.id.in_(organ_ids))
    return db.session.scalars(query).all() if words else []


def _holds(word: str) -> ColumnElement[bool]:
    return db.or_(
        _in(Document.title, word),
        _in(Document.number, word),
        Document.organ_id.in_(db.select(Organ.id).where(_of_organ(word))),
    )


def _of_organ(word: str) -> ColumnElement[bool]:
    return db.or_(_in(Organ.name, word), _in(Organ.short_name, word))


def _in(column: Any, word: str) -> ColumnElement[bool]:
    """Small and large letters are the same; where there are none, nothing is to be made small."""
    if word.lower() == word.upper():
        return column.contains(word, autoescape=True)
    return column.icontains(word, autoescape=True)
