"""What others may ask of content."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import contains_eager, joinedload, selectinload, with_polymorphic

from content.models import (
    Channel,
    DisclosureEdition,
    Document,
    DocumentKind,
    Duty,
    Edition,
    EditionState,
    LegalBasis,
    Question,
    QuestionState,
    ServiceEdition,
)
from content.redirects import documents_merged_into as documents_merged_into
from content.redirects import redirects as redirects
from content.redirects import redirects_to as redirects_to
from database import db

MOST_DUE_AT_ONCE = 50  # so that a long outage is made good in several short transactions


def document_by_foreign_id(kind: DocumentKind, foreign_id: str) -> Document | None:
    """The document that came from the row with this `id`."""
    return db.session.scalar(
        db.select(Document).where(Document.kind == kind, Document.foreign_id == foreign_id)
    )


def document_by_number(kind: DocumentKind, number: str) -> Document | None:
    """The document with this index number or item code."""
    return db.session.scalar(db.select(Document).where(Document.kind == kind, Document.number == number))


def disclosure_by_key(key: str) -> Document | None:
    """The disclosure that came with this `id`, else the one with this index number."""
    return document_by_foreign_id(DocumentKind.DISCLOSURE, key) or document_by_number(
        DocumentKind.DISCLOSURE, key
    )


def disclosures_titled(words: str, *, longest: int) -> Sequence[Row[Any]]:
    """Disclosures in whose newest title these words stand: `document_id`, `number`, `title`; the newest first."""
    gone = (EditionState.DISCARDED, EditionState.SUPERSEDED, EditionState.WITHDRAWN)
    newest = (
        db.select(db.func.max(DisclosureEdition.id).label("id"))
        .where(DisclosureEdition.state.not_in(gone), DisclosureEdition.title.contains(words, autoescape=True))
        .group_by(DisclosureEdition.document_id)
    ).subquery()
    query = (
        db.select(DisclosureEdition.document_id, Document.number, DisclosureEdition.title)
        .join(Document, Document.id == DisclosureEdition.document_id)
        .join(newest, newest.c.id == DisclosureEdition.id)
        .order_by(DisclosureEdition.document_id.desc())
        .limit(longest)
    )
    return db.session.execute(query).all()


def consultations_over(today: date) -> Sequence[DisclosureEdition]:
    """Live consultations still open after their last day, at most 50."""
    return db.session.scalars(
        db.select(DisclosureEdition)
        .where(
            DisclosureEdition.opinions_closed_at.is_(None),
            DisclosureEdition.opinions_until < today,
            DisclosureEdition.state == EditionState.PUBLISHED,
        )
        .order_by(DisclosureEdition.opinions_until, DisclosureEdition.id)
        .limit(MOST_DUE_AT_ONCE)
    ).all()


def live_edition(document_id: int) -> Edition | None:
    """What the public may read of a document, or None."""
    return db.session.scalar(
        db.select(Edition).where(Edition.document_id == document_id, Edition.state == EditionState.PUBLISHED)
    )


def live_editions(documents: Collection[int]) -> Sequence[Edition]:
    """What the public may read of these documents."""
    query = db.select(Edition).where(
        Edition.document_id.in_(documents), Edition.state == EditionState.PUBLISHED
    )
    return db.session.scalars(query).all()


def live_item(item_code: str) -> ServiceEdition | None:
    """The guide in force of the service item with this code, or None."""
    return db.session.scalar(
        db.select(ServiceEdition)
        .join(Document, ServiceEdition.document_id == Document.id)
        .where(
            Document.kind == DocumentKind.SERVICE,
            Document.number == item_code,
            ServiceEdition.state == EditionState.PUBLISHED,
        )
    )


def live_disclosures(ids: Collection[int] | None = None) -> Sequence[DisclosureEdition]:
    """Disclosures the public may read, newest first, with document, organ, channel and files loaded."""
    query = (
        db.select(DisclosureEdition)
        .join(Document, DisclosureEdition.document_id == Document.id)
        .where(DisclosureEdition.state == EditionState.PUBLISHED)
        .options(
            selectinload(DisclosureEdition.document).options(
                selectinload(Document.organ), selectinload(Document.channel)
            ),
            selectinload(DisclosureEdition.attachments),
        )
        .order_by(Document.sorted_on.desc(), Document.id.desc())
    )
    return db.session.scalars(query if ids is None else query.where(Document.id.in_(ids))).all()


def editions(ids: Collection[int]) -> Sequence[Edition]:
    """Editions by their ids, whatever their state."""
    return db.session.scalars(db.select(Edition).where(Edition.id.in_(ids)).order_by(Edition.id)).all()


def live_services(ids: Collection[int] | None = None) -> Sequence[ServiceEdition]:
    """Service guides the public may read, by number, with their organ and every sub-record loaded."""
    query = (
        db.select(ServiceEdition)
        .join(Document, ServiceEdition.document_id == Document.id)
        .where(ServiceEdition.state == EditionState.PUBLISHED)
        .options(
            selectinload(ServiceEdition.document).selectinload(Document.organ),
            selectinload(ServiceEdition.attachments),
            selectinload(ServiceEdition.legal_basis).selectinload(LegalBasis.law),
            selectinload(ServiceEdition.materials),
            selectinload(ServiceEdition.service_forms),
            selectinload(ServiceEdition.faq),
        )
        .order_by(Document.number, Document.id)
    )
    return db.session.scalars(query if ids is None else query.where(Document.id.in_(ids))).all()


def live_questions() -> Sequence[Question]:
    """Published questions of the public, newest answer first."""
    return db.session.scalars(
        db.select(Question)
        .where(Question.state == QuestionState.PUBLISHED)
        .options(selectinload(Question.organ), selectinload(Question.document))
        .order_by(Question.answered_on.desc(), Question.id.desc())
    ).all()


def withdrawn_documents() -> Sequence[Document]:
    """Documents taken back, whose addresses say so."""
    return db.session.scalars(
        db.select(Document).where(Document.withdrawn_at.is_not(None)).order_by(Document.id)
    ).all()


def channels() -> Sequence[Channel]:
    """Every channel in use, in the order of the tree's levels."""
    return db.session.scalars(
        db.select(Channel).where(Channel.is_active).order_by(Channel.position, Channel.id)
    ).all()


