"""Pages about the site as a whole: its home, its map, its feed, its site maps for search engines, and the page 404."""

import re
from dataclasses import dataclass
from datetime import date

from publisher import catalogues, duty_pages, report_pages
from publisher.consultation_pages import Consultation, running
from publisher.disclosure_pages import newest_disclosures
from publisher.facts import DisclosureHead, QuestionFacts, ServiceHead, SiteFacts
from publisher.lists import ALL_ITEMS, CATALOGUE, CONSULTATIONS, LOOKED_AT, ONLINE_ITEMS, QUESTIONS, REPORTS
from publisher.navigation import (
    HOME,
    category_groups,
    channel_address,
    channel_link,
    channel_tree,
    has_pages,
    named_lists,
    newest,
)
from publisher.page import Link, Page
from publisher.source import Source
from publisher.structured import site_node

IN_FEED = 30
ON_HOME = 6
CHANNELS_ON_HOME = 5
IN_BLOCK = 5
FULL_BLOCK = 3  # with fewer entries a block on the home page looks forgotten
QUESTIONS_ON_HOME = 6
CONSULTATIONS_ON_HOME = 4
EVENTS_ON_HOME = 11
POPULAR_ON_HOME = 8
ASKED_ABOUT = 40  # items among which the popular ones are looked for
ITEM = re.compile(r"/zwfw/[1-9]\d{0,8}/", re.ASCII)
IN_SHARD = 200  # places of a list in one site map: one edit renders one of them
SHARDED = {"xxgk": CATALOGUE, "zwfw": ALL_ITEMS, "hudong": QUESTIONS}


@dataclass(frozen=True)
class Latest:
    """The newest entries of one channel."""

    channel: Link
    entries: tuple[DisclosureHead, ...]


@dataclass(frozen=True)
class HomeView:
    """The first page of the site (A-28 … A-31, D-01)."""

    site: SiteFacts
    newest: tuple[DisclosureHead, ...]
    latest: tuple[Latest, ...]
    groups: tuple[Link, ...]
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]
    popular: tuple[ServiceHead, ...]
    parts: tuple[Link, ...]  # of the disclosure column: guide, rules, what the law wants, annual reports
    services: int
    online: int
    questions: tuple[QuestionFacts, ...]
    running: tuple[Consultation, ...]


@dataclass(frozen=True)
class MapView:
    """The site in one page."""

    channels: tuple[Link, ...]
    categories: tuple[Link, ...]
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]


@dataclass(frozen=True)
class FeedView:
    """The newest disclosures for readers of feeds."""

    title: str
    about: str
    entries: tuple[DisclosureHead, ...]
    updated_at: str

    @staticmethod
    def minute_of(item: DisclosureHead) -> str:
        """When an entry went public."""
        return minute_of(item)


@dataclass(frozen=True)
class Place:
    """An address in a site map."""

    url: str
    changed_on: date | None = None


def home_page(source: Source) -> Page:
    """The first page of the site."""
    site, found = source.surroundings.site, newest_disclosures(source)
    asked = source.questions(source.places.newest(QUESTIONS, 20))
    asked.sort(key=lambda each: (str(each.answered_on or ""), each.id), reverse=True)
    view = HomeView(
        site=site,
        newest=tuple(found[:ON_HOME]),
        latest=_latest_by_channel(found),
        groups=category_groups(source, counts=True),
        audiences=named_lists(source, "/zwfw/a/", counts=True),
        life_events=_fullest(named_lists(source, "/zwfw/e/", counts=True), EVENTS_ON_HOME),
        popular=_most_asked_about(source),
        parts=tuple(Link(link.name, link.url) for link in channel_tree(source)),
        services=source.places.state(ALL_ITEMS).size,
        online=source.places.state(ONLINE_ITEMS).size,
        questions=tuple(asked[:QUESTIONS_ON_HOME]),
        running=running(source)[:CONSULTATIONS_ON_HOME],
    )
    description = f"{site.name}网站：政府信息公开、政务服务、政民互动。"
    return Page(
        "/", "home.html", site.name, view, "home", description=description, about=(site_node(site),),
        contacts=(site.contact_phone,),
    )  # fmt: skip


def _latest_by_channel(found: list[DisclosureHead]) -> tuple[Latest, ...]:
    """Channels in which something went public last, newest first; those with next to nothing come after."""
    by_channel: dict[str, list[DisclosureHead]] = {}
    for item in found:
        if item.channel:
            by_channel.setdefault(item.channel.code, []).append(item)
    chosen = sorted(by_channel, key=lambda code: len(by_channel[code]) < FULL_BLOCK)[:CHANNELS_ON_HOME]
    return tuple(
        Latest(link, tuple(by_channel[code][:IN_BLOCK]))
        for code in chosen
        if (link := channel_link(by_channel[code][0].channel))
    )


def _fullest(links: tuple[Link, ...], count: int) -> tuple[Link, ...]:
    """The links with most behind them, in their order."""
    chosen = sorted(links, key=lambda link: -(link.count or 0))[:count]
    return tuple(link for link in links if link in chosen)


def _most_asked_about(source: Source) -> tuple[ServiceHead, ...]:
    """Items with most questions of the public; where few were asked about, items one may apply for follow."""
    asked = {
        int(url.split("/")[2]): state.size
        for url, state in source.places.lists.items()
        if ITEM.fullmatch(url) and state.size
    }
    wanted = sorted(asked, key=lambda item: (-asked[item], item))[:ASKED_ABOUT]
    wanted += source.places.between(ONLINE_ITEMS, 1, ASKED_ABOUT)
    found = {head.id: head for head in source.services(wanted) if not head.is_penalty}
    return tuple(found[item] for item in dict.fromkeys(wanted) if item in found)[:POPULAR_ON_HOME]


