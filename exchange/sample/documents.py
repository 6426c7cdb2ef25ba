"""The documents of the sample county on their way: written, submitted, reviewed by another, published."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from content import operations
from content.models import Edition
from county.errors import RefusedError
from county.officers import Right
from exchange import disclosures, service_items
from exchange.documents import Entry, attach
from exchange.run import Run
from exchange.sample.dates import day_of, with_days
from exchange.sample.desk import Desk
from exchange.sample.timeline import Timeline
from exchange.sources import Row, UnreadableRow

WRITTEN, SUBMITTED, RETURNED, APPROVED, PUBLISHED = (
    "written",
    "submitted",
    "returned",
    "approved",
    "published",
)
UNDER_WAY = (
    SUBMITTED,
    WRITTEN,
    APPROVED,
    RETURNED,
    WRITTEN,
)  # what becomes of the newest disclosures, newest first
RETURN_NOTE = "第二段的联系电话与附表不一致，请核实后改正再送审。"
OLDEST_ITEM_DAYS = 700  # the first service item was published so long ago; one more every eight days
ITEM_EVERY_DAYS = 8


class Text:
    """One document of the sample on its way, as far as it is to come."""

    def __init__(self, entry: Entry, until: str, run: Run, desk: Desk):
        self.entry = entry
        self.until = until
        self.run = run
        organ_id = entry.organ.id
        self.editor = desk.officer(Right.EDIT, organ_id)
        self.reviewer = desk.officer(Right.REVIEW, organ_id, but=(self.editor,))
        self.publisher = desk.officer(Right.PUBLISH, organ_id, but=(self.editor,))
        self.edition: Edition | None = None

    def plan(self, published_on: date, place: int, timeline: Timeline) -> None:
        """Plan its acts: written and reviewed the day before, published at ten."""
        before, minute = published_on - timedelta(days=1), place % 60
        acts: list[tuple[date, int, Callable[[datetime], None]]] = [
            (before, 9, self._write),
            (before, 11, self._submit),
            (before, 15, self._return if self.until == RETURNED else self._approve),
            (published_on, 10, self._publish),
        ]
        closes = self.entry.values.get("opinions_until")
        if closes and self.until == PUBLISHED and closes < timeline.now.date():
            timeline.plan(closes + timedelta(days=1), 0, 5, self._close)
        steps = {WRITTEN: 1, SUBMITTED: 2, RETURNED: 3, APPROVED: 3, PUBLISHED: 4}[self.until]
        for day, hour, act in acts[:steps]:
            timeline.plan(day, hour, 0 if act == self._publish else minute, act)

    def _write(self, at: datetime) -> None:
        entry = self.entry
        self.edition = operations.create_document(
            entry.kind,
            organ=entry.organ,
            channel=entry.channel,
            site_id=self.run.site_id,
            values=entry.values,
            by=self.editor.id,
            at=at,
            foreign_id=entry.foreign_id,
        )
        attach(self.edition, entry, replace(self.run.options, by=self.editor.id, at=at))

    def _submit(self, at: datetime) -> None:
        operations.submit(self._written(), by=self.editor.id, at=at)

    def _return(self, at: datetime) -> None:
        operations.send_back(self._written(), RETURN_NOTE, by=self.reviewer.id, at=at)

    def _approve(self, at: datetime) -> None:
        operations.approve(self._written(), by=self.reviewer.id, at=at, secrecy_reviewed=True)

    def _publish(self, at: datetime) -> None:
        operations.publish(self._written(), by=self.publisher.id, at=at)

    def _close(self, at: datetime) -> None:
        operations.close_consultations(at)

    def _written(self) -> Edition:
        if self.edition is None:
            raise RuntimeError("a text is written before anything else happens to it")
        return self.edition


def plan_disclosures(
    rows: Iterable[Row | UnreadableRow], anchor: date, run: Run, desk: Desk, timeline: Timeline
) -> None:
    """Plan every disclosure; the newest few are still under way.

    Raises: RefusedError naming file and field when one cannot be read.
    """
    dated = sorted(
        ((_day_in(row, "published_on", anchor), row) for row in readable(rows)),
        key=lambda pair: (pair[0], pair[1].file),
        reverse=True,
    )
    for place, (published_on, row) in enumerate(dated):
        values = {**with_days(row.values, published_on), "published_on": published_on}
        if "opinions_until" in values:
            values["opinions_until"] = _day_in(row, "opinions_until", anchor)
        entry = _entry(disclosures.read, replace(row, values=values), run)
        until = UNDER_WAY[place] if place < len(UNDER_WAY) else PUBLISHED
        if until != PUBLISHED:
            entry.values["published_on"] = None  # the day it will be published
        Text(entry, until, run, desk).plan(published_on, place, timeline)


def plan_services(
    rows: Iterable[Row | UnreadableRow], anchor: date, run: Run, desk: Desk, timeline: Timeline
) -> None:
    """Plan every service item; all are published.

    Raises: RefusedError naming file and field when one cannot be read.
    """
    for place, row in enumerate(readable(rows)):
        published_on = anchor - timedelta(days=OLDEST_ITEM_DAYS - ITEM_EVERY_DAYS * place)
        entry = _entry(service_items.read, replace(row, values=with_days(row.values, published_on)), run)
        Text(entry, PUBLISHED, run, desk).plan(published_on, place, timeline)


def readable(rows: Iterable[Row | UnreadableRow]) -> Iterator[Row]:
    """The rows of a file of ours, all of which can be read.

    Raises: RefusedError naming the one that cannot.
    """
    for row in rows:
        if isinstance(row, UnreadableRow):
            raise RefusedError(f"{row.file} 第{row.line}行：{row.reason}")
        yield row


def _day_in(row: Row, field: str, anchor: date) -> date:
    try:
        return day_of(str(row.values[field]), anchor)
    except (KeyError, ValueError) as error:
        raise RefusedError(f"{row.file}：{field} 的日期无法识别（{error}）。", field) from None


def _entry(read: Callable[[Row, Run], Entry], row: Row, run: Run) -> Entry:
    try:
        return read(row, run)
    except RefusedError as error:
        raise RefusedError(f"{row.file}：{error.message}", error.field) from error
