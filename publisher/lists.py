"""Lists cut into pages.

Newest first: pages are cut from the oldest entry, so that a new entry touches the first page only. The first page
holds what is left over together with the newest full page. In order: page one is the beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PER_PAGE = 20
WINDOW = 2


@dataclass(frozen=True)
class Step:
    """One place in the pager; without an address it is a gap."""

    name: str
    url: str | None
    is_here: bool = False


@dataclass(frozen=True)
class Pager:
    """Where one may go from a page of a list."""

    total: int = 1
    newer_url: str | None = None
    older_url: str | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ListPage:
    """One page of a list; `name` is empty on the first."""

    url: str
    name: str
    entries: tuple[Any, ...]
    pager: Pager


def newest_first(url: str, oldest_first: Sequence[Any]) -> list[ListPage]:
    """Cut entries that come oldest first; the address of page n holds the same entries for ever."""
    entries = tuple(oldest_first)
    full = max(0, (len(entries) - 1) // PER_PAGE - (1 if len(entries) % PER_PAGE else 0))
    pages = [(url, "最新", tuple(reversed(entries[full * PER_PAGE :])))]
    for number in range(full, 0, -1):
        cut = entries[(number - 1) * PER_PAGE : number * PER_PAGE]
        pages.append((f"{url}{number}.html", str(number), tuple(reversed(cut))))
    return _linked(pages)


def in_order(url: str, entries: Sequence[Any]) -> list[ListPage]:
    """Cut entries that have an order of their own, such as item codes."""
    pages = []
    for number, start in enumerate(range(0, max(1, len(entries)), PER_PAGE), 1):
        place = url if number == 1 else f"{url}{number}.html"
        pages.append((place, str(number), tuple(entries[start : start + PER_PAGE])))
    return _linked(pages)


def _linked(pages: list[tuple[str, str, tuple[Any, ...]]]) -> list[ListPage]:
    linked = []
    for here, (url, name, entries) in enumerate(pages):
        pager = Pager(
            total=len(pages),
            newer_url=pages[here - 1][0] if here else None,
            older_url=pages[here + 1][0] if here + 1 < len(pages) else None,
            steps=tuple(_steps(pages, here)),
        )
        linked.append(ListPage(url, name if here else "", entries, pager))
    return linked


def _steps(pages: list[tuple[str, str, tuple[Any, ...]]], here: int) -> list[Step]:
    near = {0, len(pages) - 1, *range(max(0, here - WINDOW), min(len(pages), here + WINDOW + 1))}
    steps: list[Step] = []
    last = -1
    for place in sorted(near):
        if place - last > 1:
            steps.append(Step("", None))
        steps.append(Step(pages[place][1], pages[place][0], place == here))
        last = place
    return steps
