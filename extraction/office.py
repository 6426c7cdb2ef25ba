"""What Word and Excel files have in common: properties, charts, drawings, links, and files within the file."""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from extraction.markup import Walker
from extraction.package import Package, is_markup
from extraction.pictures import is_large
from extraction.pieces import Budget, CannotReadError, Piece, Unread

SHOWN_ATTRIBUTES = ("descr", "title", "alt", "tooltip", "string", "displayText", "v", "caption")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
DRAWINGS = (".emf", ".wmf", ".svg")
RUNS = frozenset({"t", "r", "rPr"})
SILENT = ("/theme/", "/printersettings/", "/fonts/", "thumbnail")
HEAD_BYTES = 65_536
ORDERS = re.compile(r"\s*(?:DDE|DDEAUTO)\b", re.IGNORECASE)
ACTIVE = "含有会自动运行的内容（DDE），请删除后上传"
LARGEST_WITHIN = 20_000_000  # bytes of a file within a file
Reader = Callable[[str, BinaryIO], Iterator[Piece | Unread]]  # of a file within a file, by its name

_LABELS = (
    ("docProps/", "文件属性"),
    ("customXml/", "文件内部数据"),
    ("word/settings", "文档变量"),
    ("word/glossary/", "文档部件"),
    ("xl/pivotCache/", "数据透视表的源数据"),
    ("xl/externalLinks/", "外部链接的数据"),
    ("xl/sharedStrings", "文字"),
    ("xl/tables/", "表格"),
    ("xl/drawings/", "文本框"),
)


def label_of(name: str) -> str:
    """What an editor calls a part of an office file."""
    if "/charts/" in name:
        return "图表"
    return next((label for start, label in _LABELS if name.startswith(start)), f"内部文件 {name[:80]}")


class Words(Walker):
    """All words of a part, and what its attributes show; parted where the elements are, but for runs of one text."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._is_look = False  # of a run: fonts and sizes
        self._budget = Budget()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "ddeLink":
            raise CannotReadError(ACTIVE)
        self._is_look = self._is_look or name == "rPr"
        if self._is_look:
            return
        shown = [attributes[key] for key in SHOWN_ATTRIBUTES if key in attributes]
        if name == "docVar":
            shown.append(attributes.get("val", ""))
        for value in shown:
            self.words(f"{value}；")

    def words(self, text: str) -> None:
        self._budget.spend(len(text))
        self._found.append(text)

    def end(self, name: str) -> None:
        if name not in RUNS and not self._is_look:
            self.words("；")
        self._is_look = self._is_look and name != "rPr"

    def text(self) -> str:
        """What was heard, without the blanks between elements."""
        return re.sub(r"(?:\s*；\s*)+", "；", "".join(self._found)).strip("；")


def words_of(package: Package, name: str, place: str) -> Iterator[Piece]:
    """The words of a part as one piece, if there are any."""
    heard = Words()
    package.walk(name, heard)
    if text := heard.text():
        yield Piece(place, text)


def other_parts(package: Package, done: set[str], within: Reader) -> Iterator[Piece | Unread]:
    """Everything in the package but the parts already read: words, links, pictures, files within the file.

    `within` reads a file that lies in this one.
    """
    for _owner, relation in package.all_relations():
        if relation.is_outside:
            yield Piece("链接", relation.target)
    pictures = 0
    for name in package.names:
        folded = name.lower()
        if name in done or folded.endswith(".rels") or any(part in folded for part in SILENT):
            continue
        if is_markup(name):
            yield from words_of(package, name, label_of(name))
        elif folded.endswith((".xlsx", ".docx")):
            yield from _inside(package, name, within)
        elif folded.endswith(PICTURES):
            pictures += is_large(package.head(name, HEAD_BYTES))
        elif not folded.endswith(DRAWINGS):
            yield Unread(f"内嵌的文件 {name.rpartition('/')[2][:60]}")
    if pictures:
        yield Unread(f"内嵌的图片（{pictures}张）")


def _inside(package: Package, name: str, within: Reader) -> Iterator[Piece | Unread]:
    place = f"内嵌的文件 {name.rpartition('/')[2][:60]} 的"
    if package.size(name) > LARGEST_WITHIN:
        raise CannotReadError("内嵌的文件过大，请取出后单独上传")
    for one in within(name, BytesIO(package.head(name, LARGEST_WITHIN))):
        if isinstance(one, Unread):
            yield Unread(f"{place}{one.place}")
        else:
            yield Piece(f"{place}{one.place}", one.text, one.cells)
