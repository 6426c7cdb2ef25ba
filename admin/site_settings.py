"""网站设置: the names and numbers in the foot of every page, and how the site looks."""

import base64
import hashlib
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from flask_admin import expose
from wtforms.fields import BooleanField

from admin.disclosure_order import order_form, read_order
from admin.forms import Faults, Line, OfficeForm, Paragraphs, add_refusal, faults_of
from admin.officer_view import OfficerView
from admin.signed_in import now, the_officer
from admin.structure import check_no_personal_data
from admin.words import moment
from county import ledger
from county.colours import HEX, WHITE, check_colour, contrast, palette
from county.emblems import MOST_BYTES, clean_emblem
from county.errors import RefusedError
from county.officers import Right
from county.regions import Site, the_site
from database import db

STANDARD = "#0e5264"  # the main colour of our own style sheet
WORDS = ("name", "organiser", "undertaker", "contact_address", "icp_number", "police_number", "foot_note")
SETTINGS = (*WORDS, "domain", "identity_code", "contact_phone")
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


class SiteForm(OfficeForm):
    """网站."""

    name = Line("网站名称", longest=100, required=True)
    domain = Line("域名", longest=100, hint="例如：www.example.gov.cn。")
    identity_code = Line("网站标识码", longest=20, hint="全国政府网站标识码，10位。")
    organiser = Line("主办单位", longest=100)
    undertaker = Line("承办单位", longest=100)
    contact_phone = Line("联系电话", longest=40)
    contact_address = Line("联系地址")
    icp_number = Line("ICP备案号", longest=60)
    police_number = Line("公安机关备案号", longest=60)
    foot_note = Paragraphs("页脚说明", rows=2, longest=300, hint="显示在每页最下方，可以不填。")
    colour = Line(
        "主色", longest=7, hint=f"井号加六位十六进制数，须能看清上面的白色文字；留空用 {STANDARD}。"
    )
    drop_emblem = BooleanField("恢复默认徽标")


class SiteView(OfficerView):
    """The one site of this installation."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True

    def __init__(self) -> None:
        super().__init__(name="网站设置", endpoint="site-settings", url="site-settings", category="管理")

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> Any:
        """Show the settings; keep them, or show how the site would look with them."""
        site = _site()
        if request.method == "GET":
            return self._page(SiteForm(obj=site), order_form(site), {}, site.colour)
        form, parts = SiteForm(request.form), order_form(site, request.form)
        form.validate()
        parts.validate()
        faults = faults_of(form) | faults_of(parts)
        try:
            colour = _checked(form)
            if not faults and "preview" not in request.form:
                _check_seen(site, request.form.get("seen", ""))
                self._keep(site, form, parts, colour)
                return redirect(self.get_url(".index_view"))
        except RefusedError as refusal:
            db.session.rollback()
            add_refusal(faults, refusal)
        shown = form["colour"].data.lower()
        return make_response(
            self._page(form, parts, faults, shown if HEX.fullmatch(shown) else ""), 422 if faults else 200
        )

    @expose("/look.svg")
    def look_view(self) -> Response:
        """The head of a page in a colour, on white paper and on dark, as a picture: no page may bring styles of its own."""
        site, colour = _site(), request.args.get("colour", "").lower()
        on_white, on_dark = palette(colour if HEX.fullmatch(colour) else STANDARD)
        emblem = base64.b64encode(site.emblem).decode() if site.emblem else ""
        picture = render_template(
            "office/site_look.svg", site=site, on_white=on_white, on_dark=on_white | on_dark,
            emblem=f"data:{TYPES[site.emblem_suffix]};base64,{emblem}" if emblem else "",
        )  # fmt: skip
        return Response(picture, mimetype="image/svg+xml")

    def _keep(self, site: Site, form: SiteForm, parts: OfficeForm, colour: str) -> None:
        site.disclosure_order = read_order(parts)
        for name in SETTINGS:
            setattr(site, name, form[name].data)
        site.colour = "" if colour == STANDARD else colour
        file = request.files.get("emblem")
        if form["drop_emblem"].data:
            site.emblem, site.emblem_suffix = None, ""
        elif file and file.filename:
            site.emblem_suffix, site.emblem = clean_emblem(file.read(50 * MOST_BYTES))
        ledger.record("save_site", site, by=the_officer().id, at=now(), details={"colour": colour})
        ledger.owe("publish_site", "all", at=now())
        db.session.commit()
        flash("已保存，正在更新全站。", "good")

    def _page(self, form: SiteForm, parts: OfficeForm, faults: Faults, colour: str) -> str:
        return self.render(
            "office/site_settings.html", form=form, parts=parts, faults=faults, site=_site(), colour=colour or STANDARD, seen=_mark(_site()),
            contrast=contrast(colour or STANDARD, WHITE), most_kb=MOST_BYTES // 1024,
        )  # fmt: skip


def _site() -> Site:
    site = the_site()
    if site is None:
        raise RefusedError("尚未设置网站，请先完成初始化。")
    return site


def _mark(site: Site) -> str:
    """What an administrator saw: changes with every setting of this page."""
    shown = [getattr(site, name) for name in (*SETTINGS, "colour", "disclosure_order", "emblem")]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def _check_seen(site: Site, seen: str) -> None:
    """Of two administrators with the form open, the second is told what the first changed, and keeps what he typed.

    Raises: RefusedError unless the settings are what the page showed.
    """
    db.session.refresh(site, with_for_update=True)
    if seen == _mark(site):
        return
    last = next(iter(ledger.acts_on([("site", site.id)])), None)
    who = (
        f"{last.actor.name}在 {moment(last.at)} "
        if last and last.verb == "save_site" and last.actor
        else "其他管理员刚刚"
    )
    raise RefusedError(
        f"{who}修改了网站设置，您的修改没有保存。现在的网站名称是“{site.name}”。下面保留的是您填写的内容："
        "请在新窗口打开网站设置核对他人的改动，再点“保存”，将以下面的内容为准。"
    )


def _checked(form: SiteForm) -> str:
    check_no_personal_data(form, WORDS)
    check_no_personal_data(form, ("contact_phone",), may_be_mobile=True)
    colour = form["colour"].data.lower()
    if colour:
        check_colour(colour)
    return colour
