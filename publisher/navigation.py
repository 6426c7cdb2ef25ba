"""Where one may go: channels as a tree, organs that have something to show, categories, and the pages of a list."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from publisher.categories import CATEGORIES, CONVENIENCE, POWERS
from publisher.facts import ChannelFacts, DisclosureHead, OrganFacts
from publisher.lists import (
    ALL_ITEMS,
    CATALOGUE,
    CONSULTATIONS,
    ONLINE_ITEMS,
    REPORTS,
    ListPage,
    is_newest_first,
    page_addresses,
    pager,
    span,
)
from publisher.page import Link
from publisher.source import Head, Source

ROOT_CODE = "xxgk"  # the channel that is the column itself
HOME = Link("首页", "/")
XXGK = Link("政府信息公开", "/xxgk/")
ZWFW = Link("政务服务", "/zwfw/")
REPORTS_CODE = "nianbao"  # of the channel of annual reports
YEAR = re.compile(r"(20\d\d)年", re.ASCII)
AUDIENCE_CODES = {"个人": "gr", "企业": "qy"}


def lists_of(head: Head) -> dict[str, str]:
    """The lists in which a document stands, by address, with the label of those that nothing else names."""
    if isinstance(head, DisclosureHead):
        path = head.channel.path if head.channel else ()
        channels = [channel_address(code) for code, _ in path if code != ROOT_CODE]
        own = [
            CATALOGUE,
            f"/xxgk/o/{head.organ.id}/",
            *channels,
            *([CONSULTATIONS] if head.opinions_until else []),
        ]
        return dict.fromkeys(own, "") | report_list(head)
    lists = {ALL_ITEMS: "", f"/zwfw/o/{head.organ.id}/": ""}
    if head.apply_url:
        lists[ONLINE_ITEMS] = ""
    if head.category:
        lists[head.category.url] = ""
    lists |= {f"/zwfw/a/{code_of(name)}/": name for name in head.audience}
    return lists | {f"/zwfw/e/{code_of(name)}/": name for name in head.life_events}


def report_list(head: DisclosureHead) -> dict[str, str]:
    """The list of its year, if it is an annual report: the year its title names, else the one before it was published."""
    if head.channel is None or REPORTS_CODE not in (code for code, _ in head.channel.path):
        return {}
    found = YEAR.search(head.title)
    year = found[1] if found else str(head.day.year - 1) if head.day else ""
    return {f"{REPORTS}{year}/": year} if year else {}


def own_list(head: Head) -> str | None:
    """The list in which a disclosure has the one before and the one after it; None for what has none."""
    if not isinstance(head, DisclosureHead):
        return None
    if head.channel is None or head.channel.code == ROOT_CODE:
        return CATALOGUE
    return channel_address(head.channel.code)


def channel_address(code: str) -> str:
    """The list of a channel; what stands in the column as a whole is its catalogue."""
    return CATALOGUE if code == ROOT_CODE else f"/xxgk/c/{code}/"


def channel_link(channel: ChannelFacts | None) -> Link | None:
    """The way to a channel."""
    return Link(channel.name, channel_address(channel.code)) if channel else None


def channel_tree(source: Source) -> tuple[Link, ...]:
    """Channels as nested links; the root is left out, since the column's home is its page."""
    if "channels" not in source.memo:
        source.memo["channels"] = _channel_tree(source)
    return source.memo["channels"]


def _channel_tree(source: Source) -> tuple[Link, ...]:
    def link(channel: ChannelFacts) -> Link:
        below = tuple(link(source.channels[code]) for code in channel.below)
        return Link(channel.name, channel_address(channel.code), below=below)

    roots = [channel for channel in source.channels.values() if len(channel.path) == 1]
    return tuple(
        link(shown)
        for root in roots
        for shown in ([source.channels[code] for code in root.below] if root.code == ROOT_CODE else [root])
    )


def organ_links(source: Source, base: str, *, townships: bool) -> tuple[Link, ...]:
    """Organs that have something in the column."""
    return tuple(
        Link(organ.name, url, size)
        for organ in source.organs.values()
        if organ.is_township is townships
        and (size := source.places.state(url := f"{base}o/{organ.id}/").size)
    )


