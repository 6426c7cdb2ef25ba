"""The table of pages read from the records: which pages a document, question, result or organ touches."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from content.addresses import document_address, question_address
from content.models import DocumentKind
from publisher import alert_pages, catalogues, duty_pages, front_pages, redirects, results
from publisher.lists import (
    CATALOGUE,
    CONSULTATIONS,
    QUESTIONS,
    REPORTS,
    is_among_newest,
    numbered,
    page_addresses,
    page_of,
)
from publisher.navigation import ROOT_CODE, channel_address, lists_of, own_list, owners_of, pages_of_list
from publisher.pages import DETAIL, every_list
from publisher.places import CASE, DOCUMENT, QUESTION
from publisher.related import linked
from publisher.source import Source

Reasons = dict[str, set[str]]  # address -> what touches it, such as document 7


@dataclass(frozen=True)
class Changes:
    """Records that changed since the last publication; `everything` if what stands on every page did.

    `alert`: an emergency notice was raised or lifted.
    """

    documents: frozenset[int] = frozenset()
    questions: frozenset[int] = frozenset()
    organs: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()
    everything: bool = False
    alert: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.documents or self.questions or self.organs or self.cases or self.everything or self.alert
        )


@dataclass
class Touched:
    """Pages that records touch, gathered before and after their places are settled."""

    pages: Reasons = field(default_factory=dict)

    def add(self, why: str, *addresses: str | None) -> None:
        for address in addresses:
            if address:
                self.pages.setdefault(address, set()).add(why)


def touch_document(source: Source, document: int, touched: Touched) -> None:
    """The pages that show a document: its own, its places in lists, its neighbours, and what shows the newest."""
    why, kind = f"{DOCUMENT} {document}", source.kind_of(document)
    if kind is None:
        return
    places = source.places.of(DOCUMENT, document)
    touched.add(why, document_address(kind, document), *redirects.touched_by(source, document))
    for address, place in places.items():
        touched.add(why, page_of(address, place, source.places.state(address).last_place))
        touched.add(why, front_pages.shard_of(address, place))
        touched.add(why, *catalogues.touched_by(source, address, place))
    if kind is DocumentKind.DISCLOSURE:
        touched.add(why, *_where_newest(source, places))
        touched.add(why, *_neighbours(source, places))
        touched.add(why, *_relations(source, document, places))
    else:
        touched.add(why, "/", "/zwfw/", "/map.html", "/sitemap-lists.xml", *_about_item(source, document))
        touched.add(why, *results.touched_by_item(source, document))


def touch_question(source: Source, question: int, touched: Touched) -> None:
    """The pages that show a question: its own, its place in the list, the item it is about, the home page."""
    why = f"{QUESTION} {question}"
    touched.add(why, question_address(question), "/", "/sitemap-lists.xml")
    for address, place in source.places.of(QUESTION, question).items():
        if address.startswith(QUESTIONS):
            touched.add(why, QUESTIONS, page_of(address, place, source.places.state(address).last_place))
            touched.add(why, front_pages.shard_of(address, place))
        else:
            touched.add(why, address)  # the page of the item


def touch_result(source: Source, case: int, touched: Touched) -> None:
    """The pages that show the result of a case."""
    touched.add(f"{CASE} {case}", *results.touched_by_result(source, case))


def touch_organ(source: Source, organ: int, touched: Touched) -> None:
    """The pages that name an organ, beside those of its documents and questions."""
    why = f"organ {organ}"
    touched.add(
        why, "/", "/xxgk/", "/zwfw/", QUESTIONS, catalogues.INDEX, duty_pages.DUTIES, "/sitemap-lists.xml"
    )
    touched.add(why, *_duties(source, organ), *catalogues.touched_by(source, f"/zwfw/o/{organ}/", 0))
    for address in (f"/xxgk/o/{organ}/", f"/zwfw/o/{organ}/", f"/hudong/o/{organ}/"):
        touched.add(why, *pages_of_list(source, address))  # those as well that it has no more
    touched.add(why, *owners_of(source, organ))


def touch_alert(touched: Touched) -> None:
    """The files that say the emergency notice; every page leads to them."""
    touched.add("alert", alert_pages.SHEET, alert_pages.NOTICE, "/")


def touch_moved(source: Source, address: str, touched: Touched) -> None:
    """The pages of a list that somebody entered or left which no place on them names."""
    why = f"list {address}"
    before, size = source.places.before.get(address, (0, 0))
    state = source.places.state(address)
    touched.add(why, address, "/", "/sitemap.xml", "/sitemap-lists.xml")
    if DETAIL.fullmatch(address):  # the questions about an item
        return
    pages = page_addresses(address, state.last_place)
    touched.add(why, *pages[max(1, numbered(address, before) - 1) : numbered(address, state.last_place) + 1])
    if address.startswith("/xxgk/"):  # its home says how many there are
        touched.add(why, "/xxgk/")
    if address.startswith("/xxgk/c/"):  # the channel above says how many are in each below it
        channel = source.channels.get(address.split("/")[3])
        above = channel.path[-2:-1] if channel else ()
        touched.add(why, *(channel_address(code) for code, _ in above if code != ROOT_CODE))
    if address.startswith(REPORTS):
        touched.add(why, REPORTS)
        if not (size and state.size):  # the years beside the reports of every year
            touched.add(why, *(url for url in source.places.lists if url.startswith(REPORTS)))
    if address.startswith(("/zwfw/o/", "/zwfw/k/")):
        touched.add(why, catalogues.INDEX, *catalogues.touched_by(source, address, 0))
    if address.startswith(("/xxgk/o/", "/zwfw/o/")):  # each of the two names the other
        touched.add(why, address.replace("xxgk" if address.startswith("/xxgk") else "zwfw",
                                         "zwfw" if address.startswith("/xxgk") else "xxgk", 1))  # fmt: skip
    if address.startswith("/zwfw/o/"):
        touched.add(why, *owners_of(source, int(address.split("/")[3])))
    if address.startswith("/zwfw/k/") and not (
        size and state.size
    ):  # the categories beside every list of items
        for other in every_list(source):
            if other.startswith("/zwfw/"):
                touched.add(why, *pages_of_list(source, other))


def _where_newest(source: Source, places: dict[str, int]) -> Iterator[str]:
    """The pages that show what went public last, as far as one of these places is among the last."""
    among = [
        key for key, place in places.items() if is_among_newest(place, source.places.state(key).last_place)
    ]
    if CATALOGUE in among:
        yield from ("/", "/xxgk/", "/feed.xml")
    if CONSULTATIONS in among:
        yield "/"
    for address in among:
        if address.startswith("/xxgk/c/"):  # the home of the column shows channels without others below
            yield "/xxgk/"
            yield from {f"{address}feed.xml"}.intersection(front_pages.feeds(source))


def _neighbours(source: Source, places: dict[str, int]) -> Iterator[str]:
    """The pages before and after a document in lists that are the own ones of those."""
    beside = [
        (address, neighbour)
        for address, place in places.items()
        if address == CATALOGUE or address.startswith("/xxgk/c/")
        for neighbour in source.places.neighbours(address, place)
        if neighbour
    ]
    source.load_heads({neighbour for _, neighbour in beside})
    for address, neighbour in beside:
        head = source.head(neighbour)
        if head and own_list(head) == address:
            yield head.url


def _relations(source: Source, document: int, places: dict[str, int]) -> Iterator[str]:
    """The pages of related documents, consultations where they are listed, and what the organ must publish."""
    for other in linked(source, document):
        yield document_address(DocumentKind.DISCLOSURE, other)
        place = source.places.of(DOCUMENT, other).get(CONSULTATIONS)
        if place:
            yield page_of(CONSULTATIONS, place, source.places.state(CONSULTATIONS).last_place)
            yield from (QUESTIONS, "/")
    for address in places:
        if address == CONSULTATIONS:
            yield QUESTIONS
        if address.startswith("/xxgk/o/"):
            yield from _duties(source, int(address.split("/")[3]))


def _duties(source: Source, organ: int) -> list[str]:
    """The page that says what an organ must publish, if it has one."""
    return [url for url in duty_pages.addresses(source) if url == f"{duty_pages.DUTIES}{organ}/"]


def _about_item(source: Source, document: int) -> Iterator[str]:
    """Questions about an item name it."""
    address = document_address(DocumentKind.SERVICE, document)
    state = source.places.state(address)
    for question in source.places.between(address, 1, state.last_place):
        yield question_address(question)
        for listed, place in source.places.of(QUESTION, question).items():
            if listed.startswith(QUESTIONS):
                yield page_of(listed, place, source.places.state(listed).last_place)


def settle_document(source: Source, document: int) -> set[str]:
    """Have a document stand in the lists it belongs to; which it entered or left."""
    head = source.head(document)
    return source.places.settle(DOCUMENT, document, lists_of(head) if head else {})


def settle_question(source: Source, question: int) -> set[str]:
    """Have a question stand in the lists it belongs to; which it entered or left."""
    found = source.question(question)
    lists = {QUESTIONS: "", f"{QUESTIONS}o/{found.organ.id}/": ""} if found else {}
    if found and found.document_id:
        lists[document_address(DocumentKind.SERVICE, found.document_id)] = ""
    return source.places.settle(QUESTION, question, lists)