def channel_by_code(code: str) -> Channel | None:
    """The channel with this code."""
    return db.session.scalar(db.select(Channel).where(Channel.code == code))


def editions_in(
    states: Collection[EditionState],
    organ_ids: Collection[int] | None = None,
    *,
    longest: int | None = None,
) -> Sequence[Edition]:
    """Editions in these states, oldest change first, at most `longest`; `organ_ids` None means every organ."""
    every = with_polymorphic(Edition, [DisclosureEdition, ServiceEdition])
    query = (
        db.select(every)
        .join(every.document)
        .where(every.state.in_(states))
        .options(contains_eager(every.document).joinedload(Document.organ), joinedload(every.submitter))
        .order_by(every.updated_at, every.id)
        .limit(longest)
    )
    return db.session.scalars(
        query if organ_ids is None else query.where(Document.organ_id.in_(organ_ids))
    ).all()


def count_editions_in(states: Collection[EditionState], organ_ids: Collection[int] | None = None) -> int:
    """How many editions are in these states; `organ_ids` None means every organ."""
    query = (
        db.select(db.func.count())
        .select_from(Edition)
        .join(Document, Edition.document_id == Document.id)
        .where(Edition.state.in_(states))
    )
    return (
        db.session.scalar(query if organ_ids is None else query.where(Document.organ_id.in_(organ_ids))) or 0
    )


def due_editions(now: datetime) -> Sequence[Edition]:
    """Approved editions whose moment to go live has come, the longest due first."""
    query = db.select(Edition).where(Edition.publish_at <= now, Edition.state == EditionState.APPROVED)
    return db.session.scalars(query.order_by(Edition.publish_at, Edition.id).limit(MOST_DUE_AT_ONCE)).all()


def expired_editions(now: datetime) -> Sequence[Edition]:
    """Live editions whose time is over, but for those that could not be taken back and wait for somebody who knows."""
    query = db.select(Edition).where(
        Edition.expires_at <= now,
        Edition.state == EditionState.PUBLISHED,
        Edition.schedule_fault.is_(None),
    )
    return db.session.scalars(query.order_by(Edition.expires_at, Edition.id).limit(MOST_DUE_AT_ONCE)).all()


