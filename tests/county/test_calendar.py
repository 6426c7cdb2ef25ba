from datetime import date

from county.calendar import CalendarDay, county_day, load_calendar
from database import db
from tests.people import NOON

HOLIDAYS_2026 = [date(2026, 1, day) for day in (1, 2, 3)] + [date(2026, 10, day) for day in range(1, 8)]


def test_a_year_is_known_once_its_notice_is_loaded(app):
    db.session.add_all(CalendarDay(day=day, is_working=False) for day in HOLIDAYS_2026)
    db.session.flush()

    calendar = load_calendar()

    assert not calendar.is_working(date(2026, 10, 5))
    assert not calendar.after(date(2026, 3, 2), 5).is_provisional
    assert calendar.after(date(2026, 12, 30), 5).is_provisional


def test_a_stray_day_of_the_next_years_notice_does_not_make_a_year_known(app):
    db.session.add(CalendarDay(day=date(2025, 12, 28), is_working=True))
    db.session.flush()

    assert load_calendar().after(date(2025, 3, 3), 5).is_provisional


def test_the_day_is_the_countys_own(app):
    assert county_day(NOON.replace(hour=15, minute=59)) == date(2026, 11, 20)
    assert county_day(NOON.replace(hour=16)) == date(2026, 11, 21)
