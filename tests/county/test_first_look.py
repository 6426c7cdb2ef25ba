"""The first look, which spares the search for numbers: where it sees none, the search finds none."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county.privacy import FindingKind, FirstLook, find_personal_data
from county.privacy.numbers import hits_in
from county.privacy.signs import FAINT, GAPS, INVISIBLE, PLAIN, PLAIN_NUMBERED, SEPARATORS, SPACES, STOPS
from tests.county.numbers import BANK_CARDS, ID_NUMBERS, MOBILES

LOOK = FirstLook()
EVERY_SIGN = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
PARTS = (
    *("", "", "", "", " ", "-", " - ", "\n", "\t", ".", ",", "/", "_", "·", "　", "－", "，", "．", "—"),
    *("\u200b", "\u00ad", "\ufeff", "\u034f", "\u3164", "\ufe0f", "X", "x", "a", "：", "①", "1", "号"),
)
BEFORE = (
    *(
        "",
        "",
        "电话：",
        "V2",
        "微信Wx3",
        "W",
        "+",
        "+86",
        "0086",
        "86",
        "1",
        "12",
        "2 ",
        "7\u200b",
        "1 3 ",
        "第",
    ),
    *(
        "金额：",
        "共计人民币",
        "金额\u200b：",
        "编号A",
        "11990123010523650X/",
        "X",
        "2026年",
        "汉字" * 6,
        "金额" * 5,
    ),
)
AFTER = (
    "",
    "",
    "元",
    "万元",
    ".50",
    ".5",
    ".505",
    "X",
    "x",
    "x1",
    "0",
    " 0",
    "2026年",
    "）",
    "a",
    "-1",
    "汉字" * 6,
)
DISGUISES = (lambda sign: chr(ord(sign) + 0xFEE0), lambda sign: "⓪①②③④⑤⑥⑦⑧⑨X"["0123456789X".index(sign)])


@st.composite
def written_numbers(draw) -> str:
    """A number of a person as people write it, and as those who wish to hide it do."""
    number = draw(ID_NUMBERS | MOBILES | BANK_CARDS | st.from_regex(r"[0-9]{1,20}", fullmatch=True))
    signs = list(number)
    if draw(st.integers(0, 5)) == 0:
        place = draw(st.integers(0, len(signs) - 1))
        signs[place] = draw(st.sampled_from(DISGUISES))(signs[place])
    if draw(st.booleans()):
        lengths = draw(
            st.sampled_from([(3, 4, 4), (3, 3, 5), (3, 8), (7, 4), (4,) * 5, (6, 8, 4), (1,) * 19])
        )
        part, ends = draw(st.sampled_from(PARTS)), {sum(lengths[:count]) for count in range(1, len(lengths))}
        signs = [part * (place in ends) + sign for place, sign in enumerate(signs)]
    for place in draw(st.lists(st.integers(0, len(signs) - 1), max_size=2)):
        signs[place] = draw(st.sampled_from(PARTS)) + signs[place]
    return "".join([draw(st.sampled_from(BEFORE)), *signs, draw(st.sampled_from(AFTER))])


TEXTS = st.lists(written_numbers(), min_size=1, max_size=4).map("".join)
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(TEXTS)
def test_where_the_first_look_sees_no_number_the_search_finds_none(text):
    assert LOOK.sees_number(text) or not hits_in(text)


@thorough
@given(TEXTS)
def test_looking_at_pieces_finds_what_looking_at_the_whole_finds(text):
    found = [(finding.kind, finding.start, finding.end) for finding in find_personal_data(text)]

    assert found == [(hit.kind, hit.start, hit.end) for hit in hits_in(text)]


@pytest.mark.parametrize("signs", [SPACES, FAINT])
def test_every_reading_takes_a_gap_for_something_between_digits(signs):
    for sign in re.findall(f"[{signs}]", EVERY_SIGN):
        assert {PLAIN[ord(sign)], PLAIN_NUMBERED[ord(sign)]} <= SEPARATORS


def test_what_may_be_read_as_nothing_is_a_faint_gap():
    unseen = [sign for sign in re.findall(f"[{GAPS}]", EVERY_SIGN) if PLAIN[ord(sign)] == INVISIBLE]

    assert not re.findall(f"[^{FAINT}]", "".join(unseen))


def test_no_reading_takes_a_stop_for_a_digit_a_letter_or_a_gap():
    stops = re.findall(f"[{STOPS}]", EVERY_SIGN)

    assert len(stops) > 20_000
    for sign in stops:
        for reading in (PLAIN, PLAIN_NUMBERED):
            assert reading[ord(sign)] not in SEPARATORS
            assert not re.match(r"[0-9A-Za-z]", reading[ord(sign)])


@pytest.mark.parametrize(
    "text",
    [
        "第十二条 县级以上地方人民政府应当自收到申请之日起20个工作日内作出答复，3年内有效（2024年1月1日起施行）。",
        "电话：0990-4620001、0990-4622998，监督电话12345，邮编841000",
        "11990123010523650X/202611-00001",
        "11990123010523650X/199909-00001",
        "信息2026-03-16\n公告2026-03-15\n通知2026-03-14",
        "青政发〔2026〕13号，共计1234567.89元，增长12.5%",
        "“三公”经费…每吨3.5元×2≤7℃；Ⅱ级、Ⅲ级",
    ],
)
def test_what_usual_pages_hold_passes_the_first_look(text):
    assert not LOOK.sees_number(text)


def test_a_sign_whose_part_is_not_plain_is_left_to_the_search():
    for sign in "１①²٣\u034f\u3164Х𝟏":
        assert LOOK.sees_number(f"一{sign}一")


def test_what_stands_between_digits_in_a_kind_of_text_is_told_to_the_first_look():
    text = "电话139|8765|4321"

    assert not LOOK.sees_number(text)
    assert FirstLook(between=r"\|").sees_number(text)


def test_a_number_far_behind_a_suspicious_one_is_found_at_its_place():
    text = f"帐号13 8123 4567 8，{'汉' * 9}手机13812345678，{'字' * 9}金额：13812345678元。"

    [finding] = find_personal_data(text)

    assert finding.kind is FindingKind.MOBILE
    assert text[finding.start - 2 : finding.end] == "手机13812345678"
