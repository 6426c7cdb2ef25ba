"""Until when a case is to be decided, and how many days are left."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from county.calendar import county_day
from county.working_days import LegalDay, WorkingCalendar


@dataclass(frozen=True)
class LimitSnapshot:
    """A time limit of an item as published, with what could be read of it. Units are those of the guide."""

    text: str = ""
    value: int | None = None
    unit: str | None = None  # 工作日, 日, 月, 年, 小时, 即时, 无


@dataclass(frozen=True)
class ItemSnapshot:
    """The service item as it stood when it was applied for."""

    code: str
    name: str
    organ_id: int
    edition_id: int
    promised_limit: LimitSnapshot = LimitSnapshot()
    legal_limit: LimitSnapshot = LimitSnapshot()


def limit_in_force(promised: LimitSnapshot, legal: LimitSnapshot) -> LimitSnapshot | None:
    """The limit a case is held to: the promised one, else the legal one; None if neither can be reckoned.

    Source: C-09, C-10 (the promise is never longer than the law allows).
    """
    return next((limit for limit in (promised, legal) if _is_reckonable(limit)), None)


def due_day(limit: LimitSnapshot | None, accepted_at: datetime, calendar: WorkingCalendar) -> LegalDay | None:
    """The last day on which a decision is in time, or None without a limit. The day of acceptance is not counted.

    Months and years end on the day of the same number, or on the last of the month; hours on the day they run out.
    Source: 行政许可法 art. 42, 82; 民法典 art. 201-203.
    """
    if limit is None:
        return None
    start, value = county_day(accepted_at), limit.value or 0
    match limit.unit:
        case "工作日":
            return calendar.after(start, value)
        case "月" | "年":
            end = _months_later(start, value * (12 if limit.unit == "年" else 1))
        case "小时":
            end = county_day(accepted_at + timedelta(hours=value))
        case _:
            end = start + timedelta(days=value)
    return calendar.plus_calendar_days(start, (end - start).days)


def days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Working days from today until the due day; 0 on the day itself, negative once it is over.

    Source: 行政许可法 art. 82.
    """
    left = calendar.working_days_between(today, due_on)
    return -1 if left == 0 and today > due_on else left


def _is_reckonable(limit: LimitSnapshot) -> bool:
    return limit.unit == "即时" or (
        limit.value is not None and limit.unit in ("工作日", "日", "月", "年", "小时")
    )


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
