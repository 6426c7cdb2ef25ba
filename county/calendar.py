"""The working-day calendar as rows (工作日历), loaded from the State Council's yearly notice."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from county.working_days import WorkingCalendar
from database import db

COUNTY_ZONE = ZoneInfo("Asia/Shanghai")  # days of the law are days in the county


def county_day(at: datetime) -> date:
    """The day it is in the county at this moment."""
    return at.astimezone(COUNTY_ZONE).date()


class CalendarDay(db.Model):
    """A day whose kind differs from its weekday, or is named by the notice (节假日、调休上班日)."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[str] = mapped_column(String(200), default="")


NOTICE_ROWS = 8  # fewer rows are stray days of a neighbour's notice: a long New Year break begins in December


def load_calendar() -> WorkingCalendar:
    """The calendar in force. A year counts as known once its notice has been loaded."""
    rows = db.session.scalars(db.select(CalendarDay)).all()
    per_year = Counter(row.day.year for row in rows)
    known = frozenset(year for year, count in per_year.items() if count >= NOTICE_ROWS)
    return WorkingCalendar({row.day: row.is_working for row in rows}, known)
