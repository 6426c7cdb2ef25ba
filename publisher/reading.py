"""Rows of the database as the plain records that pages are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from content import rules
from content.models import ItemCategory
from county.calendar import COUNTY_ZONE, county_day
from publisher.bodies import readable
from publisher.categories import CATEGORIES
from publisher.facts import (
    DisclosureFacts,
    DisclosureHead,
    FileFacts,
    OrganFacts,
    QuestionFacts,
    ServiceHead,
    WithdrawnFacts,
)
from publisher.surroundings import Surroundings


def disclosure_head(row: Any, near: Surroundings) -> DisclosureHead:
    """A disclosure as lists show it."""
    day = row.published_on or row.sorted_on
    return DisclosureHead(
        id=row.document_id,
        edition_id=row.edition_id,
        number=row.number or "",
        title=row.title,
        summary=row.summary,
        organ=near.organs[row.organ_id],
        channel=near.channel_of(row.channel_id),
        sorted_on=row.sorted_on,
        published_on=row.published_on,
        produced_on=row.produced_on,
        published_minute=_minute(row.published_at, row.taken_over_at, day),
        document_no=row.document_no,
        validity=row.validity.value,
        opinions_until=row.opinions_until,
        is_closed=row.opinions_closed_at is not None,
    )


def disclosure_facts(head: DisclosureHead, row: Any, files: Sequence[Any]) -> DisclosureFacts:
    """A disclosure as its page shows it."""
    return DisclosureFacts(
        **vars(head),
        body_html=readable(row.body_html),
        effective_on=row.effective_on,
        subject=row.subject,
        genre=row.genre,
        mode=row.mode.value,
        keywords=row.keywords,
        source=row.content_source or row.issued_as or head.organ.name,
        issued_as=row.issued_as or "",
        files=tuple(map(file_facts, files)),
    )


def service_head(row: Any, near: Surroundings) -> ServiceHead:
    """A service item as lists show it."""
    day = county_day(row.published_at) if row.published_at else None
    is_penalty = row.item_category is ItemCategory.PENALTY
    return ServiceHead(
        id=row.document_id,
        edition_id=row.edition_id,
        code=row.number or "",
        title=row.title,
        summary=row.summary,
        organ=near.organs[row.organ_id],
        sorted_on=row.sorted_on,
        updated_on=day,
        published_minute=_minute(row.published_at, row.taken_over_at, day),
        category=CATEGORIES[row.item_category] if row.item_category else None,
        content=row.item_content,
        department=row.handling_department,
        phone=row.contact_phone,
        supervision_phone=row.supervision_phone,
        may_be_applied_for=rules.may_be_applied_for(row),
        is_penalty=is_penalty,
        results_are_public=rules.results_are_public(row),
        audience=tuple(map(str, row.audience or ())),
        life_events=tuple(map(str, row.life_events or ())),
    )


def question_facts(row: Any, organs: Mapping[int, OrganFacts]) -> QuestionFacts:
    """A question with its answer."""
    return QuestionFacts(
        id=row.id,
        question=row.question,
        answer=row.answer,
        organ=organs[row.organ_id],
        document_id=row.document_id,
        answered_on=row.answered_on,
    )


def withdrawn_facts(row: Any, organs: Mapping[int, OrganFacts], moved_to: str) -> WithdrawnFacts:
    """What is said of a document that was taken back."""
    return WithdrawnFacts(
        id=row.document_id,
        kind=row.kind.value,
        number=row.number or "",
        organ=organs[row.organ_id],
        withdrawn_on=county_day(row.withdrawn_at),
        reason=rules.WITHDRAWAL_REASONS.get(row.withdrawal_reason or "", "其他原因"),
        moved_to=moved_to,
    )


def file_facts(row: Any) -> FileFacts:
    """A file as pages show it."""
    return FileFacts(row.display_name, row.sha256, row.suffix, row.size_bytes)


def _minute(moment: datetime | None, taken_over_at: datetime | None, day: date | None) -> str:
    """The moment of publication where it is known; a date that came without a time stays a date."""
    if moment is None or (day is not None and county_day(moment) != day) or taken_over_at:
        return f"{day or ''}"
    return f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"
