"""When what is public counts as late, stale, or due to be confirmed."""

import calendar
from datetime import date, timedelta

from county.working_days import WorkingCalendar

PROMPT_WORKING_DAYS = 20
SURELY_PROMPT_DAYS = 20  # calendar days hold no more working days
SURELY_LATE_DAYS = 60  # no 60 days hold 20 working days or fewer, the longest holidays included


def may_be_late(produced_on: date | None, published_on: date) -> bool:
    """Whether a calendar has to be asked, or the answer is no at once.

    Source: 政府信息公开条例 art. 26.
    """
    return produced_on is not None and (published_on - produced_on).days > SURELY_PROMPT_DAYS


def was_late(produced_on: date | None, published_on: date, days: WorkingCalendar) -> bool:
    """Whether information went public later than within 20 working days of its making.

    Source: 政府信息公开条例 art. 26; A-25.
    """
    if produced_on is None or not may_be_late(produced_on, published_on):
        return False
    if (published_on - produced_on).days > SURELY_LATE_DAYS:
        return True
    return days.working_days_between(produced_on, published_on) > PROMPT_WORKING_DAYS


def fresh_until(last_on: date, days: int | None, months: int | None) -> date | None:
    """The last day until which something counts as fresh, of a period in days or months; None: for ever.

    Source: 国办秘函〔2019〕19号 (columns that are not updated: two weeks, six months); G-13.
    """
    if days:
        return last_on + timedelta(days=days)
    return months_on(last_on, months) if months else None


def months_on(day: date, months: int) -> date:
    """The same day so many months on (or, negative, before), or the last one of a shorter month.

    Source: 民法典 art. 203 (a period in months ends on the same day of its last month, else on that month's last day).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
