"""Personal data: what is masked, what is refused, and what is found before a page goes live."""

import random
import string
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from county.errors import RefusedError
from county.privacy import (
    FindingKind,
    IdKind,
    check_credit_code,
    check_id_number,
    check_identity,
    find_personal_data,
    mask_bank_card,
    mask_id_number,
    mask_name,
    mask_phone,
    normalise_id_number,
    numbers,
    redact,
)
from tests.county.numbers import ID_NUMBERS, MOBILES, id_number, with_luhn

REAL_CREDIT_CODES = ["11341702486344515H", "11441700007280420Y", "12441500196720244T", "91110000600037341L"]


def full_width(number: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in number)


def kinds_in(text: str, allowed: tuple[str, ...] = ()) -> list[FindingKind]:
    return [finding.kind for finding in find_personal_data(text, allowed)]


CHINESE = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("，。；：（）、\n")
)
GAPS = st.sampled_from(["", " ", "-", "  ", "\u3000", "\u00a0", "\u200b", "–", "\t", "\n"])
CREDIT_CODES = st.sampled_from(REAL_CREDIT_CODES) | st.from_regex(
    r"1[129][1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{9}[A-HJ-NPQRTUWY]", fullmatch=True
)


# Masks


@given(ID_NUMBERS, st.sampled_from(["{}", " {} ", "１{}"]))
def test_a_masked_id_number_shows_its_first_3_and_last_2_characters(number, pattern):
    assert mask_id_number(pattern.format(number))[-2:] == number[-2:]
    assert mask_id_number(number) == number[:3] + "*" * 13 + number[-2:]


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Z]{0,20}", fullmatch=True))
@pytest.mark.parametrize(
    ("mask", "head", "tail"), [(mask_id_number, 3, 2), (mask_phone, 3, 4), (mask_bank_card, 0, 4)]
)
def test_no_mask_of_a_number_shows_more_than_its_ends_or_hides_fewer_than_3_characters(
    mask, head, tail, number
):
    masked = mask(number)

    assert len(masked) <= len(normalise_id_number(number))
    assert set(masked[head : max(len(masked) - tail, 0)]) <= {"*"}
    assert masked.count("*") >= min(3, len(masked))


@given(st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=8))
def test_a_short_number_shows_its_first_and_last_character_at_most(number):
    masked = mask_id_number(number)

    assert len(masked) == len(number)
    assert sum(sign != "*" for sign in masked) <= (2 if len(number) >= 5 else 0)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0516-86221234", "**********34"),
        ("13812345678；13912345678", "*" * 21 + "78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_3_and_4_digits_of_a_mobile_number_and_less_of_others(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张 三", "张*"),
        ("张三丰", "张**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("司马 光", "司马*"),
        ("张", "*"),
        ("", ""),
        ("阿依古丽·买买提", "阿***·***"),
        ("John Smith", "J*** *****"),
        ("\U00020bb7田", "\U00020bb7*"),
    ],
)
def test_a_masked_name_shows_the_surname(name, masked):
    assert mask_name(name) == masked


def test_the_name_of_an_enterprise_is_not_masked():
    assert mask_name(" 云溪县  建材有限公司 ", is_natural_person=False) == "云溪县 建材有限公司"


@given(st.text(max_size=30))
def test_a_masked_name_shows_two_characters_at_most(name):
    masked = mask_name(name)

    assert sum(sign not in "*·•・‧. " for sign in masked) <= 2
    assert not name.strip() or "*" in masked or set(masked[1:]) <= set("·•・‧. ")


# Checks


@given(ID_NUMBERS, st.data())
def test_a_valid_id_number_is_taken_however_it_is_written(number, data):
    written = "".join(sign + data.draw(GAPS) for sign in number)
    written = data.draw(st.sampled_from([written, written.lower(), full_width(number)]))

    assert check_id_number(written) == number


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        *(id_number(area, date(1980, 1, 1), 1) for area in (320382, 320325, 330283, 310225, 132401)),
        *(id_number(area, date(1980, 1, 1), 1) for area in (810000, 820000, 830000, 911561)),
    ],
)
def test_numbers_of_regions_that_are_gone_or_special_are_taken(number):
    assert check_id_number(number) == number