def map_page(source: Source) -> Page:
    """The map of the site for people."""
    view = MapView(
        channels=channel_tree(source),
        categories=category_groups(source),
        audiences=named_lists(source, "/zwfw/a/"),
        life_events=named_lists(source, "/zwfw/e/"),
    )
    name = source.surroundings.site.name
    description = f"{name}网站地图：政府信息公开和政务服务的全部栏目。"
    return Page("/map.html", "map.html", "网站地图", view, trail=(HOME,), description=description)


def missing_page(source: Source) -> Page:
    """What an address says at which there is nothing."""
    return Page("/404.html", "404.html", "没有找到您要的页面", source.surroundings.site, is_indexed=False)


def open_search(source: Source) -> Page:
    """How a browser searches this site by its address bar."""
    return Page("/opensearch.xml", "opensearch.xml", "", source.surroundings.site, is_indexed=False)


def robots(source: Source) -> Page:
    """What is not for search engines: the forms of citizens, and the back office."""
    return Page("/robots.txt", "robots.txt", "", source.surroundings.site, is_indexed=False)


def feed_page(source: Source) -> Page:
    """The newest disclosures as an Atom feed."""
    return _feed("/feed.xml", f"{source.surroundings.site.name}最新信息", "/", newest_disclosures(source))


def channel_feed(source: Source, code: str) -> Page | None:
    """The newest disclosures of a main channel as an Atom feed."""
    address = channel_address(code)
    if f"{address}feed.xml" not in feeds(source):
        return None
    found = sorted(source.disclosures(source.places.newest(address, LOOKED_AT)), key=newest, reverse=True)
    title = f"{source.surroundings.site.name}：{source.channels[code].name}"
    return _feed(f"{address}feed.xml", title, address, found)


def feeds(source: Source) -> list[str]:
    """The feeds of main channels, those right below the column."""
    return [f"{link.url}feed.xml" for link in channel_tree(source)]


def _feed(url: str, title: str, about: str, found: list[DisclosureHead]) -> Page:
    view = FeedView(title, about, tuple(found[:IN_FEED]), max(map(minute_of, found[:IN_FEED]), default=""))
    return Page(url, "feed.xml", "", view, is_indexed=False)


def minute_of(item: DisclosureHead) -> str:
    """When it went public, as feeds write it; a date that came without a time begins at midnight."""
    day, _, minute = item.published_minute.partition(" ")
    return f"{day or item.day or '1970-01-01'}T{minute or '00:00'}:00+08:00"


def site_map_index(source: Source) -> Page:
    """The site map for search engines: which shards there are."""
    return Page("/sitemap.xml", "sitemap-index.xml", "", tuple(shard_addresses(source)), is_indexed=False)


def shard_addresses(source: Source) -> list[str]:
    """Every shard of the site map."""
    shards = [
        f"/sitemap-{name}-{number}.xml"
        for name, address in SHARDED.items()
        for number in range(1, -(-source.places.state(address).last_place // IN_SHARD) + 1)
    ]
    return ["/sitemap-lists.xml", *shards]


def shard_of(address: str, place: int) -> str | None:
    """The shard of the site map in which a place of a list stands, or None for a list that has none."""
    name = next((name for name, sharded in SHARDED.items() if sharded == address), None)
    return f"/sitemap-{name}-{(place - 1) // IN_SHARD + 1}.xml" if name else None


def shard_page(source: Source, name: str, number: int) -> Page | None:
    """A shard of the site map: the documents or questions on so many places."""
    address = SHARDED.get(name)
    first, last = (number - 1) * IN_SHARD + 1, number * IN_SHARD
    if address is None or not 1 <= first <= source.places.state(address).last_place:
        return None
    ids = source.places.between(address, first, last)
    if address == QUESTIONS:
        places = [Place(each.url, each.answered_on) for each in source.questions(ids)]
    elif address == CATALOGUE:
        places = [Place(each.url, each.day) for each in source.disclosures(ids)]
    else:
        places = [Place(each.url, each.updated_on) for each in source.services(ids)]
    return Page(f"/sitemap-{name}-{number}.xml", "sitemap.xml", "", tuple(places), is_indexed=False)


def lists_shard(source: Source) -> Page:
    """The shard of the site map with the columns and the first page of every list that has entries."""
    organs = [organ.id for organ in source.organs.values() if has_pages(source, organ)]
    lists = [
        CATALOGUE, *(channel_address(code) for code in source.channels), *(f"/xxgk/o/{key}/" for key in organs),
        ALL_ITEMS, ONLINE_ITEMS, *(link.url for group in category_groups(source) for link in group.below),
        *(f"/zwfw/o/{key}/" for key in organs), *(link.url for link in named_lists(source, "/zwfw/a/")),
        *(link.url for link in named_lists(source, "/zwfw/e/")),
    ]  # fmt: skip
    lists += [
        CONSULTATIONS,
        *sorted(url for url in source.places.lists if url.startswith((REPORTS, "/hudong/o/"))),
    ]
    filled = [url for url in dict.fromkeys(lists) if source.places.state(url).size]
    filled += [*report_pages.indexed(source), *duty_pages.indexed(source), *catalogues.indexed(source)]
    places = tuple(Place(url) for url in ("/", "/xxgk/", "/zwfw/", QUESTIONS, "/map.html", *filled))
    return Page("/sitemap-lists.xml", "sitemap.xml", "", places, is_indexed=False)
