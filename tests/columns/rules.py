"""A rule about the pages of a kind: what it finds wrong with one, the rows it proves, and ways to break it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.columns.crawler import Kind, Page, Tree

Check = Callable[[Page], Iterable[str]]
Break = tuple[str, str]  # a pattern in the bytes of a page, and what is put in its place


@dataclass(frozen=True)
class Rule:
    """What holds for every page of some kinds."""

    name: str
    check: Check
    kinds: tuple[Kind, ...]
    rows: tuple[str, ...]
    breaks: tuple[Break, ...]

    def pages(self, tree: Tree) -> Iterator[Page]:
        for kind in self.kinds:
            yield from tree.of(kind)

    def broken(self, broken: Break, tree: Tree) -> tuple[Page, Page] | None:
        """The first page in which there is something to break, whole and broken."""
        for page in self.pages(tree):
            html = re.sub(*broken, page.html)
            if html != page.html:
                return Page(page.url, page.html, tree), Page(page.url, html, tree)
        return None

    def faults(self, tree: Tree) -> list[str]:
        """What is wrong, page by page."""
        return [f"{page.url}: {fault}" for page in self.pages(tree) for fault in self.check(page)]


RULES: list[Rule] = []


def rule(*kinds: Kind, rows: str = "", breaks: Iterable[Break]) -> Callable[[Check], Check]:
    """Enter a check into the table; each of the breaks must make it find a fault."""

    def enter(check: Check) -> Check:
        name = getattr(check, "__name__", "").replace("_", " ")
        RULES.append(Rule(name, check, kinds, tuple(rows.split()), tuple(breaks)))
        return check

    return enter


def without(*words: str) -> list[Break]:
    """Breaks that take each of these words out of the page."""
    return [(word, "") for word in words]
