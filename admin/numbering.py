"""编码规则: the patterns by which index numbers and item codes are made."""

from wtforms.fields import BooleanField

from admin.forms import Line, OfficeForm, Pick
from admin.record_form import WrittenView
from content import rules
from content.models import CodingRule, DocumentKind
from county.errors import RefusedError
from county.officers import Right
from county.regions import the_site
from database import db

KIND_LABELS = {DocumentKind.DISCLOSURE: "信息公开（索引号）", DocumentKind.SERVICE: "办事指南（事项编码）"}


class CodingRuleForm(OfficeForm):
    """编码规则."""

    name = Line("规则名称", longest=100, required=True)
    kind = Pick("用于", members=DocumentKind, labels=KIND_LABELS.__getitem__)
    pattern = Line(
        "编码格式",
        longest=300,
        required=True,
        hint="可用：{region:位数} {letters} {subject} {uscc} {orgcode} {category:letters} {category:digits} {year} {month} {serial:位数} {sub:位数}",
    )
    is_active = BooleanField("启用（同类的其他规则将停用，已生成的编号不变）")


class CodingRulesView(WrittenView):
    """编码规则."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True
    form_class = CodingRuleForm
    title = "编码规则"
    new_label = "新建规则"
    intro = "索引号和事项编码按启用的规则自动生成，一经生成不再更改。"
    column_list = ("name", "kind", "pattern", "is_active")
    column_labels = {"name": "名称", "kind": "用于", "pattern": "编码格式", "is_active": "启用"}
    column_sortable_list = ()
    column_default_sort = "id"
    column_formatters = {"kind": lambda _view, _context, row, _name: KIND_LABELS[row.kind]}

    def __init__(self) -> None:
        super().__init__(CodingRule, name="编码规则", endpoint="coding-rules", category="管理")

    def begin(self, form: OfficeForm) -> CodingRule:
        site = the_site()
        if site is None:
            raise RefusedError("尚未设置网站，请先完成初始化。")
        return CodingRule(site_id=site.id)

    def check(self, form: OfficeForm, row: CodingRule) -> None:
        rules.check_pattern(row.pattern)
        others = db.select(CodingRule).where(
            CodingRule.kind == row.kind, CodingRule.site_id == row.site_id, CodingRule.id != (row.id or 0)
        )
        for other in db.session.scalars(others) if row.is_active else ():
            other.is_active = False
