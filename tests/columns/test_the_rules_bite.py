"""Negative control: a page that lacks what a rule asks for is found out by that rule."""

import re
from collections.abc import Callable

import pytest

from tests.columns.crawler import Page, Tree
from tests.columns.table import RULES, Rule

BREAKS = [
    pytest.param(rule, broken, id=f"{rule.name} {number}")
    for rule in RULES
    for number, broken in enumerate(rule.breaks, 1)
]


@pytest.mark.parametrize(("rule", "broken"), BREAKS)
def test_a_broken_page_is_found_out(crawled: Callable[[str], Tree], rule: Rule, broken: tuple[str, str]):
    tree = crawled("sample")
    changed = ((page.url, re.sub(*broken, page.html), page.html) for page in rule.pages(tree))
    url, html, before = next(each for each in changed if each[1] != each[2])

    assert list(rule.check(Page(url, before, tree))) == []
    assert list(rule.check(Page(url, html, tree))) != []
