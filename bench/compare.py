"""Whether two static sites say the same: the same documents at the same addresses, the same lists of them, the same texts.

The frame around them (navigation, drawings, what machines are told) is not compared: ours grows, Hugo's stays what it was.
"""

import difflib
import html
import re
from dataclasses import dataclass
from pathlib import Path

TAG = re.compile(r"<[^>]*>")
HEADING = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
BODY = re.compile(r'<div class="body">(.*?)</div>\s*(?:</div>|<section|<nav|</section)', re.DOTALL)
OF_A_DOCUMENT = re.compile(r"(xxgk|zwfw)/\d+/index\.html")
OF_A_LIST = re.compile(r"(?:xxgk/(?:c|o|ml)|zwfw/(?:all|k|o|a|e))/.*\.html")
ENTRY = re.compile(r'href="(/(?:xxgk|zwfw)/\d+/)"')


@dataclass(frozen=True)
class Comparison:
    """What one of two sites has and the other has not."""

    pages: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    compared: int
    characters: int  # of the texts and lists that were compared
    different: dict[str, str]  # page: the first lines in which its words differ

    @property
    def is_same(self) -> bool:
        return not (self.only_first or self.only_second or self.different)


def compare(first: Path, second: Path, *, sample: int = 20) -> Comparison:
    """Compare the addresses of all pages, and the words of `sample` pages spread over them."""
    addresses, others = pages_of(first), pages_of(second)
    common = sorted(addresses & others)
    chosen = common[:: max(1, len(common) // sample)][:sample] if sample < len(common) else common
    different, characters = {}, 0
    for page in chosen:
        said = said_on(first, page)
        characters += sum(map(len, said))
        lines = difference(said, said_on(second, page))
        if lines:
            different[page] = lines
    return Comparison(
        len(addresses),
        tuple(sorted(addresses - others)),
        tuple(sorted(others - addresses)),
        len(chosen),
        characters,
        different,
    )


def pages_of(tree: Path) -> set[str]:
    """The pages of documents and of lists of them."""
    files = (file.relative_to(tree).as_posix() for file in tree.rglob("*.html"))
    return {file for file in files if OF_A_DOCUMENT.fullmatch(file) or OF_A_LIST.fullmatch(file)}


def said_on(tree: Path, page: str) -> list[str]:
    """Of a disclosure its heading and text, a line for each run of words; of a guide the heading; of a list the documents in it."""
    text = (tree / page).read_text("utf-8")
    if not OF_A_DOCUMENT.fullmatch(page):
        return list(dict.fromkeys(ENTRY.findall(text.partition("<h1")[2])))
    patterns = (HEADING, BODY) if page.startswith("xxgk/") else (HEADING,)
    said = " ".join(found[0] for pattern in patterns if (found := pattern.search(text)))
    runs = (re.sub(r"\s+", "", html.unescape(run)) for run in TAG.split(said))
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
