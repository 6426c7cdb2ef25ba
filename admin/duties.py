"""公开事项: the catalogue of what each organ must publish, kept by administrators (A-19 … A-23)."""

from typing import Any

from flask import flash, redirect, request
from sqlalchemy.orm import joinedload
from wtforms.fields import BooleanField

from admin.editions.filters import channel_choices, organ_filter
from admin.forms import Line, Number, OfficeForm, Paragraphs, Pick
from admin.officer_view import Choice, scope_of
from admin.organ_pick import OrganPick
from admin.record_form import WrittenView
from admin.signed_in import now
from admin.structure import check_no_personal_data
from content import operations, queries
from content.models import Channel, Document, DocumentKind, Duty
from county.errors import RefusedError
from county.officers import Right
from county.organs import Organ
from county.regions import the_site
from database import db

KIND_LABELS = {DocumentKind.DISCLOSURE: "政府信息", DocumentKind.SERVICE: "政务服务事项"}
MUST_BE_SAID = ("duty", "content", "time_limit")  # 职责、内容、时限, beside who and what


class DutyForm(OfficeForm):
    """公开事项."""

    organ_id = OrganPick("发布主体", blank="请选择")
    topic = Line("一级事项", hint="用来归类，可以不填。")
    title = Line("公开事项", longest=300, required=True)
    content = Paragraphs("内容", rows=3, longest=2000, hint="要公开哪些内容。")
    duty = Paragraphs("职责", rows=2, longest=2000, hint="由哪项职责产生。")
    basis = Paragraphs("依据", rows=2, longest=2000, hint="例如：《政府信息公开条例》第二十条第一项。")
    time_limit = Line("时限", hint="例如：自信息形成之日起20个工作日内；每年3月31日前。")
    channel_id = Pick("公开栏目", blank="未定", hint="公开网站据此显示最近一次公开的日期。")
    kind = Pick(
        "公开为", members=DocumentKind, labels=KIND_LABELS.__getitem__, default=DocumentKind.DISCLOSURE
    )
    list_name = Line("来源目录", longest=100, hint="例如：基本目录、基层政务公开标准目录；本县自定的留空。")
    document_number = Line(
        "已有的信息或事项",
        longest=100,
        hint="名称不同但内容相当的，填它的索引号或事项编码；留空时按栏目或名称自动对应。",
    )
    position = Number("顺序", hint="小的排在前面。")
    is_active = BooleanField("在用")


class DutiesView(WrittenView):
    """公开事项."""

    rights = frozenset({Right.ADMINISTER})
    form_class = DutyForm
    title = "公开事项目录"
    new_label = "新建公开事项"
    intro = "各单位应当公开的事项：发布主体、职责、内容和时限。停用的事项不再显示在公开网站上。"
    search_hint = "事项或内容"
    column_list = ("title", "organ", "time_limit", "channel", "is_active")
    column_labels = {
        "title": "公开事项", "organ": "发布主体", "time_limit": "时限", "channel": "公开栏目", "is_active": "在用"
    }  # fmt: skip
    column_sortable_list = ("title",)
    column_default_sort = [("organ_id", False), ("position", False), ("id", False)]
    search_columns = (Duty.title, Duty.content)

    def __init__(self) -> None:
        super().__init__(Duty, name="公开事项", endpoint="duties", category="管理")

    def scope(self, query: Any) -> Any:
        organs = scope_of(self.officer, self.rights)
        return query if organs is None else query.filter(Duty.organ_id.in_(organs))

    def loaded(self, query: Any) -> Any:
        return query.options(joinedload(Duty.organ), joinedload(Duty.channel))

    def get_filters(self) -> Any:
        return [
            organ_filter(Duty, "发布主体"),
            Choice(
                "list", "来源目录", list_choices, lambda query, value: query.filter(Duty.list_name == value)
            ),
        ]

    def prepare(self, form: OfficeForm, row: Duty | None) -> None:
        form["organ_id"].offer_organs(scope_of(self.officer, self.rights), row.organ if row else None)
        channels = [(int(value), label) for value, label in channel_choices()]
        if row is not None and row.channel is not None and row.channel_id not in dict(channels):
            channels.append((row.channel.id, row.channel.name))
        form["channel_id"].offer(channels)
        if row is not None and row.document is not None and request.method == "GET":
            form["document_number"].data = row.document.number
        if row is None:
            form["is_active"].data = form["is_active"].data or request.method == "GET"

    def _save(self, form: OfficeForm, row: Duty | None) -> Any:
        values = {field.name: field.data for field in form}
        site, organ = the_site(), db.session.get(Organ, values.pop("organ_id") or 0)
        channel = db.session.get(Channel, values.pop("channel_id") or 0)
        if site is None or organ is None:
            raise RefusedError("请选择发布主体。", "organ_id")
        check_no_personal_data(form, ("topic", "title", "content", "duty", "basis", "time_limit"))
        values["document"] = _named(values.pop("document_number"), values["kind"])
        is_own = not values["list_name"].strip()
        for name in MUST_BE_SAID if values["is_active"] and is_own else ():
            if not values[name].strip():
                raise RefusedError(
                    f"请填写{form[name].label.text}；目录的每一项都要写明职责、内容和时限。", name
                )
        values |= {
            "organ": organ,
            "channel": channel,
            "position": values["position"] or 0,
            "site_id": site.id,
        }
        operations.save_duty(row, values, by=self.officer.id, at=now())
        db.session.commit()
        flash("已保存，正在更新全站。", "good")
        return redirect(self.get_url(".index_view"))


def list_choices() -> list[tuple[str, str]]:
    """The lists from which entries came."""
    names = db.session.scalars(db.select(Duty.list_name).distinct().order_by(Duty.list_name))
    return [(name, name) for name in names if name]


def _named(number: str, kind: DocumentKind) -> Document | None:
    """The document that an administrator says fulfils the entry."""
    if not number.strip():
        return None
    document = queries.document_by_number(kind, number.strip())
    if document is None:
        raise RefusedError(
            f"没有找到编号为“{number[:60]}”的{KIND_LABELS[kind]}，请核对后重新填写。", "document_number"
        )
    return document