def has_content() -> bool:
    """Whether any document is stored at all."""
    return db.session.scalar(db.select(Document.id).limit(1)) is not None


def document_by_title(
    kind: DocumentKind, organ_id: int, title: str, published_on: date | None = None
) -> Document | None:
    """The document without a foreign id whose newest edition has this title: the key of rows that bring no other."""
    edition_class = DisclosureEdition if kind is DocumentKind.DISCLOSURE else ServiceEdition
    query = (
        db.select(Document)
        .join(edition_class, edition_class.document_id == Document.id)
        .where(
            Document.kind == kind,
            Document.organ_id == organ_id,
            Document.foreign_id.is_(None),
            edition_class.title == title,
            edition_class.state != EditionState.DISCARDED,
        )
        .order_by(Document.id)
    )
    if published_on is not None:
        query = query.where(DisclosureEdition.published_on == published_on)
    return db.session.scalars(query.limit(1)).first()


def question_by_foreign_id(foreign_id: str) -> Question | None:
    """The question that came from the row with this `id`."""
    return db.session.scalar(db.select(Question).where(Question.foreign_id == foreign_id))


def question_by_text(organ_id: int, text: str) -> Question | None:
    """The organ's question in these words: the key of rows that bring no other."""
    same = db.select(Question).where(
        Question.organ_id == organ_id, Question.foreign_id.is_(None), Question.question == text
    )
    return db.session.scalars(same.order_by(Question.id).limit(1)).first()


def current_editions(kind: DocumentKind) -> Iterator[Edition]:
    """Of each document the live edition, else the newest that was not discarded; in the order of the documents."""
    ids = db.session.scalars(db.select(Document.id).where(Document.kind == kind).order_by(Document.id)).all()
    for document_id in ids:
        editions = db.session.scalars(
            db.select(Edition)
            .where(Edition.document_id == document_id, Edition.state != EditionState.DISCARDED)
            .order_by(Edition.edition_no)
        ).all()
        live = [edition for edition in editions if edition.state is EditionState.PUBLISHED]
        yield from (live or editions)[-1:]


def all_duties() -> Sequence[Duty]:
    """Every entry of the catalogue of what must be published, in its order."""
    query = db.select(Duty).options(selectinload(Duty.organ), selectinload(Duty.channel))
    return db.session.scalars(query.order_by(Duty.organ_id, Duty.position, Duty.id)).all()


def duty_by_foreign_id(foreign_id: str) -> Duty | None:
    """The entry that came from the row with this `id`."""
    return db.session.scalar(db.select(Duty).where(Duty.foreign_id == foreign_id))


def duty_by_title(organ_id: int, topic: str, title: str) -> Duty | None:
    """The first entry of an organ with this topic and title."""
    query = db.select(Duty).where(Duty.organ_id == organ_id, Duty.topic == topic, Duty.title == title)
    return db.session.scalar(query.order_by(Duty.id).limit(1))


def all_questions() -> Sequence[Question]:
    """Every question, drafts included, in the order they came."""
    return db.session.scalars(
        db.select(Question)
        .options(selectinload(Question.organ), selectinload(Question.document))
        .order_by(Question.id)
    ).all()


def item_by_name(organ_id: int, name: str) -> Document | None:
    """The organ's only service item of exactly this name, else the only one of it that the public may read."""
    named = (
        db.select(ServiceEdition.document_id)
        .join(Document, ServiceEdition.document_id == Document.id)
        .where(ServiceEdition.title == name)
        .distinct()
        .limit(2)
    )
    gone = (EditionState.DISCARDED, EditionState.SUPERSEDED, EditionState.WITHDRAWN)
    own = named.where(Document.organ_id == organ_id, ServiceEdition.state.not_in(gone))
    live = named.where(ServiceEdition.state == EditionState.PUBLISHED)
    for query in (own, live):
        ids = db.session.scalars(query).all()
        if ids:
            return db.session.get(Document, ids[0]) if len(ids) == 1 else None
    return None
