"""The tables of a Word or Excel file as rows of text, with limits on what is read. For files that are to be imported."""

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from extraction.grids import Grid, Tables
from extraction.markup import DAMAGED, Walker, check
from extraction.package import BROKEN, Package, is_markup
from extraction.pieces import Budget, CannotReadError

MOST_ROWS = 5_000  # of one file
MOST_COLUMNS = 100
MOST_CELLS = 100_000
TOO_MANY = f"超过了 {MOST_ROWS} 行、{MOST_COLUMNS} 列或 {MOST_CELLS} 个单元格的上限，请拆分成几个文件"
TICKED, BLANK = "☑", "□"
SYMBOLS = {  # of the fonts Wingdings and Wingdings 2, in which offices tick their boxes
    "FE": TICKED, "52": TICKED, "FC": "√", "50": "√", "FD": "☒", "53": "☒", "A8": BLANK, "A3": BLANK, "6F": BLANK,
    "30": BLANK, "2A": BLANK,
}  # fmt: skip


def read_tables(file: BinaryIO, suffix: str) -> Tables:
    """The tables of a `.docx` or `.xlsx`.

    Raises: CannotReadError for a damaged file, one with document types in its parts, and one with too much in it.
    """
    package = Package(file)
    if suffix == ".docx":
        heard = _WordTables()
        package.walk("word/document.xml", heard)
        return heard.found
    for name in package.names:
        if is_markup(name):
            package.visit(name, check)
    return _workbook(file)


class _WordTables(Walker):
    """The outermost tables of a document; what stands in a table within a cell is text of that cell."""

    def __init__(self) -> None:
        self.found = Tables()
        self._depth = self._passed_over = 0
        self._text: list[str] = []
        self._is_text = self._is_merged = False
        self._row: list[str | None] = []
        self._box: str | None = None  # of an old form field: what it shows
        self._limit = _Limit()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Fallback":  # says again what stands before it
            self._passed_over += 1
        value = attributes.get("val", "")
        if name == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._text = []
                self.found.grids.append(Grid(f"第{len(self.found.grids) + 1}张表"))
        elif name == "tr" and self._depth == 1:
            self._row = []
        elif name == "tc" and self._depth == 1:
            self._text, self._is_merged = [], False
        elif name == "vMerge" and self._depth == 1:
            self._is_merged = value != "restart"
        elif name in ("br", "cr", "tab"):
            self._text.append(" " if name == "tab" else "\n")
        elif name == "sym":
            self._text.append(SYMBOLS.get(attributes.get("char", "")[-2:].upper(), ""))
        elif name == "checkBox":
            self._box = BLANK
        elif name in ("checked", "default") and self._box is not None:
            self._box = BLANK if value in ("0", "false", "off") else TICKED
        self._is_text = name == "t" and not self._passed_over

    def words(self, text: str) -> None:
        if self._is_text:
            self._limit.text(text)
            self._text.append(text)

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "Fallback":
            self._passed_over -= 1
        elif name == "checkBox" and self._box is not None:
            self._text.append(self._box)
            self._box = None
        elif name == "p":
            self._end_paragraph()
        elif name == "tc" and self._depth == 1:
            self._row.append(None if self._is_merged else "".join(self._text).strip("\n"))
            self._limit.cells(len(self._row), 1)
            self._text = []
        elif name == "tr" and self._depth == 1:
            rows = self.found.grids[-1].rows
            self._limit.row()
            rows.append((len(rows) + 1, self._row))
        elif name == "tbl":
            self._depth -= 1

    def _end_paragraph(self) -> None:
        if self._depth:
            self._text.append("\n")
            return
        line, self._text = "".join(self._text).strip(), []
        if line:
            self.found.lines.append(line)


def _workbook(file: BinaryIO) -> Tables:
    """The sheets of a workbook; of a formula, the value it had when the file was saved."""
    limit, found = _Limit(), Tables()
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                found.grids.append(Grid(f"工作表“{sheet.title[:40]}”", list(_rows(sheet, limit))))
    except CannotReadError:
        raise
    except (*BROKEN, KeyError, TypeError, AttributeError, IndexError, SyntaxError, zipfile.LargeZipFile):
        raise CannotReadError(DAMAGED) from None  # whatever a library says of a file that is none
    return found


def _rows(sheet: Any, limit: "_Limit") -> Iterator[tuple[int, list[str | None]]]:
    """The rows that are there. The library's own iteration makes up every row before the last: a million for one cell."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            said = {cell["column"]: text for cell in cells if (text := _text(cell["value"]))}
            if not said:
                continue
            limit.row()
            limit.cells(max(said), len(said))
            limit.text("".join(said.values()))
            yield number, [said.get(column, "") for column in range(1, max(said) + 1)]


def _text(value: Any) -> str:
    """A cell as people read it: whole numbers without a point, days without a time of day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == time() else value.isoformat(" ", timespec="minutes")
        )
    return value.isoformat() if isinstance(value, date | time) else str(value)


class _Limit:
    """How much may still be read of one file."""

    def __init__(self) -> None:
        self._rows = self._cells = 0
        self._signs = Budget()

    def row(self) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise CannotReadError(TOO_MANY)

    def cells(self, in_row: int, more: int) -> None:
        self._cells += more
        if in_row > MOST_COLUMNS or self._cells > MOST_CELLS:
            raise CannotReadError(TOO_MANY)

    def text(self, text: str) -> None:
        self._signs.spend(len(text))
