"""The pages of 政府信息公开专栏: its home, the catalogue, lists by channel and by organ, one page a document."""

from collections.abc import Iterator
from dataclasses import dataclass

from publisher.facts import ChannelFacts, DisclosureFacts, OrganFacts, SiteFacts, Snapshot, WithdrawnFacts
from publisher.lists import ListPage, newest_first
from publisher.navigation import (
    HOME,
    ROOT_CODE,
    XXGK,
    ZWFW,
    channel_tree,
    counted,
    disclosures_by_channel,
    organ_links,
)
from publisher.page import Column, Link, Page

CATALOGUE_URL = "/xxgk/ml/"
COLUMN = Column("政府信息公开专栏", "", "政府信息公开,主动公开,信息公开目录", "政府信息公开")
LATEST = 10


@dataclass(frozen=True)
class ColumnView:
    """The home of the column (条例 arts. 12, 20, 21)."""

    site: SiteFacts
    total: int
    tree: tuple[Link, ...]
    latest: tuple[DisclosureFacts, ...]
    departments: tuple[Link, ...]
    townships: tuple[Link, ...]


@dataclass(frozen=True)
class ListView:
    """A page of a list by channel or by organ."""

    heading: str
    description: str
    total: int
    page: ListPage
    below: tuple[Link, ...] = ()
    tree: tuple[Link, ...] = ()
    organ: OrganFacts | None = None
    other: Link | None = None


@dataclass(frozen=True)
class DocumentView:
    """One document with the channel it stands in."""

    item: DisclosureFacts
    channel: Link | None


def disclosure_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Every page below /xxgk/."""
    by_channel = disclosures_by_channel(snapshot)
    yield _column_page(snapshot, by_channel)
    yield from _list_pages(
        newest_first(CATALOGUE_URL, snapshot.disclosures),
        "catalogue.html",
        (HOME, XXGK),
        Column(
            "政府信息公开目录", "列出全部主动公开信息的索引号、名称、内容概述和生成日期", "", "政府信息公开"
        ),
        total=len(snapshot.disclosures),
    )
    tree = channel_tree(snapshot)
    for channel in snapshot.channels:
        yield from _channel_pages(channel, by_channel, tree)
    for organ in snapshot.organs:
        yield from _organ_pages(organ, snapshot)
    channels = {channel.code: channel for channel in snapshot.channels}
    for item in snapshot.disclosures:
        yield _document_page(item, channels.get(item.channel or ""))


def withdrawn_page(item: WithdrawnFacts) -> Page:
    """What an address says after its document was taken back: that, when and why; never the title."""
    parent = XXGK if item.kind == "disclosure" else ZWFW
    return Page(
        url=item.url,
        template="withdrawn.html",
        title="该信息已撤回" if item.kind == "disclosure" else "该事项已撤回",
        view=item,
        section=parent.url.strip("/"),
        trail=(HOME, parent),
        document_id=item.id,
        contacts=item.organ.contacts,
        is_indexed=False,
    )


def _column_page(snapshot: Snapshot, by_channel: dict[str, list[DisclosureFacts]]) -> Page:
    counts = counted(item.organ for item in snapshot.disclosures)
    view = ColumnView(
        site=snapshot.site,
        total=len(snapshot.disclosures),
        tree=channel_tree(snapshot, counts=True),
        latest=tuple(reversed(snapshot.disclosures[-LATEST:])),
        departments=organ_links(snapshot, "/xxgk/", counts, townships=False),
        townships=organ_links(snapshot, "/xxgk/", counts, townships=True),
    )
    return Page(
        "/xxgk/", "xxgk.html", "政府信息公开专栏", view, "xxgk", (HOME,), meta=COLUMN.meta,
        contacts=(snapshot.site.contact_phone,),
        description=f"{snapshot.site.region}政府信息公开专栏：指南、制度、法定主动公开内容、目录和年报。",
    )  # fmt: skip


def _channel_pages(
    channel: ChannelFacts, by_channel: dict[str, list[DisclosureFacts]], tree: tuple[Link, ...]
) -> Iterator[Page]:
    items = by_channel[channel.code]
    trail = (
        HOME,
        XXGK,
        *(Link(name, f"/xxgk/c/{code}/") for code, name in channel.path[:-1] if code != ROOT_CODE),
    )
    names = dict(_names(tree))
    below = tuple(
        Link(names.get(code, code), f"/xxgk/c/{code}/", len(by_channel[code])) for code in channel.below
    )
    yield from _list_pages(
        newest_first(channel.url, items),
        "list.html",
        trail,
        Column(channel.name, channel.description, "", "政府信息公开"),
        total=len(items),
        below=below,
        tree=tree,
    )


def _names(tree: tuple[Link, ...]) -> Iterator[tuple[str, str]]:
    for link in tree:
        yield link.url.split("/")[3], link.name
        yield from _names(link.below)


def _organ_pages(organ: OrganFacts, snapshot: Snapshot) -> Iterator[Page]:
    items = [item for item in snapshot.disclosures if item.organ.id == organ.id]
    services = sum(1 for item in snapshot.services if item.organ.id == organ.id)
    other = Link(f"{organ.short_name}的政务服务事项", f"/zwfw/o/{organ.id}/", services) if services else None
    yield from _list_pages(
        newest_first(f"/xxgk/o/{organ.id}/", items),
        "list.html",
        (HOME, XXGK),
        Column(organ.name, f"{organ.name}主动公开的政府信息", "", "政府信息公开"),
        total=len(items),
        organ=organ,
        other=other,
    )


def _list_pages(
    pages: list[ListPage], template: str, trail: tuple[Link, ...], column: Column, *, total: int,
    below: tuple[Link, ...] = (), tree: tuple[Link, ...] = (), organ: OrganFacts | None = None,
    other: Link | None = None,
) -> Iterator[Page]:  # fmt: skip
    for page in pages:
        yield Page(
            url=page.url,
            template=template,
            title=column.name + (f"（第{page.name}页）" if page.name else ""),
            view=ListView(column.name, column.description, total, page, below, tree, organ, other),
            section="xxgk",
            trail=trail,
            description=column.description or column.name,
            meta=column.meta,
            contacts=organ.contacts if organ else (),
            is_indexed=total > 0,
        )


def _document_page(item: DisclosureFacts, channel: ChannelFacts | None) -> Page:
    path = channel.path if channel else ()
    trail = (HOME, XXGK, *(Link(name, f"/xxgk/c/{code}/") for code, name in path if code != ROOT_CODE))
    column = Column(channel.name, channel.description, "", COLUMN.kind) if channel else COLUMN
    words = item.keywords.replace(" ", ",")
    detail = (
        ("ArticleTitle", item.title),
        ("PubDate", item.published_minute),
        ("ContentSource", item.source),
        *((("Keywords", words),) if words else ()),
    )
    return Page(
        url=item.url,
        template="disclosure.html",
        title=item.title,
        view=DocumentView(item, Link(channel.name, channel.url) if channel else None),
        section="xxgk",
        trail=trail,
        description=item.summary or item.title,
        meta=column.meta + detail,
        document_id=item.id,
        contacts=item.organ.contacts,
        changed_on=item.day,
    )