@given(ID_NUMBERS, st.integers(0, 17), st.sampled_from(string.digits))
def test_a_number_with_one_wrong_digit_is_refused(number, place, digit):
    assume(digit != number[place])

    with pytest.raises(RefusedError):
        check_id_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "现填写了0位"),
        ("1101051949123100", "现填写了16位"),
        ("11010519491231002X1", "现填写了19位"),
        ("110105491231002", "15位旧身份证号码"),
        ("1101051949123100XX", "前17位应为数字"),
        ("01010519491231002X", "首位不为0"),
        ("110105194913310021", "出生日期"),
        ("110105190002290029", "出生日期"),  # 1900 was no leap year
        ("110105189912310025", "出生日期"),
        ("110105194912310021", "校验位"),
    ],
)
def test_a_refused_number_says_what_is_wrong_and_does_not_repeat_the_number(number, reason):
    with pytest.raises(RefusedError) as refused:
        check_id_number(number, field="applicant_id_no")

    assert reason in refused.value.message
    assert refused.value.field == "applicant_id_no"
    assert not number or number not in refused.value.message


def test_nobody_is_born_after_today():
    number = id_number(110105, date(2026, 3, 10), 1)

    assert check_id_number(number, today=date(2026, 3, 10)) == number
    with pytest.raises(RefusedError, match="出生日期"):
        check_id_number(number, today=date(2026, 3, 9))


@pytest.mark.parametrize("code", REAL_CREDIT_CODES)
def test_a_real_credit_code_is_taken_and_an_altered_one_refused(code):
    assert check_credit_code(full_width(code.lower())) == code
    with pytest.raises(RefusedError, match="校验位"):
        check_credit_code(code[:10] + ("1" if code[10] != "1" else "2") + code[11:])


@pytest.mark.parametrize(
    ("code", "reason"),
    [("9111000060003734", "18位"), ("A1110000600037341L", "前8位"), ("91110000O00037341L", "不含I、O")],
)
def test_a_refused_credit_code_says_what_is_wrong(code, reason):
    with pytest.raises(RefusedError, match=reason) as refused:
        check_credit_code(code, field="applicant_id_no")

    assert refused.value.field == "applicant_id_no"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (IdKind.RESIDENT_ID, "11010519491231002x", "110105194912310021"),
        (IdKind.CREDIT_CODE, "91110000600037341L", "91110000600037341M"),
        (IdKind.PASSPORT, "E12345678", "PASSPORT"),
        (IdKind.HK_MACAO_PERMIT, "h12345678", "12345678"),
        (IdKind.TAIWAN_PERMIT, "0123456701(B)", "1234567"),
        (IdKind.FOREIGN_RESIDENT_ID, "BEL110080010101", "11010519491231002X"),
        (IdKind.OTHER, "军字第1234567号", "*"),
    ],
)
def test_each_kind_of_document_has_its_check_and_its_chinese_name(kind, good, bad):
    assert check_identity(kind, good) == normalise_id_number(good)
    with pytest.raises(RefusedError):
        check_identity(kind, bad)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in kind.label)


# Finding


@given(CHINESE, ID_NUMBERS, CHINESE)
def test_every_id_number_in_a_chinese_text_is_found(before, number, after):
    text = before + number + after

    [finding] = find_personal_data(text)

    assert (finding.kind, text[finding.start : finding.end]) == (FindingKind.ID_NUMBER, number)
    assert finding.masked == mask_id_number(number)
    assert number not in repr(finding)


@given(CHINESE, ID_NUMBERS, CHINESE, st.data())
def test_an_id_number_in_full_width_or_parted_is_found(before, number, after, data):
    gaps = [data.draw(GAPS) for _ in number[1:]]
    written = number[0] + "".join(gap + sign for gap, sign in zip(gaps, number[1:], strict=True))
    written = data.draw(st.sampled_from([written, written.lower(), full_width(number)]))
    text = before + written + after

    [finding] = find_personal_data(text)

    assert text[finding.start : finding.end] == written
    assert redact(text) == before + mask_id_number(number) + after


@pytest.mark.parametrize(
    "written",
    [
        "110105.19491231.002X", "110105/1949/12/31/002X", "110105_19491231_002X", "110105,19491231,002X",
        "110105·19491231·002X", "110105－1949．12．31－002X", "110105" + "\u00a0" * 9 + "19491231" + " " * 7 + "002X",
        "11010519491231002Х", "11010519491231002х", "𝟏𝟏𝟎𝟏𝟎𝟓𝟏𝟗𝟒𝟗𝟏𝟐𝟑𝟏𝟎𝟎𝟐𝟙"[:17] + "X", "①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X",
        "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "1\u034f1010519\u3164491231\u180e002\u0301X", "1101\u200b05194\u200d9123\ufe0f1002\u2060X",
    ],
)  # fmt: skip
def test_an_id_number_in_disguise_is_found(written):
    [finding] = find_personal_data(f"身份证：{written}。")

    assert (finding.kind, finding.masked) == (FindingKind.ID_NUMBER, mask_id_number("11010519491231002X"))
    assert f"身份证：{written}。"[finding.start : finding.end] == written


