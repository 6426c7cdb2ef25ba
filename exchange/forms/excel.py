"""Tables as an Excel file. Every cell is text: nothing a person wrote becomes a formula, a link or a number."""

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from exchange.errors import UnreadableValueError
from exchange.forms.sheet import Paper, Sheet, Table
from exchange.sheets import AS_TEXT, LONGEST_CELL
from exchange.sources import FORMULA_START

FONT = "仿宋_GB2312"
SIZE = 12  # 小四
PAPER_A4 = 9


def excel_file(paper: Paper) -> bytes:
    """The form as the bytes of an `.xlsx`, a sheet for each page."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, AS_TEXT) as book:
        looks = _looks(book)
        for sheet in paper.sheets:
            _write(book, sheet, looks)
    return out.getvalue()


def _looks(book: Workbook) -> dict[str, Format]:
    text = {"font_name": FONT, "font_size": SIZE, "text_wrap": True, "valign": "top", "num_format": "@"}
    boxed = text | {"border": 1}
    return {
        "title": book.add_format(text | {"bold": True, "font_size": 16, "align": "center"}),
        "line": book.add_format(text | {"text_wrap": False}),
        "foot": book.add_format(text | {"text_wrap": False, "font_size": 9}),
        "cell": book.add_format(boxed),
        "head": book.add_format(boxed | {"bold": True}),
        # A cell whose text begins like a formula stays text when somebody edits it.
        "marked": book.add_format(boxed | {"quote_prefix": True}),
    }


def _write(book: Workbook, sheet: Sheet, looks: dict[str, Format]) -> None:
    page = book.add_worksheet(sheet.name)
    width, last = sum(sheet.table.widths), len(sheet.table.widths) - 1
    for column, share in enumerate(sheet.table.widths):
        page.set_column(column, column, share * (130 if sheet.is_wide else 90) / width)
    page.set_paper(PAPER_A4)
    page.set_landscape() if sheet.is_wide else page.set_portrait()
    page.fit_to_pages(1, 0)
    page.merge_range(0, 0, 0, last, "", looks["title"])
    page.write_string(0, 0, sheet.heading, looks["title"])
    row = 1
    for line in sheet.lines:
        page.write_string(row, 0, line, looks["line"])
        row += 1
    if sheet.table.has_head:
        page.freeze_panes(row + 1, 0)
        page.repeat_rows(row)
    for number, cells in enumerate(_rows(sheet.table)):
        is_head = sheet.table.has_head and number == 0
        for column, text in enumerate(cells):
            page.write_string(row, column, text, _look(looks, text, is_head))
        row += 1
    if sheet.foot:
        page.write_string(row + 1, 0, sheet.foot, looks["foot"])


def _look(looks: dict[str, Format], text: str, is_head: bool) -> Format:
    return looks["head" if is_head else "marked" if text.startswith(FORMULA_START) else "cell"]


def _rows(table: Table) -> list[Sequence[str]]:
    """The rows; a text too long for a cell of a form goes on in a row without a label.

    Raises: UnreadableValueError for what no cell can hold.
    """
    rows: list[Sequence[str]] = []
    for cells in table.rows:
        *labels, text = cells
        while (
            len(text) > LONGEST_CELL and not table.has_head and (cut := text.rfind("\n", 0, LONGEST_CELL)) > 0
        ):
            rows.append([*labels, text[:cut]])
            labels, text = [""] * len(labels), text[cut + 1 :]
        long = next((cell for cell in (*labels, text) if len(cell) > LONGEST_CELL), "")
        if long:
            what = f"“{long[:20]}…”共{len(long)}个字，超过了 Excel 单元格{LONGEST_CELL}个字的上限"
            raise UnreadableValueError("table", f"{what}，请改用 Word 格式下载。")
        rows.append([*labels, text])
    return rows
