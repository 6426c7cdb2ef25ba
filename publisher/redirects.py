"""Addresses that lead elsewhere, from state: those of the site before this one, and those of merged documents."""

from collections.abc import Iterator
from dataclasses import dataclass

from content import published, queries
from content.addresses import document_address
from publisher.old_addresses import place_of
from publisher.page import Page
from publisher.source import Source


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


def addresses(source: Source) -> Iterator[str]:
    """Every old address for which a file can stand in the tree; those with a query are the web server's alone."""
    yield from source.old_places


def touched_by(source: Source, document: int) -> list[str]:
    """Addresses that lead to a document: old ones, and those of documents merged into it."""
    places = [place for row in published.old_addresses(document) if (place := place_of(row.address))]
    for place in places:
        source.expect_moved(place, document)
    merged = [(source.kind_of(key), key) for key in sorted(queries.documents_merged_into(document))]
    return [*places, *(document_address(kind, key) for kind, key in merged if kind)]
