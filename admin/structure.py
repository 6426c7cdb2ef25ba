"""Organs and channels, kept by administrators."""

import re
from collections.abc import Iterable
from typing import Any

from flask import request
from sqlalchemy.orm import joinedload
from stdnum.cn import uscc
from wtforms.fields import BooleanField

from admin.editions.filters import channel_choices
from admin.forms import Line, Number, OfficeForm, Paragraphs, Pick
from admin.officer_view import Choice, scope_of
from admin.organ_changes import OrganChanges
from admin.organ_pick import OrganPick
from admin.record_form import WrittenView
from admin.signed_in import now
from admin.words import ORGAN_KIND_LABELS
from content.models import Channel, ChannelKind
from county import ledger
from county.errors import NotAllowedError, RefusedError
from county.officers import Right
from county.organs import Organ, OrganKind, organ_and_below
from county.privacy import FindingKind, find_personal_data
from county.regions import Region, the_site
from database import db

CHANNEL_KIND_LABELS = {
    ChannelKind.DISCLOSURE: "政府信息公开",
    ChannelKind.SERVICE: "政务服务",
    ChannelKind.INTERACTION: "政民互动",
}


class OrganForm(OfficeForm):
    """机构."""

    code = Line("机构代码", longest=60, required=True, hint="一经确定不再更改，例如：990123-SC。")
    name = Line("机构名称", required=True)
    short_name = Line("简称", longest=100)
    kind = Pick("机构类型", members=OrganKind, labels=ORGAN_KIND_LABELS.__getitem__)
    parent_id = OrganPick("上级机构", blank="无")
    region_id = Pick("行政区域", blank="与上级机构相同")
    uscc = Line("统一社会信用代码", longest=18)
    letters = Line("部门业务代码", longest=2, hint="两位大写字母，用于事项编码。")
    subject_code = Line("行政主体代码", longest=3, hint="三位，用于行政权力编码。")
    address = Line("地址")
    phone = Line("电话", longest=60)
    supervision_phone = Line("监督电话", longest=60)
    office_hours = Line("办公时间")
    is_active = BooleanField("在用")


class OrgansView(OrganChanges):
    """机构."""

    rights = frozenset({Right.ADMINISTER})
    pages = frozenset({*WrittenView.pages, "change_view"})
    form_class = OrganForm
    fixed = ("code",)
    title = "机构"
    new_label = "新建机构"
    intro = "行政机关、乡镇、科室和窗口。名称、地址和电话会显示在公开网站上。"
    search_hint = "名称或代码"
    column_list = ("name", "code", "kind", "phone", "is_active")
    column_labels = {"name": "名称", "code": "代码", "kind": "类型", "phone": "电话", "is_active": "在用"}
    column_sortable_list = ("name", "code")
    column_default_sort = "code"
    column_formatters = {"kind": lambda _view, _context, row, _name: ORGAN_KIND_LABELS[row.kind]}
    search_columns = (Organ.name, Organ.short_name, Organ.code)

    def __init__(self) -> None:
        super().__init__(Organ, name="机构", endpoint="organs", category="管理")

    def scope(self, query: Any) -> Any:
        organs = scope_of(self.officer, self.rights)
        return query if organs is None else query.filter(Organ.id.in_(organs))

    def get_filters(self) -> Any:
        return [
            Choice(
                "kind",
                "类型",
                lambda: [(kind.value, label) for kind, label in ORGAN_KIND_LABELS.items()],
                lambda query, value: query.filter(Organ.kind == OrganKind(value)),
            )
        ]

    def prepare(self, form: OfficeForm, row: Organ | None) -> None:
        organs = scope_of(self.officer, self.rights)
        form["parent_id"].offer_organs(organs, row.parent if row else None)
        form["region_id"].offer(
            (region.id, region.name) for region in db.session.scalars(db.select(Region).order_by(Region.code))
        )
        if row is None:
            form["is_active"].data = form["is_active"].data or request.method == "GET"

    def check(self, form: OfficeForm, row: Organ) -> None:
        organs = scope_of(self.officer, self.rights)
        if row.id is None and organs is not None and row.parent_id is None:
            raise NotAllowedError("新建没有上级的机构")
        if row.id is not None and organs is not None:
            _check_stays_below(row, organs)
        if row.id is not None and row.parent_id is not None and row.parent_id in organ_and_below(row.id):
            raise RefusedError("上级机构不能是该机构自己或它的下级。", "parent_id")
        check_no_personal_data(form, ("name", "short_name", "address", "office_hours"))
        check_no_personal_data(form, ("phone", "supervision_phone"), may_be_mobile=True)
        row.uscc, row.letters, row.subject_code = (
            row.uscc or None,
            (row.letters or "").upper() or None,
            row.subject_code or None,
        )
        credit_code, letters, subject = row.uscc, row.letters, row.subject_code
        if credit_code and not uscc.is_valid(credit_code):
            raise RefusedError("统一社会信用代码不正确，请核对18位代码。", "uscc")
        if letters and not re.fullmatch("[A-Z]{2}", letters):
            raise RefusedError("部门业务代码应为两位字母。", "letters")
        if subject and not re.fullmatch("[0-9A-Z]{3}", subject):
            raise RefusedError("行政主体代码应为三位数字或大写字母。", "subject_code")
        taken = db.select(Organ.id).where(Organ.code == row.code, Organ.id != (row.id or 0))
        if db.session.scalar(taken):
            raise RefusedError(f"机构代码 {row.code} 已被使用。", "code")
        row.created_by_import = False

    def follow(self, row: Organ) -> None:
        ledger.owe(
            "publish_organ", row.id, at=now()
        )  # also of a new one: what else it changes hangs on its lists


