"""Whether two static sites say the same: the same files at the same addresses, and the same words on each page.

The words of a page are what a reader sees, what its tags and its data tell machines, and where its links lead. Left out are
files that only one side makes: assets, their compressed twins, and the office files of catalogues.
"""

import difflib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGES = {".html", ".xml", ".txt", ".css"}
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SPOKEN = re.compile(
    r'\s(?:content|href|src|action|placeholder|alt|title|aria-label|data-label|data-print|d)="([^"]*)"'
)
SITE_MAP = re.compile(r"sitemap-\w+(?:-\d+)?\.xml")
ENTRY = re.compile(r"<url>.*?</url>", re.DOTALL)


@dataclass(frozen=True)
class Comparison:
    """What one of two sites has and the other has not."""

    pages: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    compared: int
    characters: int  # of what was compared
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
    """Every page, and every file that machines read."""
    files = (file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.suffix in PAGES)
    return {file for file in files if not file.startswith("assets/")}


def said_on(tree: Path, page: str) -> list[str]:
    """What a page says, a line for each run of words and each tag that says something, however it is set out.

    The entries of a site map have no order.
    """
    text = (tree / page).read_text("utf-8")
    if SITE_MAP.fullmatch(page):
        return sorted("".join(_runs(entry)) for entry in ENTRY.findall(text))
    data = [line for found in DATA.findall(text) for line in _flat(json.loads(found))]
    return [*_runs(HIDDEN.sub("", text)), *data]


def _runs(text: str) -> Iterator[str]:
    place = 0
    for tag in TAG.finditer(text):
        yield from _said(text[place : tag.start()])
        for spoken in SPOKEN.findall(tag[0]):
            yield from _said(spoken)
        place = tag.end()
    yield from _said(text[place:])


def _said(text: str) -> Iterator[str]:
    run = re.sub(r"\s+", "", html.unescape(text))
    if run:
        yield run


def _flat(data: Any, name: str = "") -> Iterator[str]:
    """The values in a piece of data with their names, whatever the order of the names."""
    if isinstance(data, dict):
        for key in sorted(data):
            yield from _flat(data[key], f"{name}.{key}")
    elif isinstance(data, list):
        for at, each in enumerate(data):
            yield from _flat(each, f"{name}[{at}]")
    else:
        yield f"{name}={data}"


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