def windows_below(source: Source, organ: OrganFacts) -> tuple[OrganFacts, ...]:
    """The windows of a township, and of the villages below them, each after the one it belongs to."""
    below: list[OrganFacts] = []
    for each in source.organs.values():
        if each.parent_id == organ.id and each.is_window:
            below += [each, *windows_below(source, each)]
    return tuple(below)


def township_links(source: Source) -> tuple[Link, ...]:
    """Townships with items of their own or at a window below, and below each the windows that have some (D-03b)."""
    links = []
    for organ in source.organs.values():
        if not organ.is_township:
            continue
        below = tuple(
            Link(window.name.removeprefix(organ.short_name), url, size)
            for window in windows_below(source, organ)
            if (size := source.places.state(url := f"/zwfw/o/{window.id}/").size)
        )
        own = source.places.state(url := f"/zwfw/o/{organ.id}/").size
        if own or below:
            links.append(Link(organ.name, url, own, below=below))
    return tuple(links)


def owners_of(source: Source, organ: int) -> list[str]:
    """The first pages of the lists of those to whom a window belongs: they name it."""
    found: list[str] = []
    here = source.organs.get(organ)
    while here and here.is_window and here.parent_id and len(found) < 5:
        found.append(f"/zwfw/o/{here.parent_id}/")
        here = source.organs.get(here.parent_id)
    return found


def has_pages(source: Source, organ: OrganFacts) -> bool:
    """Whether an organ has lists of its own: those in navigation, and every other that ever published; none once merged."""
    if organ.successor_id is not None:
        return False
    lists = (f"/xxgk/o/{organ.id}/", f"/zwfw/o/{organ.id}/")
    return organ.is_listed or any(source.places.state(url).last_place for url in lists)


def category_groups(source: Source, *, counts: bool = False) -> tuple[Link, ...]:
    """Two levels of category navigation (D-03b, C-02); a category without items is left out."""
    groups = []
    for name in (POWERS, CONVENIENCE):
        sizes = [
            (each, source.places.state(each.url).size) for each in CATEGORIES.values() if each.group == name
        ]
        below = tuple(Link(each.name, each.url, size if counts else None) for each, size in sizes if size)
        if below:
            total = sum(size for _, size in sizes) if counts else None
            groups.append(Link(name, below[0].url, total, below=below))
    return tuple(groups)


def named_lists(source: Source, base: str, *, counts: bool = False) -> tuple[Link, ...]:
    """Lists that their label names: whom items serve (/zwfw/a/), the events they belong to (/zwfw/e/)."""
    found = [
        (state.label, url, state.size)
        for url, state in source.places.lists.items()
        if url.startswith(base) and state.size
    ]
    return tuple(Link(label, url, size if counts else None) for label, url, size in sorted(found))


def list_page(source: Source, address: str, number: int | None) -> ListPage | None:
    """A page of a list of documents, or None where the list has no such page."""
    state = source.places.state(address)
    places = span(address, number, state.last_place)
    if places is None:
        return None
    ids = source.places.between(address, *places)
    heads: Sequence[Any]
    if is_newest_first(address):
        heads = sorted(source.disclosures(ids), key=newest, reverse=True)
    else:
        heads = sorted(source.services(ids), key=lambda head: (head.code, head.id))
    return ListPage(
        url=address if number is None else f"{address}{number}.html",
        name="" if number is None else str(number),
        total=state.size if number is None else None,
        entries=tuple(heads),
        pager=pager(address, number, state.last_place),
    )


def pages_of_list(source: Source, address: str) -> list[str]:
    """Every page of a list."""
    return page_addresses(address, source.places.state(address).last_place)


def newest(head: Head) -> tuple[str, int]:
    """By this the newest sorts last."""
    return str(head.sorted_on or ""), head.id


def code_of(name: str) -> str:
    """A permanent address part for a name: of a life event or an audience without a code of its own."""
    return AUDIENCE_CODES.get(name) or hashlib.sha256(name.encode()).hexdigest()[:8]
