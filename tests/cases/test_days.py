"""Until when a case is decided: at the edges of months, holidays and of what the calendar knows."""

from datetime import UTC, date, datetime

import pytest

from cases.rules import LimitSnapshot, days_left, due_day, limit_in_force
from county.working_days import WorkingCalendar

NATIONAL_DAY = {date(2026, 10, day): False for day in range(1, 8)} | {
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
    date(2026, 9, 25): False,
}
CALENDAR = WorkingCalendar(NATIONAL_DAY, frozenset({2026}))


def at(month: int, day: int, hour: int = 4, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "accepted_at", "due"),
    [
        (LimitSnapshot("20个工作日", 20, "工作日"), at(9, 21), date(2026, 10, 26)),
        (LimitSnapshot("3日", 3, "日"), at(11, 17), date(2026, 11, 20)),
        (LimitSnapshot("3日", 3, "日"), at(11, 18), date(2026, 11, 23)),  # ends on a Saturday
        (LimitSnapshot("1个月", 1, "月"), at(3, 31), date(2026, 4, 30)),
        (LimitSnapshot("1个月", 1, "月"), at(9, 1), date(2026, 10, 8)),  # ends on a holiday
        (LimitSnapshot("即办", None, "即时"), at(11, 20), date(2026, 11, 20)),
        (LimitSnapshot("2小时", 2, "小时"), at(11, 19, 15), date(2026, 11, 20)),  # 23:00 in the county
        (LimitSnapshot("1个工作日", 1, "工作日"), at(11, 19, 17), date(2026, 11, 23)),  # already Friday there
    ],
)
def test_the_due_day_follows_the_unit_of_the_limit(limit, accepted_at, due):
    found = due_day(limit, accepted_at, CALENDAR)

    assert found is not None
    assert (found.day, found.is_provisional) == (due, False)


def test_a_year_without_a_calendar_makes_the_day_provisional():
    found = due_day(LimitSnapshot("10个工作日", 10, "工作日"), at(12, 28), CALENDAR)

    assert found is not None
    assert found.is_provisional


def test_a_leap_day_is_due_a_year_later_on_the_last_of_february():
    found = due_day(LimitSnapshot("1年", 1, "年"), at(2, 29, year=2028), CALENDAR)

    assert found is not None
    assert found.day == date(2029, 2, 28)


def test_the_promise_counts_before_the_law_and_what_cannot_be_reckoned_not_at_all():
    promise, law = LimitSnapshot("10个工作日", 10, "工作日"), LimitSnapshot("60日", 60, "日")

    assert limit_in_force(promise, law) is promise
    assert limit_in_force(LimitSnapshot("另行通知"), law) is law
    assert limit_in_force(LimitSnapshot("无", None, "无"), LimitSnapshot()) is None
    assert due_day(None, at(11, 20), CALENDAR) is None


def test_days_left_are_nought_on_the_day_and_negative_after_it():
    due = date(2026, 11, 20)

    assert days_left(due, date(2026, 11, 19), CALENDAR) == 1
    assert days_left(due, due, CALENDAR) == 0
    assert days_left(due, date(2026, 11, 21), CALENDAR) == -1  # a Saturday is late already
    assert days_left(due, date(2026, 11, 24), CALENDAR) == -2
