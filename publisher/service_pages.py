"""The pages of 政务服务专栏: its home, lists by category, organ, audience and life event, one page an item."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from publisher.categories import CATEGORIES, CONVENIENCE, POWERS
from publisher.facts import (
    OrganFacts,
    QuestionFacts,
    ServiceFacts,
    Snapshot,
)
from publisher.lists import ListPage, in_order
from publisher.navigation import HOME, ZWFW, counted, organ_links
from publisher.page import Column, Link, Page

ALL_URL = "/zwfw/all/"
ONLINE_URL = "/zwfw/online/"
KIND = "政务服务"
AUDIENCE_CODES = {"个人": "gr", "企业": "qy"}


@dataclass(frozen=True)
class ServiceColumnView:
    """The home of the column (D-02, D-03)."""

    heading: str
    total: int
    online: int
    groups: tuple[Link, ...]
    departments: tuple[Link, ...]
    townships: tuple[Link, ...]
    audiences: tuple[Link, ...]
    life_events: tuple[Link, ...]
    newest: tuple[ServiceFacts, ...]


@dataclass(frozen=True)
class ServiceListView:
    """A page of a list of items (D-03c, D-04)."""

    heading: str
    description: str
    total: int
    page: ListPage
    groups: tuple[Link, ...]
    organ: OrganFacts | None = None
    other: Link | None = None


@dataclass(frozen=True)
class ItemView:
    """One item with the questions the public has asked about it."""

    item: ServiceFacts
    questions: tuple[QuestionFacts, ...]


def service_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Every page below /zwfw/."""
    groups = category_groups(snapshot)
    yield _column_page(snapshot, groups)
    items = snapshot.services
    yield from _list_pages(ALL_URL, "全部事项", "本专栏公布的全部政务服务事项", items, groups)
    online = [item for item in items if item.apply_url]
    yield from _list_pages(
        ONLINE_URL, "网上申请", "可以在网上提交申请的事项", online, groups, template="online.html"
    )
    for category in CATEGORIES.values():
        chosen = [item for item in items if item.category == category]
        yield from _list_pages(category.url, category.name, f"{category.name}类事项", chosen, groups)
    for organ in snapshot.organs:
        yield from _organ_pages(organ, snapshot, groups)
    for base, links, names in (
        ("a", audiences(snapshot), lambda item: item.audience),
        ("e", life_events(snapshot), lambda item: item.life_events),
    ):
        for link in links:
            chosen = [item for item in items if link.name in names(item)]
            label = f"面向{link.name}的事项" if base == "a" else f"与“{link.name}”有关的事项"
            yield from _list_pages(link.url, link.name, label, chosen, groups)
    asked = _questions_by_item(snapshot)
    for item in items:
        yield _item_page(item, asked.get(item.id, ()))


def category_groups(snapshot: Snapshot) -> tuple[Link, ...]:
    """Two levels of category navigation (D-03b, C-02); a category without items is left out."""
    groups = []
    for name in (POWERS, CONVENIENCE):
        below = tuple(
            Link(category.name, category.url, count)
            for category in CATEGORIES.values()
            if category.group == name
            and (count := sum(1 for item in snapshot.services if item.category == category))
        )
        if below:
            groups.append(Link(name, below[0].url, sum(link.count or 0 for link in below), below=below))
    return tuple(groups)


def audiences(snapshot: Snapshot) -> tuple[Link, ...]:
    """Whom items serve: 个人, 企业."""
    return _named(snapshot.services, "/zwfw/a/", lambda item: item.audience)


def life_events(snapshot: Snapshot) -> tuple[Link, ...]:
    """The events of life or business that items belong to."""
    return _named(snapshot.services, "/zwfw/e/", lambda item: item.life_events)


def _named(
    items: Iterable[ServiceFacts], base: str, names: Callable[[ServiceFacts], Iterable[str]]
) -> tuple[Link, ...]:
    counts: dict[str, int] = {}
    for item in items:
        for name in dict.fromkeys(names(item)):
            counts[name] = counts.get(name, 0) + 1
    return tuple(Link(name, f"{base}{_code_of(name)}/", count) for name, count in sorted(counts.items()))


