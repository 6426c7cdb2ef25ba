"""The pages of 政务服务专栏: its home, lists by category, organ, audience and life event, one page an item."""

from dataclasses import dataclass

from publisher import results
from publisher.categories import CATEGORIES
from publisher.facts import OrganFacts, QuestionFacts, ResultFacts, ServiceFacts, ServiceHead
from publisher.lists import ALL_ITEMS, LOOKED_AT, ONLINE_ITEMS, ListPage
from publisher.navigation import (
    HOME,
    ZWFW,
    category_groups,
    has_pages,
    list_page,
    named_lists,
    newest,
    organ_links,
    township_links,
    windows_below,
)
from publisher.page import Column, Link, Page
from publisher.source import Source
from publisher.structured import service_nodes

KIND = "政务服务"
RESULTS_ON_ITEM = 5


@dataclass(frozen=True)
class ServiceColumnView:
    """The home of the column (D-02, D-03)."""

    heading: str
    total: int
    online: int
    groups: tuple[Link, ...]
    departments: tuple[Link, ...]
    townships: tuple[Link, ...]
    villages: tuple[Link, ...]  # windows below townships
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]
    newest: tuple[ServiceHead, ...]


@dataclass(frozen=True)
class ServiceListView:
    """A page of a list of items (D-03c, D-04)."""

    heading: str
    description: str
    page: ListPage
    groups: tuple[Link, ...]
    organ: OrganFacts | None = None
    other: Link | None = None
    windows: tuple[
        tuple[OrganFacts, str], ...
    ] = ()  # of a township and its villages, with the list of their items


@dataclass(frozen=True)
class ItemView:
    """One item with the questions the public has asked about it."""

    item: ServiceFacts
    questions: tuple[QuestionFacts, ...]
    results: tuple[ResultFacts, ...] = ()  # the last closed, where everybody may read them
    results_total: int = 0
    results_url: str = ""


@dataclass(frozen=True)
class ResultsView:
    """A page of the list of an item's results (D-10c, D-10d)."""

    item: ServiceHead
    page: ListPage


def column_page(source: Source) -> Page:
    """The home of the column."""
    heading = f"{source.surroundings.site.region}政务服务专栏"
    townships = township_links(source)
    villages = tuple(link for town in townships for link in town.below)
    below = {link.url for link in villages}
    latest = sorted(source.services(source.places.newest(ALL_ITEMS, LOOKED_AT)), key=newest, reverse=True)
    view = ServiceColumnView(
        heading=heading,
        total=source.places.state(ALL_ITEMS).size,
        online=source.places.state(ONLINE_ITEMS).size,
        groups=category_groups(source, counts=True),
        departments=tuple(
            link for link in organ_links(source, "/zwfw/", townships=False) if link.url not in below
        ),
        townships=townships,
        villages=villages,
        audiences=named_lists(source, "/zwfw/a/", counts=True),
        life_events=named_lists(source, "/zwfw/e/", counts=True),
        newest=tuple(latest[:8]),
    )
    description = f"{heading}：办事指南、网上咨询、表格下载、网上申请和结果反馈。"
    column = Column("政务服务专栏", description, "政务服务,办事指南,网上办事", KIND)
    return Page("/zwfw/", "zwfw.html", heading, view, "zwfw", (HOME,), description, column.meta)


def all_page(source: Source, number: int | None) -> Page | None:
    """A page of the list of every item."""
    return _listed(source, ALL_ITEMS, number, "全部事项", "本专栏公布的全部政务服务事项")


def online_page(source: Source, number: int | None) -> Page | None:
    """A page of the list of items one may apply for (A-29)."""
    return _listed(
        source, ONLINE_ITEMS, number, "网上申请", "可以在网上提交申请的事项", template="online.html"
    )


def category_page(source: Source, code: str, number: int | None) -> Page | None:
    """A page of the list of a category."""
    category = next((each for each in CATEGORIES.values() if each.code == code), None)
    if category is None:
        return None
    return _listed(source, category.url, number, category.name, f"{category.name}类事项")