def test_of_overlapping_numbers_the_least_divided_is_found():
    least_divided, with_the_row_number = "1101191905120100 01", "1 3 1101191905120100"
    assert check_id_number(least_divided)
    assert check_id_number(with_the_row_number)

    text = "1 3 1101191905120100 01"

    assert [text[finding.start : finding.end] for finding in find_personal_data(text)] == [least_divided]


@given(st.lists(st.tuples(CHINESE, ID_NUMBERS | MOBILES), max_size=8))
def test_nothing_planted_outlives_redaction(parts):
    text = "".join(f"{words}：{number}；" for words, number in parts)

    redacted = redact(text)

    assert len(find_personal_data(text)) == len(parts)
    assert not any(number in redacted for _, number in parts)
    assert find_personal_data(redacted) == []
    assert redacted == "".join(
        f"{words}：{mask_phone(number) if len(number) == 11 else mask_id_number(number)}；"
        for words, number in parts
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 11010519491231002X 13812345678", ["11010519491231002X", "13812345678"]),
        ("ID11010519491231002Xtel13812", ["11010519491231002X"]),
        ("11010519491231002X2026年", ["11010519491231002X"]),
        ("身份证ID11010519491231002X，tel13812345678a", ["11010519491231002X", "13812345678"]),
        ("联系电话：１３８１２３４５６７８。", ["１３８１２３４５６７８"]),
        ("138 1234 5678，139-1234-5678", ["138 1234 5678", "139-1234-5678"]),
        ("+8613812345678、008613912345678", ["13812345678", "13912345678"]),
        ("13812345678 13912345678\n13712345678", ["13812345678", "13912345678", "13712345678"]),
        ("1.13812345678 2.13912345678", ["13812345678", "13912345678"]),
        ("13812345678@163.com", ["13812345678"]),
        ("13812345678万某", ["13812345678"]),
        ("139.8512.3456、139·8512·3456", ["139.8512.3456", "139·8512·3456"]),
        ("微信V213812345678", ["13812345678"]),
        ("联系13812345678元先生", ["13812345678"]),
        ("①13812345678 ②13912345678", ["13812345678", "13912345678"]),
        ("138\u200b1234\u200b5678", ["138\u200b1234\u200b5678"]),
        ("1381\u034f2345\u3164678", ["1381\u034f2345\u3164678"]),
    ],
)
def test_numbers_are_found_beside_other_signs(text, found):
    assert [text[finding.start : finding.end] for finding in find_personal_data(text)] == found


@pytest.mark.parametrize(
    "body", ["622202100011223", "622848001234567890"[:18], "955880123456789012", "453242001122334"]
)
def test_bank_cards_are_found_whole_and_in_fours(body):
    number = with_luhn(body)
    in_fours = " ".join(number[place : place + 4] for place in range(0, len(number), 4))

    for written in (number, in_fours, full_width(number)):
        [finding] = find_personal_data(f"账号{written}。")
        assert finding.kind is FindingKind.BANK_CARD
        assert finding.masked == "*" * (len(number) - 4) + number[-4:]
    assert kinds_in(f"账号{number[:-1]}{(int(number[-1]) + 1) % 10}") == []


@pytest.mark.parametrize(
    "text",
    [
        "11341702486344515H/202110-00013",
        "11441700007280420Y/2021-00050",
        "000014349/2017-00110、6107280000/2024-001005、11610527Q-2019-000024",
        "62052400MZ-XK-0001",
        "12441500196720244T3442199806003202206230068",
        "云政发〔2026〕13号，2026-03-16 2026年3月16日 20260316",
        "0516-86221234、12345、400-123-4567、0886-3622024；0886-3622928",
        "113812345678、138123456789、2138123456780",
        "预算收入13812345678.50元，支出13812345678元",
        "项目代码2104-341702-04-01-138411",
        "202110-00013 199810-00013",
        "12812345678",
        "138.12345678 138,1234,5678 138/1234/5678",
        "共计13812345678元，金额：13812345678元",
        "1,110,105,194.91 231,002.10 110,105.19 491,231,002.00",
        "110,105,194,912,31 003,8",
        "138\n1234\n5678、138\t1234\t5678",  # cells of a table
        "110105 194912310038A1、1A110105 194912310038",
        "19100000000AAAAAAA/200001-00000",
        "a1b13812345678c9",
        "110105194912310021",  # wrong check digit
        "1101051949123100385、5110105194912310038",  # an identity number within a longer one
        with_luhn("620524202206230"),  # region, year and month: how files are numbered in Gansu
        with_luhn("720524112206230"),
        "110*************2X、138****5678",
        "",
    ],
)
def test_codes_dates_sums_and_office_numbers_are_no_personal_data(text):
    assert find_personal_data(text) == []


