"""What is to happen by the clock: publications, expiries, the last days of consultations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row

from content.models import DisclosureEdition, Document, DocumentKind, Edition, EditionState
from county.calendar import COUNTY_ZONE, county_day
from county.organs import Organ
from database import db

LAST_MINUTE = time(23, 59)
WILL_BE_LIVE = (EditionState.APPROVED, EditionState.PUBLISHED)


@dataclass(frozen=True)
class Timed:
    """Something that happens by the clock: `publish`, `expire` or `close`, and when, on which edition."""

    what: str
    at: datetime
    edition_id: int
    kind: DocumentKind
    title: str
    organ: str
    is_certain: bool  # not so what still waits to be published


Scope = ColumnElement[bool] | None  # of documents; None: all


def timed_between(start: datetime, end: datetime, scope: Scope, *, longest: int) -> Sequence[Timed]:
    """What happens from `start` until before `end`, in the order of time, at most `longest`."""
    publish = _rows(Edition.publish_at, (EditionState.APPROVED,), start, end, scope, longest)
    expire = _rows(Edition.expires_at, WILL_BE_LIVE, start, end, scope, longest)
    found = [_timed("publish", row) for row in publish] + [_timed("expire", row) for row in expire]
    found += _closing(start, end, scope, longest)
    return sorted(found, key=lambda one: (one.at, one.edition_id, one.what))[:longest]


def timed_faults(scope: Scope, *, longest: int) -> Sequence[Row[Any]]:
    """Editions that did not go live, or were not taken back, when their time had come: `id`, `kind`, `title`, `schedule_fault`."""
    query = (
        db.select(Edition.id, Edition.kind, Edition.title, Edition.schedule_fault)
        .join(Document, Document.id == Edition.document_id)
        .where(
            Edition.schedule_fault.is_not(None), Edition.state.in_((*WILL_BE_LIVE, EditionState.SUBMITTED))
        )
        .order_by(Edition.updated_at.desc())
        .limit(longest)
    )
    return db.session.execute(query if scope is None else query.where(scope)).all()


def _rows(
    moment: Any, states: tuple[EditionState, ...], start: datetime, end: datetime, scope: Scope, longest: int
) -> Sequence[Row[Any]]:
    query = (
        db.select(
            Edition.id,
            Edition.kind,
            Edition.title,
            Edition.state,
            moment.label("at"),
            Organ.name.label("organ"),
        )
        .join(Document, Document.id == Edition.document_id)
        .join(Organ, Organ.id == Document.organ_id)
        .where(Edition.state.in_(states), moment >= start, moment < end)
        .order_by(moment, Edition.id)
        .limit(longest)
    )
    return db.session.execute(query if scope is None else query.where(scope)).all()


def _timed(what: str, row: Row[Any]) -> Timed:
    is_certain = what == "publish" or row.state is EditionState.PUBLISHED
    return Timed(what, row.at, row.id, row.kind, row.title, row.organ, is_certain)


def _closing(start: datetime, end: datetime, scope: Scope, longest: int) -> list[Timed]:
    """Last days of consultations and public notices that are live and still open."""
    query = (
        db.select(
            DisclosureEdition.id,
            DisclosureEdition.title,
            DisclosureEdition.opinions_until,
            Organ.name.label("organ"),
        )
        .join(Document, Document.id == DisclosureEdition.document_id)
        .join(Organ, Organ.id == Document.organ_id)
        .where(
            DisclosureEdition.state == EditionState.PUBLISHED,
            DisclosureEdition.opinions_closed_at.is_(None),
            DisclosureEdition.opinions_until >= county_day(start),
            DisclosureEdition.opinions_until < county_day(end),
        )
        .order_by(DisclosureEdition.opinions_until, DisclosureEdition.id)
        .limit(longest)
    )
    rows = db.session.execute(query if scope is None else query.where(scope)).all()
    return [
        Timed(
            "close", datetime.combine(row.opinions_until, LAST_MINUTE, COUNTY_ZONE), row.id, DocumentKind.DISCLOSURE,
            row.title, row.organ, True,
        )
        for row in rows
    ]  # fmt: skip
