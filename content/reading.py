"""Reading all of an edition in few statements: its parts are in tables of their own."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from content.models import ItemQuestion, Law, LegalBasis, Material, ServiceEdition, ServiceForm
from database import db

PARTS: dict[str, Any] = {
    "legal_basis": LegalBasis,
    "materials": Material,
    "service_forms": ServiceForm,
    "faq": ItemQuestion,
}


def load_parts(editions: Collection[ServiceEdition]) -> None:
    """Load the sub-records of these guides in one statement, a row for each position: parts are not multiplied by each other."""
    ids = [edition.id for edition in editions]
    places = db.union(
        *(
            db.select(part.edition_id, part.position).where(part.edition_id.in_(ids))
            for part in PARTS.values()
        )
    ).subquery()
    query = db.select(*PARTS.values()).select_from(places)
    for part in PARTS.values():
        at = and_(part.edition_id == places.c.edition_id, part.position == places.c.position)
        query = query.outerjoin(part, at)
    query = query.outerjoin(Law, Law.id == LegalBasis.law_id).options(contains_eager(LegalBasis.law))
    found: dict[tuple[int, str], dict[int, Any]] = {}
    for row in db.session.execute(query):
        for name, part in zip(PARTS, row, strict=True):
            if part is not None:
                found.setdefault((part.edition_id, name), {})[part.id] = part
    for edition in editions:
        for name in PARTS:
            rows = found.get((edition.id, name), {}).values()
            set_committed_value(edition, name, sorted(rows, key=lambda part: (part.position, part.id)))