def _column_page(snapshot: Snapshot, groups: tuple[Link, ...]) -> Page:
    counts = counted(item.organ for item in snapshot.services)
    heading = f"{snapshot.site.region}政务服务专栏"
    newest = sorted(snapshot.services, key=lambda item: (str(item.sorted_on or ""), item.id), reverse=True)
    view = ServiceColumnView(
        heading=heading,
        total=len(snapshot.services),
        online=sum(1 for item in snapshot.services if item.apply_url),
        groups=groups,
        departments=organ_links(snapshot, "/zwfw/", counts, townships=False),
        townships=organ_links(snapshot, "/zwfw/", counts, townships=True),
        audiences=audiences(snapshot),
        life_events=life_events(snapshot),
        newest=tuple(newest[:8]),
    )
    description = f"{heading}：办事指南、网上咨询、表格下载、网上申请和结果反馈。"
    column = Column("政务服务专栏", description, "政务服务,办事指南,网上办事", KIND)
    return Page("/zwfw/", "zwfw.html", heading, view, "zwfw", (HOME,), description, column.meta)


def _organ_pages(organ: OrganFacts, snapshot: Snapshot, groups: tuple[Link, ...]) -> Iterator[Page]:
    chosen = [item for item in snapshot.services if item.organ.id == organ.id]
    disclosed = sum(1 for item in snapshot.disclosures if item.organ.id == organ.id)
    other = (
        Link(f"{organ.short_name}公开的政府信息", f"/xxgk/o/{organ.id}/", disclosed) if disclosed else None
    )
    label = f"{organ.name}办理的政务服务事项"
    yield from _list_pages(
        f"/zwfw/o/{organ.id}/", organ.name, label, chosen, groups, organ=organ, other=other
    )


def _list_pages(
    url: str, heading: str, description: str, items: Sequence[ServiceFacts], groups: tuple[Link, ...], *,
    template: str = "services.html", organ: OrganFacts | None = None, other: Link | None = None,
) -> Iterator[Page]:  # fmt: skip
    column = Column(heading, description, "", KIND)
    for page in in_order(url, items):
        contacts = tuple(contact for item in page.entries for contact in (item.phone, item.supervision_phone))
        yield Page(
            url=page.url,
            template=template,
            title=heading + (f"（第{page.name}页）" if page.name else ""),
            view=ServiceListView(heading, description, len(items), page, groups, organ, other),
            section="zwfw",
            trail=(HOME, ZWFW),
            description=description,
            meta=column.meta,
            contacts=contacts + (organ.contacts if organ else ()),
            is_indexed=bool(items),
        )


def _questions_by_item(snapshot: Snapshot) -> dict[int, tuple[QuestionFacts, ...]]:
    asked: dict[int, tuple[QuestionFacts, ...]] = {}
    for question in reversed(snapshot.questions):
        if question.document_id is not None:
            asked[question.document_id] = (*asked.get(question.document_id, ()), question)
    return asked


def _item_page(item: ServiceFacts, questions: tuple[QuestionFacts, ...]) -> Page:
    category = (Link(item.category.name, item.category.url),) if item.category else ()
    column = Column(item.category.name if item.category else "政务服务专栏", "办事指南", "", KIND)
    detail = (
        ("ArticleTitle", item.title),
        ("PubDate", item.published_minute),
        ("ContentSource", item.organ.name),
    )
    return Page(
        url=item.url,
        template="service.html",
        title=item.title,
        view=ItemView(item, questions),
        section="zwfw",
        trail=(HOME, ZWFW, *category),
        description=item.summary or item.content or f"{item.title}办事指南",
        meta=column.meta + detail,
        document_id=item.id,
        contacts=(item.phone, item.supervision_phone, *item.organ.contacts),
        changed_on=item.updated_on,
    )


def _code_of(name: str) -> str:
    """A permanent address part for a name: of a life event or an audience without a code of its own."""
    return AUDIENCE_CODES.get(name) or hashlib.sha256(name.encode()).hexdigest()[:8]
