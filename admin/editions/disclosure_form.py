"""The form of a disclosure item: every field of requirements §15.1."""

from typing import Any

from wtforms.fields import HiddenField

from admin.editions.links import shown_links, typed_links
from admin.editions.uploads import reference
from admin.forms import Day, Line, Moment, OfficeForm, Paragraphs, Pick, Rows
from admin.organ_pick import OrganPick
from content.models import DisclosureEdition, DisclosureMode, Edition, Validity
from content.operations import LINKS

RELATION_HINT = "每行一条：填索引号，或者标题中的几个字。"


class AttachmentRow(OfficeForm):
    """A stored file and the name under which it is shown."""

    reference = HiddenField()
    display_name = Line("显示名称", longest=150)


class ExtraRow(OfficeForm):
    """A further piece of metadata (A-06)."""

    name = Line("名称", longest=60)
    value = Line("内容", longest=500)


class DisclosureForm(OfficeForm):
    """政府信息公开事项."""

    version = HiddenField()
    title = Line("信息标题", required=True, hint="写全称，不加书名号和文号；200字以内。")
    organ = OrganPick("公开机构", blank="请选择")
    channel = Pick("所属栏目", blank="请选择")
    document_no = Line("发文字号", longest=100, hint="例如：青政发〔2026〕3号。没有文号的留空。")
    produced_on = Day("生成日期", hint="成文的日期。")
    published_on = Day("发布日期", hint="留空的，以实际发布当天为准。")
    effective_on = Day("生效日期")
    validity = Pick("有效性", members=Validity)
    expires_at = Moment(
        "到期撤下时间", hint="按北京时间；到时页面自动撤下，注明“内容已经失效”。长期公开的留空。"
    )
    summary = Paragraphs(
        "内容概述", rows=3, longest=2000, hint="一两句话说清主要内容，显示在列表和搜索结果中。"
    )
    body = Paragraphs("正文", rows=22, longest=500_000)
    attachments = Rows("附件", AttachmentRow)
    mode = Pick("公开方式", members=DisclosureMode)
    subject = Line("主题分类", longest=100)
    genre = Line("体裁", longest=60, hint="例如：通知、公告、公示、意见。")
    keywords = Line("关键词", longest=300, hint="用空格分开。")
    content_source = Line("信息来源", hint="留空的，显示为公开机构。")
    catalog_publisher = Line("发布主体")
    catalog_duty = Paragraphs("职责", rows=2)
    catalog_content = Paragraphs("目录内容", rows=2)
    catalog_time_limit = Line("公开时限")
    opinions_until = Day(
        "意见征集或者公示截止日期",
        hint="征求意见的公告和公示填写；过了这一天，页面自动注明已结束。体裁填“公示”的，写作公示期。其他信息留空。",
    )
    interprets = Paragraphs("解读的文件", rows=2, hint=RELATION_HINT)
    outcome_of = Paragraphs("反馈的征集公告", rows=2, hint=RELATION_HINT)
    replaces = Paragraphs("废止、替代的文件", rows=2, hint=RELATION_HINT)
    extra = Rows("其他元数据", ExtraRow, hint="需要时填写，例如：有效期、解读材料地址。")


GROUPS = (
    (
        "基本信息",
        (
            "title",
            "organ",
            "channel",
            "document_no",
            "produced_on",
            "published_on",
            "effective_on",
            "validity",
            "expires_at",
        ),
    ),
    ("内容", ("summary", "body")),
    ("附件", ("attachments",)),
    ("分类与来源", ("mode", "subject", "genre", "keywords", "content_source")),
    ("意见征集与关联信息", ("opinions_until", *LINKS)),
    ("公开目录", ("catalog_publisher", "catalog_duty", "catalog_content", "catalog_time_limit")),
    ("其他元数据", ("extra",)),
)
SPECIAL = {"version", "organ", "channel", "attachments", "extra", *LINKS}
PLAIN = tuple(name for _heading, names in GROUPS for name in names if name not in SPECIAL)


def typed_values(form: OfficeForm, edition: Edition | None) -> dict[str, Any]:
    """What the form says, as save_draft takes it."""
    values = {name: form[name].data for name in PLAIN}
    values |= typed_links(form, edition)
    values["extra"] = merged_extra(form["extra"].filled(), edition)
    return values


def shown_values(edition: DisclosureEdition) -> dict[str, Any]:
    """What an edition holds, as the form takes it."""
    return {name: getattr(edition, name) for name in PLAIN} | shown_links(edition) | common_values(edition)


def common_values(edition: Edition) -> dict[str, Any]:
    """Values that the forms of both kinds take from the document and the edition."""
    return {
        "version": edition.version,
        "organ": edition.document.organ_id,
        "channel": edition.document.channel_id,
        "attachments": [
            {"reference": reference(file), "display_name": file.display_name} for file in edition.attachments
        ],
        "extra": [
            {"name": name, "value": value} for name, value in edition.extra.items() if isinstance(value, str)
        ],
    }


def merged_extra(rows: list[dict[str, str]], edition: Edition | None) -> dict[str, Any]:
    """The further metadata typed, beside what came by import and is no text."""
    kept = {
        name: value
        for name, value in (edition.extra if edition else {}).items()
        if not isinstance(value, str)
    }
    return kept | {row["name"]: row["value"] for row in rows if row["name"]}
