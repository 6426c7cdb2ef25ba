"""Working days: time limits end on the day the law means, and a missing year never stops anyone."""

from dataclasses import FrozenInstanceError
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.working_days import DayKind, WorkingCalendar


def span(first: date, last: date) -> set[date]:
    return {first + timedelta(days=offset) for offset in range((last - first).days + 1)}


def in_2026(*month_days: tuple[int, int]) -> set[date]:
    return {date(2026, month, day) for month, day in month_days}


MAKE_UP_DAYS = in_2026((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
HOLIDAYS = (
    span(date(2026, 1, 1), date(2026, 1, 3))
    | span(date(2026, 2, 15), date(2026, 2, 23))
    | span(date(2026, 4, 4), date(2026, 4, 6))
    | span(date(2026, 5, 1), date(2026, 5, 5))
    | span(date(2026, 6, 19), date(2026, 6, 21))
    | span(date(2026, 9, 25), date(2026, 9, 27))
    | span(date(2026, 10, 1), date(2026, 10, 7))
)
EXCEPTIONS = dict.fromkeys(HOLIDAYS, False) | dict.fromkeys(MAKE_UP_DAYS, True)
CALENDAR = WorkingCalendar(EXCEPTIONS, frozenset({2026}))

DAYS_OF_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
ANY_DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
LIMITS = st.integers(0, 90)
CALENDARS = st.builds(
    WorkingCalendar,
    st.dictionaries(ANY_DAYS, st.booleans(), max_size=60),
    st.frozensets(st.integers(2024, 2029)),
)


def worked_by_hand(day: date, exceptions: dict[date, bool]) -> bool:
    return exceptions[day] if day in exceptions else day.isoweekday() <= 5


def test_2026_has_248_working_days():
    assert CALENDAR.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


@pytest.mark.parametrize("day", sorted(MAKE_UP_DAYS))
def test_a_make_up_day_on_a_weekend_is_worked(day):
    assert day.isoweekday() > 5

    assert CALENDAR.is_working(day)
    assert CALENDAR.kind_of(day) is DayKind.MAKE_UP


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 13), DayKind.WORKDAY),
        (date(2026, 2, 14), DayKind.MAKE_UP),
        (date(2026, 2, 15), DayKind.HOLIDAY),
        (date(2026, 2, 23), DayKind.HOLIDAY),
        (date(2026, 2, 24), DayKind.WORKDAY),
        (date(2026, 3, 1), DayKind.WEEKEND),
    ],
)
def test_a_holiday_begins_and_ends_on_the_days_of_the_notice(day, kind):
    assert CALENDAR.kind_of(day) is kind
    assert kind.label


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        (date(2026, 2, 10), 20, date(2026, 3, 16)),
        (date(2026, 9, 21), 20, date(2026, 10, 26)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the next day is a make-up Saturday
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # received on the make-up Saturday itself
        (date(2026, 2, 16), 1, date(2026, 2, 24)),  # received within the holiday
        (date(2026, 2, 20), 5, date(2026, 2, 28)),  # ends on a make-up Saturday
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # over an ordinary weekend
        (date(2026, 3, 9), 1, date(2026, 3, 10)),
    ],
)
def test_a_limit_ends_on_its_last_working_day(received, working_days, due):
    end = CALENDAR.after(received, working_days)

    assert end.day == due
    assert not end.is_provisional


def test_one_working_day_less_or_more_moves_the_end_to_the_neighbouring_working_day():
    assert CALENDAR.after(date(2026, 2, 10), 19).day == date(2026, 3, 13)
    assert CALENDAR.after(date(2026, 2, 10), 21).day == date(2026, 3, 17)


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 2, 16), date(2031, 1, 1)])
def test_no_days_at_all_end_on_the_day_itself(day):
    for end in (CALENDAR.after(day, 0), CALENDAR.plus_calendar_days(day, 0)):
        assert (end.day, end.is_provisional, end.stretches) == (day, False, ())


def test_a_negative_limit_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.after(date(2026, 3, 9), -1)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.plus_calendar_days(date(2026, 3, 9), -1)


def test_a_moment_is_not_taken_for_a_day():
    holiday_noon = datetime(2026, 2, 16, 12)  # noqa: DTZ001

    for ask in (CALENDAR.is_working, lambda day: CALENDAR.after(day, 0), lambda day: CALENDAR.after(day, 3)):
        with pytest.raises(TypeError, match="datetime"):
            ask(holiday_noon)


def test_the_derivation_names_what_was_counted_and_what_was_skipped():
    end = CALENDAR.after(date(2026, 2, 12), 3)

    assert [(s.first.day, s.last.day, s.kind, s.is_counted) for s in end.stretches] == [
        (13, 13, DayKind.WORKDAY, True),
        (14, 14, DayKind.MAKE_UP, True),
        (15, 23, DayKind.HOLIDAY, False),
        (24, 24, DayKind.WORKDAY, True),
    ]
    assert end.start == date(2026, 2, 12)
    assert [stretch.days for stretch in end.skipped] == [9]