@given(CREDIT_CODES, st.integers(2000, 2030), st.integers(1, 12), st.integers(0, 99999), CHINESE)
def test_index_numbers_are_no_personal_data(organ, year, month, serial, words):
    for index_number in (f"{organ}/{year}{month:02}-{serial:05}", f"{organ}/{year}-{serial:05}"):
        assert kinds_in(words + index_number + words) == []


@given(CREDIT_CODES, st.from_regex(r"[1-7][0-9]{11}", fullmatch=True), st.sampled_from(["", "01"]), CHINESE)
def test_item_codes_are_no_personal_data(organ, basic, variant, words):
    for code in (basic[1:] + "0", organ + basic + "0", organ + basic + variant):
        assert kinds_in(words + code + words) == []


@given(st.sampled_from([12, 13, 20, 31, 33, 43]), st.data())
def test_long_runs_of_digits_are_no_personal_data(length, data):
    digits = data.draw(st.text(string.digits, min_size=length, max_size=length))
    assume(not (length == 13 and digits.startswith("86")))

    assert kinds_in(f"编号{digits}号") == []


def test_declared_contacts_and_accounts_of_offices_are_exempt_and_id_numbers_never_are():
    card = with_luhn("622202100011223")
    text = f"咨询电话13812345678，经办人13912345678，账户{card}，11010519491231002X"
    declared = ("窗口 138-1234-5678；0516-86221234", card, "11010519491231002X")

    assert kinds_in(text, declared) == [FindingKind.MOBILE, FindingKind.ID_NUMBER]
    assert redact(text, declared).startswith("咨询电话13812345678，经办人139****5678")


@pytest.mark.parametrize("kind", list(FindingKind))
def test_an_editor_reads_the_kind_of_a_finding_in_chinese(kind):
    assert kind.label.endswith(("号码", "卡号", "住址"))


HOSTILE = [
    "1",
    "1 ",
    "11010519491231002X ",
    "a1",
    "X ",
    "2 0 ",
    "138 1234 5678 ",
    "86",
    "+86",
    "4444 ",
    "138 ",
    "1\n",
]


def count_work(text, monkeypatch) -> tuple[int, int, int]:
    """The groups of digits in the text, the runs of groups looked at, and the candidates checked."""
    candidates = []

    def counted(number, check=numbers.is_id_number):
        candidates.append(len(number))
        return check(number)

    monkeypatch.setattr(numbers, "is_id_number", counted)
    find_personal_data(text)
    chains = list(numbers._chains(text))
    runs = sum(1 for chain in chains for _ in numbers._runs(text, chain))
    assert max(candidates, default=18) <= 18
    return sum(map(len, chains)), runs, len(candidates)


@pytest.mark.parametrize("pattern", HOSTILE)
def test_the_work_on_hostile_text_grows_with_its_length_only(pattern, monkeypatch):
    text = pattern * (50_000 // len(pattern))

    groups, runs, candidates = count_work(text, monkeypatch)

    # Each group of digits lies in one chain, begins one candidate at most and five runs at most.
    assert groups <= len(text)
    assert runs <= 5 * groups
    assert candidates <= groups


def test_a_body_of_500_000_hostile_characters_is_searched():
    text = "".join(pattern * (500_000 // len(HOSTILE) // len(pattern)) for pattern in HOSTILE)

    assert len(find_personal_data(text)) > 4_000


def test_the_patterns_of_the_finder_cannot_go_back():
    for pattern in (numbers._WORD, numbers._DIGITS):
        assert pattern.pattern.endswith("]++")


def test_ten_thousand_random_id_numbers_are_all_found():
    chance = random.Random(20260316)
    numbers = [
        id_number(
            chance.randint(110000, 659999),
            date(1920, 1, 1) + timedelta(days=chance.randint(0, 38000)),
            order % 1000,
        )
        for order in range(10_000)
    ]

    assert len(find_personal_data("、".join(numbers))) == len(numbers)
