"""Whether two static sites are the same: the addresses of their pages, and the words of some of them."""

import difflib
import html
import re
from dataclasses import dataclass
from pathlib import Path

TAG = re.compile(r"<[^>]*>")
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Comparison:
    """What one of two sites has and the other has not."""

    pages: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    compared: int
    different: dict[str, str]  # page: the first lines in which its words differ

    @property
    def is_same(self) -> bool:
        return not (self.only_first or self.only_second or self.different)


def compare(first: Path, second: Path, *, sample: int = 20) -> Comparison:
    """Compare the addresses of all pages, and the words of `sample` pages spread over them."""
    addresses, others = pages_of(first), pages_of(second)
    common = sorted(addresses & others)
    chosen = common[:: max(1, len(common) // sample)][:sample] if sample < len(common) else common
    different = {}
    for page in chosen:
        lines = difference(words_of(first / page), words_of(second / page))
        if lines:
            different[page] = lines
    return Comparison(
        len(addresses),
        tuple(sorted(addresses - others)),
        tuple(sorted(others - addresses)),
        len(chosen),
        different,
    )


def pages_of(tree: Path) -> set[str]:
    """The HTML files of a site."""
    return {file.relative_to(tree).as_posix() for file in tree.rglob("*.html")}


def words_of(page: Path) -> list[str]:
    """Title and visible words of a page, a line for each run of text, however its tags are set out."""
    text = HIDDEN.sub("", page.read_text("utf-8"))
    runs = (re.sub(r"\s+", "", html.unescape(run)) for run in TAG.split(text))
    return [run for run in runs if run]


def difference(first: list[str], second: list[str], *, shown: int = 6) -> str:
    """The first lines in which two texts differ; empty if none."""
    if first == second:
        return ""
    lines = [
        line
        for line in difflib.unified_diff(first, second, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    return "\n".join(lines[:shown])
