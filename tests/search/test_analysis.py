"""How text becomes terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=60)


@given(CHINESE)
def test_every_two_characters_of_chinese_text_are_a_pair(text):
    pairs = analysis.pairs(analysis.fold(text))

    assert all(text[at : at + 2] in pairs for at in range(len(text) - 1))
    assert pairs.total() == len(text) - 1


def test_pairs_reach_across_digits_and_letters_but_not_across_punctuation():
    assert analysis.pairs("第7条，a1") == {"第7": 1, "7条": 1, "a1": 1}


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text):
    folded = analysis.fold(text)

    assert analysis.fold(folded) == folded
    folded.encode()  # no half characters are left


@given(st.text(max_size=80).map(analysis.clean), st.data())
def test_a_place_in_folded_text_is_found_in_the_text_shown(shown, data):
    folded = analysis.fold(shown)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    ((first, last),) = analysis.shown_ranges(shown, [(start, end)])

    assert 0 <= first < last <= len(shown)
    assert folded[start:end] in "".join(analysis.fold(character) for character in shown[first:last])


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("㎡", "m2"),
        ("〔2024〕", "(2024)"),
        ("【一】", "(一)"),
        ("a\u200bb\u3000c", "ab c"),
    ],
)
def test_full_width_and_bracket_variants_are_one(typed, folded):
    assert analysis.fold(typed) == folded


@pytest.mark.parametrize(
    "typed",
    ["云政办发〔2024〕7号", "云政办发[2024]7号", "云政办发（2024）7号", "云政办发【2024】7号", "云政办发〈2024〉7号",
     "云政办发 〔2024〕 7 号", "云政办发〔2024〕第7号", "云政办发［２０２４］７号"],
)  # fmt: skip
def test_a_document_number_is_a_whole_however_its_brackets_are_set(typed):
    assert analysis.number_key(typed) == "云政办发(2024)7号"
    assert analysis.read_query(typed).needles == ("云政办发(2024)7号",)
    assert "云政办发(2024)7号" in analysis.words(analysis.fold(f"（{typed}）"))


@pytest.mark.parametrize("code", ["11610527Q-2019-000024", "6107280000/2024-001005", "62052400MZ-XK-0001"])
def test_index_numbers_and_item_codes_are_wholes(code):
    assert analysis.read_query(f"{code} 材料").needles == (code.lower(), "材料")
    assert analysis.number_key(code) in analysis.read_query(f"{code} 材料").numbers


def test_a_document_number_in_a_sentence_is_understood_from_any_character_of_its_issuer():
    assert "云政办发(2024)7号" in analysis.read_query("根据云政办发〔2024〕7号文件").numbers


def test_operators_quotes_and_wildcards_are_no_terms():
    assert analysis.read_query('"取水*" AND (title:许可~ OR -证?)').needles == (
        "取水",
        "and",
        "title",
        "许可",
        "or",
        "证",
    )


def test_a_long_query_is_cut_and_says_so():
    query = analysis.read_query(" ".join(f"词{number}" for number in range(5000)))

    assert query.is_cut
    assert len(query.needles) == analysis.MOST_NEEDLES
