"""The pages of 政府信息公开专栏: its home, the catalogue, lists by channel and by organ, one page a document."""

from dataclasses import dataclass, replace

from publisher.catalogues import volume_links
from publisher.duty_pages import DUTIES, duties
from publisher.facts import (
    ChannelFacts,
    DisclosureFacts,
    DisclosureHead,
    OrganFacts,
    SiteFacts,
    WithdrawnFacts,
)
from publisher.lists import CATALOGUE, LOOKED_AT, REPORTS, ListPage
from publisher.navigation import (
    HOME,
    REPORTS_CODE,
    ROOT_CODE,
    XXGK,
    ZWFW,
    channel_address,
    channel_link,
    channel_tree,
    has_pages,
    list_page,
    newest,
    organ_links,
    own_list,
)
from publisher.page import Column, Link, Page
from publisher.related import Relation, Version, outcomes, related, versions
from publisher.report_pages import years as report_years
from publisher.source import Source

COLUMN = Column("政府信息公开专栏", "", "政府信息公开,主动公开,信息公开目录", "政府信息公开")
CATALOGUE_COLUMN = Column(
    "政府信息公开目录", "列出全部主动公开信息的索引号、名称、内容概述和生成日期", "", "政府信息公开"
)
LATEST = 10
IN_BLOCK = 5
YEARS = 6
ORDER = (
    "zhinan",
    "zhidu",
    "fdzdgk",
    "ml",
    REPORTS_CODE,
    "ysq",
)  # as 国办公开办函〔2019〕61号 names the parts
ICONS = {"zhinan": "guide", "zhidu": "papers", "fdzdgk": "disclosure"}


@dataclass(frozen=True)
class Block:
    """A part of the column on its home: a channel with what is below it, the catalogue, the reports, or requests."""

    key: str
    name: str
    url: str
    description: str
    icon: str
    below: tuple[Link, ...] = ()
    latest: tuple[DisclosureHead, ...] = ()


@dataclass(frozen=True)
class ColumnView:
    """The home of the column (条例 arts. 12, 20, 21; 国办公开办函〔2019〕61号)."""

    site: SiteFacts
    total: int
    blocks: tuple[Block, ...]
    others: tuple[Link, ...]
    latest: tuple[DisclosureHead, ...]
    departments: tuple[Link, ...]
    townships: tuple[Link, ...]


@dataclass(frozen=True)
class ListView:
    """A page of a list by channel or by organ."""

    heading: str
    description: str
    page: ListPage
    below: tuple[Link, ...] = ()
    tree: tuple[Link, ...] = ()
    organ: OrganFacts | None = None
    other: Link | None = None


@dataclass(frozen=True)
class DocumentView:
    """One document with the channel it stands in and its neighbours there."""

    item: DisclosureFacts
    channel: Link | None
    older: DisclosureHead | None
    newer: DisclosureHead | None
    relations: tuple[Relation, ...] = ()
    outcomes: tuple[DisclosureHead, ...] = ()
    versions: tuple[Version, ...] = ()


def column_page(source: Source) -> Page:
    """The home of the column, its parts in the order that the site sets."""
    site, tree = source.surroundings.site, channel_tree(source)
    order = site.disclosure_order or ORDER
    blocks = tuple(block for key in order if (block := _block(source, key)))
    shown = {block.url for block in blocks}
    view = ColumnView(
        site=site,
        total=source.places.state(CATALOGUE).size,
        blocks=blocks,
        others=tuple(
            link for link in tree if link.url not in shown and not link.url.endswith(f"/{REPORTS_CODE}/")
        ),
        latest=tuple(newest_disclosures(source)[:LATEST]),
        departments=organ_links(source, "/xxgk/", townships=False),
        townships=organ_links(source, "/xxgk/", townships=True),
    )
    return Page(
        "/xxgk/", "xxgk.html", "政府信息公开专栏", view, "xxgk", (HOME,), meta=COLUMN.meta,
        contacts=(site.contact_phone, site.contact_address),
        description=f"{site.region}政府信息公开专栏：指南、制度、法定主动公开内容、目录和年报。",
    )  # fmt: skip


def _block(source: Source, key: str) -> Block | None:
    """A part of the column by its key: `ml`, `sx`, `nianbao`, `ysq`, or the code of a channel."""
    if key == "ml":
        below = (Link("政府信息公开目录", CATALOGUE, source.places.state(CATALOGUE).size),)
        if duties(source):
            below += (Link("政府信息公开事项目录", DUTIES, sum(map(len, duties(source).values()))),)
        return Block(
            key, "政府信息公开目录", CATALOGUE, "索引号、名称、内容概述、生成日期；可下载", "catalogue", below
        )
    if key == "ysq":
        return Block(key, "依申请公开", "#ysq", "申请没有主动公开的信息", "request")
    channel = source.channels.get(key)
    if channel is None or key == ROOT_CODE:
        return None
    if key == REPORTS_CODE:
        return Block(
            key, channel.name, REPORTS, "按年度、按机关查找", "calendar", report_years(source)[:YEARS]
        )
    below = tuple(
        Link(each.name, channel_address(each.code), source.places.state(channel_address(each.code)).size)
        for each in map(source.channels.__getitem__, channel.below)
    )
    latest = () if below else _newest_in(source, channel)
    return Block(
        key, channel.name, channel.url, channel.description, ICONS.get(key, "disclosure"), below, latest
    )


