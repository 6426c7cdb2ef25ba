"""Reading reviews: which chain a text takes, where it stands, whom it waits for."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload, selectinload, with_polymorphic

from content.models import (
    ChainStep,
    Channel,
    Correction,
    CorrectionState,
    DisclosureEdition,
    Document,
    DocumentKind,
    Edition,
    EditionState,
    ReviewChain,
    ReviewStep,
    ServiceEdition,
    StepKind,
    StepState,
)
from county.officers import Officer, Role, organs_with_role
from county.organs import Organ
from database import db

Posts = Sequence[tuple[Role, set[int] | None]]  # a role with the organs it is held for; None: all of them
ONLY_STEP = "审核"  # what the single step is called where no chain is set


def chain_for(kind: DocumentKind, channel: Channel | None) -> ReviewChain | None:
    """The chain of the channel or the next one above it that has one, else that of the kind; None: a single review."""
    chains = {
        chain.channel_id: chain
        for chain in db.session.scalars(db.select(ReviewChain).where(ReviewChain.kind == kind))
    }
    while channel is not None:
        if channel.id in chains:
            return chains[channel.id]
        channel = channel.parent
    return chains.get(None)


def every_chain() -> Sequence[ReviewChain]:
    """All chains, those of whole kinds first."""
    query = db.select(ReviewChain).options(
        selectinload(ReviewChain.steps).joinedload(ChainStep.organ), joinedload(ReviewChain.channel)
    )
    return sorted(
        db.session.scalars(query),
        key=lambda chain: (chain.kind.value, chain.channel_id is not None, chain.id),
    )


def steps_of(edition: Edition) -> list[ReviewStep]:
    """The steps of the newest round, in order; none before the first submission."""
    newest = max((step.round for step in edition.review_steps), default=0)
    return [step for step in edition.review_steps if step.round == newest]


def waiting_step(edition: Edition) -> ReviewStep | None:
    """The step at which the edition stands; None unless it is in review."""
    return next((step for step in edition.review_steps if step.state is StepState.WAITING), None)


def is_last_decision(step: ReviewStep, steps: Sequence[ReviewStep]) -> bool:
    """Whether after this step nobody of ours decides any more, only confirmations may follow."""
    after = [other for other in steps if other.position > step.position]
    return step.kind is StepKind.DECISION and all(other.kind is not StepKind.DECISION for other in after)


def post_of(edition: Edition) -> tuple[Role, int]:
    """Which role of which organ decides the step at which the edition stands."""
    step = waiting_step(edition)
    organ = step.organ_id if step and step.organ_id else edition.document.organ_id
    return step.role if step else Role.REVIEWER, organ


def holds_post(officer: Officer, edition: Edition) -> bool:
    """Whether the step at which the edition stands is this officer's to decide, four eyes apart."""
    role, organ = post_of(edition)
    organs = organs_with_role(officer, role)
    return organs is None or organ in organs


def editions_waiting(posts: Posts, *, longest: int) -> Sequence[Edition]:
    """Editions that wait for a decision of one of these posts, the longest waiting first."""
    every = with_polymorphic(Edition, [DisclosureEdition, ServiceEdition])
    query = _waiting(db.select(every), every, posts)
    return db.session.scalars(_listed(query, every).limit(longest)).all()


def lines_waiting(posts: Posts, *, longest: int) -> Sequence[Any]:
    """As `editions_waiting`, but only what a line shows, with `total`, how many wait."""
    columns = (Edition.id, Edition.kind, Edition.title, Edition.submitted_at, Organ.name.label("organ"))
    query = _waiting(db.select(*columns, db.func.count().over().label("total")), Edition, posts)
    query = query.join(Organ, Document.organ_id == Organ.id)
    return db.session.execute(query.order_by(Edition.submitted_at, Edition.id).limit(longest)).all()


def editions_in_review(organs: Collection[int] | None, *, longest: int) -> Sequence[Edition]:
    """Editions of these organs in review, whomever they wait for; `organs` None means every organ."""
    every = with_polymorphic(Edition, [DisclosureEdition, ServiceEdition])
    query = db.select(every).join(Document, every.document_id == Document.id)
    query = query.where(every.state == EditionState.SUBMITTED)
    query = query if organs is None else query.where(Document.organ_id.in_(organs))
    return db.session.scalars(_listed(query, every).limit(longest)).all()


def corrections_waiting(organs: Collection[int] | None, *, longest: int) -> Sequence[Correction]:
    """Corrections of slips in live texts of these organs that wait for a second person, the oldest first."""
    query = (
        db.select(Correction)
        .join(Edition, Edition.id == Correction.edition_id)
        .join(Document, Document.id == Edition.document_id)
        .where(Correction.state == CorrectionState.ASKED)
        .options(
            joinedload(Correction.asked_by),
            joinedload(Correction.edition).joinedload(Edition.document).joinedload(Document.organ),
        )
    )
    query = query if organs is None else query.where(Document.organ_id.in_(organs))
    return db.session.scalars(query.order_by(Correction.asked_at, Correction.id).limit(longest)).all()


def count_waiting(posts: Posts) -> int:
    """How many editions wait for a decision of one of these posts."""
    query = _waiting(db.select(db.func.count()).select_from(Edition), Edition, posts)
    return db.session.scalar(query) or 0


def documents_before(posts: Posts) -> Select[Any]:
    """Ids of the documents that one of these posts reviews, or reviewed, for another organ."""
    return (
        db.select(Edition.document_id)
        .join(ReviewStep, ReviewStep.edition_id == Edition.id)
        .where(_is_of(posts, ReviewStep.role, ReviewStep.organ_id), ReviewStep.organ_id.is_not(None))
    )


def _listed(query: Select[Any], edition: Any) -> Select[Any]:
    document = selectinload(edition.document).joinedload(Document.organ)
    query = query.options(document, selectinload(edition.submitter), selectinload(edition.review_steps))
    return query.order_by(edition.updated_at, edition.id)


def _waiting(query: Select[Any], edition: Any, posts: Posts) -> Select[Any]:
    """Editions in review at a step of these posts; one without steps waits for its organ's reviewer."""
    here = db.and_(ReviewStep.edition_id == edition.id, ReviewStep.state == StepState.WAITING)
    organ = db.func.coalesce(ReviewStep.organ_id, Document.organ_id)
    role = db.func.coalesce(ReviewStep.role, db.literal(Role.REVIEWER, ReviewStep.role.type))
    return (
        query.join(Document, edition.document_id == Document.id)
        .outerjoin(ReviewStep, here)
        .where(edition.state == EditionState.SUBMITTED, _is_of(posts, role, organ))
    )


def _is_of(posts: Iterable[tuple[Role, set[int] | None]], role: Any, organ: Any) -> ColumnElement[bool]:
    return db.or_(
        db.false(),
        *(
            role == held if organs is None else db.and_(role == held, organ.in_(organs))
            for held, organs in posts
        ),
    )
