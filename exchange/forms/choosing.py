"""Which editions the forms are made of."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import aliased, selectinload

from content.models import Document, EditionState, ServiceEdition
from database import db

GONE = (EditionState.DISCARDED, EditionState.WITHDRAWN)


def newest_items(organ_ids: Collection[int] | None, *, longest: int = 2_000) -> Sequence[ServiceEdition]:
    """The newest edition of each item of these organs, drafts included, in the order of the items; none taken back."""
    later = aliased(ServiceEdition, flat=True)
    newer = db.exists().where(
        later.document_id == ServiceEdition.document_id,
        later.edition_no > ServiceEdition.edition_no,
        later.state != EditionState.DISCARDED,
    )
    query = (
        db.select(ServiceEdition)
        .join(Document, Document.id == ServiceEdition.document_id)
        .where(ServiceEdition.state.not_in(GONE), ~newer)
        .options(
            selectinload(ServiceEdition.document),
            selectinload(ServiceEdition.legal_basis),
            selectinload(ServiceEdition.service_forms),
            selectinload(ServiceEdition.faq),
        )
        .order_by(Document.id)
        .limit(longest)
    )
    if organ_ids is not None:
        query = query.where(Document.organ_id.in_(organ_ids))
    return db.session.scalars(query).all()
