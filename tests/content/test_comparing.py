"""Two texts compared word for word."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.comparing import LARGEST_SQUARE, Piece, compare

TEXTS = st.text("甲乙丙丁第一二三条款，。；\n 0123ab", max_size=200)


def sides(pieces: list[Piece]) -> tuple[str, str]:
    return tuple("".join(piece.text for piece in pieces if piece.kind != other) for other in ("new", "gone"))


def changes(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in compare(old, new) if piece.kind != "same"]


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts_to_the_letter(old, new):
    pieces = compare(old, new)

    assert sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind or one.kind == "gone" for one, other in pairwise(pieces))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert changes(text, text) == []


@pytest.mark.row("F-16")
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param("应当自受理之日起二十日内办结。", "应当自受理之日起十五日内办结。",
                     [("gone", "二十"), ("new", "十五")], id="a-numeral-is-one-word"),
        pytest.param("依照第十二条办理。", "依照第十三条办理。",
                     [("gone", "第十二条"), ("new", "第十三条")], id="an-article-is-one-word"),
        pytest.param("收费3.50元。", "收费13.5元。", [("gone", "3.50"), ("new", "13.5")], id="a-number-is-one-word"),
        pytest.param("咨询 Wang 科长。", "咨询 Wong 科长。", [("gone", "Wang"), ("new", "Wong")], id="a-foreign-word-is-one"),
        pytest.param("由县民政局负责。", "由县林业局负责。", [("gone", "民政"), ("new", "林业")], id="characters-in-a-clause"),
        pytest.param("甲说明，乙审查，丙办理。", "甲说明，丙办理。", [("gone", "乙审查，")], id="a-clause-gone"),
        pytest.param("一，二。", "一，新增的内容，二。", [("new", "新增的内容，")], id="a-clause-new"),
        pytest.param("甲乙丙丁", "戊己庚辛", [("gone", "甲乙丙丁"), ("new", "戊己庚辛")], id="nothing-in-common"),
        pytest.param("请到大厅一楼办理", "请于窗口一楼领取", [("gone", "到大厅"), ("new", "于窗口"), ("gone", "办理"), ("new", "领取")],
                     id="what-is-the-same-between-changes-stays"),
    ],
)  # fmt: skip
def test_what_changed_is_shown_in_words_people_would_underline(old, new, found):
    assert changes(old, new) == found


def test_single_characters_that_meet_by_chance_do_not_split_a_change():
    found = changes("向财政的部门申请补贴之后的事项", "向民政和部分申请补贴之后的事项")

    assert found == [("gone", "财政的部门"), ("new", "民政和部分")]


def test_a_new_article_in_front_changes_the_numbers_of_the_old_ones_only():
    articles = ["适用本法。", "依照规定办理。", "自公布之日起施行。"]
    old = "\n".join(f"第{number}条 {text}" for number, text in zip("一二三", articles, strict=True))
    added = "第一条 为了保护环境，制定本法。"
    new = "\n".join(
        [added, *(f"第{number}条 {text}" for number, text in zip("二三四", articles, strict=True))]
    )

    found = changes(old, new)

    assert "".join(text for kind, text in found if kind == "gone") == "第二条第三条"
    assert "适用本法" not in "".join(text for _, text in found)


def test_a_gap_too_large_to_be_compared_by_characters_is_gone_and_new():
    small, large = (range(0x4E00, 0x4E00 + int(LARGEST_SQUARE**0.5) + more) for more in (-100, 100))

    for places, kinds in ((small, {"same", "gone", "new"}), (large, {"gone", "new"})):
        old = "".join(map(chr, places))
        new = "".join("某" if place % 5 == 0 else chr(place) for place in places)
        pieces = compare(f"前，甲{old}甲。后", f"前，乙{new}乙。后")
        assert {piece.kind for piece in pieces[1:-1]} == kinds
        assert sides(pieces) == (f"前，甲{old}甲。后", f"前，乙{new}乙。后")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("x\n" * 250_000, "x\ny\n" * 125_000, id="one-line-ever-again"),
        pytest.param("的了" * 250_000, "了的的" * 166_666, id="one-clause-without-end"),
        pytest.param("的" * 500_000, "的" * 499_999 + "了", id="a-change-at-the-very-end"),
    ],
)
def test_texts_made_to_be_slow_are_compared_all_the_same(old, new):
    """Without bounds these take hours, not a second: it is bound by counts."""
    assert sides(compare(old, new)) == (old, new)


@pytest.mark.realdata
def test_real_editions_of_laws_are_told_apart_by_what_was_amended():
    folder = Path(os.environ["ZHUANLAN_REAL_DATA"])
    today = {
        row["id"]: row
        for name in ("laws_falv", "laws_xingzhengfagui")
        for row in map(json.loads, (folder / f"{name}.jsonl").read_text("utf-8").splitlines())
    }
    editions = [json.loads(line) for line in (folder / "law_versions.jsonl").read_text("utf-8").splitlines()]
    seen = 0
    for edition in editions:
        if edition["current_id"] not in today:
            continue
        old, new = edition["body"], today[edition["current_id"]]["body"]
        pieces = compare(old, new)
        assert sides(pieces) == (old, new), edition["id"]
        seen += 1
    assert seen > 20