def test_a_missing_year_follows_the_weekday_rule_and_is_provisional():
    end = CALENDAR.after(date(2026, 12, 30), 2)  # 2027-01-01 is a Friday; its notice is not loaded

    assert end.day == date(2027, 1, 1)
    assert end.is_provisional


def test_a_limit_that_ends_on_the_last_day_of_a_known_year_is_firm():
    assert not CALENDAR.after(date(2026, 12, 30), 1).is_provisional


def test_a_received_day_in_a_missing_year_does_not_count_and_so_does_not_make_the_end_provisional():
    assert not CALENDAR.after(date(2025, 12, 31), 1).is_provisional


def test_loading_the_missing_year_makes_the_date_firm():
    loaded = WorkingCalendar(EXCEPTIONS | {date(2027, 1, 1): False}, frozenset({2026, 2027}))

    end = loaded.after(date(2026, 12, 30), 2)

    assert (end.day, end.is_provisional) == (date(2027, 1, 4), False)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 9)),
        (date(2026, 2, 9), 7, date(2026, 2, 24)),  # the seventh day lies in the Spring Festival
        (date(2026, 2, 21), 7, date(2026, 2, 28)),  # a make-up Saturday is a working day: no move
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # the fifth day is a Saturday
    ],
)
def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day(start, days, due):
    end = CALENDAR.plus_calendar_days(start, days)

    assert end.day == due
    assert sum(stretch.days for stretch in end.counted) == days


def test_calendar_days_can_be_taken_literally():
    end = CALENDAR.plus_calendar_days(date(2026, 2, 9), 7, end_on_working_day=False)

    assert (end.day, end.is_provisional) == (date(2026, 2, 16), False)


def test_calendar_days_are_provisional_only_where_the_last_day_could_move():
    through = WorkingCalendar({}, frozenset({2026, 2028}))

    assert CALENDAR.plus_calendar_days(date(2026, 12, 1), 35).is_provisional
    assert not CALENDAR.plus_calendar_days(date(2026, 12, 1), 35, end_on_working_day=False).is_provisional
    assert not through.plus_calendar_days(date(2026, 12, 1), 400).is_provisional


def test_days_left_turn_negative_once_the_limit_is_over():
    due = date(2026, 3, 16)

    assert CALENDAR.working_days_between(date(2026, 3, 13), due) == 1
    assert CALENDAR.working_days_between(due, due) == 0
    assert CALENDAR.working_days_between(date(2026, 3, 17), due) == -1


def test_a_calendar_cannot_be_changed_from_outside():
    source = dict(EXCEPTIONS)
    calendar = WorkingCalendar(source, frozenset({2026}))

    source[date(2026, 3, 9)] = False

    assert calendar.is_working(date(2026, 3, 9))
    with pytest.raises(TypeError):
        calendar.exceptions[date(2026, 3, 9)] = False  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        calendar.known_years = frozenset()  # type: ignore[misc]


@given(CALENDARS, ANY_DAYS, st.integers(1, 90))
def test_a_limit_agrees_with_counting_by_hand(calendar, start, limit):
    worked = [
        day
        for day in span(start, start + timedelta(days=400))
        if day > start and worked_by_hand(day, dict(calendar.exceptions))
    ]
    expected = sorted(worked)[limit - 1]

    end = calendar.after(start, limit)

    assert end.day == expected
    assert end.is_provisional == any(
        year not in calendar.known_years
        for year in range((start + timedelta(days=1)).year, expected.year + 1)
    )


@given(CALENDARS, ANY_DAYS, LIMITS)
def test_the_derivation_covers_every_day_once_and_counts_the_limit(calendar, start, limit):
    end = calendar.after(start, limit)

    days = [day for s in end.stretches for day in sorted(span(s.first, s.last))]
    assert days == sorted(span(start + timedelta(days=1), end.day))
    assert sum(stretch.days for stretch in end.counted) == limit
    assert all(stretch.kind.is_working is stretch.is_counted for stretch in end.stretches)


@given(CALENDARS, ANY_DAYS, LIMITS)
def test_counting_back_gives_the_limit(calendar, start, limit):
    end = calendar.after(start, limit).day

    assert calendar.working_days_between(start, end) == limit
    assert calendar.working_days_between(end, start) == -limit


@given(DAYS_OF_2026, LIMITS, LIMITS)
def test_limits_add_up_and_never_shrink(start, first, second):
    whole = CALENDAR.after(start, first + second).day

    assert whole == CALENDAR.after(CALENDAR.after(start, first).day, second).day
    assert whole >= CALENDAR.after(start, first).day
