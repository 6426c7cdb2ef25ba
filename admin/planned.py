"""排期: what happens by the clock, month by month: publications, expiries, the ends of consultations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_admin import expose

from admin.editions.view import EDITORIAL, in_scope
from admin.officer_view import OfficerView, scope_of
from admin.signed_in import now, the_officer
from content import timetable
from content.models import DocumentKind
from content.timetable import Timed
from county.calendar import COUNTY_ZONE, county_day, load_calendar

WEEKDAYS = "一二三四五六日"
MOST_SHOWN = 300
KIND_LABELS = {"publish": "定时发布", "expire": "到期撤下", "close": "意见征集、公示截止"}
TONES = {"publish": "good", "expire": "warn", "close": "wait"}
FURTHEST = (2000, 2099)


@dataclass(frozen=True)
class Day:
    """A day of the month with what happens on it."""

    day: date
    weekday: str
    is_working: bool
    is_today: bool
    entries: list[Timed]


class PlannedView(OfficerView):
    """What is scheduled, in a table by day; every officer sees the documents of his organs."""

    rights = EDITORIAL

    def __init__(self) -> None:
        super().__init__(name="排期", endpoint="planned", url="planned", category="内容")

    @expose("/")
    def index_view(self) -> Any:
        """One month."""
        today = county_day(now())
        first = _month(request.args.get("month", ""), today)
        after = _next(first)
        organs = scope_of(the_officer(), EDITORIAL)
        condition = None if organs is None else in_scope(the_officer(), organs)
        entries = timetable.timed_between(_midnight(first), _midnight(after), condition, longest=MOST_SHOWN)
        return self.render(
            "office/planned.html",
            first=first,
            days=_days(entries, today),
            is_cut=len(entries) == MOST_SHOWN,
            before=_next(first, -1),
            after=after,
            today=today,
            faults=timetable.timed_faults(condition, longest=MOST_SHOWN),
            kind_labels=KIND_LABELS,
            tones=TONES,
            endpoint=lambda kind: "services" if kind is DocumentKind.SERVICE else "disclosures",
        )


def _days(entries: Sequence[Timed], today: date) -> list[Day]:
    calendar = load_calendar()
    found: dict[date, list[Timed]] = {}
    for entry in entries:
        found.setdefault(county_day(entry.at), []).append(entry)
    return [
        Day(day, WEEKDAYS[day.weekday()], calendar.is_working(day), day == today, found[day])
        for day in sorted(found)
    ]


def _month(text: str, today: date) -> date:
    """The first day of the month asked for as 2026-03; of this month where that is none."""
    try:
        asked = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today.replace(day=1)
    return asked if FURTHEST[0] <= asked.year <= FURTHEST[1] else today.replace(day=1)


def _next(first: date, steps: int = 1) -> date:
    return (first + timedelta(days=32 if steps > 0 else -1)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COUNTY_ZONE).astimezone(UTC)
