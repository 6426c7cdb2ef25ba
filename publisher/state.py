"""What the publisher knows and others ask for: pages kept back, editions shown, and the newest publications."""

from collections.abc import Collection
from dataclasses import dataclass

from content.addresses import document_address
from content.models import Document, Edition, EditionState
from county.chain import Head
from county.ledger import Errand
from database import db
from publisher.models import (
    KeptBack,
    Publication,
    PublicationKind,
    PublicationState,
    ShownDocument,
)


def kept_back() -> dict[str, str]:
    """Pages that the site keeps back, or shows only in part: address and reason."""
    return {row.page: row.reason for row in db.session.scalars(db.select(KeptBack).order_by(KeptBack.page))}


@dataclass(frozen=True)
class Standing:
    """How things stand with the page of a document: whether publishing is held, the last errand for it, why it is kept back."""

    is_held: bool
    errand: Errand | None
    kept_back: str | None


def standing_of(document: Document) -> Standing:
    """How things stand with the page of a document, in one statement."""
    newest = db.select((Publication.kind == PublicationKind.ROLLBACK) & Publication.is_held)
    held = newest.order_by(Publication.id.desc()).limit(1).scalar_subquery()
    reason = db.select(KeptBack.reason).where(KeptBack.page == document_address(document.kind, document.id))
    last = db.select(db.func.max(Errand.id)).where(
        Errand.kind == "publish_document", Errand.key == str(document.id)
    )
    one = db.select(db.literal(1).label("one")).subquery()
    query = db.select(held.label("held"), reason.limit(1).scalar_subquery().label("reason"), Errand)
    row = db.session.execute(
        query.select_from(one).outerjoin(Errand, Errand.id == last.scalar_subquery())
    ).one()
    return Standing(bool(row.held), row.Errand, row.reason)


def pages_kept_back() -> list[KeptBack]:
    """The same with what each page is of: `subject_kind` (document, question, or empty) and `subject_id`."""
    return list(db.session.scalars(db.select(KeptBack).order_by(KeptBack.page)))


def shown_editions(documents: Collection[int] | None = None) -> dict[int, int]:
    """Which edition the site shows of each document it shows."""
    query = db.select(ShownDocument.document_id, ShownDocument.edition_id)
    if documents is not None:
        query = query.where(ShownDocument.document_id.in_(documents))
    return {row.document_id: row.edition_id for row in db.session.execute(query)}


def shown_as_published(documents: Collection[int] | None = None) -> set[int]:
    """Documents of which the site shows the edition that is live for the officers."""
    query = (
        db.select(ShownDocument.document_id)
        .join(Edition, Edition.id == ShownDocument.edition_id)
        .where(Edition.state == EditionState.PUBLISHED)
    )
    return set(
        db.session.scalars(
            query if documents is None else query.where(ShownDocument.document_id.in_(documents))
        )
    )


def shown_instead(documents: Collection[int] | None = None) -> set[int]:
    """Earlier editions that the site shows because the live one is kept back."""
    query = (
        db.select(ShownDocument.edition_id)
        .join(Edition, Edition.document_id == ShownDocument.document_id)
        .where(Edition.state == EditionState.PUBLISHED, Edition.id != ShownDocument.edition_id)
    )
    if documents is not None:
        query = query.where(ShownDocument.document_id.in_(documents))
    return set(db.session.scalars(query))


def noted_heads() -> list[Head]:
    """Where the chain of acts ended when each publication was prepared, as its record says."""
    query = db.select(Publication.ledger_no, Publication.ledger_seal, Publication.name)
    rows = db.session.execute(query.where(Publication.ledger_no > 0).order_by(Publication.id))
    return [Head(row.ledger_no, row.ledger_seal, row.name) for row in rows]


def publications(count: int) -> list[Publication]:
    """The newest publications, newest first."""
    return list(db.session.scalars(db.select(Publication).order_by(Publication.id.desc()).limit(count)))


def is_held() -> bool:
    """Whether a rollback asks that nothing goes live by itself."""
    newest = db.session.scalar(db.select(Publication).order_by(Publication.id.desc()).limit(1))
    return newest is not None and newest.holds


def is_unfinished() -> bool:
    """Whether a publication was prepared and not carried out to its end."""
    state = db.select(Publication.id).where(Publication.state == PublicationState.PREPARED)
    return db.session.scalar(state.limit(1)) is not None
