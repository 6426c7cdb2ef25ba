"""The one table of pages: what stands at an address. Read the other way, from a record to its pages, in `touching`."""

import re
from collections.abc import Callable, Iterable, Iterator

from publisher import (
    alert_pages,
    catalogues,
    consultation_pages,
    disclosure_pages,
    duty_pages,
    front_pages,
    question_pages,
    redirects,
    report_pages,
    results,
    service_pages,
)
from publisher.categories import CATEGORIES
from publisher.facts import ServiceFacts
from publisher.lists import (
    ALL_ITEMS,
    CATALOGUE,
    CONSULTATIONS,
    ONLINE_ITEMS,
    QUESTIONS,
    REPORTS,
    span,
)
from publisher.navigation import (
    ROOT_CODE,
    channel_address,
    has_pages,
    pages_of_list,
)
from publisher.page import Page
from publisher.source import Source

Builder = Callable[..., Page | None]
NUMBER = r"(?:([1-9]\d{0,6})\.html)?"
FIXED = frozenset((
    "/", "/xxgk/", REPORTS, duty_pages.DUTIES, "/zwfw/", catalogues.INDEX, "/map.html", "/404.html", "/feed.xml", "/sitemap.xml",
    "/opensearch.xml", "/robots.txt", alert_pages.SHEET, alert_pages.NOTICE,
))  # fmt: skip
KEY = re.compile(r"[1-9]\d{0,8}", re.ASCII)
DETAIL = re.compile(r"/(?:xxgk|zwfw|hudong)/[1-9]\d{0,8}/", re.ASCII)
LIST = re.compile(r"(/.+/)(?:([1-9]\d{0,6})\.html)?", re.ASCII)


def _document(source: Source, column: str, key: str) -> Page | None:
    item = source.document(int(key))
    if isinstance(item, ServiceFacts):
        return service_pages.item_page(source, item) if column == "zwfw" else None
    if item is not None:
        return disclosure_pages.document_page(source, item) if column == "xxgk" else None
    gone = source.withdrawn(int(key))
    if gone is None or gone.url != f"/{column}/{key}/":
        return None
    return (
        redirects.moved_page(gone.url, gone.moved_to, document=gone.id)
        if gone.moved_to
        else disclosure_pages.withdrawn_page(gone)
    )


def _question(source: Source, key: str) -> Page | None:
    question = source.question(int(key))
    return question_pages.question_page(source, question) if question else None


def _numbered(build: Builder) -> Builder:
    """A builder of list pages: what the address says, then the number of the page, if it says one."""

    def page(source: Source, *parts: str | None) -> Page | None:
        *given, number = parts
        return build(source, *(int(part) if part and part.isdigit() else part for part in given),
                     int(number) if number else None)  # fmt: skip

    return page


def _catalogued(source: Source, base: str, key: str, number: str | None) -> Page | None:
    return catalogues.catalogue_page(source, base, key, int(number) if number else None)


def _catalogue_file(
    source: Source, organ: str | None, key: str | None, kind: str | None, code: str | None, suffix: str
) -> Page | None:
    return catalogues.catalogue_file(source, organ or kind or "", key or code or "", suffix)


TABLE: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (re.compile(pattern, re.ASCII), build)
    for pattern, build in (
        (r"/(xxgk|zwfw)/([1-9]\d{0,8})/", _document),
        (r"/hudong/([1-9]\d{0,8})/", _question),
        (r"/", front_pages.home_page),
        (r"/xxgk/", disclosure_pages.column_page),
        (r"/zwfw/", service_pages.column_page),
        (r"/map\.html", front_pages.map_page),
        (r"/404\.html", front_pages.missing_page),
        (r"/feed\.xml", front_pages.feed_page),
        (r"/notice\.css", alert_pages.sheet_page),
        (r"/notice\.html", alert_pages.notice_page),
        (r"/robots\.txt", front_pages.robots),
        (r"/opensearch\.xml", front_pages.open_search),
        (r"/xxgk/c/([a-z0-9-]+)/feed\.xml", front_pages.channel_feed),
        (r"/sitemap\.xml", front_pages.site_map_index),
        (r"/sitemap-lists\.xml", front_pages.lists_shard),
        (r"/sitemap-([a-z]+)-([1-9]\d{0,5})\.xml", lambda source, name, number: front_pages.shard_page(source, name, int(number))),
        (r"/xxgk/ml/volume-([1-9]\d{0,5})\.(xlsx|docx)", lambda source, number, suffix: catalogues.volume_file(source, int(number), suffix)),
        (r"/xxgk/nb/", report_pages.index_page),
        (r"/xxgk/nb/(\d{4})/", report_pages.year_page),
        (r"/xxgk/sx/", duty_pages.index_page),
        (r"/xxgk/sx/([1-9]\d{0,8})/", lambda source, organ: duty_pages.organ_page(source, int(organ))),
        (r"/zwfw/ml/", catalogues.index_page),
        (rf"/zwfw/ml/(o)/([1-9]\d{{0,8}})/{NUMBER}", _catalogued),
        (rf"/zwfw/ml/(k)/([a-z]+)/{NUMBER}", _catalogued),
        (r"/zwfw/ml/(?:(o)/([1-9]\d{0,8})|(k)/([a-z]+))/catalogue\.(xlsx|docx)", _catalogue_file),
        (rf"/hudong/yjzj/{NUMBER}", _numbered(consultation_pages.consultations_page)),
        (rf"/hudong/o/([1-9]\d{{0,8}})/{NUMBER}", _numbered(question_pages.organ_page)),
        (rf"/xxgk/ml/{NUMBER}", _numbered(disclosure_pages.catalogue_page)),
        (rf"/xxgk/c/([a-z0-9-]+)/{NUMBER}", lambda source, code, number: disclosure_pages.channel_page(source, code, int(number) if number else None)),
        (rf"/xxgk/o/([1-9]\d{{0,8}})/{NUMBER}", _numbered(disclosure_pages.organ_page)),
        (rf"/zwfw/all/{NUMBER}", _numbered(service_pages.all_page)),
        (rf"/zwfw/online/{NUMBER}", _numbered(service_pages.online_page)),
        (rf"/zwfw/k/([a-z]+)/{NUMBER}", _numbered(service_pages.category_page)),
        (rf"/zwfw/o/([1-9]\d{{0,8}})/{NUMBER}", _numbered(service_pages.organ_page)),
        (rf"/zwfw/([ae])/([0-9a-f]{{8}}|gr|qy)/{NUMBER}", lambda source, base, code, number: service_pages.named_page(source, base, code, int(number) if number else None)),
        (rf"/zwfw/([1-9]\d{{0,8}})/results/{NUMBER}", _numbered(service_pages.results_page)),
        (rf"/hudong/{NUMBER}", _numbered(question_pages.questions_page)),
    )
)  # fmt: skip


