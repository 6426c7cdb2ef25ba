"""How organs stand, read from what acts keep of their documents; nothing here reads a text."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload

from content import rules
from content.models import Channel, ChannelKind, Document, DocumentKind, Duty, Edition, EditionState
from content.rules import Figures
from database import db

SOON_DAYS = 7  # a deadline this near is said
OPEN = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED)
Organs = Collection[int] | None  # ids; None: all of them


@dataclass(frozen=True)
class ChannelState:
    """How fresh a channel with a deadline is. Calendar days."""

    channel: Channel
    last_on: date | None  # of the newest in it or below it
    due_on: date | None  # when something new is due at the latest
    days_left: int  # negative: overdue by so many

    @property
    def is_stale(self) -> bool:
        return self.last_on is None or self.days_left < 0

    @property
    def is_near(self) -> bool:
        return not self.is_stale and self.days_left <= SOON_DAYS


@dataclass(frozen=True)
class DutyState:
    """An entry of a list, and whether the organ has it."""

    duty: Duty
    is_met: bool


class Standing:
    """What is known on one day of these organs; the database is asked once for each sort of answer."""

    def __init__(self, today: date, organ_ids: Organs, *, guide_months: int):
        self.today, self.organ_ids = today, organ_ids
        self._guide_months = guide_months
        found = db.session.execute(_channels_with_newest()).unique().all()
        self._channels = [row.Channel for row in found]
        self._days = self._with_those_below({row.Channel.id: row.day for row in found if row.day is not None})
        self._confirmed = {one.id for one in self._channels if one.confirm_within_months}
        self.overdue = is_unconfirmed(today, self._channels, guide_months=guide_months)

    @cached_property
    def duties(self) -> list[DutyState]:
        """What these organs must have, and whether they have it."""
        rows = _duties(self.organ_ids)
        has = set(_pairs(self.organ_ids) if any(row.Duty.channel_id for row in rows) else ())
        above = {channel.id: self._above(channel) for channel in self._channels}
        has |= {(organ, up) for organ, channel in has for up in above.get(channel, ())}
        return [
            DutyState(row.Duty, row.is_met or (row.Duty.organ_id, row.Duty.channel_id) in has) for row in rows
        ]

    @cached_property
    def _rows(self) -> Sequence[Any]:
        by_channel = Document.channel_id.in_(self._confirmed)
        watched = (
            db.or_(Document.kind == DocumentKind.SERVICE, by_channel) if self._guide_months else by_channel
        )
        return _counted(self.organ_ids, self.overdue, watched)

    def figures(self) -> dict[int, Figures]:
        """By organ; an organ of which nothing is known is not there."""
        found: dict[int, Figures] = {}
        for organ_id, figures in self._parts():
            found[organ_id] = found.get(organ_id, Figures()) + figures
        return found

    def channels(self) -> list[ChannelState]:
        """Channels with a deadline for which these organs answer, the longest overdue first."""
        states = [
            state
            for channel in self._channels
            if self._is_watched(channel) and (state := self._state(channel))
        ]
        return sorted(
            states, key=lambda state: (state.last_on is not None, state.days_left, state.channel.id)
        )

    def _parts(self) -> Iterable[tuple[int, Figures]]:
        for row in self._rows:
            is_guide = row.kind is DocumentKind.SERVICE
            yield row.organ_id, Figures(
                guides=row.number if is_guide else 0, disclosures=0 if is_guide else row.number,
                score_sum=row.score or 0, incomplete=row.incomplete or 0, late=row.late or 0,
                to_confirm=row.to_confirm or 0, unconfirmed=row.unconfirmed or 0,
            )  # fmt: skip
        for state in self.duties:
            yield state.duty.organ_id, Figures(duties=1, missing=not state.is_met)
        for state in self.channels():
            if state.channel.organ_id is not None:
                yield state.channel.organ_id, Figures(channels=1, stale=state.is_stale)

    def _is_watched(self, channel: Channel) -> bool:
        has_deadline = channel.update_within_days or channel.update_within_months
        mine = self.organ_ids is None or channel.organ_id in self.organ_ids
        return bool(has_deadline and mine and channel.kind is ChannelKind.DISCLOSURE)

    def _state(self, channel: Channel) -> ChannelState | None:
        last_on = self._days.get(channel.id)
        due_on = last_on and rules.fresh_until(
            last_on, channel.update_within_days, channel.update_within_months
        )
        return ChannelState(channel, last_on, due_on, (due_on - self.today).days if due_on else 0)

    def _with_those_below(self, days: dict[int, date]) -> dict[int, date]:
        """The newest day of each channel and those below it, of whichever organ."""
        whole = dict(days)
        for channel in self._channels:
            for above in self._above(channel) if channel.id in days else ():
                whole[above] = max(whole.get(above, date.min), days[channel.id])
        return whole

    def _above(self, channel: Channel) -> list[int]:
        parents = {one.id: one.parent_id for one in self._channels}
        found: list[int] = []
        at = channel.parent_id
        while at is not None and at not in found:
            found.append(at)
            at = parents.get(at)
        return found


def is_unconfirmed(today: date, channels: Iterable[Channel], *, guide_months: int) -> ColumnElement[bool]:
    """Whether a live document was not confirmed for longer than is set for its channel, or for guides.

    Source: 政府信息公开条例 art. 4 (the office keeps information current); G-13.
    """
    by_months: dict[int, list[int]] = {}
    for channel in channels:
        if channel.confirm_within_months:
            by_months.setdefault(channel.confirm_within_months, []).append(channel.id)
    conditions = [
        db.and_(Document.channel_id.in_(ids), Document.confirmed_on < rules.months_on(today, -months))
        for months, ids in by_months.items()
    ]
    if guide_months:
        before = rules.months_on(today, -guide_months)
        conditions.append(db.and_(Document.kind == DocumentKind.SERVICE, Document.confirmed_on < before))
    return db.and_(Document.live_on.is_not(None), db.or_(db.false(), *conditions))


def unconfirmed_documents(here: Standing, *, longest: int) -> Sequence[Document]:
    """Live documents whose confirmation is overdue, the longest first."""
    query = (
        db.select(Document)
        .where(here.overdue, of_organs(here.organ_ids))
        .options(joinedload(Document.organ), joinedload(Document.channel), joinedload(Document.confirmed_by))
        .order_by(Document.confirmed_on, Document.id)
        .limit(longest)
    )
    return db.session.scalars(query).all()


def incomplete_documents(organ_ids: Organs, *, longest: int) -> Sequence[Document]:
    """Live documents that lack something, the lowest score first."""
    query = (
        db.select(Document)
        .where(Document.live_on.is_not(None), Document.score < rules.FULL, of_organs(organ_ids))
        .options(joinedload(Document.organ))
        .order_by(Document.score, Document.id)
        .limit(longest)
    )
    return db.session.scalars(query).all()


def pages_of(documents: Iterable[Document]) -> dict[int, tuple[int, EditionState]]:
    """Of each document the edition on which one goes on: the open one, else the live one, else the newest."""
    ids = [document.id for document in documents]
    query = db.select(Edition.id, Edition.document_id, Edition.state).where(Edition.document_id.in_(ids))
    rank = dict.fromkeys(OPEN, 2) | {EditionState.PUBLISHED: 1}
    best: dict[int, tuple[int, int, EditionState]] = {}
    for row in db.session.execute(query) if ids else ():
        here = (rank.get(row.state, 0), row.id, row.state)
        best[row.document_id] = max(best.get(row.document_id, here), here, key=lambda one: one[:2])
    return {document_id: (found[1], found[2]) for document_id, found in best.items()}


def _counted(organ_ids: Organs, overdue: ColumnElement[bool], watched: ColumnElement[bool]) -> Sequence[Any]:
    """By organ and kind, from one index."""

    def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return db.func.sum(db.case((condition, 1), else_=0))

    query = (
        db.select(
            Document.organ_id, Document.kind, db.func.count().label("number"),
            db.func.sum(Document.score).label("score"),
            number_of(Document.score < rules.FULL).label("incomplete"),
            number_of(Document.was_late.is_(True)).label("late"), number_of(watched).label("to_confirm"),
            number_of(overdue).label("unconfirmed"),
        )
        .where(Document.live_on.is_not(None), of_organs(organ_ids))
        .group_by(Document.organ_id, Document.kind)
    )  # fmt: skip
    return db.session.execute(query).all()


def _pairs(organ_ids: Organs) -> Sequence[Any]:
    """Organs that must have something in a channel, with each channel in which they have something."""
    bound = db.select(Duty.organ_id).where(Duty.is_active, Duty.channel_id.is_not(None))
    query = (
        db.select(Document.organ_id, Document.channel_id)
        .where(Document.kind == DocumentKind.DISCLOSURE, Document.live_on.is_not(None))
        .where(Document.channel_id.is_not(None), Document.organ_id.in_(bound), of_organs(organ_ids))
        .distinct()
    )
    return [(row.organ_id, row.channel_id) for row in db.session.execute(query)]


def _channels_with_newest() -> Select[Any]:
    """Every channel in use with the day of the newest in it: for each a look at the end of an index."""
    newest = (
        db.select(db.func.max(Document.live_on))
        .where(Document.channel_id == Channel.id)
        .correlate(Channel)
        .scalar_subquery()
    )
    query = db.select(Channel, newest.label("day")).where(Channel.is_active)
    return query.options(joinedload(Channel.organ)).order_by(Channel.id)


def _duties(organ_ids: Organs) -> Sequence[Any]:
    """Active entries, each with whether a live document is named for it or bears its very title."""
    named = db.select(Document.id).where(Document.id == Duty.document_id, Document.live_on.is_not(None))
    titled = db.select(Document.id).where(
        Document.title == Duty.title,
        Document.kind == Duty.kind,
        Document.live_on.is_not(None),
        db.or_(Document.organ_id == Duty.organ_id, Duty.kind == DocumentKind.SERVICE),
    )
    query = (
        db.select(Duty, db.or_(named.exists(), titled.exists()).label("is_met"))
        .where(Duty.is_active, db.true() if organ_ids is None else Duty.organ_id.in_(organ_ids))
        .order_by(Duty.organ_id, Duty.list_name, Duty.position, Duty.id)
    )
    return db.session.execute(query).all()


def of_organs(organ_ids: Organs) -> ColumnElement[bool]:
    """Whether a document is of these organs."""
    return db.true() if organ_ids is None else Document.organ_id.in_(organ_ids)
