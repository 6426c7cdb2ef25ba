"""The one table of pages: which addresses there are, and what each shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from publisher.disclosure_pages import disclosure_pages, withdrawn_page
from publisher.facts import DisclosureFacts, QuestionFacts, ServiceFacts, SiteFacts, Snapshot
from publisher.lists import ListPage, newest_first
from publisher.navigation import HOME, ROOT_CODE, channel_tree
from publisher.page import Column, Link, Page
from publisher.service_pages import audiences, category_groups, life_events, service_pages

IN_FEED = 30
ON_HOME = 8
CHANNELS_ON_HOME = 4
IN_BLOCK = 5
IN_TITLE = 60  # characters
FULL_BLOCK = 3  # with fewer entries a block on the home page looks forgotten


@dataclass(frozen=True)
class Latest:
    """The newest entries of one channel."""

    channel: Link
    entries: tuple[DisclosureFacts, ...]


@dataclass(frozen=True)
class HomeView:
    """The first page of the site (A-28 … A-31, D-01)."""

    site: SiteFacts
    newest: tuple[DisclosureFacts, ...]
    latest: tuple[Latest, ...]
    groups: tuple[Link, ...]
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]
    services: int
    questions: tuple[QuestionFacts, ...]


@dataclass(frozen=True)
class QuestionsView:
    """Questions and answers; `items` are the live items some of them are about."""

    total: int
    page: ListPage
    items: dict[int, ServiceFacts]
    site: SiteFacts


@dataclass(frozen=True)
class QuestionView:
    """One question, and the live item it is about."""

    question: QuestionFacts
    item: ServiceFacts | None


@dataclass(frozen=True)
class MapView:
    """The site in one page."""

    everything: Link | None
    channels: tuple[Link, ...]
    categories: tuple[Link, ...]
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]


@dataclass(frozen=True)
class FeedView:
    """The newest disclosures for readers of feeds."""

    entries: tuple[DisclosureFacts, ...]
    updated_on: date | None


def page_table(snapshot: Snapshot) -> tuple[Page, ...]:
    """Every page of the site, site map and feed included."""
    pages = [*_front_pages(snapshot), *disclosure_pages(snapshot), *service_pages(snapshot)]
    pages += [withdrawn_page(item) for item in snapshot.withdrawn]
    listed = tuple(page for page in pages if page.is_indexed)
    return (*pages, Page("/sitemap.xml", "sitemap.xml", "", listed, is_indexed=False))


def _front_pages(snapshot: Snapshot) -> Iterator[Page]:
    yield _home(snapshot)
    yield from _question_pages(snapshot)
    roots = [Link("全部公开信息", channel.url) for channel in snapshot.channels if channel.code == ROOT_CODE]
    everything = roots[0] if roots else None
    yield Page(
        "/map.html", "map.html", "网站地图", trail=(HOME,),
        view=MapView(
            everything, channel_tree(snapshot), category_groups(snapshot), audiences(snapshot), life_events(snapshot)
        ),
    )  # fmt: skip
    yield Page("/404.html", "404.html", "没有找到您要的页面", snapshot.site, is_indexed=False)
    newest = tuple(reversed(snapshot.disclosures[-IN_FEED:]))
    days = [item.day for item in newest if item.day]
    yield Page("/feed.xml", "feed.xml", "", FeedView(newest, max(days, default=None)), is_indexed=False)


def _home(snapshot: Snapshot) -> Page:
    view = HomeView(
        site=snapshot.site,
        newest=tuple(reversed(snapshot.disclosures[-ON_HOME:])),
        latest=_latest_by_channel(snapshot),
        groups=category_groups(snapshot),
        audiences=audiences(snapshot),
        life_events=life_events(snapshot),
        services=len(snapshot.services),
        questions=tuple(reversed(snapshot.questions[-5:])),
    )
    description = f"{snapshot.site.name}网站：政府信息公开、政务服务、政民互动。"
    return Page("/", "home.html", snapshot.site.name, view, "home", description=description)


def _latest_by_channel(snapshot: Snapshot) -> tuple[Latest, ...]:
    """Channels in which something went public last, newest first; those with next to nothing come after."""
    channels = {channel.code: channel for channel in snapshot.channels}
    found: dict[str, list[DisclosureFacts]] = {}
    for item in reversed(snapshot.disclosures):
        if item.channel:
            found.setdefault(item.channel, []).append(item)
    chosen = sorted(found, key=lambda code: len(found[code]) < FULL_BLOCK)[:CHANNELS_ON_HOME]
    return tuple(
        Latest(Link(channels[code].name, channels[code].url), tuple(found[code][:IN_BLOCK]))
        for code in chosen
    )


def _question_pages(snapshot: Snapshot) -> Iterator[Page]:
    column = Column("政民互动", "公众提问与各单位的答复", "政民互动,咨询,答复", "政民互动")
    items = {item.id: item for item in snapshot.services}
    for page in newest_first("/hudong/", snapshot.questions):
        yield Page(
            url=page.url,
            template="hudong.html",
            title="政民互动" + (f"（第{page.name}页）" if page.name else ""),
            view=QuestionsView(len(snapshot.questions), page, items, snapshot.site),
            section="hudong",
            trail=(HOME,),
            description=column.description,
            meta=column.meta,
            contacts=(snapshot.site.contact_phone,),
        )
    for question in snapshot.questions:
        yield Page(
            url=question.url,
            template="question.html",
            title=cut(question.question),
            view=QuestionView(question, items.get(question.document_id or 0)),
            section="hudong",
            trail=(HOME, Link("政民互动", "/hudong/")),
            description=question.answer,
            meta=(
                *column.meta,
                ("ArticleTitle", cut(question.question)),
                ("PubDate", f"{question.answered_on} 00:00" if question.answered_on else ""),
                ("ContentSource", question.organ.name),
            ),
            contacts=(snapshot.site.contact_phone, *question.organ.contacts),
            changed_on=question.answered_on,
        )


def cut(text: str) -> str:
    """The beginning of a question, short enough for a title."""
    line = " ".join(text.split())
    return line if len(line) <= IN_TITLE else f"{line[: IN_TITLE - 1]}…"
