"""The end of a consultation of opinion (意见征集), which the clock brings about."""

from datetime import datetime

from content import queries, rules
from content.models import DisclosureEdition, Edition
from county import ledger
from county.calendar import county_day
from database import db


def close_consultations(at: datetime) -> int:
    """Close what took opinions until yesterday or earlier (征集结束); how many were closed."""
    return sum(_close(edition, at) for edition in queries.consultations_over(county_day(at)))


def close_if_over(edition: Edition, *, at: datetime) -> None:
    """What goes live after its last day is closed from the beginning."""
    if isinstance(edition, DisclosureEdition):
        edition.opinions_closed_at = at if rules.is_over(edition.opinions_until, county_day(at)) else None


def _close(edition: DisclosureEdition, at: datetime) -> int:
    """Close one; of two workers the second finds it done."""
    table = DisclosureEdition.__table__
    claimed = db.session.execute(
        db.update(table)
        .where(table.c.id == edition.id, table.c.opinions_closed_at.is_(None))
        .values(opinions_closed_at=at)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    db.session.expire(edition, ["opinions_closed_at"])
    ledger.record("close_opinions", edition, by=None, at=at, organ_id=edition.document.organ_id)
    ledger.owe("publish_document", edition.document_id, at=at)
    db.session.flush()
    return 1
