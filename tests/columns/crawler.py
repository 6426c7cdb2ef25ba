"""A published tree as a visitor's machine gets it: the bytes of its files, read by a parser that is not ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from publisher.page import file_of
from tests.publisher.html_tree import Element, page_tree

NUMBERED = r"(?:\d+\.html)?"


class Kind(Enum):
    """Kinds of pages, told by their addresses."""

    PAGE = r"/.*"
    HOME = r"/"
    SERVICES = r"/zwfw/"
    GUIDE = r"/zwfw/\d+/"
    ITEMS = rf"/zwfw/(?:all|online|[koae]/\w+)/{NUMBERED}"
    EVERY_ITEM = rf"/zwfw/all/{NUMBERED}"
    ONLINE = r"/zwfw/online/"
    CATEGORY = r"/zwfw/k/\w+/"
    ITEM_CATALOGUES = r"/zwfw/ml/"
    ITEM_CATALOGUE = rf"/zwfw/ml/[ok]/\w+/{NUMBERED}"
    ORGAN_CATALOGUE = r"/zwfw/ml/o/\d+/"
    RESULTS = rf"/zwfw/\d+/results/{NUMBERED}"
    DISCLOSURES = r"/xxgk/"
    DISCLOSURE = r"/xxgk/\d+/"
    ENTRIES = rf"/xxgk/[co]/[\w-]+/{NUMBERED}"
    CATALOGUE = rf"/xxgk/ml/{NUMBERED}"
    ALL_DUTIES = r"/xxgk/sx/"
    DUTIES = r"/xxgk/sx/\d+/"
    INTERACTION = r"/hudong/"
    QUESTION = r"/hudong/\d+/"


@dataclass
class Page:
    """One page of the tree."""

    url: str
    html: str
    tree: "Tree" = field(repr=False)

    @cached_property
    def root(self) -> Element:
        return page_tree(self.html)

    @property
    def main(self) -> Element:
        return self.root.one("main")

    @property
    def links(self) -> list[str]:
        """Where its links lead, without what follows the address."""
        return [link["href"] for link in self.root.every("a")]

    @cached_property
    def tags(self) -> dict[str, str]:
        return {tag["name"]: tag["content"] for tag in self.root.every("meta") if tag["name"]}

    @cached_property
    def ids(self) -> list[str]:
        return [element["id"] for element in self.root.every() if element["id"]]

    def section(self, name: str) -> Element:
        """A part of the page by its id."""
        return self.main.one("section", id=name)

    @property
    def facts(self) -> dict[str, str]:
        """Labels and what stands beside them; of an item, in its guide."""
        guide = self.main.every("section", id="guide")
        pairs = [pair for pair in (guide or [self.main])[0].every("div") if children(pair, "dt")]
        return {pair.one("dt").text: pair.one("dd").text for pair in pairs}

    def rows(self, caption: str = "") -> list[dict[str, Element]]:
        """The rows of the tables whose caption holds this, by the heads of their columns."""
        found = []
        for table in self.main.every("table"):
            heads = [cell.text for row in table.every("thead") for cell in row.every("th")]
            if caption in "".join(each.text for each in table.every("caption")):
                rows = [row for body in table.every("tbody") for row in body.every("tr")]
                found += [dict(zip(heads, children(row), strict=False)) for row in rows]
        return found


class Tree:
    """The files of a site."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._pages: dict[str, Page] = {}

    @cached_property
    def addresses(self) -> list[str]:
        files = (file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*.html"))
        return sorted("/" + file.removesuffix("index.html") for file in files)

    def page(self, url: str) -> Page:
        if url not in self._pages:
            self._pages[url] = Page(url, self.file(url).read_text(encoding="utf-8"), self)
        return self._pages[url]

    def of(self, kind: Kind) -> Iterator[Page]:
        return (self.page(url) for url in self.addresses if re.fullmatch(kind.value, url))

    def file(self, url: str) -> Path:
        """The file at an address of this site, without what follows it."""
        return self.folder / file_of(unquote(urlsplit(url).path))

    def has(self, url: str) -> bool:
        return self.file(url).is_file()

    def is_dynamic(self, url: str) -> bool:
        """Whether the few programs for citizens answer there, and no file."""
        return urlsplit(url).path.startswith("/svc/")


def children(element: Element, tag: str = "") -> list[Element]:
    """What stands directly in an element."""
    return [part for part in element.inside if isinstance(part, Element) and (not tag or part.tag == tag)]


def targets(page: Page) -> Iterator[str]:
    """Every address that a page leads to or asks for, whole."""
    for element in page.root.every():
        for name in ("href", "src", "action", "poster", "srcset", "data"):
            if element[name] and element.tag != "use" and not element[name].startswith(("tel:", "mailto:")):
                yield urljoin(f"http://localhost{page.url}", element[name])
