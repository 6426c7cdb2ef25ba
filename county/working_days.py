"""Working days (工作日) by the State Council's yearly notices, and the days that time limits end on. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        """The Chinese name that a page shows."""
        return _KIND_LABELS[self]

    @property
    def is_working(self) -> bool:
        """Whether offices work on such a day."""
        return self in (DayKind.WORKDAY, DayKind.MAKE_UP)


_KIND_LABELS = {
    DayKind.WORKDAY: "工作日",
    DayKind.MAKE_UP: "调休上班",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "节假日",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring days of one kind, `first` to `last`, both included; all counted or all skipped."""

    first: date
    last: date
    kind: DayKind
    is_counted: bool

    @property
    def days(self) -> int:
        """How many calendar days the stretch holds."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class LegalDay:
    """The day a time limit ends on, with its derivation: each day after `start`, counted or skipped.

    `is_provisional` (暂按) says that a day on the way lies in a year whose notice is not loaded yet.
    """

    day: date
    is_provisional: bool
    start: date
    stretches: tuple[Stretch, ...] = ()

    @property
    def counted(self) -> tuple[Stretch, ...]:
        """The days that count towards the limit."""
        return tuple(stretch for stretch in self.stretches if stretch.is_counted)

    @property
    def skipped(self) -> tuple[Stretch, ...]:
        """The days that do not count: weekends and holidays."""
        return tuple(stretch for stretch in self.stretches if not stretch.is_counted)


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that differ from the weekday rule (True: worked), and the years whose notice is loaded.

    A year that is missing never raises: it follows the weekday rule, and the dates found are provisional.
    """

    exceptions: Mapping[date, bool]
    known_years: frozenset[int]

    def __post_init__(self):
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "known_years", frozenset(self.known_years))

    def kind_of(self, day: date) -> DayKind:
        """Why `day` is worked or not.

        Source: 全国年节及纪念日放假办法 (2024) and the yearly notice of the State Council.
        """
        _require_plain_date(day)
        is_weekend = day.weekday() >= SATURDAY
        match self.exceptions.get(day):
            case None:
                return DayKind.WEEKEND if is_weekend else DayKind.WORKDAY
            case True:
                return DayKind.MAKE_UP if is_weekend else DayKind.WORKDAY
            case _:
                return DayKind.HOLIDAY

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`; by the weekday rule where the year is missing."""
        return self.kind_of(day).is_working

    def after(self, day: date, working_days: int) -> LegalDay:
        """The day on which a limit of `working_days` that starts on `day` ends; `day` itself is not counted.

        Zero working days end on `day`. Raises ValueError for a negative number.
        Source: 行政许可法 art. 82 (working days, without statutory holidays); 民事诉讼法 art. 85
        (the first day is not counted).
        """
        _require_count(working_days)
        walked: list[tuple[date, bool]] = []
        current, left = day, working_days
        while left:
            current += ONE_DAY
            is_counted = self.is_working(current)
            left -= is_counted
            walked.append((current, is_counted))
        return self._derive(day, walked)

    def plus_calendar_days(self, day: date, days: int, *, end_on_working_day: bool = True) -> LegalDay:
        """The day on which a limit of `days` calendar days that starts on `day` ends; `day` is not counted.

        A last day that is off moves to the next working day, unless `end_on_working_day` is False.
        Zero days end on `day`. Raises ValueError for a negative number.
        Source: 民事诉讼法 art. 85 (first day not counted; a last day that is a holiday moves on).
        """
        _require_count(days)
        walked = [(day + timedelta(days=offset), True) for offset in range(1, days + 1)]
        if walked and end_on_working_day:
            end = walked[-1][0]
            while not self.is_working(end):
                end += ONE_DAY
                walked.append((end, False))
        # Only the days from the counted end on depend on the calendar.
        return self._derive(day, walked, relevant_from=days - 1 if end_on_working_day else len(walked))

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative where `end` is earlier.

        `working_days_between(day, after(day, n).day) == n`: what is left today, or by how much it is overdue.
        """
        if end < start:
            return -self.working_days_between(end, start)
        offsets = range(1, (end - start).days + 1)
        return sum(self.is_working(start + timedelta(days=offset)) for offset in offsets)

    def _derive(self, start: date, walked: list[tuple[date, bool]], relevant_from: int = 0) -> LegalDay:
        _require_plain_date(start)
        return LegalDay(
            day=walked[-1][0] if walked else start,
            is_provisional=any(day.year not in self.known_years for day, _ in walked[relevant_from:]),
            start=start,
            stretches=tuple(self._stretches(walked)),
        )

    def _stretches(self, walked: list[tuple[date, bool]]) -> Iterable[Stretch]:
        for (kind, is_counted), group in groupby(walked, key=lambda step: (self.kind_of(step[0]), step[1])):
            days = [day for day, _ in group]
            yield Stretch(days[0], days[-1], kind, is_counted)


def _require_plain_date(day: date) -> None:
    # A datetime is a date to Python, but equals no key of the table: holidays would be missed in silence.
    if isinstance(day, datetime):
        raise TypeError("a date is needed, not a datetime: the local day must be chosen by the caller")


def _require_count(days: int) -> None:
    if days < 0:
        raise ValueError(f"a time limit cannot be negative: {days}")
