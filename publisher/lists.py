"""Lists cut into pages by the places of their entries.

A list is known by its address. Newest first: pages are cut from the oldest place, so that page n holds the same places
for ever and a new entry touches the list's address only, which shows what is left over together with the newest full
page. Oldest first, as service items are listed: page one is the list's address, and a new entry goes to the last page.
"""

from dataclasses import dataclass
from typing import Any

PER_PAGE = 20
WINDOW = 2
LOOKED_AT = 60  # of the last places, by pages that show what is new; a back-dated entry may be none of it
CATALOGUE = "/xxgk/ml/"
ALL_ITEMS = "/zwfw/all/"
ONLINE_ITEMS = "/zwfw/online/"
QUESTIONS = "/hudong/"
RESULTS = "results/"  # below the address of an item
CONSULTATIONS = "/hudong/yjzj/"
REPORTS = "/xxgk/nb/"  # annual reports, one list a year, each on one page


@dataclass(frozen=True)
class Step:
    """One place in the pager; without an address it is a gap."""

    name: str
    url: str | None
    is_here: bool = False


@dataclass(frozen=True)
class Pager:
    """Where one may go from a page of a list."""

    previous_url: str | None = None
    next_url: str | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ListPage:
    """One page of a list; `name` is empty on the first, which alone says how many entries there are."""

    url: str
    name: str
    total: int | None
    entries: tuple[Any, ...]
    pager: Pager


def is_newest_first(address: str) -> bool:
    """Whether the list at this address begins with what went live last."""
    return not address.startswith("/zwfw/") or address.endswith(f"/{RESULTS}")


def is_among_newest(place: int, last_place: int) -> bool:
    """Whether a place of a list is looked at by pages that show what is new."""
    return place > last_place - LOOKED_AT


def numbered(address: str, last_place: int) -> int:
    """The highest number of a page of this list: full pages for newest first, all pages for oldest first."""
    if address.startswith(REPORTS):
        return 0
    if is_newest_first(address):
        return max(0, (last_place - 1) // PER_PAGE - (1 if last_place % PER_PAGE else 0))
    return max(1, -(-last_place // PER_PAGE))


def page_addresses(address: str, last_place: int) -> list[str]:
    """Every page of a list, its own address first."""
    first = 1 if is_newest_first(address) else 2
    return [
        address,
        *(f"{address}{number}.html" for number in range(first, numbered(address, last_place) + 1)),
    ]


def page_of(address: str, place: int, last_place: int) -> str:
    """The page on which a place stands."""
    number = (place - 1) // PER_PAGE + 1
    if is_newest_first(address):
        return f"{address}{number}.html" if number <= numbered(address, last_place) else address
    return address if number == 1 else f"{address}{number}.html"


def span(address: str, number: int | None, last_place: int) -> tuple[int, int] | None:
    """First and last place on a page, whose number is None at the list's own address; None where there is no page."""
    highest = numbered(address, last_place)
    if number is None:
        if is_newest_first(address):
            return highest * PER_PAGE + 1, last_place
        return 1, PER_PAGE
    if not (1 if is_newest_first(address) else 2) <= number <= highest:
        return None
    return (number - 1) * PER_PAGE + 1, number * PER_PAGE


def pager(address: str, number: int | None, last_place: int) -> Pager:
    """The ways from a page. A numbered page names no page that a later entry could add, but for the next one."""
    highest = numbered(address, last_place)
    if is_newest_first(address):
        return _newest_first(address, number, highest) if highest else Pager()
    return _oldest_first(address, number or 1, highest) if highest > 1 else Pager()


def _newest_first(address: str, number: int | None, highest: int) -> Pager:
    here = highest + 1 if number is None else number

    def url(at: int) -> str:
        return f"{address}{at}.html" if at <= highest else address

    shown = sorted({1, *range(max(1, here - WINDOW), here + 1)}, reverse=True)
    front = [] if number is None else [Step("最新", address)]
    steps = [Step("最新" if number is None and at == here else str(at), url(at), at == here) for at in shown]
    gap = [Step("", None)] if number is not None else []
    return Pager(
        previous_url=url(here + 1) if number is not None else None,
        next_url=url(here - 1) if here > 1 else None,
        steps=(*front, *gap, *_with_gap(steps)),
    )


def _oldest_first(address: str, here: int, count: int) -> Pager:
    def url(at: int) -> str:
        return address if at == 1 else f"{address}{at}.html"

    shown = sorted({1, *range(max(1, here - WINDOW), here + 1), *((2, count) if here == 1 else ())})
    steps = [Step(str(at), url(at), at == here) for at in shown]
    return Pager(
        previous_url=url(here - 1) if here > 1 else None,
        next_url=url(here + 1) if here < count else None,
        steps=tuple(_with_gap(steps)),
    )


def _with_gap(steps: list[Step]) -> list[Step]:
    """A gap where neighbours are further apart than one."""
    shown: list[Step] = []
    last: int | None = None
    for step in steps:
        number = int(step.name) if step.name.isdigit() else None
        if last is not None and number is not None and abs(number - last) > 1:
            shown.append(Step("", None))
        shown.append(step)
        last = number
    return shown