def _check_stays_below(row: Organ, organs: set[int]) -> None:
    """An administrator of some organs moves an organ only between these: what stands above them is not theirs."""
    stored = db.session.scalar(db.select(Organ.parent_id).where(Organ.id == row.id))
    if row.parent_id != stored and not {row.parent_id, stored} <= organs:
        raise RefusedError(
            "您只能在自己管理的机构之间调整上级机构；如需调整，请联系系统管理员。", "parent_id"
        )


def check_no_personal_data(form: OfficeForm, names: Iterable[str], *, may_be_mobile: bool = False) -> None:
    """Refuse personal numbers in texts that stand on every public page; a mobile may be an office's phone.

    Raises: RefusedError naming the field and the number, masked.
    """
    for name in names:
        for found in find_personal_data(form[name].data or ""):
            if may_be_mobile and found.kind is FindingKind.MOBILE:
                continue
            cure = (
                "请删除；办公用手机号码只填在机构的电话栏" if found.kind is FindingKind.MOBILE else "请删除"
            )
            label = form[name].label.text
            raise RefusedError(
                f"{label}会显示在公开网站上，不能含有{found.kind.label}（{found.masked}），{cure}。", name
            )


class ChannelForm(OfficeForm):
    """栏目."""

    code = Line(
        "栏目代码", longest=40, required=True, hint="小写字母、数字和连字符，用在网址里，一经确定不再更改。"
    )
    name = Line("栏目名称", longest=100, required=True)
    kind = Pick("所属专栏", members=ChannelKind, labels=CHANNEL_KIND_LABELS.__getitem__)
    parent_id = Pick("上级栏目", blank="无")
    position = Number("顺序", hint="小的排在前面。")
    description = Paragraphs("说明", rows=3, longest=1000)
    update_within_days = Number("更新期限（天）", hint="超过这些天没有新内容，视为更新不及时；留空不检查。")
    update_within_months = Number("更新期限（月）", hint="按月计的写在这里，例如：6；与按天计的只填一个。")
    confirm_within_months = Number(
        "确认期限（月）", hint="其中的内容长期有效、须定期确认的，写多少个月确认一次；留空不检查。"
    )
    organ_id = OrganPick("责任单位", blank="未指定", hint="由哪个机构负责更新；超期时列在它的工作台上。")
    is_active = BooleanField("在用")


class ChannelsView(WrittenView):
    """栏目."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True
    form_class = ChannelForm
    fixed = ("code",)
    title = "栏目"
    new_label = "新建栏目"
    intro = "公开网站的栏目树。停用的栏目不再显示，其中的文件仍在原地址。"
    search_hint = "名称或代码"
    column_list = ("name", "code", "kind", "parent", "update_within_days", "organ", "is_active")
    column_labels = {
        "name": "名称", "code": "代码", "kind": "所属专栏", "parent": "上级", "update_within_days": "更新期限",
        "organ": "责任单位", "is_active": "在用",
    }  # fmt: skip
    column_sortable_list = ("name", "code")
    column_default_sort = [("kind", False), ("position", False)]
    column_formatters = {
        "kind": lambda _view, _context, row, _name: CHANNEL_KIND_LABELS[row.kind],
        "update_within_days": lambda _view, _context, row, _name: _deadline(row),
    }
    search_columns = (Channel.name, Channel.code)
    page_size = 50

    def __init__(self) -> None:
        super().__init__(Channel, name="栏目", endpoint="channels", category="管理")

    def prepare(self, form: OfficeForm, row: Channel | None) -> None:
        choices = [choice for kind in ChannelKind for choice in channel_choices(kind)]
        choices = [(int(value), label) for value, label in choices if row is None or int(value) != row.id]
        if row is not None and row.parent is not None and row.parent_id not in dict(choices):
            choices.append((row.parent.id, row.parent.name))
        form["parent_id"].offer(choices)
        form["organ_id"].offer_organs(None, row.organ if row else None)
        if row is None:
            form["is_active"].data = form["is_active"].data or request.method == "GET"

    def begin(self, form: OfficeForm) -> Channel:
        site = the_site()
        if site is None:
            raise RefusedError("尚未设置网站，请先完成初始化。")
        return Channel(site_id=site.id)

    def check(self, form: OfficeForm, row: Channel) -> None:
        row.position = row.position or 0
        check_no_personal_data(form, ("name", "description"))
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", row.code):
            raise RefusedError("栏目代码只能使用小写字母、数字和连字符，且不能以连字符开头或结尾。", "code")
        if row.update_within_days and row.update_within_months:
            raise RefusedError("更新期限按天或按月只填一个。", "update_within_months")
        taken = db.select(Channel.id).where(Channel.code == row.code, Channel.id != (row.id or 0))
        if db.session.scalar(taken):
            raise RefusedError(f"栏目代码 {row.code} 已被使用。", "code")
        above, seen = db.session.get(Channel, row.parent_id) if row.parent_id else None, {row.id}
        if above is not None and above.kind is not row.kind:
            raise RefusedError("上级栏目必须属于同一个专栏。", "parent_id")
        while above is not None:
            if above.id in seen:
                raise RefusedError("上级栏目不能是该栏目自己或它的下级。", "parent_id")
            seen.add(above.id)
            above = above.parent
        row.created_by_import = False

    def loaded(self, query: Any) -> Any:
        return query.options(joinedload(Channel.organ))

    def follow(self, row: Channel) -> None:
        ledger.owe("publish_site", "all", at=now())


def _deadline(row: Channel) -> str:
    if row.update_within_days:
        return f"{row.update_within_days}天"
    return f"{row.update_within_months}个月" if row.update_within_months else "—"