def _newest_in(source: Source, channel: ChannelFacts) -> tuple[DisclosureHead, ...]:
    """What went public last in a channel, newest first."""
    heads = source.disclosures(source.places.newest(channel.url, LOOKED_AT))
    return tuple(sorted(heads, key=newest, reverse=True)[:IN_BLOCK])


def newest_disclosures(source: Source) -> list[DisclosureHead]:
    """What went public last, newest first."""
    heads = source.disclosures(source.places.newest(CATALOGUE, LOOKED_AT))
    return sorted(heads, key=newest, reverse=True)


def catalogue_page(source: Source, number: int | None) -> Page | None:
    """A page of the catalogue (条例 art. 12)."""
    page = list_page(source, CATALOGUE, number)
    files = volume_links(source, number)
    return _listed(page, "catalogue.html", (HOME, XXGK), CATALOGUE_COLUMN, below=files) if page else None


def channel_page(source: Source, code: str, number: int | None) -> Page | None:
    """A page of the list of a channel and of everything below it."""
    channel = source.channels.get(code)
    page = list_page(source, channel_address(code), number) if channel and code != ROOT_CODE else None
    if channel is None or page is None:
        return None
    below = [source.channels[each] for each in channel.below]
    links = [
        Link(each.name, channel_address(each.code), source.places.state(channel_address(each.code)).size)
        for each in below
    ]
    column = Column(channel.name, channel.description, "", COLUMN.kind)
    listed = _listed(
        page, "list.html", _trail(channel)[:-1], column,
        below=tuple(links) if number is None else (), tree=channel_tree(source),
    )  # fmt: skip
    is_main = any(link.url == channel_address(code) for link in channel_tree(source))
    return replace(listed, feed=f"{channel_address(code)}feed.xml") if is_main else listed


def organ_page(source: Source, organ_id: int, number: int | None) -> Page | None:
    """A page of the list of what an organ has made public."""
    organ = source.organs.get(organ_id)
    page = list_page(source, f"/xxgk/o/{organ_id}/", number)
    if organ is None or page is None or not has_pages(source, organ):
        return None
    url = f"/zwfw/o/{organ_id}/"
    other = Link(f"{organ.short_name}的政务服务事项", url) if source.places.state(url).size else None
    column = Column(organ.name, f"{organ.name}主动公开的政府信息", "", COLUMN.kind)
    return _listed(
        page, "list.html", (HOME, XXGK), column, organ=organ, other=other if number is None else None
    )


def document_page(source: Source, item: DisclosureFacts) -> Page:
    """The page of one disclosure."""
    channel, (older, newer) = item.channel, _neighbours(source, item)
    relations = related(source, item)
    beside = [*(head for each in relations for head in each.documents), *filter(None, (older, newer))]
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
        view=DocumentView(
            item,
            channel_link(channel),
            older,
            newer,
            relations,
            outcomes(relations),
            versions(source, item),
        ),
        section="xxgk",
        trail=_trail(channel),
        description=item.summary or item.title,
        meta=column.meta,
        detail=detail,
        document_id=item.id,
        contacts=item.organ.contacts,
        changed_on=item.day,
        files=item.files,
        beside=tuple(other.title for other in beside),
    )


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
        is_gone=True,
    )


def _neighbours(source: Source, item: DisclosureFacts) -> tuple[DisclosureHead | None, DisclosureHead | None]:
    address = own_list(item)
    place = source.places.of("document", item.id).get(address or "")
    if address is None or place is None:
        return None, None
    older, newer = source.places.neighbours(address, place)
    return _disclosure(source, older), _disclosure(source, newer)


def _disclosure(source: Source, document: int | None) -> DisclosureHead | None:
    return next(iter(source.disclosures([document])), None) if document else None


def _trail(channel: ChannelFacts | None) -> tuple[Link, ...]:
    path = channel.path if channel else ()
    return (HOME, XXGK, *(Link(name, channel_address(code)) for code, name in path if code != ROOT_CODE))


def _listed(
    page: ListPage, template: str, trail: tuple[Link, ...], column: Column, *, below: tuple[Link, ...] = (),
    tree: tuple[Link, ...] = (), organ: OrganFacts | None = None, other: Link | None = None,
) -> Page:  # fmt: skip
    return Page(
        url=page.url,
        template=template,
        title=column.name + (f"（第{page.name}页）" if page.name else ""),
        view=ListView(column.name, column.description, page, below, tree, organ, other),
        section="xxgk",
        trail=trail,
        description=column.description or column.name,
        meta=column.meta,
        contacts=organ.contacts if organ else (),
        is_indexed=page.total != 0,
    )
