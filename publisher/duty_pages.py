"""政府信息公开事项目录: what each organ must publish, by which duty, by when, and when it last did (A-19 … A-23)."""

from dataclasses import dataclass
from datetime import date

from content import published
from content.models import DisclosureEdition, Document
from database import db
from publisher.facts import ChannelFacts, DisclosureHead, OrganFacts
from publisher.models import ShownDocument
from publisher.navigation import HOME, XXGK, channel_address
from publisher.page import Column, Link, Page
from publisher.source import NEWEST_DAYS, Source

DUTIES = "/xxgk/sx/"
NAME = "政府信息公开事项目录"
DESCRIPTION = "各机关应当主动公开的事项，写明发布主体、职责、内容、时限和最近一次公开的日期。"
COLUMN = Column(NAME, DESCRIPTION, "公开事项,发布主体,职责,内容,时限", "政府信息公开")
DUTIES_MEMO = "duties"


@dataclass(frozen=True)
class DutyFacts:
    """One thing that must be published."""

    organ: OrganFacts
    channel: ChannelFacts | None
    topic: str
    title: str
    duty: str
    content: str
    basis: str
    time_limit: str


@dataclass(frozen=True)
class DutyEntry:
    """A duty with the day of what was last published under it; the page does not say whether that was in time."""

    number: int
    duty: DutyFacts
    last_on: date | None
    channel: Link | None


@dataclass(frozen=True)
class DutiesView:
    """The catalogue of one organ."""

    organ: OrganFacts
    entries: tuple[DutyEntry, ...]


@dataclass(frozen=True)
class DutiesIndexView:
    """Which organs have such a catalogue."""

    departments: tuple[Link, ...]
    townships: tuple[Link, ...]
    total: int


def duties(source: Source) -> dict[int, list[DutyFacts]]:
    """What must be published, by the organ that must."""
    if DUTIES_MEMO not in source.memo:
        found: dict[int, list[DutyFacts]] = {}
        near = source.surroundings
        for row in published.duties():
            facts = DutyFacts(
                near.organs[row.organ_id], near.channel_of(row.channel_id), row.topic, row.title, row.duty,
                row.content, row.basis, row.time_limit,
            )  # fmt: skip
            found.setdefault(row.organ_id, []).append(facts)
        source.memo[DUTIES_MEMO] = found
    return source.memo[DUTIES_MEMO]


def addresses(source: Source) -> list[str]:
    """The page of each organ that has duties."""
    return [f"{DUTIES}{organ}/" for organ in duties(source)]


def indexed(source: Source) -> list[str]:
    """The index and the page of each organ, if there are any."""
    return [DUTIES, *addresses(source)] if duties(source) else []


def index_page(source: Source) -> Page:
    """Which organs must publish what."""
    found = duties(source)

    def links(townships: bool) -> tuple[Link, ...]:
        return tuple(
            Link(organ.name, f"{DUTIES}{organ.id}/", len(found[organ.id]))
            for organ in source.organs.values()
            if organ.id in found and organ.is_township is townships
        )

    total = sum(map(len, found.values()))
    view = DutiesIndexView(links(False), links(True), total)
    return Page(
        DUTIES, "duties-index.html", NAME, view, "xxgk", (HOME, XXGK), DESCRIPTION, COLUMN.meta,
        is_indexed=bool(total),
    )  # fmt: skip


def organ_page(source: Source, organ_id: int) -> Page | None:
    """What one organ must publish."""
    found = duties(source).get(organ_id)
    if not found:
        return None
    organ, days = found[0].organ, newest_days(source, organ_id)
    entries = tuple(
        DutyEntry(
            at, duty, days.get(duty.channel.code) if duty.channel else None,
            Link(duty.channel.name, channel_address(duty.channel.code)) if duty.channel else None,
        )
        for at, duty in enumerate(found, 1)
    )  # fmt: skip
    title = f"{organ.name}{NAME}"
    return Page(
        f"{DUTIES}{organ_id}/", "duties.html", title, DutiesView(organ, entries), "xxgk",
        (HOME, XXGK, Link(NAME, DUTIES)), f"{organ.name}应当主动公开的{len(entries)}个事项。",
        Column(title, DESCRIPTION, "", COLUMN.kind).meta, contacts=organ.contacts,
    )  # fmt: skip


def newest_days(source: Source, organ_id: int) -> dict[str, date]:
    """The last day on which an organ published something in each channel or below it."""
    if source.whole:
        if NEWEST_DAYS not in source.memo:
            source.memo[NEWEST_DAYS] = _by_organ(source)
        return source.memo[NEWEST_DAYS].get(organ_id, {})
    days: dict[str, date] = {}
    for channel_id, day in _shown_days(organ_id, source):
        _enter(days, source.surroundings.channel_of(channel_id), day)
    for head in map(source.head, source.work):
        if isinstance(head, DisclosureHead) and head.organ.id == organ_id:
            _enter(days, head.channel, head.day)
    return days


def _by_organ(source: Source) -> dict[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = {}
    for head in source.documents():
        if isinstance(head, DisclosureHead):
            _enter(found.setdefault(head.organ.id, {}), head.channel, head.day)
    return found


def _enter(days: dict[str, date], channel: ChannelFacts | None, day: date | None) -> None:
    if channel is None or day is None:
        return
    for code, _name in channel.path:
        days[code] = max(days.get(code, day), day)


def _shown_days(organ_id: int, source: Source) -> list[tuple[int | None, date | None]]:
    """Channel and day of what the site shows of an organ, but for documents of the work."""
    table, shown = DisclosureEdition.__table__, ShownDocument.__table__
    query = (
        db.select(Document.id, Document.channel_id, table.c.published_on, Document.sorted_on)
        .join(shown, shown.c.document_id == Document.id)
        .join(table, table.c.id == shown.c.edition_id)
        .where(Document.organ_id == organ_id)
    )
    return [
        (row.channel_id, row.published_on or row.sorted_on)
        for row in db.session.execute(query)
        if row.id not in source.work
    ]
