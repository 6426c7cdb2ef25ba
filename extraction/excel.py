"""Excel files (xlsx): every sheet, hidden ones too, comments, leftover strings, and what lies behind pivots and charts."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from extraction.markup import Walker
from extraction.office import ACTIVE, ORDERS, SHOWN_ATTRIBUTES, other_parts, words_of
from extraction.package import Package
from extraction.pieces import Budget, CannotReadError, Piece, Unread

MOST_COLUMNS = 16_384
HIDDEN = {"hidden": "（隐藏的工作表）", "veryHidden": "（深度隐藏的工作表）"}


def read_excel(file: BinaryIO) -> Iterator[Piece | Unread]:
    """Every text of an Excel file, row by row, each cell with its place."""
    package = Package(file)
    book = _Book()
    package.walk("xl/workbook.xml", book)
    relations = package.relations("xl/workbook.xml")
    strings = _Strings()
    package.walk("xl/sharedStrings.xml", strings)
    done, used = {"xl/workbook.xml", "xl/sharedStrings.xml"}, bytearray(len(strings.found))
    if book.names:
        yield Piece("名称管理器", "；".join(book.names))
    for title, state, relation in book.sheets:
        part = relations[relation].target if relation in relations else ""
        label = f"工作表“{title[:40]}”{HIDDEN.get(state, '')}"
        heard = _Sheet(label, strings.found, used)
        package.walk(part, heard)
        done.add(part)
        yield Piece("工作表名称", title)
        yield from heard.pieces()
        yield from _beside(package, part, label, done)
    for place, text in enumerate(strings.found):
        if not used[place] and text:
            yield Piece("文件中残留的文字（已不在表中）", text)
    yield from other_parts(package, done, _nothing_within)


def _nothing_within(_name: str, _stream: BinaryIO) -> Iterator[Piece | Unread]:
    yield Unread("内容")


def _beside(package: Package, part: str, label: str, done: set[str]) -> Iterator[Piece]:
    """Comments, text boxes and tables of a sheet."""
    for relation in package.relations(part).values() if part else ():
        if relation.is_outside or relation.target in done or not relation.target.endswith(".xml"):
            continue
        kind = posixpath.basename(relation.kind)
        what = {
            "comments": "的批注",
            "threadedComment": "的批注",
            "drawing": "的文本框",
            "table": "的表格",
        }.get(kind)
        if what:
            done.add(relation.target)
            yield from words_of(package, relation.target, label + what)


class _Book(Walker):
    """The sheets of a workbook in order (title, state, id of the relation), and its defined names."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.names: list[str] = []
        self._is_name = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append(
                (attributes.get("name", ""), attributes.get("state", ""), attributes.get("id", ""))
            )
        elif name == "definedName":
            self._is_name = True
            self.names += [attributes.get("name", ""), attributes.get("comment", "")]

    def words(self, text: str) -> None:
        if self._is_name:
            self.names.append(text)

    def end(self, name: str) -> None:
        self._is_name = self._is_name and name != "definedName"


class _Strings(Walker):
    """The strings that cells refer to by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._is_text = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_text = name == "t"

    def words(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "si":
            self.found.append("".join(self._text))
            self._text = []


@dataclass
class _Cell:
    column: int = 0
    kind: str = "n"
    parts: dict[str, list[str]] = field(default_factory=dict)


class _Sheet(Walker):
    """One sheet: a row is a piece, a cell a place in it; whatever else a sheet says is one more piece."""

    def __init__(self, label: str, strings: Sequence[str], used: bytearray):
        self._label, self._strings, self._used = label, strings, used
        self._pieces: list[Piece] = []
        self._row: list[tuple[str, str]] = []  # text and place of each cell
        self._number = self._column = 0
        self._is_hidden = False
        self._hidden_columns: list[range] = []
        self._cell: _Cell | None = None
        self._within = ""
        self._others: list[str] = []
        self._budget = Budget()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._within = name
        if name == "row":
            self._number = _number(attributes.get("r"), self._number + 1)
            self._column, self._is_hidden = 0, attributes.get("hidden") in ("1", "true")
        elif name == "c":
            self._column = _column_of(attributes.get("r", "")) or self._column + 1
            self._cell = _Cell(self._column, attributes.get("t", "n"))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first = _number(attributes.get("min"), 1)
            self._hidden_columns.append(range(first, _number(attributes.get("max"), first) + 1))
        else:
            self._others += [attributes[key] for key in (*SHOWN_ATTRIBUTES, "display") if key in attributes]

    def words(self, text: str) -> None:
        if self._cell is not None:
            if self._within in ("v", "t", "f"):
                self._cell.parts.setdefault(self._within, []).append(text)
        elif text.strip():
            self._others.append(text)

    def end(self, name: str) -> None:
        self._within = ""
        if name == "c" and self._cell is not None:
            if text := self._text_of(self._cell):
                self._budget.spend(len(text))
                self._row.append((text, self._place_of(self._cell.column)))
            self._cell = None
        elif name == "row" and self._row:
            self._end_row()

    def _text_of(self, cell: _Cell) -> str:
        said = {kind: "".join(parts) for kind, parts in cell.parts.items()}
        value, formula = said.get("v", ""), said.get("f", "")
        if ORDERS.match(formula.lstrip("=")):
            raise CannotReadError(ACTIVE)
        if cell.kind == "s" and value.isascii() and value.isdecimal() and int(value) < len(self._strings):
            self._used[int(value)] = 1
            value = self._strings[int(value)]
        elif cell.kind == "n":
            value = whole(value)
        literal = formula if '"' in formula else ""  # numbers of cells are no numbers of persons
        return " ".join(filter(None, (said.get("t", ""), value, literal)))

    def _place_of(self, column: int) -> str:
        hidden = [
            *(["隐藏的行"] if self._is_hidden else []),
            *(["隐藏的列"] if any(column in columns for columns in self._hidden_columns) else []),
        ]
        cell = f"{_letters(column)}{self._number}"
        return f"{cell}（{'、'.join(hidden)}）" if hidden else cell

    def _end_row(self) -> None:
        cells, length = [], 0
        for text, place in self._row:
            cells.append((length, place))
            length += len(text) + 1
        text = "\t".join(text for text, _ in self._row)
        self._pieces.append(Piece(self._label, text, tuple(cells)))
        self._row = []

    def pieces(self) -> Iterator[Piece]:
        """What was heard."""
        yield from self._pieces
        if self._others:
            yield Piece(f"{self._label}的页眉、提示等", "；".join(self._others))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else default


def whole(value: str) -> str:
    """A number as its digits; what has a fraction names nobody."""
    if value.isascii() and value.isdecimal():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if abs(number) < 1e15 and number.is_integer() else ""


def _column_of(reference: str) -> int:
    column = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column if column <= MOST_COLUMNS else 0


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
