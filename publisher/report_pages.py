"""Annual reports on disclosure (政府信息公开年报) by year and organ (条例 arts. 49, 50)."""

from dataclasses import dataclass

from publisher.facts import DisclosureHead
from publisher.lists import REPORTS
from publisher.navigation import HOME, XXGK, newest
from publisher.page import Column, Link, Page
from publisher.source import Source

NAME = "政府信息公开年报"
DESCRIPTION = "县政府、部门和乡镇每年公布的政府信息公开工作年度报告，按年度、按机关查找。"
COLUMN = Column(NAME, DESCRIPTION, "年度报告,信息公开年报", "政府信息公开")


@dataclass(frozen=True)
class YearView:
    """The reports of one year, by the kind of organ that wrote them."""

    year: str
    groups: tuple[tuple[str, tuple[DisclosureHead, ...]], ...]
    years: tuple[Link, ...]


@dataclass(frozen=True)
class YearsView:
    """The years of which there are reports."""

    years: tuple[Link, ...]


def years(source: Source, here: str = "", *, counts: bool = False) -> tuple[Link, ...]:
    """Years of which there are reports, the newest first."""
    found = [
        Link(f"{state.label}年", url, state.size if counts else None, is_here=url == here)
        for url, state in source.places.lists.items()
        if url.startswith(REPORTS) and state.size
    ]
    return tuple(sorted(found, key=lambda link: link.name, reverse=True))


def indexed(source: Source) -> list[str]:
    """The index, if it has anything to show; the years are lists."""
    return [REPORTS] if years(source) else []


def index_page(source: Source) -> Page:
    """The years."""
    view = YearsView(years(source, counts=True))
    return Page(
        REPORTS, "reports-index.html", NAME, view, "xxgk", (HOME, XXGK), DESCRIPTION, COLUMN.meta,
        is_indexed=bool(view.years),
    )  # fmt: skip


def year_page(source: Source, year: str) -> Page | None:
    """The reports of a year."""
    url = f"{REPORTS}{year}/"
    state = source.places.state(url)
    if not state.label:
        return None
    heads = source.disclosures(source.places.between(url, 1, state.last_place))
    heads.sort(key=lambda head: (head.organ.id, newest(head)))
    departments = tuple(head for head in heads if not head.organ.is_township)
    townships = tuple(head for head in heads if head.organ.is_township)
    groups = tuple(
        (name, found) for name, found in (("县政府和部门", departments), ("乡镇", townships)) if found
    )
    title = f"{year}年政府信息公开工作年度报告"
    return Page(
        url, "reports.html", title, YearView(year, groups, years(source, url)), "xxgk",
        (HOME, XXGK, Link(NAME, REPORTS)), f"{title}，共{len(heads)}份。", COLUMN.meta,
        is_indexed=bool(heads),
    )  # fmt: skip
