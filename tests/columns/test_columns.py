"""The columns as they are published: each rule holds on every page of its kind, of the sample county and of the real files."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.acceptance import NOT_TESTED, the_rows
from tests.columns.crawler import Kind, Tree, targets
from tests.columns.table import ELSEWHERE, LEAST, NOT_OF_REAL_FILES, OF_REAL_FILES, RULES, Rule

Crawled = Callable[[str], Tree]
OF_BOTH = [
    rule for rule in RULES if OF_REAL_FILES.intersection(rule.kinds) and rule.name not in NOT_OF_REAL_FILES
]


def proving(rules: list[Rule]) -> list:
    """Each rule as a case of its own, with the rows it proves."""
    return [
        pytest.param(rule, marks=[pytest.mark.row(*rule.rows)] if rule.rows else [], id=rule.name)
        for rule in rules
    ]


@pytest.mark.parametrize("rule", proving(RULES))
def test_in_the_sample_county(crawled: Crawled, rule: Rule):
    tree = crawled("sample")

    assert len(list(rule.pages(tree))) >= max(LEAST.get(kind, 1) for kind in rule.kinds)
    assert rule.faults(tree) == []


@pytest.mark.realdata
@pytest.mark.parametrize("rule", proving(OF_BOTH))
def test_in_what_the_real_files_become(crawled: Crawled, rule: Rule):
    tree = crawled("real")

    assert rule.faults(tree) == []
    assert any(
        pages for broken in rule.breaks if (pages := rule.broken(broken, tree)) and list(rule.check(pages[1]))
    )


@pytest.mark.realdata
@pytest.mark.row("B-05", "B-14", "D-06")
def test_of_the_real_files_what_waits_with_gaps_has_no_page(crawled: Crawled):
    tree = crawled("real")

    assert list(tree.of(Kind.GUIDE)) == []
    assert len(list(tree.of(Kind.DISCLOSURE))) == 575


@pytest.mark.row("D-00")
def test_every_page_is_reached_from_the_home_page(crawled: Crawled):
    tree = crawled("sample")
    reached, ahead = set(), ["/"]
    while ahead:
        url = ahead.pop()
        if url in tree.addresses and url not in reached:
            reached.add(url)
            ahead += [urlsplit(target).path for target in targets(tree.page(url))]

    left = set(tree.addresses) - reached
    assert {url for url in left if tree.page(url).tags.get("robots") != "noindex"} == set()


def test_every_row_has_a_rule_or_is_proved_elsewhere_or_has_a_reason():
    by_rules = {row for rule in RULES for row in rule.rows}
    rows = {row for row, _, _ in the_rows()}

    assert rows - by_rules - ELSEWHERE.keys() - NOT_TESTED.keys() == set()
    assert by_rules & ELSEWHERE.keys() == set()
    assert by_rules & NOT_TESTED.keys() == set()
