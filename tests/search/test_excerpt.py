"""Passages and their marks."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from search import analysis
from search.excerpt import WIDTH, best_passage, mark_all


def passage(text, *terms):
    shown = analysis.clean(text)
    return best_passage(shown, analysis.fold(shown), terms)


def test_the_passage_with_most_of_the_terms_is_taken():
    text = "水库。" + "无关的话。" * 60 + "汛期到来之前，水库管理单位应当检查大坝。" + "其他。" * 60
    excerpt = passage(text, "水库", "大坝", "汛期")

    assert excerpt.text.startswith("…汛期到来之前")
    assert [excerpt.text[start:end] for start, end in excerpt.marks] == ["汛期", "水库", "大坝"]


def test_marks_fit_where_folding_changes_lengths():
    excerpt = passage("面积㎡㎡㎡按规定计算，单位为ＫＷ。", "规定", "kw")

    assert str(excerpt.html) == "面积㎡㎡㎡按<mark>规定</mark>计算，单位为<mark>ＫＷ</mark>。"


def test_terms_that_overlap_make_one_mark():
    assert str(mark_all("取水许可证", ["取水许可", "许可证"]).html) == "<mark>取水许可证</mark>"


def test_markup_in_a_document_stays_text():
    excerpt = passage('<script>alert(1)</script>取水<img src=x onerror="x">', "取水", "script")

    assert str(excerpt.html).count("<") == 2 * len(excerpt.marks) == 6
    assert "&lt;<mark>script</mark>&gt;" in excerpt.html


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_any_text_with_any_terms_gives_safe_html_of_the_passage(text, terms):
    excerpt = passage(text, *filter(None, map(analysis.fold, terms)))

    assert re.sub("</?mark>", "", str(excerpt.html)) == str(escape(excerpt.text))
    assert len(excerpt.text) <= WIDTH + 2
    assert all(0 <= start < end <= len(excerpt.text) for start, end in excerpt.marks)
