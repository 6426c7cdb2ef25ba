"""代理: who reviews in the place of somebody who is away; named by that person, or for him by who keeps the accounts."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_admin import expose
from wtforms.fields import DateField
from wtforms.validators import DataRequired

from admin.forms import Faults, Line, OfficeForm, add_refusal, faults_of
from admin.officer_view import OfficerView, row_id, scope_of
from admin.signed_in import now, the_officer
from county import deputies
from county.calendar import county_day
from county.deputies import Deputyship
from county.errors import NotAllowedError, RefusedError
from county.officers import REVIEWING, Officer, Right
from database import db

OFFERED = 5  # people named when several fit


class DeputyForm(OfficeForm):
    """代理."""

    officer = Line("被代理人", longest=60, required=True, hint="姓名、登录名或工号。")
    deputy = Line(
        "代理人", longest=60, required=True, hint="姓名、登录名或工号。代理人的审核记为“某某 代 某某”。"
    )
    from_on = DateField("开始日期", [DataRequired("请填写开始日期，例如 2026-03-02。")])
    until_on = DateField("结束日期", [DataRequired("请填写结束日期，例如 2026-03-06。")])
    note = Line("事由", longest=200, hint="可以不填，例如：出差。")


class DeputiesView(OfficerView):
    """Deputies of oneself, and for who keeps accounts those of everybody in them."""

    rights = frozenset({Right.REVIEW, Right.GRANT})

    def __init__(self) -> None:
        super().__init__(name="代理", endpoint="deputies", url="deputies", category="内容")

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> Any:
        """Who stands in for whom; name a deputy."""
        form = self._form()
        if request.method == "GET":
            return self._page(form, {})
        form.validate()
        faults = faults_of(form)
        if not faults:
            try:
                return self._name(form)
            except NotAllowedError:
                raise
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return make_response(self._page(form, faults), 422)

    @expose("/stop/", methods=("POST",))
    def stop_view(self) -> Any:
        """Take a deputy's authority back before its last day."""
        row = db.session.get(Deputyship, row_id(request.form.get("row") or "0"))
        if row is None or not self._may_name_for(row.officer):
            raise RefusedError("没有找到这项代理，或者它不归您管理。")
        deputies.end_deputyship(row, by=the_officer().id, at=now())
        db.session.commit()
        flash("代理已终止。", "good")
        return redirect(self.get_url(".index_view"))

    def _form(self) -> DeputyForm:
        form = DeputyForm(request.form if request.method == "POST" else None)
        if not self._keeps_accounts:
            del form["officer"]
        return form

    @property
    def _keeps_accounts(self) -> bool:
        organs = scope_of(the_officer(), (Right.GRANT,))
        return organs is None or bool(organs)

    def _name(self, form: DeputyForm) -> Any:
        officer = _person(form["officer"].data, "officer") if "officer" in form else the_officer()
        if not self._may_name_for(officer):
            raise RefusedError("该工作人员的账号不归您管理，请由本人或安全管理员指定代理人。", "officer")
        deputies.name_deputy(
            officer, _person(form["deputy"].data, "deputy"), from_on=form["from_on"].data,
            until_on=form["until_on"].data, note=form["note"].data or "", by=the_officer().id, at=now(),
        )  # fmt: skip
        db.session.commit()
        flash("代理人已指定。", "good")
        return redirect(self.get_url(".index_view"))

    def _may_name_for(self, officer: Officer) -> bool:
        """For oneself; for others, as their accounts are kept: wholly within the organs one keeps."""
        if officer.id == the_officer().id:
            return True
        organs = scope_of(the_officer(), (Right.GRANT,))
        if organs is None:
            return True
        held = {grant.organ_id for grant in officer.grants}
        return bool(organs) and officer.organ_id in organs and held <= organs

    def _page(self, form: DeputyForm, faults: Faults) -> str:
        officer, today = the_officer(), county_day(now())
        rows = (
            deputies.every_deputyship(today) if self._keeps_accounts else deputies.deputyships(officer, today)
        )
        return self.render(
            "office/deputies.html",
            form=form,
            faults=faults,
            rows=[row for row in rows if officer.id == row.deputy_id or self._may_name_for(row.officer)],
            may_end=self._may_name_for,
            today=today,
            may_name=self._keeps_accounts or any(grant.role in REVIEWING for grant in officer.grants),
        )


def _person(text: str, field: str) -> Officer:
    """The officer of this login or staff number, or the only one of this name.

    Raises: RefusedError naming those that fit when several do.
    """
    exact = db.or_(Officer.login == text, db.and_(Officer.staff_no == text, Officer.staff_no != ""))
    for condition in (exact, Officer.name == text):
        found = db.session.scalars(
            db.select(Officer).where(Officer.is_active, condition).limit(OFFERED)
        ).all()
        if len(found) == 1:
            return found[0]
        if found:
            offered = "；".join(f"{one.name}（{one.organ.name}，登录名 {one.login}）" for one in found)
            raise RefusedError(f"“{text}”不止一人，请改填登录名：{offered}。", field)
    raise RefusedError(f"没有找到“{text}”，请填写在用账号的姓名、登录名或工号。", field)
