"""Consultations of opinion (意见征集) and notices open to objection (公示): running and closed, each with its outcome."""

from dataclasses import dataclass

from publisher.facts import DisclosureHead
from publisher.lists import CONSULTATIONS, LOOKED_AT, ListPage
from publisher.navigation import HOME, list_page, newest
from publisher.page import Column, Link, Page
from publisher.related import outcomes, related
from publisher.source import Source

NAME = "意见征集"
DESCRIPTION = "正在征求意见或者公示的、已经结束的，以及结果反馈"
COLUMN = Column(NAME, DESCRIPTION, "意见征集,征求意见,结果反馈", "政民互动")


@dataclass(frozen=True)
class Consultation:
    """A consultation with what came of it."""

    item: DisclosureHead
    outcomes: tuple[DisclosureHead, ...]


@dataclass(frozen=True)
class ConsultationsView:
    """A page of the list."""

    page: ListPage
    entries: tuple[Consultation, ...]


def consultations_page(source: Source, number: int | None) -> Page | None:
    """A page of the list of consultations: those that run before those that are over."""
    page = list_page(source, CONSULTATIONS, number)
    if page is None:
        return None
    entries = tuple(
        _with_outcome(source, item) for item in sorted(page.entries, key=lambda each: each.is_closed)
    )
    return Page(
        url=page.url,
        template="consultations.html",
        title=NAME + (f"（第{page.name}页）" if page.name else ""),
        view=ConsultationsView(page, entries),
        section="hudong",
        trail=(HOME, Link("政民互动", "/hudong/")),
        description=DESCRIPTION,
        meta=COLUMN.meta,
        is_indexed=page.total != 0,
    )


def latest(source: Source) -> tuple[Consultation, ...]:
    """The newest consultations, those that run first."""
    heads = source.disclosures(source.places.newest(CONSULTATIONS, LOOKED_AT))
    heads.sort(key=newest, reverse=True)
    heads.sort(key=lambda head: head.is_closed)
    return tuple(_with_outcome(source, item) for item in heads)


def running(source: Source) -> tuple[Consultation, ...]:
    """The consultations in which an opinion may be given now, the one that ends first before the others."""
    found = [each for each in latest(source) if not each.item.is_closed]
    return tuple(sorted(found, key=lambda each: str(each.item.opinions_until)))


def _with_outcome(source: Source, item: DisclosureHead) -> Consultation:
    return Consultation(item, outcomes(related(source, item)))
