"""OFD files (版式文档): the words of each page, and what the file says about itself."""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from extraction.markup import Walker
from extraction.office import PICTURES, words_of
from extraction.package import Package, is_markup
from extraction.pieces import Budget, Piece, Unread

PAGE = re.compile(r"Pages/Page_(\d{1,6})/Content\.xml$", re.IGNORECASE)
LEAST_WORDS = 10  # signs on a page that is more than a picture
FONTS = (".ttf", ".otf", ".ttc")
SEALS = (".esl", ".dat")


def read_ofd(file: BinaryIO) -> Iterator[Piece | Unread]:
    """Every text of an OFD file, page by page."""
    package = Package(file)
    for name in package.names:
        if page := PAGE.search(name):
            heard = _Page()
            package.walk(name, heard)
            place = f"第{int(page[1]) + 1}页"
            yield Piece(place, heard.text())
            if heard.has_picture and len(heard.text().split()) < LEAST_WORDS:
                yield Unread(place)
        elif is_markup(name):
            yield from words_of(package, name, "文件属性" if name == "OFD.xml" else f"内部文件 {name[-80:]}")
        elif not name.lower().endswith((*PICTURES, *FONTS, *SEALS, ".jb2")):
            yield Unread(f"内嵌的文件 {name.rpartition('/')[2][:60]}")


class _Page(Walker):
    """The text objects of a page, a line each."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._is_text = False
        self._budget = Budget()
        self.has_picture = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_text = name == "TextCode"
        self.has_picture = self.has_picture or name == "ImageObject"

    def words(self, text: str) -> None:
        if self._is_text:
            self._budget.spend(len(text))
            self._found.append(text)

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "TextObject":
            self._found.append("\n")

    def text(self) -> str:
        return "".join(self._found).strip()
