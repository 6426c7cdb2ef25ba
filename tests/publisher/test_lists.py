"""Lists are cut so that every entry stands on exactly one page and full pages keep theirs for ever."""

from hypothesis import given
from hypothesis import strategies as st

from publisher.lists import PER_PAGE, in_order, newest_first

lengths = st.integers(min_value=0, max_value=250)


def shown(pages):
    return [entry for page in pages for entry in page.entries]


@given(lengths)
def test_newest_first_shows_every_entry_once_from_new_to_old(length):
    pages = newest_first("/l/", range(length))

    assert shown(pages) == list(reversed(range(length)))
    assert all(len(page.entries) == PER_PAGE for page in pages[1:])
    assert min(length, PER_PAGE) <= len(pages[0].entries) <= 2 * PER_PAGE - 1


@given(lengths)
def test_a_new_entry_changes_the_first_page_and_no_full_one(length):
    """Decisions, "Lists": a new item touches one list page a list, or begins one."""
    before = {page.url: page.entries for page in newest_first("/l/", range(length))}
    after = {page.url: page.entries for page in newest_first("/l/", range(length + 1))}

    assert {url for url in before if before[url] != after.get(url)} == {"/l/"}
    assert len(after) - len(before) in (0, 1)


@given(lengths)
def test_in_order_begins_at_the_beginning(length):
    """D-04a."""
    pages = in_order("/l/", range(length))

    assert shown(pages) == list(range(length))
    assert [page.url for page in pages] == [
        "/l/",
        *(f"/l/{number}.html" for number in range(2, len(pages) + 1)),
    ]


@given(lengths)
def test_the_pager_leads_to_both_ends_and_to_the_neighbours_and_to_nothing_else(length):
    for pages in (newest_first("/l/", range(length)), in_order("/l/", range(length))):
        urls = [page.url for page in pages]
        for place, page in enumerate(pages):
            named = [step.url for step in page.pager.steps if step.url]
            assert set(named) <= set(urls)
            assert {urls[0], urls[-1]} <= set(named)
            assert [step.url for step in page.pager.steps if step.is_here] == [page.url]
            assert page.pager.newer_url == (urls[place - 1] if place else None)
            assert page.pager.older_url == (urls[place + 1] if place + 1 < len(urls) else None)
