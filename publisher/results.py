"""Results of closed cases (结果反馈): read for pages, given places in the list of their item, and the pages they touch."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cases import published as cases_published
from content import published
from content.addresses import document_address
from content.models import DocumentKind
from county.calendar import COUNTY_ZONE
from publisher.facts import ResultFacts, ServiceHead
from publisher.lists import RESULTS, ListPage, page_addresses, page_of, pager, span
from publisher.places import CASE
from publisher.source import Source


@dataclass(frozen=True)
class Known:
    """A result with the document of the item it belongs to."""

    facts: ResultFacts
    item: int | None


def results_address(document: int) -> str:
    """The list of the results of an item."""
    return f"{document_address(DocumentKind.SERVICE, document)}{RESULTS}"


def are_listed(source: Source, document: int) -> bool:
    """Whether an item is shown whose results everybody may read, and there are any."""
    if not source.places.state(results_address(document)).last_place:
        return False
    head = source.head(document)
    return isinstance(head, ServiceHead) and head.results_are_public


def result_lists(source: Source) -> list[str]:
    """The address of every list of results; the source must be whole."""
    documents = (int(url.split("/")[2]) for url in source.places.lists if url.endswith(f"/{RESULTS}"))
    return [results_address(document) for document in documents if are_listed(source, document)]


def newest_results(source: Source, document: int, count: int) -> list[ResultFacts]:
    """The results of an item on the last places given, the last closed first."""
    return results_of(source, source.places.newest(results_address(document), count))


def results_of(source: Source, ids: Collection[int]) -> list[ResultFacts]:
    """These results, the last closed first."""
    known = _known(source, ids)
    found = [known[key].facts for key in ids if key in known]
    return sorted(found, key=lambda each: (each.closed_minute, each.id), reverse=True)


def results_page(source: Source, address: str, number: int | None) -> ListPage | None:
    """A page of the list of an item's results, or None where the list has no such page."""
    state = source.places.state(address)
    places = span(address, number, state.last_place)
    if places is None:
        return None
    return ListPage(
        url=address if number is None else f"{address}{number}.html",
        name="" if number is None else str(number),
        total=state.size if number is None else None,
        entries=tuple(results_of(source, source.places.between(address, *places))),
        pager=pager(address, number, state.last_place),
    )


def results_in(source: Source, ids: Iterable[int]) -> list[int]:
    """These cases in the order in which they were closed; of a whole source all that ever were."""
    wanted = set(ids)
    if source.whole:
        wanted |= set(_known(source, ())) | set(source.places.subjects(CASE))
    known = _known(source, wanted)
    return sorted(wanted, key=lambda key: (known[key].facts.closed_minute if key in known else "", key))


def settle_result(source: Source, case: int) -> set[str]:
    """Have a result stand in the list of its item; which list it entered or left."""
    found = _known(source, [case]).get(case)
    lists = {results_address(found.item): ""} if found and found.item else {}
    return source.places.settle(CASE, case, lists)


def touched_by_result(source: Source, case: int) -> list[str]:
    """The pages that show a result: its place in the list, and the item."""
    touched = []
    for address, place in source.places.of(CASE, case).items():
        touched += [
            page_of(address, place, source.places.state(address).last_place),
            address.removesuffix(RESULTS),
        ]
    return touched


def touched_by_item(source: Source, document: int) -> list[str]:
    """Every page of the list of an item's results: each names the item, and is there as long as the item is."""
    address = results_address(document)
    state = source.places.state(address)
    return page_addresses(address, state.last_place) if state.last_place else []


def _known(source: Source, ids: Collection[int]) -> dict[int, Known]:
    """What is known of results, read as far as it is asked for, or all at once for a whole source."""
    known: dict[int, Known] = source.memo.setdefault("results", {})
    asked: set[int] = source.memo.setdefault("results asked", set())
    missing = set(ids) - asked
    if source.whole:
        if "all results" not in source.memo:
            source.memo["all results"] = True
            _keep(known, cases_published.results())
    elif missing:
        asked |= missing
        _keep(known, cases_published.results(missing))
    return known


def _keep(known: dict[int, Known], rows: Collection[cases_published.PublicResult]) -> None:
    items = published.services_by_code({row.item_code for row in rows})
    for row in rows:
        minute = f"{row.closed_at.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"
        facts = ResultFacts(row.id, row.number, row.name, row.outcome, minute)
        known[row.id] = Known(facts, items.get(row.item_code))
