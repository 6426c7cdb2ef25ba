"""Catalogues of service items by organ and by kind (B-12, B-13, B-20 … B-25), and volumes of the disclosure catalogue.

Each is a page and, for publication by other means (A-33), a workbook and a document of the same table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from content import published
from publisher.categories import CATEGORIES, Category
from publisher.facts import DisclosureHead, OrganFacts, ServiceHead
from publisher.lists import ALL_ITEMS, CATALOGUE, span
from publisher.navigation import HOME, ZWFW
from publisher.office import Table, docx, xlsx
from publisher.page import Column, Link, Page
from publisher.source import Source

INDEX = "/zwfw/ml/"
PER_SHEET = 200  # rows of one page
IN_VOLUME = 200  # places of the disclosure catalogue in one file: one edit makes one volume anew
NEWEST_VOLUMES = 10  # that the first page of the catalogue leads to; each other page leads to its own
ADDRESS = re.compile(r"/zwfw/ml/([ok]/[a-z0-9]{1,20})/[a-z0-9.]*", re.ASCII)
VOLUME = re.compile(r"/xxgk/ml/volume-([1-9]\d{0,5})\.(?:xlsx|docx)", re.ASCII)
MAKERS = {"xlsx": xlsx, "docx": docx}
HEAD_NAMES = {
    "行政审批": "非行政许可的行政审批",
    "便民服务": "便民服务事项",
}  # as the head of the form says (B-22)
IN_HEAD = 7  # categories that the head names even where there are none
COLUMNS = ("序号", "事项名称", "事项类型", "办理主体", "行使依据", "法定期限", "收费标准与依据")
WIDTHS = (5, 22, 11, 16, 42, 10, 20)
VOLUME_COLUMNS = (
    "序号",
    "索引号",
    "名称",
    "内容概述",
    "发文字号",
    "发布机构",
    "生成日期",
    "发布日期",
    "有效性",
)
VOLUME_WIDTHS = (5, 20, 30, 38, 16, 16, 10, 10, 7)
KIND = "政务服务"


@dataclass(frozen=True)
class Entry:
    """One item in a catalogue: the six columns of B-12, with its number in its category (B-23)."""

    number: int
    item: ServiceHead
    category: str
    subject: str
    basis: tuple[str, ...]
    legal_limit: str
    fee: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            str(self.number), self.item.title, self.category, self.subject, "\n".join(self.basis), self.legal_limit,
            self.fee,
        )  # fmt: skip


@dataclass(frozen=True)
class CatalogueView:
    """A page of a catalogue: its head, its rows by category, and where else it can be had."""

    heading: str
    head: str
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]
    files: tuple[Link, ...]
    pages: tuple[Link, ...]
    list_url: str


@dataclass(frozen=True)
class IndexView:
    """Every catalogue of service items there is."""

    kinds: tuple[Link, ...]
    departments: tuple[Link, ...]
    townships: tuple[Link, ...]
    total: int


def catalogue_of(list_url: str) -> str | None:
    """The address of the catalogue of the items in this list, or None where a list has none."""
    return list_url.replace("/zwfw/", INDEX, 1) if list_url.startswith(("/zwfw/o/", "/zwfw/k/")) else None


def addresses(source: Source, list_url: str) -> list[str]:
    """Every page and file of the catalogue of a list, none while the list is empty."""
    size = source.places.state(list_url).size
    return _addresses(list_url, size) if size else []


def touched_by(source: Source, list_url: str, place: int) -> list[str]:
    """What a document on this place of a list touches: every page and file there was or is of a catalogue of items,
    since numbers move on; the volume of the disclosure catalogue."""
    if list_url == CATALOGUE:
        return volume_of(place)
    return _addresses(list_url, source.places.state(list_url).last_place)


def every_address(source: Source) -> list[str]:
    """Every page and file of every catalogue."""
    volume_files = [
        _volume_address(number, suffix) for number in range(1, volumes(source) + 1) for suffix in MAKERS
    ]
    return volume_files + [url for list_url in source.places.lists for url in addresses(source, list_url)]


def indexed(source: Source) -> list[str]:
    """The index and the first page of every catalogue of items, if there are any."""
    lists = [url for url in sorted(source.places.lists) if source.places.state(url).size]
    found = [base for url in lists if (base := catalogue_of(url))]
    return [INDEX, *found] if found else []


def exists(source: Source, address: str) -> bool:
    """Whether a catalogue has this address."""
    found = ADDRESS.fullmatch(address)
    if found:
        return address in addresses(source, f"/zwfw/{found[1]}/")
    volume = VOLUME.fullmatch(address)
    return volume is not None and int(volume[1]) <= volumes(source)


def _addresses(list_url: str, size: int) -> list[str]:
    base = catalogue_of(list_url)
    if base is None:
        return []
    pages = [f"{base}{number}.html" for number in range(2, -(-size // PER_SHEET) + 1)]
    return [base, *pages, *files_of(list_url)]


def files_of(list_url: str) -> list[str]:
    """The files of a catalogue, whether they are there or not."""
    base = catalogue_of(list_url)
    return [f"{base}catalogue.{suffix}" for suffix in MAKERS] if base else []


def index_page(source: Source) -> Page:
    """Which catalogues of service items there are."""

    def links(townships: bool) -> tuple[Link, ...]:
        return tuple(
            Link(organ.name, f"{INDEX}o/{organ.id}/", size)
            for organ in source.organs.values()
            if organ.is_township is townships and (size := source.places.state(f"/zwfw/o/{organ.id}/").size)
        )

    kinds = tuple(
        Link(category.name, f"{INDEX}k/{category.code}/", size)
        for category in CATEGORIES.values()
        if (size := source.places.state(category.url).size)
    )
    view = IndexView(kinds, links(False), links(True), source.places.state(ALL_ITEMS).size)
    description = "行政职权和便民服务事项目录，按部门、按类别编制，可以下载。"
    column = Column("政务服务事项目录", description, "事项目录,行政职权,便民服务", KIND)
    return Page(
        INDEX, "item-catalogues.html", "政务服务事项目录", view, "zwfw", (HOME, ZWFW), description, column.meta,
        is_indexed=bool(view.total),
    )  # fmt: skip


def catalogue_page(source: Source, base: str, key: str, number: int | None) -> Page | None:
    """A page of the catalogue of an organ (base o) or of a kind (base k)."""
    found = _catalogue(source, base, key)
    if found is None:
        return None
    heading, entries = found
    number = number or 1
    count = max(1, -(-len(entries) // PER_SHEET))
    if number > count:
        return None
    list_url, url = f"/zwfw/{base}/{key}/", f"{INDEX}{base}/{key}/"
    shown = entries[(number - 1) * PER_SHEET : number * PER_SHEET]
    sections = tuple(
        (name, rows)
        for name in _order(entries)
        if (rows := tuple(each for each in shown if each.category == name))
    )
    view = CatalogueView(
        heading, head_line(entries), sections,
        tuple(Link(suffix, address) for suffix, address in zip(MAKERS, files_of(list_url), strict=True)),
        tuple(Link(str(at), url if at == 1 else f"{url}{at}.html", is_here=at == number) for at in range(1, count + 1)),
        list_url,
    )  # fmt: skip
    return Page(
        url=url if number == 1 else f"{url}{number}.html",
        template="item-catalogue.html",
        title=heading + (f"（第{number}页）" if number > 1 else ""),
        view=view,
        section="zwfw",
        trail=(HOME, ZWFW, Link("政务服务事项目录", INDEX)),
        description=view.head,
        meta=Column(heading, view.head, "", KIND).meta,
        contacts=tuple(text for each in shown for text in (each.item.phone, each.item.supervision_phone)),
    )


def catalogue_file(source: Source, base: str, key: str, suffix: str) -> Page | None:
    """The catalogue of an organ or of a kind as a file."""
    found = _catalogue(source, base, key)
    if found is None:
        return None
    heading, entries = found
    table = Table(heading, head_line(entries), COLUMNS, WIDTHS, [each.cells for each in entries])
    return Page(
        f"{INDEX}{base}/{key}/catalogue.{suffix}", "", heading, table, is_indexed=False, make=MAKERS[suffix]
    )


def head_line(entries: Sequence[Entry]) -> str:
    """共 项；其中…: the total and the count of each category, in the order of the form (B-22)."""
    counts = {_name(category): 0 for category in list(CATEGORIES.values())[:IN_HEAD]}
    for name in _order(entries):
        counts[name] = sum(each.category == name for each in entries)
    return f"共{len(entries)}项；其中{'，'.join(f'{name}{count}项' for name, count in counts.items())}。"


def volumes(source: Source) -> int:
    """How many volumes the files of the disclosure catalogue have."""
    return -(-source.places.state(CATALOGUE).last_place // IN_VOLUME)


def volume_of(place: int) -> list[str]:
    """The files in which a place of the disclosure catalogue stands."""
    return [_volume_address((place - 1) // IN_VOLUME + 1, suffix) for suffix in MAKERS]


def volume_links(source: Source, page: int | None) -> tuple[Link, ...]:
    """The volume with the entries of a page of the disclosure catalogue; from its first page the newest ones."""
    if page is None:
        numbers = range(volumes(source), 0, -1)[:NEWEST_VOLUMES]
    else:
        places = span(CATALOGUE, page, source.places.state(CATALOGUE).last_place)
        numbers = [(places[0] - 1) // IN_VOLUME + 1] if places else []
    return tuple(
        Link(f"第{number}册（{suffix}）", _volume_address(number, suffix))
        for number in numbers
        for suffix in MAKERS
    )


def _volume_address(number: int, suffix: str) -> str:
    return f"{CATALOGUE}volume-{number}.{suffix}"


def volume_file(source: Source, number: int, suffix: str) -> Page | None:
    """A volume of the disclosure catalogue: what went public on so many places, in that order."""
    if not 1 <= number <= volumes(source):
        return None
    first = (number - 1) * IN_VOLUME + 1
    heads = source.disclosures(source.places.between(CATALOGUE, first, number * IN_VOLUME))
    rows = [_volume_cells(at, head) for at, head in enumerate(heads, 1)]
    title = f"{source.surroundings.site.region}政府信息公开目录（第{number}册）"
    table = Table(title, f"本册共{len(rows)}条。", VOLUME_COLUMNS, VOLUME_WIDTHS, rows)
    return Page(_volume_address(number, suffix), "", title, table, is_indexed=False, make=MAKERS[suffix])


def _volume_cells(number: int, head: DisclosureHead) -> tuple[str, ...]:
    return (
        str(number), head.number, head.title, head.summary, head.document_no, head.organ.name,
        str(head.produced_on or head.day or ""), str(head.day or ""), head.validity,
    )  # fmt: skip


def _catalogue(source: Source, base: str, key: str) -> tuple[str, tuple[Entry, ...]] | None:
    """The heading and rows of a catalogue; None for what has none."""
    list_url = f"/zwfw/{base}/{key}/"
    state = source.places.state(list_url)
    heading = _heading(source, base, key)
    if heading is None or not state.size:
        return None
    heads = source.services(source.places.between(list_url, 1, state.last_place))
    known = tuple(head.edition_id for head in heads)
    if source.memo.get("catalogue", (None,))[0] != known:
        source.memo["catalogue"] = (known, _entries(heads))
    return heading, source.memo["catalogue"][1]


def _heading(source: Source, base: str, key: str) -> str | None:
    region = source.surroundings.site.region
    if base == "k":
        kind = next((each for each in CATEGORIES.values() if each.code == key), None)
        return f"{region}{_name(kind)}目录" if kind else None
    organ: OrganFacts | None = source.organs.get(int(key))
    return f"{organ.name}政务服务事项内容目录" if organ else None


def _entries(heads: Sequence[ServiceHead]) -> tuple[Entry, ...]:
    """Rows in the order of the categories in the head, numbered from one in each (B-23, B-24)."""
    rows = {row.edition_id: row for row in published.guide_outlines([head.edition_id for head in heads])}
    order = {category.code: place for place, category in enumerate(CATEGORIES.values())}
    counts: dict[str, int] = {}
    entries = []
    for head in sorted(heads, key=lambda each: (_place(each, order), each.code, each.id)):
        name = _name(head.category)
        counts[name] = counts.get(name, 0) + 1
        entries.append(_entry(counts[name], head, name, rows[head.edition_id]))
    return tuple(entries)


def _entry(number: int, head: ServiceHead, category: str, row: Any) -> Entry:
    fee = (
        "不收费"
        if row.is_charged is False
        else row.fee_basis_and_standard or ("收费" if row.is_charged else "")
    )
    limit = row.legal_limit or ("依法定程序" if head.is_penalty else "")
    return Entry(number, head, category, row.handling_subject, row.basis, limit, fee)


def _place(head: ServiceHead, order: dict[str, int]) -> int:
    return order[head.category.code] if head.category else len(order)


def _name(category: Category | None) -> str:
    name = category.name if category else "未分类"
    return HEAD_NAMES.get(name, name)


def _order(entries: Sequence[Entry]) -> list[str]:
    return list(dict.fromkeys(each.category for each in entries))
