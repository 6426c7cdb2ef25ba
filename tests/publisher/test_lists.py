"""Lists are cut by places, so that every entry stands on exactly one page and full pages keep theirs for ever."""

from itertools import pairwise
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.lists import PER_PAGE, is_newest_first, numbered, page_addresses, page_of, pager, span

NEWEST, OLDEST = "/xxgk/c/ghjh/", "/zwfw/o/7/"
lists = st.sampled_from([NEWEST, OLDEST])
lengths = st.integers(min_value=0, max_value=250)


def pages(address: str, last_place: int) -> dict[str, tuple[int | None, range]]:
    """Every page in reading order: its number, and its places."""
    found = {}
    for url in page_addresses(address, last_place):
        number = None if url == address else int(url.removeprefix(address).removesuffix(".html"))
        places = span(address, number, last_place)
        assert places is not None
        found[url] = (number, range(places[0], min(places[1], last_place) + 1))
    if is_newest_first(address):
        return {address: found.pop(address), **dict(reversed(found.items()))}
    return found


def test_what_is_public_begins_with_the_newest_and_items_begin_at_the_beginning():
    """D-04a: items by code; decisions, "Lists": newest page first."""
    assert [is_newest_first(url) for url in ("/xxgk/ml/", "/xxgk/o/1/", "/hudong/", "/zwfw/all/")] == [
        True
    ] * 3 + [False]


@given(lists, lengths)
def test_every_place_stands_on_exactly_one_page(address, length):
    found = pages(address, length)

    standing = [place for _, places in found.values() for place in places]
    assert sorted(standing) == list(range(1, length + 1))
    for url, (_, places) in found.items():
        assert {page_of(address, place, length) for place in places} <= {url}


@given(lists, lengths)
def test_no_other_number_is_a_page(address, length):
    numbers = {number for number, _ in pages(address, length).values()}

    for number in {*range(-1, 20)} - numbers:
        assert span(address, number, length) is None


@given(lengths)
def test_newest_first_the_lists_address_shows_what_is_left_over_with_the_newest_full_page(length):
    first, *others = [places for _, places in pages(NEWEST, length).values()]

    assert min(length, PER_PAGE) <= len(first) < 2 * PER_PAGE
    assert all(len(places) == PER_PAGE for places in others)
    assert length == 0 or first[-1] == length


@given(lengths)
def test_newest_first_a_new_entry_changes_the_lists_address_and_the_places_of_no_other_page(length):
    """Decisions, "Lists": a new item touches one list page a list, or begins one."""
    before, after = pages(NEWEST, length), pages(NEWEST, length + 1)

    assert {url for url in before if before[url] != after.get(url)} == {NEWEST}
    assert len(after) - len(before) in (0, 1)
    assert page_of(NEWEST, length + 1, length + 1) == NEWEST


@given(lengths)
def test_oldest_first_page_one_is_the_lists_address_and_a_new_entry_goes_to_the_last(length):
    """D-04a."""
    before, after = pages(OLDEST, length), pages(OLDEST, length + 1)

    assert list(after) == [OLDEST, *(f"{OLDEST}{number}.html" for number in range(2, len(after) + 1))]
    assert page_of(OLDEST, length + 1, length + 1) == list(after)[-1]
    assert all(after[url] == before[url] for url in list(before)[:-1])


@given(lists, lengths)
def test_the_pager_leads_from_page_to_page_to_both_ends_and_to_nothing_else(address, length):
    found = pages(address, length)
    urls = list(found)
    for place, (url, (number, _)) in enumerate(found.items()):
        ways = pager(address, number, length)
        named = [step.url for step in ways.steps if step.url]
        assert set(named) <= set(urls)
        assert len(named) == len(set(named))
        assert ways.previous_url == (urls[place - 1] if place else None)
        assert ways.next_url == (urls[place + 1] if place + 1 < len(urls) else None)
        if len(urls) == 1:
            assert named == []
            continue
        assert [step.url for step in ways.steps if step.is_here] == [url]
        assert address in named
        if url == address:
            assert urls[-1] in named
        if is_newest_first(address):
            assert urls[-1] in named


@given(lists, lengths, st.integers(min_value=1, max_value=300))
def test_a_numbered_page_that_has_a_next_one_never_changes_its_ways(address, length, later):
    """Or a new entry would touch every page of its list."""
    highest = numbered(address, length)
    for number in range(1 if is_newest_first(address) else 2, highest):
        assert pager(address, number, length) == pager(address, number, length + later)


@pytest.mark.parametrize("address", [NEWEST, OLDEST])
def test_the_steps_of_a_pager_stand_in_order_with_a_gap_where_pages_are_left_out(address):
    for number in (None, *range(1 if address == NEWEST else 2, 12)):
        steps = pager(address, number, 260).steps
        urls = [urljoin("http://x", step.url) for step in steps if step.url]
        order = [urljoin("http://x", url) for url in pages(address, 260)]
        assert [order.index(url) for url in urls] == sorted(order.index(url) for url in urls)
        for one, other in pairwise(steps):
            if one.url and other.url and one.name.isdigit() and other.name.isdigit():
                assert abs(int(one.name) - int(other.name)) == 1
