"""What lists are narrowed by: the officer's scope, and the choices of organ, channel, state and year."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from admin.officer_view import Choice
from admin.posts import posts_of, reviewed_elsewhere
from admin.signed_in import now
from content import queries, rules
from content.models import ChannelKind, Document, Edition, EditionState
from content.reviews import documents_before
from county.calendar import county_day
from county.officers import Officer
from county.organs import Organ, organ_matches, organs_found
from database import db

MOST_IN_A_LIST = 50  # organs; more are searched for
LISTED_STATES = [
    EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED, EditionState.PUBLISHED,
    EditionState.WITHDRAWN, EditionState.DISCARDED,
]  # fmt: skip


def in_scope(officer: Officer, organs: set[int], *, of_many: bool = True) -> ColumnElement[bool]:
    """The documents of these organs, and those of others that pass the officer's desk in their review.

    `of_many`: for lists it is asked beforehand whether there are any of others, so that an index serves the usual case.
    """
    own = Document.organ_id.in_(organs)
    elsewhere = reviewed_elsewhere(officer) if of_many else documents_before(posts_of(officer))
    return own if elsewhere is None else db.or_(own, Document.id.in_(elsewhere))


def organ_choices() -> list[tuple[str, str]]:
    """Every organ, for a filter."""
    rows = db.session.execute(db.select(Organ.id, Organ.name).order_by(Organ.code))
    return [(str(row.id), row.name) for row in rows]


def channel_choices(kind: ChannelKind = ChannelKind.DISCLOSURE) -> list[tuple[str, str]]:
    """The channels of a kind as a tree: those below are set in."""
    rows = [channel for channel in queries.channels() if channel.kind is kind]
    below: dict[int | None, list[Any]] = {}
    known = {channel.id for channel in rows}
    for channel in rows:
        below.setdefault(channel.parent_id if channel.parent_id in known else None, []).append(channel)

    def walk(parent: int | None, depth: int) -> list[tuple[str, str]]:
        found = []
        for channel in below.get(parent, []):
            found.append((str(channel.id), "　" * depth + channel.name))
            found += walk(channel.id, depth + 1)
        return found

    return walk(None, 0)


def year_choices() -> list[tuple[str, str]]:
    """The last twenty years."""
    this = county_day(now()).year
    return [(str(year), f"{year}年") for year in range(this, this - 20, -1)]


def state_filter() -> Choice:
    """By state; published is every document that is live, also while a new edition is being written."""

    def apply(query: Any, value: str) -> Any:
        if value == EditionState.PUBLISHED.value:
            live = aliased(Edition, flat=True)
            is_live = db.exists().where(
                live.document_id == Edition.document_id, live.state == EditionState.PUBLISHED
            )
            return query.filter(db.or_(Edition.state == EditionState.PUBLISHED, is_live))
        return query.filter(Edition.state == EditionState(value))

    return Choice(
        "state", "状态", lambda: [(state.value, rules.STATE_LABELS[state]) for state in LISTED_STATES], apply
    )


def organ_filter(of: Any = Document, label: str = "机构") -> Choice:
    """By organ: chosen from a list where there are few, else typed."""
    return OrganFilter(label, of)


class Broad(Choice):
    """A choice that leaves thousands of documents."""

    is_broad = True


class OrganFilter(Choice):
    """An organ by its id, or by words of its name or code: a list of thousands is not loaded."""

    def __init__(self, label: str, of: Any):
        super().__init__("organ", label, list, lambda query, _value: query, of=of)

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        few = organs_found("", longest=MOST_IN_A_LIST + 1)
        self.kind = "choice" if len(few) <= MOST_IN_A_LIST else "organ"
        return [(str(organ.id), organ.name) for organ in few] if self.kind == "choice" else []

    def validate(self, value: Any) -> bool:
        return bool(str(value).strip())

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        """The organ of this id or exactly this name; else every organ in whose name or code the words stand."""
        text = str(value).strip()
        if text.isascii() and text.isdigit() and len(text) < 10:
            return query.filter(self.of.organ_id == int(text))
        found = organ_matches(text)
        return query.filter(self.of.organ_id.in_(db.select(Organ.id).where(found)))


def channel_filter() -> Choice:
    """By channel."""
    return Broad(
        "channel",
        "栏目",
        channel_choices,
        lambda query, value: query.filter(Document.channel_id == int(value)),
        of=Document,
    )


def year_filter() -> Choice:
    """By the year in which a document first went public."""

    def apply(query: Any, value: str) -> Any:
        year = int(value)
        return query.filter(Document.sorted_on.between(date(year, 1, 1), date(year, 12, 31)))

    return Broad("year", "公开年份", year_choices, apply, of=Document)
