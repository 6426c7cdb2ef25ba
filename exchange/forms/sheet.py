"""What stands in the forms of appendix 1 before they become a file: headings, and tables of text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from content.models import ItemCategory, ServiceEdition
from exchange.documents import foreign_id_of
from exchange.forms.chart import COLUMNS, WIDTHS, steps_of
from exchange.forms.fields import CODE_LABEL, FORM_A1, label_of, level, texts_of

KEY_LABEL = "事项标识"
KEY_NOTE = "（导入时据此对应事项，请勿改动）"
A1_TITLE = "A1表：政务服务事项内容信息表"
CATALOGUE_COLUMNS = ("序号", "事项名称", "事项类型", "办理主体", "行使依据", "法定期限", "收费标准与依据")
CATALOGUE_FIELDS = (
    "item_name",
    "item_category",
    "handling_subject",
    "legal_basis",
    "legal_limit",
    "fee_basis_and_standard",
)
CATALOGUE_WIDTHS = (6, 22, 12, 18, 44, 12, 22)
HEAD_NAMES = {ItemCategory.APPROVAL: "非行政许可的行政审批", ItemCategory.CONVENIENCE: "便民服务事项"}
IN_HEAD = 7  # categories that the head names even where there are none


@dataclass(frozen=True)
class Table:
    """A table of text. With a head its first row names the columns; without one the first cell of each row is its label."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    has_head: bool = False


@dataclass(frozen=True)
class Sheet:
    """A page of a form: a heading, lines below it, a table, and a line at the foot."""

    name: str
    heading: str
    table: Table
    lines: tuple[str, ...] = ()
    foot: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Paper:
    """A form as a file: its name without suffix, and its pages."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)


def item_paper(edition: ServiceEdition, site_code: str) -> Paper:
    """Form A1 of an item, and form A2 where the item has a flow."""
    document = edition.document
    texts = texts_of(edition)
    rows = [(CODE_LABEL, document.number or "")]
    rows += [(label_of(name), texts[name]) for name in FORM_A1]
    foot = f"{KEY_LABEL}：{foreign_id_of(document, site_code)}{KEY_NOTE}"
    sheets = [Sheet("A1表", A1_TITLE, Table(rows, (24, 96)), foot=foot)]
    steps = steps_of(edition.flow)
    heading = f"A2表：{level(edition.title)}流程图"
    chart = Table([tuple(COLUMNS.values()), *([*step.values()] for step in steps)], WIDTHS, has_head=True)
    if steps:
        sheets.append(Sheet("A2表", heading, chart, is_wide=True))
    return Paper(f"{document.number or document.id}-{level(edition.title)[:60]}", sheets)


def catalogue_paper(organ_name: str, editions: Sequence[ServiceEdition]) -> Paper:
    """The catalogue of an organ (政务服务事项内容目录): ordered by category, numbered from one in each (B-21 … B-24)."""
    order = list(ItemCategory)
    rows: list[Sequence[str]] = [CATALOGUE_COLUMNS]
    for category in (*order, None):
        found = [edition for edition in editions if edition.item_category is category]
        for number, edition in enumerate(found, 1):
            texts = texts_of(edition)
            rows.append([str(number), *(texts[name] for name in CATALOGUE_FIELDS)])
    title = f"{organ_name}政务服务事项内容目录"
    table = Table(rows, CATALOGUE_WIDTHS, has_head=True)
    return Paper(title, [Sheet("目录", title, table, (head_line(editions),), is_wide=True)])


def head_line(editions: Sequence[ServiceEdition]) -> str:
    """共 项；其中…: the total, and the count of each category in the order of the form (B-22)."""
    order = list(ItemCategory)
    counts = {category: sum(edition.item_category is category for edition in editions) for category in order}
    named = [
        f"{HEAD_NAMES.get(category, category.value)}{counts[category]}项"
        for place, category in enumerate(order)
        if place < IN_HEAD or counts[category]
    ]
    return f"共{len(editions)}项；其中{'；'.join(named)}"
