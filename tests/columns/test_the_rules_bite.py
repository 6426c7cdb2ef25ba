"""Negative control: a page that lacks what a rule asks for is found out by that rule."""

from collections.abc import Callable

import pytest

from tests.columns.crawler import Tree
from tests.columns.rules import Break
from tests.columns.table import RULES, Rule

BREAKS = [
    pytest.param(rule, broken, id=f"{rule.name} {number}")
    for rule in RULES
    for number, broken in enumerate(rule.breaks, 1)
]


@pytest.mark.parametrize(("rule", "broken"), BREAKS)
def test_a_broken_page_is_found_out(crawled: Callable[[str], Tree], rule: Rule, broken: Break):
    pages = rule.broken(broken, crawled("sample"))

    assert pages
    assert list(rule.check(pages[0])) == []
    assert list(rule.check(pages[1])) != []
