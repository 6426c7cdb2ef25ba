"""The editions of a document as a list: people and dates, without the texts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import aliased

from content.models import Edition
from county.officers import Officer
from database import db

PEOPLE = {
    "submitted_by": Edition.submitter_id,
    "reviewed_by": Edition.reviewer_id,
    "published_by": Edition.publisher_id,
}


def editions_listed(document_id: int, *, longest: int) -> Sequence[Row[Any]]:
    """The newest editions of a document, newest first: number, state, title, moments, and the names of its officers."""
    columns = [
        Edition.id, Edition.edition_no, Edition.state, Edition.title, Edition.created_at, Edition.updated_at,
        Edition.submitted_at, Edition.reviewed_at, Edition.published_at, Edition.taken_over_from,
    ]  # fmt: skip
    query = db.select(*columns).where(Edition.document_id == document_id)
    for name, column in PEOPLE.items():
        officer = aliased(Officer)
        query = query.outerjoin(officer, officer.id == column).add_columns(officer.name.label(name))
    return db.session.execute(query.order_by(Edition.edition_no.desc()).limit(longest)).all()
