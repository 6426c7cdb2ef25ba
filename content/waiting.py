"""What waits at an officer's desk, in as few questions to the database as there are sorts of work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from content import rules
from content.models import Document, Edition, EditionState
from content.standing import of_organs
from database import db

Organs = Collection[int] | None  # ids; None: all of them


@dataclass(frozen=True)
class Desk:
    """For which organs an officer does what; an empty set: for none."""

    writes: Organs
    publishes: Organs


def waiting_editions(desk: Desk, *, longest: int) -> Sequence[Any]:
    """Drafts, returned texts, and approved ones with or without a moment, at most `longest` of each, the oldest first.

    Rows of `pile` (draft, returned, approved, scheduled, failed), `total` in the pile, and what a line shows.
    """
    failed = Edition.id.in_(db.select(Edition.id).where(Edition.schedule_fault.is_not(None)))
    pile = db.case(
        (Edition.publish_at.is_not(None), "scheduled"), (failed, "failed"),
        (Edition.state == EditionState.RETURNED, "returned"), (Edition.state == EditionState.DRAFT, "draft"),
        else_="approved",
    )  # fmt: skip
    is_draft = Edition.state.in_((EditionState.DRAFT, EditionState.RETURNED))
    is_timed = db.or_(Edition.publish_at.is_not(None), failed)
    mine = db.or_(
        db.and_(db.or_(is_draft, is_timed), of_organs(desk.writes)),
        db.and_(Edition.state == EditionState.APPROVED, of_organs(desk.publishes)),
    )
    states = (EditionState.DRAFT, EditionState.RETURNED, EditionState.APPROVED)
    order = db.func.coalesce(Edition.publish_at, Edition.updated_at)
    numbered = (
        db.select(
            pile.label("pile"), Edition.id,
            db.func.row_number().over(partition_by=pile, order_by=(order, Edition.id)).label("place"),
            db.func.count().over(partition_by=pile).label("total"),
        )
        .join(Document, Edition.document_id == Document.id)
        .where(Edition.state.in_(states), mine)
    ).subquery()  # fmt: skip
    first = (
        db.select(numbered, Edition.kind, Edition.title, Edition.updated_at, Edition.publish_at)
        .join(Edition, Edition.id == numbered.c.id)
        .where(numbered.c.place <= longest)
        .order_by(numbered.c.pile, numbered.c.place)
    )
    return db.session.execute(first).all()


def wanting_documents(writes: Organs, overdue: ColumnElement[bool], *, longest: int) -> Sequence[Any]:
    """Live documents that lack something, and those whose confirmation is overdue, the worst first.

    Rows of `pile` (incomplete, unconfirmed), `total` in it, and what a line shows.
    """
    columns = (
        Document.id,
        Document.kind,
        Document.title,
        Document.score,
        Document.gaps,
        Document.confirmed_on,
    )
    lacking = db.and_(Document.live_on.is_not(None), Document.score < rules.FULL)
    parts = []
    for name, condition, order in (
        ("incomplete", lacking, Document.score),
        ("unconfirmed", overdue, Document.confirmed_on),
    ):
        total = db.select(db.func.count(Document.id)).where(condition, of_organs(writes)).scalar_subquery()
        first = (
            db.select(db.literal(name).label("pile"), total.label("total"), *columns)
            .where(condition, of_organs(writes))
            .order_by(order, Document.id)
            .limit(longest)
            .subquery()
        )
        parts.append(db.select(first))
    return db.session.execute(db.union_all(*parts)).all()