def organ_page(source: Source, organ_id: int, number: int | None) -> Page | None:
    """A page of the list of an organ's items."""
    organ = source.organs.get(organ_id)
    if organ is None or not has_pages(source, organ):
        return None
    url = f"/xxgk/o/{organ_id}/"
    other = Link(f"{organ.short_name}公开的政府信息", url) if source.places.state(url).size else None
    return _listed(
        source, f"/zwfw/o/{organ_id}/", number, organ.name, f"{organ.name}办理的政务服务事项",
        organ=organ, other=other if number is None else None, windows=_windows(source, organ) if number is None else (),
    )  # fmt: skip


def _windows(source: Source, organ: OrganFacts) -> tuple[tuple[OrganFacts, str], ...]:
    lists = ((window, f"/zwfw/o/{window.id}/") for window in windows_below(source, organ))
    return tuple((window, url if source.places.state(url).size else "") for window, url in lists)


def named_page(source: Source, base: str, code: str, number: int | None) -> Page | None:
    """A page of the list of an audience (base a) or of a life event (base e)."""
    url = f"/zwfw/{base}/{code}/"
    state = source.places.state(url)
    if not state.label:
        return None
    label = f"面向{state.label}的事项" if base == "a" else f"与“{state.label}”有关的事项"
    return _listed(source, url, number, state.label, label)


def item_page(source: Source, item: ServiceFacts) -> Page:
    """The page of one item."""
    category = (Link(item.category.name, item.category.url),) if item.category else ()
    column = Column(item.category.name if item.category else "政务服务专栏", "办事指南", "", KIND)
    detail = (
        ("ArticleTitle", item.title),
        ("PubDate", item.published_minute),
        ("ContentSource", item.organ.name),
    )
    asked = source.questions(source.places.newest(item.url, source.places.state(item.url).last_place))
    listed = results.results_address(item.id) if results.are_listed(source, item.id) else ""
    return Page(
        url=item.url,
        template="service.html",
        title=item.title,
        view=ItemView(
            item,
            tuple(asked),
            results=tuple(results.newest_results(source, item.id, RESULTS_ON_ITEM)) if listed else (),
            results_total=source.places.state(listed).size if listed else 0,
            results_url=listed,
        ),
        section="zwfw",
        trail=(HOME, ZWFW, *category),
        description=item.summary or item.content or f"{item.title}办事指南",
        meta=column.meta,
        detail=detail,
        is_for_print=True,
        about=service_nodes(item, source.surroundings.site.region, tuple(asked)),
        document_id=item.id,
        contacts=(item.phone, item.supervision_phone, item.place, *item.organ.contacts),
        changed_on=item.updated_on,
        files=(*item.files, *(file for form in item.forms for file in (form.file, form.sample) if file)),
    )


def results_page(source: Source, document: int, number: int | None) -> Page | None:
    """A page of the list of an item's results. Search engines are asked to leave it out."""
    item = source.head(document)
    if not isinstance(item, ServiceHead) or not results.are_listed(source, document):
        return None
    page = results.results_page(source, results.results_address(document), number)
    if page is None:
        return None
    heading = f"{item.title}：结果公示"
    description = f"{item.title}已办结办件的办理结果"
    return Page(
        url=page.url,
        template="results.html",
        title=heading + (f"（第{page.name}页）" if page.name else ""),
        view=ResultsView(item, page),
        section="zwfw",
        trail=(HOME, ZWFW, Link(item.title, item.url)),
        description=description,
        meta=Column("结果公示", description, "", KIND).meta,
        contacts=(item.phone, item.supervision_phone),
        is_indexed=False,
    )


def _listed(
    source: Source, address: str, number: int | None, heading: str, description: str, *,
    template: str = "services.html", organ: OrganFacts | None = None, other: Link | None = None,
    windows: tuple[tuple[OrganFacts, str], ...] = (),
) -> Page | None:  # fmt: skip
    page = list_page(source, address, number)
    if page is None:
        return None
    contacts = tuple(contact for item in page.entries for contact in (item.phone, item.supervision_phone))
    return Page(
        url=page.url,
        template=template,
        title=heading + (f"（第{page.name}页）" if page.name else ""),
        view=ServiceListView(heading, description, page, category_groups(source), organ, other, windows),
        section="zwfw",
        trail=(HOME, ZWFW),
        description=description,
        meta=Column(heading, description, "", KIND).meta,
        contacts=(
            *contacts,
            *(organ.contacts if organ else ()),
            *(each for window, _ in windows for each in window.contacts),
        ),
        is_indexed=page.total != 0,
    )
