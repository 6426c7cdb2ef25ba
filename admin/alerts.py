"""紧急通知: one click puts a sentence on every page of the site, one takes it off again."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_admin import expose

from admin.forms import Faults, Line, OfficeForm, Paragraphs, Pick, add_refusal, faults_of
from admin.officer_view import OfficerView
from admin.signed_in import now, the_officer
from county.alerts import ALERT_LABELS, LONGEST, AlertLevel, lift_alert, raise_alert
from county.errors import RefusedError
from county.officers import Right
from county.regions import Site, the_site
from database import db
from installation import settings
from publisher.page import file_of


class AlertForm(OfficeForm):
    """紧急通知."""

    text = Paragraphs("通知内容", rows=3, longest=LONGEST, hint=f"一两句话，不超过{LONGEST}个字。")
    level = Pick("级别", members=AlertLevel, labels=ALERT_LABELS.__getitem__)
    link = Line("详细信息的页面", longest=300, hint="本网站的页面地址，例如 /xxgk/12/；可以不填。")


class AlertsView(OfficerView):
    """The notice that stands, and a form for a new one."""

    rights = frozenset({Right.PUBLISH, Right.ADMINISTER})
    everywhere = True

    def __init__(self) -> None:
        super().__init__(name="紧急通知", endpoint="alerts", url="alerts", category="管理")

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> Any:
        """Show what stands; put a notice up."""
        form = AlertForm(request.form if request.method == "POST" else None)
        if request.method == "GET":
            return self._page(form, {})
        form.validate()
        faults = faults_of(form)
        if not faults:
            try:
                self._raise(form)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
            else:
                return redirect(self.get_url(".index_view"))
        return make_response(self._page(form, faults), 422)

    @expose("/lift/", methods=("POST",))
    def lift_view(self) -> Any:
        """Take the notice off."""
        lift_alert(_site(), by=the_officer().id, at=now())
        db.session.commit()
        flash("紧急通知正在撤下，几秒钟后各页不再显示。", "good")
        return redirect(self.get_url(".index_view"))

    def _raise(self, form: AlertForm) -> None:
        link = form["link"].data
        if link and not (settings().live_tree / file_of(link.partition("#")[0])).is_file():
            raise RefusedError("网站上没有这个页面，请核对地址，例如 /xxgk/12/。", "link")
        raise_alert(
            _site(), form["text"].data, link=link, level=form["level"].data, by=the_officer().id, at=now()
        )
        db.session.commit()
        flash("紧急通知正在发布，几秒钟后显示在每一页上方。", "good")

    def _page(self, form: AlertForm, faults: Faults) -> str:
        return self.render("office/alerts.html", form=form, faults=faults, site=_site(), labels=ALERT_LABELS)


def _site() -> Site:
    site = the_site()
    if site is None:
        raise RefusedError("尚未设置网站，请先完成初始化。")
    return site
