"""工作日历: the days that differ from their weekday, by year."""

from datetime import date
from typing import Any

from flask import flash, make_response, redirect, request
from flask_admin import expose
from wtforms.fields import DateField
from wtforms.validators import DataRequired

from admin.forms import Faults, Line, OfficeForm, YesNo, faults_of
from admin.officer_view import OfficerView
from admin.signed_in import now, the_officer
from county import ledger
from county.calendar import CalendarDay, county_day, load_calendar
from county.errors import RefusedError
from county.officers import Right
from county.regions import the_site
from database import db


class CalendarDayForm(OfficeForm):
    """工作日历中的一天."""

    day = DateField("日期", [DataRequired("请填写日期，例如 2027-01-01。")])
    is_working = YesNo("安排", yes="上班", no="放假", unsaid="请选择")
    name = Line("名称", longest=60, hint="例如：元旦、国庆节调休上班。")
    source = Line("依据", hint="例如：国办发明电〔2026〕…号。")


class CalendarView(OfficerView):
    """The calendar of one year, and a form for one day."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True

    def __init__(self) -> None:
        super().__init__(name="工作日历", endpoint="calendar", url="calendar", category="管理")

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> Any:
        """Show a year; set one day."""
        form = CalendarDayForm(request.form if request.method == "POST" else None)
        if request.method == "GET":
            return self._page(form, {})
        form.validate()
        faults = faults_of(form)
        if form.is_working.data is None:
            faults["is_working"] = ["请选择上班或放假。"]
        if faults:
            return make_response(self._page(form, faults), 422)
        self._set(form)
        flash("已保存。", "good")
        return redirect(self.get_url(".index_view", year=form["day"].data.year))

    @expose("/remove/", methods=("POST",))
    def remove_view(self) -> Any:
        """Let a day follow its weekday again."""
        try:
            day = db.session.get(CalendarDay, date.fromisoformat(request.form.get("day", "")))
        except ValueError:
            day = None
        if day is None:
            raise RefusedError("没有找到这一天的安排。")
        year, details = day.day.year, {"day": day.day.isoformat(), "removed": True}
        db.session.delete(day)
        ledger.record("set_calendar_day", the_site(), by=the_officer().id, at=now(), details=details)
        db.session.commit()
        flash("已删除，这一天按星期几计算。", "good")
        return redirect(self.get_url(".index_view", year=year))

    def _set(self, form: CalendarDayForm) -> None:
        day = db.session.get(CalendarDay, form.day.data) or CalendarDay(day=form.day.data)
        day.is_working, day.name, day.source = form["is_working"].data, form["name"].data, form["source"].data
        db.session.add(day)
        details = {"day": day.day.isoformat(), "is_working": day.is_working}
        ledger.record("set_calendar_day", the_site(), by=the_officer().id, at=now(), details=details)
        db.session.commit()

    def _page(self, form: CalendarDayForm, faults: Faults) -> str:
        this = county_day(now()).year
        given = request.args.get("year", "")
        year = (
            int(given)
            if given.isascii() and given.isdigit() and int(given[:4]) >= 1990 and len(given) == 4
            else this
        )
        days = db.session.scalars(
            db.select(CalendarDay)
            .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
            .order_by(CalendarDay.day)
        ).all()
        known = load_calendar().known_years
        years = sorted(known | {this, this + 1})
        return self.render(
            "office/calendar.html", form=form, faults=faults, days=days, year=year, years=years, known=known
        )