def page_at(source: Source, address: str) -> Page | None:
    """What the site shows at an address, or None where it shows nothing."""
    led = redirects.page_of_merged(source, address)
    if led is not None:
        return led
    for pattern, build in TABLE:
        match = pattern.fullmatch(address)
        if match:
            return build(source, *match.groups())
    return redirects.page_at(source, address)


def exists(source: Source, address: str) -> bool:
    """Whether the site shows something at an address, without making the page."""
    if address in redirects.merged_addresses(source):
        return True
    if address in FIXED or DETAIL.fullmatch(address):
        return address in FIXED or _detail_exists(source, address)
    found = LIST.fullmatch(address)
    if found and is_list(source, found[1]):
        number, last_place = int(found[2]) if found[2] else None, source.places.state(found[1]).last_place
        return span(found[1], number, last_place) is not None
    if catalogues.exists(source, address) or address in duty_pages.addresses(source):
        return True
    others = [*front_pages.shard_addresses(source), *front_pages.feeds(source)]
    return address in others or source.moved(address) is not None


def is_list(source: Source, address: str) -> bool:
    """Whether a list has this address."""
    match address.split("/")[1:-1]:
        case ["xxgk", "ml"] | ["zwfw", "all"] | ["zwfw", "online"] | ["hudong"] | ["hudong", "yjzj"]:
            return True
        case ["xxgk", "c", code]:
            return code in source.channels and code != ROOT_CODE
        case ["xxgk" | "zwfw", "o", key]:
            organ = source.organs.get(int(key)) if KEY.fullmatch(key) else None
            return organ is not None and has_pages(source, organ)
        case ["zwfw", "k", _]:
            return any(category.url == address for category in CATEGORIES.values())
        case ["zwfw", key, "results"] if KEY.fullmatch(key):
            return results.are_listed(source, int(key))
        case ["hudong", "o", key]:
            return bool(source.places.state(address).last_place) and int(key) in source.organs
        case ["zwfw", "a" | "e", _] | ["xxgk", "nb", _]:
            return bool(source.places.state(address).label)
        case _:
            return False


def _detail_exists(source: Source, address: str) -> bool:
    column, key = address.strip("/").split("/")
    if column == "hudong":
        return source.question(int(key)) is not None
    head = source.head(int(key))
    if head is not None:
        return head.url == address
    gone = source.withdrawn(int(key))
    return gone is not None and gone.url == address


def every_address(source: Source) -> Iterator[str]:
    """The address of every page there is; the source must be whole."""
    yield from sorted(FIXED)
    yield from front_pages.shard_addresses(source)
    yield from front_pages.feeds(source)
    for address in every_list(source):
        yield from pages_of_list(source, address)
    yield from duty_pages.addresses(source)
    yield from catalogues.every_address(source)
    yield from (head.url for head in source.documents())
    yield from (item.url for item in source.all_withdrawn())
    yield from (question.url for question in source.all_questions())
    yield from redirects.addresses(source)


def every_list(source: Source) -> list[str]:
    """The address of every list."""
    organs = [organ.id for organ in source.organs.values() if has_pages(source, organ)]
    named = [
        url for url in source.places.lists if url.startswith(("/zwfw/a/", "/zwfw/e/", REPORTS, "/hudong/o/"))
    ]
    return [
        CATALOGUE, *(channel_address(code) for code in source.channels if code != ROOT_CODE),
        *(f"/xxgk/o/{key}/" for key in organs), ALL_ITEMS, ONLINE_ITEMS,
        *(category.url for category in CATEGORIES.values()), *(f"/zwfw/o/{key}/" for key in organs), *named, *results.result_lists(source),
        QUESTIONS, CONSULTATIONS,
    ]  # fmt: skip


def documents_on(source: Source, addresses: Iterable[str]) -> tuple[set[int], set[int]]:
    """Documents that have these pages, and those that stand on them in lists."""
    own, listed = set[int](), set[int]()
    for address in addresses:
        found = LIST.fullmatch(address)
        if DETAIL.fullmatch(address):
            own |= {int(address.split("/")[2])} if not address.startswith(QUESTIONS) else set()
        elif found and address.startswith(("/xxgk/", "/zwfw/")) and is_list(source, found[1]):
            last_place = source.places.state(found[1]).last_place
            places = span(found[1], int(found[2]) if found[2] else None, last_place)
            listed |= set(source.places.between(found[1], *places)) if places else set()
    return own, listed
