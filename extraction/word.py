"""Word files (docx): paragraphs, tables, comments, tracked changes, hidden text, headers and properties."""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from extraction.excel import read_excel
from extraction.markup import Walker
from extraction.office import ACTIVE, ORDERS, SHOWN_ATTRIBUTES, other_parts
from extraction.package import Package
from extraction.pieces import Budget, CannotReadError, Piece, Unread

WORDS = frozenset({"t", "delText", "instrText", "delInstrText"})
ORDERING = frozenset({"instrText", "delInstrText"})
STORIES = {
    "document": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注",
}  # fmt: skip
STORY = re.compile(rf"word/({'|'.join(STORIES)})\d*\.xml")
DEEPEST_WITHIN = 2  # files within files


def read_word(file: BinaryIO) -> Iterator[Piece | Unread]:
    """Every text of a Word file, paragraph by paragraph and row by row."""
    return _read(file, 0)


def _read(file: BinaryIO, depth: int) -> Iterator[Piece | Unread]:
    package = Package(file)
    stories = [(name, found[1]) for name in package.names if (found := STORY.fullmatch(name))]
    for name, kind in stories:
        heard = _Story(STORIES[kind])
        package.walk(name, heard)
        yield from heard.pieces()

    def within(name: str, stream: BinaryIO) -> Iterator[Piece | Unread]:
        if depth >= DEEPEST_WITHIN:
            raise CannotReadError("文件里层层内嵌文件，请取出内嵌的文件单独上传")
        return read_excel(stream) if name.lower().endswith(".xlsx") else _read(stream, depth + 1)

    yield from other_parts(package, {name for name, _ in stories}, within)


class _Story(Walker):
    """The paragraphs of one part. A row of a table is one piece: a number may stand there one digit a cell."""

    def __init__(self, label: str):
        self._label = label
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._marks: set[str] = set()
        self._within: list[str] = []
        self._budget = Budget()
        self._paragraphs = self._tables = self._row = self._rows_open = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._within.append(name)
        if name == "tbl" and not self._rows_open:
            self._tables, self._row = self._tables + 1, 0
        elif name == "tr":
            self._rows_open += 1
        elif name in ("tab", "br", "cr"):
            self._text.append("\t" if name == "tab" else "\n")
        elif name == "vanish" and attributes.get("val") not in ("0", "false"):
            self._marks.add("隐藏文字")
        self._text += [f"；{attributes[key]}；" for key in SHOWN_ATTRIBUTES if key in attributes]

    def words(self, text: str) -> None:
        self._budget.spend(len(text))
        if not self._within or self._within[-1] not in WORDS:
            return
        if self._within[-1] == "delText":
            self._marks.add("修订中删除的文字")
        self._text.append(text)

    def end(self, name: str) -> None:
        self._within.pop()
        if name in ORDERING and ORDERS.match("".join(self._text)):
            raise CannotReadError(ACTIVE)
        if name == "p" and "txbxContent" not in self._within:
            self._end_paragraph()
        elif name in ("p", "tc"):
            self._text.append("\t" if name == "tc" else "\n")
        elif name == "tr":
            self._rows_open -= 1
            if not self._rows_open:
                self._row += 1
                self._keep(f"第{self._tables}张表第{self._row}行")

    def _end_paragraph(self) -> None:
        if self._rows_open:
            self._text.append("\n")
            return
        self._paragraphs += 1
        self._keep(f"第{self._paragraphs}段")

    def _keep(self, place: str) -> None:
        text, marks = "".join(self._text), "、".join(sorted(self._marks))
        self._text, self._marks = [], set()
        if text.strip():
            self._pieces.append(Piece(f"{self._label}{place}{f'（含{marks}）' if marks else ''}", text))

    def pieces(self) -> Iterator[Piece]:
        """What was heard."""
        self._keep("")
        yield from self._pieces
