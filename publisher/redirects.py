"""Addresses that lead elsewhere, from state: those of the site before this one, and those of merged documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content import published, queries
from content.addresses import document_address
from publisher.navigation import pages_of_list
from publisher.old_addresses import place_of
from publisher.page import Page
from publisher.source import Source

ORGAN_PAGE = re.compile(r"/(xxgk/o|zwfw/o|hudong/o|xxgk/sx)/([1-9]\d{0,8})/(?:\d{1,6}\.html)?", re.ASCII)


@dataclass(frozen=True)
class MovedView:
    """Where the reader is led."""

    target: str


def moved_page(url: str, target: str, *, document: int | None = None) -> Page:
    """The page at an address that leads elsewhere, for readers whose web server does not redirect them.

    `document` is the one that was merged, if it is the address of one: that is recorded as its being taken back.
    """
    view = MovedView(target)
    return Page(url, "moved.html", "页面已移至新地址", view, document_id=document, is_indexed=False)


def page_at(source: Source, address: str) -> Page | None:
    """The page at an old address, or None where no document was taken over from it."""
    target = source.moved(address)
    return moved_page(address, target) if target else None


def page_of_merged(source: Source, address: str) -> Page | None:
    """The page of an organ that was merged into another: it leads to the same page of that one."""
    found = ORGAN_PAGE.fullmatch(address)
    organ = source.organs.get(int(found[2])) if found else None
    if found is None or organ is None or organ.successor_id is None:
        return None
    return moved_page(address, _led(found[1], organ.successor_id))


def _led(column: str, organ_id: int) -> str:
    """Questions and duties have pages of an organ only where there are any: their own home always is."""
    return {"hudong/o": "/hudong/", "xxgk/sx": "/xxgk/sx/"}.get(column, f"/{column}/{organ_id}/")


def merged_addresses(source: Source) -> Iterator[str]:
    """Where organs that were merged had pages."""
    for organ in source.organs.values():
        if organ.successor_id is not None:
            for column in ("xxgk/o", "zwfw/o"):
                yield from pages_of_list(source, f"/{column}/{organ.id}/")
            yield f"/xxgk/sx/{organ.id}/"


def addresses(source: Source) -> Iterator[str]:
    """Every old address for which a file can stand in the tree; those with a query are the web server's alone."""
    yield from source.old_places
    yield from merged_addresses(source)


def touched_by(source: Source, document: int) -> list[str]:
    """Addresses that lead to a document: old ones, and those of documents merged into it."""
    places = [place for row in published.old_addresses(document) if (place := place_of(row.address))]
    for place in places:
        source.expect_moved(place, document)
    merged = [(source.kind_of(key), key) for key in sorted(queries.documents_merged_into(document))]
    return [*places, *(document_address(kind, key) for kind, key in merged if kind)]
