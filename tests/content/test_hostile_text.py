"""Texts that keep a parser busy are refused by what they hold, not by a clock (A-09)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import Fault
from content.rules.text import MAX_BODY, render_markdown

MARKS = [
    "[",
    "]",
    "](",
    ")",
    "![",
    "<",
    ">",
    "<a ",
    "<a@a",
    '<a href="',
    "<!--",
    "<?",
    "`",
    "*",
    "_",
    "| ",
    "- ",
]
MARKS += [
    "> ",
    "1. ",
    "#",
    "\n",
    "\n\n",
    ":   ",
    "    ",
    "[^1]",
    ": ",
    "\\",
    "&amp;",
    "甲",
    " ",
    "=",
    "-",
    "\n---\n",
]


@pytest.mark.parametrize(
    "piece",
    [
        "[ ",
        "![ ",
        "*a* ",
        "&amp;",
        "*[a ",
        "[a](",
        "<a@a ",
        '<a href="',
        "<http://",
        "<a\n",
        "<a b\n\n",
        "<![CDATA[",
        "-\n",
        "=\n",
    ],
)
def test_marks_that_are_never_closed_are_refused(piece):
    with pytest.raises(Fault, match="无法排版") as refused:
        render_markdown((piece * MAX_BODY)[:MAX_BODY])
    assert refused.value.field == "body"


@pytest.mark.parametrize(
    "body", ["- " * 1000 + "a", "1. " * 600 + "甲", "> " * 300 + "a", "a\n:   b\n" * 2000, "<div>" * 300]
)
def test_marks_that_are_nested_without_end_are_refused(body):
    with pytest.raises(Fault, match="嵌套过深"):
        render_markdown(body)


@pytest.mark.parametrize(
    "body",
    [
        "- " * 40,
        "* " * 40 + "\n",
        "县政府公报〔2026〕3号 [注1] " * 2000,
        "[见附件](/files/a.pdf) " * 2000,
        "甲<b>乙</b> " * 2000,
        "第一条 本办法自发布之日起施行。\n\n" * 20_000,
        "| 甲 | 乙 |\n|---|---|\n" + "| [一](/a) | 2 |\n" * 2000,
        "- 一\n    - 二\n        - 三\n" * 200,
        "若 x<y 且 [未完",
    ],
)
def test_honest_marks_are_laid_out(body):
    assert render_markdown(body)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(MARKS), st.integers(1, 60)), max_size=12))
def test_any_text_is_either_laid_out_or_refused_in_words(pieces):
    try:
        render_markdown("".join(piece * times for piece, times in pieces))
    except Fault as fault:
        assert fault.field == "body"  # noqa: PT017  laid out is as good
