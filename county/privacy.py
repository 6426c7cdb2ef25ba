"""Personal data: its numbers checked, masked, found and blacked out, here and nowhere else. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.iso7064 import mod_11_2

from county.errors import RefusedError

ID_LENGTH = 18
BIRTH_YEARS = range(1900, 2100)
MASK = "*"

_DIGITS_AND_X = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_NUMBER = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_PREFIX = re.compile(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)")

# 复姓 still borne today; a name that begins so keeps both characters.
_COMPOUND_SURNAME = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|"
    "公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|"
    "拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|梁丘|左丘|东门|西门|第五|歐陽|諸葛|東方|萬俟|尉遲"
)
_NAME_JOINTS = frozenset("·•・‧. ")


class IdKind(StrEnum):
    """The kinds of identity document (证件类型) an applicant may give."""

    RESIDENT_ID = "resident_id"
    CREDIT_CODE = "credit_code"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_RESIDENT_ID = "foreign_resident_id"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name that a form shows."""
        return _ID_KIND_LABELS[self]


_ID_KIND_LABELS = {
    IdKind.RESIDENT_ID: "居民身份证",
    IdKind.CREDIT_CODE: "统一社会信用代码",
    IdKind.PASSPORT: "护照",
    IdKind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    IdKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    IdKind.FOREIGN_RESIDENT_ID: "外国人永久居留身份证",
    IdKind.OTHER: "其他",
}

_SHAPES = {
    IdKind.PASSPORT: (r"(?=.*[0-9])[A-Z0-9]{5,15}", "应为5至15位字母和数字"),
    IdKind.HK_MACAO_PERMIT: (r"[HM][0-9]{8}(?:[0-9]{2})?", "应为字母H或M加8位或10位数字"),
    IdKind.TAIWAN_PERMIT: (r"[0-9]{8}|[0-9]{10}(?:[A-Z]|\([A-Z]\))?", "应为8位数字，旧证为10位数字加字母"),
    IdKind.FOREIGN_RESIDENT_ID: (
        r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}",
        "应为以9开头的18位号码，旧证为3位字母加12位数字",
    ),
    IdKind.OTHER: (r"[^*]{2,50}", "应为2至50个字符，且不含星号"),
}


def mask_id_number(number: str) -> str:
    """The number with its first 3 and last 2 characters; shorter than 9, first and last; under 5, none.

    Source: design decision on masks (110*************2X).
    """
    compact = normalise_id_number(number)
    if len(compact) < 5:
        return MASK * len(compact)
    head, tail = (3, 2) if len(compact) >= 9 else (1, 1)
    return compact[:head] + MASK * (len(compact) - head - tail) + compact[-tail:]


def mask_phone(number: str) -> str:
    """A mobile number as 138****5678; of another number the last 2 characters, of a short one none."""
    compact = _COUNTRY_PREFIX.sub("", normalise_id_number(number))
    if _MOBILE.fullmatch(compact):
        return compact[:3] + MASK * 4 + compact[-4:]
    tail = 2 if len(compact) >= 7 else 0
    return MASK * (len(compact) - tail) + compact[len(compact) - tail :]


def mask_bank_card(number: str) -> str:
    """Only the last 4 digits of a card number, of a short one nothing."""
    compact = normalise_id_number(number)
    tail = 4 if len(compact) >= 12 else 0
    return MASK * (len(compact) - tail) + compact[len(compact) - tail :]


def mask_name(name: str, *, is_natural_person: bool = True) -> str:
    """A person's name with only the surname: 张*, 欧阳**, 阿***·***. An enterprise's stays as it is."""
    shown = " ".join(name.split())
    if not is_natural_person:
        return shown
    joined = shown.replace(" ", "")
    if joined and all(map(_is_han, joined)):
        kept = 2 if len(joined) > 2 and _COMPOUND_SURNAME.match(joined) else 1
        return joined[: min(kept, len(joined) - 1)] + MASK * max(len(joined) - kept, 1)
    rest = (letter if letter in _NAME_JOINTS else MASK for letter in shown[1:])
    return (shown[:1] if len(shown) > 1 else MASK * len(shown)) + "".join(rest)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000" or letter == "〇"


def normalise_id_number(text: str) -> str:
    """The number as it is compared and stored: half width, capitals, no spaces, dashes or invisible signs."""
    return "".join(filter(_is_kept, unicodedata.normalize("NFKC", text))).upper()


def _is_kept(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] != "Z" and category not in ("Cc", "Cf", "Pd") and letter != "−"


def check_id_number(text: str, *, field: str | None = None, today: date | None = None) -> str:
    """The normalised resident identity number (居民身份证号码), or RefusedError saying what is wrong with it.

    The address code is not looked up: people keep the code of the county they were born in, also after it
    is gone. With `today`, a later date of birth is refused.
    Source: GB 11643 (18 characters, date of birth, ISO 7064 MOD 11-2).
    """
    number = normalise_id_number(text)
    if len(number) == 15 and number.isdecimal():
        raise RefusedError("15位旧身份证号码已停用，请填写18位居民身份证号码。", field)
    if len(number) != ID_LENGTH:
        raise RefusedError(f"居民身份证号码应为18位，现填写了{len(number)}位，请对照证件核对。", field)
    if not _DIGITS_AND_X.fullmatch(number):
        raise RefusedError(
            "居民身份证号码的前17位应为数字且首位不为0，末位应为数字或X，请对照证件核对。", field
        )
    born = _birth_date(number)
    if born is None or (today is not None and born > today):
        raise RefusedError("居民身份证号码第7至14位不是有效的出生日期，请对照证件核对。", field)
    if not mod_11_2.is_valid(number):
        raise RefusedError("居民身份证号码的校验位不正确，可能有一位数字填错，请对照证件核对。", field)
    return number


def check_credit_code(text: str, *, field: str | None = None) -> str:
    """The normalised unified social credit code (统一社会信用代码), or RefusedError saying what is wrong.

    Source: GB 32100 (18 characters without I, O, Z, S, V; check character).
    """
    try:
        return uscc.validate(normalise_id_number(text))
    except InvalidLength:
        message = "统一社会信用代码应为18位，请对照营业执照或登记证书核对。"
    except InvalidChecksum:
        message = "统一社会信用代码的校验位不正确，可能有一位填错，请对照营业执照或登记证书核对。"
    except ValidationError:
        message = (
            "统一社会信用代码前8位应为登记部门、机构类别和区划代码，只含数字和大写字母（不含I、O、Z、S、V）。"
        )
    raise RefusedError(message, field)


def check_identity(kind: IdKind, text: str, *, field: str | None = None, today: date | None = None) -> str:
    """The normalised number of a document of `kind`, or RefusedError; most kinds are held to a shape only."""
    if kind is IdKind.RESIDENT_ID:
        return check_id_number(text, field=field, today=today)
    if kind is IdKind.CREDIT_CODE:
        return check_credit_code(text, field=field)
    number = normalise_id_number(text)
    shape, hint = _SHAPES[kind]
    if not re.fullmatch(shape, number):
        raise RefusedError(f"{kind.label}号码{hint}，请对照证件核对。", field)
    return number


def _birth_date(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year in BIRTH_YEARS else None


class FindingKind(StrEnum):
    """The kinds of personal data that are found in a text."""

    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"

    @property
    def label(self) -> str:
        """The Chinese name that an editor reads."""
        return _FINDING_LABELS[self]


_FINDING_LABELS = {
    FindingKind.ID_NUMBER: "居民身份证号码",
    FindingKind.MOBILE: "手机号码",
    FindingKind.BANK_CARD: "银行卡号",
}
_MASKS = {
    FindingKind.ID_NUMBER: mask_id_number,
    FindingKind.MOBILE: mask_phone,
    FindingKind.BANK_CARD: mask_bank_card,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at text[start:end]. Only the masked form is kept: a finding may be shown and logged."""

    kind: FindingKind
    start: int
    end: int
    masked: str


def find_personal_data(text: str, allowed: Iterable[str] = ()) -> list[Finding]:
    """Identity, mobile and bank card numbers in `text`, by place; also in full width or parted by spaces.

    `allowed` are the declared contacts and accounts of offices, each a free text: numbers in them are exempt,
    identity numbers never. Time and memory grow with the length of the text only.
    Source: 个人信息保护法 art. 28, 51; design decision on the personal-data gate.
    """
    exempt = {
        hit.number for entry in allowed for hit in _hits(entry) if hit.kind is not FindingKind.ID_NUMBER
    }
    found = [hit for hit in _hits(text) if hit.number not in exempt]
    return [Finding(hit.kind, hit.start, hit.end, _MASKS[hit.kind](hit.number)) for hit in found]


def redact(text: str, allowed: Iterable[str] = ()) -> str:
    """The text with each finding replaced by its masked form."""
    pieces, done = [], 0
    for finding in find_personal_data(text, allowed):
        pieces += [text[done : finding.start], finding.masked]
        done = finding.end
    return "".join([*pieces, text[done:]])


class _Plain(dict[int, str]):
    """What each character is read as, one to one, so that places in the translated text are places in the text."""

    def __init__(self, *, numbered: bool = False):
        self._digit = unicodedata.digit if numbered else unicodedata.decimal
        super().__init__({ord(sign): "X" for sign in "ХхΧχ"} | {ord("＋"): "+"})

    def __missing__(self, code: int) -> str:
        sign = self[code] = self._read(chr(code))
        return sign

    def _read(self, sign: str) -> str:
        if sign in _PLAIN_CONTROLS or " " <= sign <= "~":
            return sign
        if (digit := self._digit(sign, None)) is not None:
            return str(int(digit))
        category = unicodedata.category(sign)
        if category in ("Cc", "Cf", "Mn", "Me") or sign in _BLANKS:
            return _INVISIBLE
        if category[0] == "Z":
            return " "
        folded = unicodedata.normalize("NFKC", sign)
        return folded if folded in ("X", "x", *_WIDE) else sign


_INVISIBLE = "\u200b"
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
_PLAIN_CONTROLS = "\t\n\v\f\r"
_LINE_OR_CELL_ENDS = frozenset(_PLAIN_CONTROLS)
_WIDE = frozenset("./_,·•・‧")  # part the groups of an identity number, but also dates and sums of money
_SEPARATORS = _WIDE | frozenset(
    f"{_PLAIN_CONTROLS} {_INVISIBLE}-－﹣﹘\u2212" + "".join(map(chr, range(0x2010, 0x2016)))
)
_NOT_IN_GROUPS = _LINE_OR_CELL_ENDS | frozenset("/,")  # of a mobile or card number
_DECIMAL_POINTS = frozenset(".·•・‧_")
_PLAIN = _Plain()
_PLAIN_NUMBERED = _Plain(numbered=True)
# Possessive, so that no input makes the patterns go back.
_WORD = re.compile(r"[0-9A-Za-z]++")
_DIGITS = re.compile(r"[0-9]++")
_MOST_GROUPS = 5
_MOBILE_GROUPINGS = frozenset({(11,), (3, 4, 4), (3, 3, 5), (3, 8)})
_MOBILE_IN_FULL = (3, 4, 4)
_SUM_OF_MONEY = re.compile(r"\.[0-9]{1,2}(?![0-9])")
_YUAN = re.compile(r"(?:万|亿)?元")
_MONEY_AHEAD = re.compile(r"[入出额金款费价值算计资产共币¥￥](?:[为约达是:： ]|人民币){0,3}\Z")
_HANDLE = re.compile(
    r"[VvWw][Xx]?[0-9](?=1[3-9][0-9]{9}\Z)"
)  # V2 and the like in front, so as not to be found
# Where cards of mainland banks, Visa, MasterCard and JCB begin; the list need not be complete.
_BANK_CARD = re.compile(
    r"62[0-9]{14,17}|(?:9558|95599|436742|456351|60138[12]|603367)[0-9]{13,15}|(?:4|5[1-5]|35)[0-9]{14,15}"
)


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: FindingKind
    start: int
    end: int
    number: str
    groups: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring digits; `has_x` where an X follows at once.

    `in_code`: the word mixes letters and digits as item codes and hashes do.
    """

    start: int
    digits: str
    has_x: bool
    in_code: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.digits)


def _hits(text: str) -> list[_Hit]:
    """What was found, by place, without overlaps: identity numbers first, then the least divided."""
    hits = [hit for plain, places in _readings(text) for hit in _hits_in(plain, places)]
    order = list(FindingKind)
    taken, kept = bytearray(len(text)), []
    for hit in sorted(hits, key=lambda hit: (order.index(hit.kind), hit.groups, hit.start)):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _readings(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """The text as it may be read, four times at most, and where each of its characters stands.

    What shows nothing parts numbers or is not there at all; ① is a digit, or the number of a line.
    """
    plain, numbered = text.translate(_PLAIN), text.translate(_PLAIN_NUMBERED)
    for reading in dict.fromkeys((plain, numbered)):
        yield reading, range(len(text) + 1)
        if _INVISIBLE in reading:
            places = [place for place, sign in enumerate(reading) if sign != _INVISIBLE]
            yield reading.replace(_INVISIBLE, ""), places


def _hits_in(plain: str, places: Sequence[int]) -> Iterator[_Hit]:
    for chain in _chains(plain):
        for hit in (*_ids(plain, chain), *_mobiles(plain, chain), *_cards(plain, chain)):
            yield replace(hit, start=places[hit.start], end=places[hit.end - 1] + 1)


def _groups(plain: str) -> Iterator[_Group]:
    for word in _WORD.finditer(plain):
        letters, start = word[0], word.start()
        if handle := _HANDLE.match(letters):
            letters, start = letters[handle.end() :], start + handle.end()
        if letters in ("X", "x"):
            yield _Group(start, "", has_x=True)
        runs = list(_DIGITS.finditer(letters))
        in_code = len(runs) > 1 or _is_like_credit_code(letters)
        for run in runs:
            has_x = letters[run.end() : run.end() + 1] in ("X", "x")
            yield _Group(start + run.start(), run[0], has_x, in_code)


def _is_like_credit_code(word: str) -> bool:
    return len(word) == ID_LENGTH and not word[: ID_LENGTH - 1].isdecimal()


def _chains(plain: str) -> Iterator[list[_Group]]:
    """Groups that only separators part, since numbers are written in groups or one digit a box."""
    chain: list[_Group] = []
    for group in _groups(plain):
        if chain and not _is_linked(plain, chain[-1], group):
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def _is_linked(plain: str, left: _Group, right: _Group) -> bool:
    if left.in_code or right.in_code:
        return False
    return _SEPARATORS.issuperset(plain[left.end : right.start])


def _ids(plain: str, chain: list[_Group]) -> Iterator[_Hit]:
    """Every 18 characters of the chain that begin and end with a group and are an identity number."""
    number = "".join(group.digits for group in chain)
    ends, place = {}, 0
    for index, group in enumerate(chain):
        place += len(group.digits)
        ends[place] = (index, group.end)
    if chain[-1].has_x:
        number += "X"
        ends[place + 1] = (len(chain) - 1, chain[-1].end + 1)
    place = 0
    for index, group in enumerate(chain):
        if place + ID_LENGTH in ends and _is_id_number(candidate := number[place : place + ID_LENGTH]):
            last, end = ends[place + ID_LENGTH]
            if not _is_row_of_sums(plain, chain[index : last + 1]):
                yield _Hit(FindingKind.ID_NUMBER, group.start, end, candidate, last - index)
        place += len(group.digits)


def _gaps(plain: str, groups: list[_Group]) -> list[str]:
    return [plain[left.end : right.start] for left, right in pairwise(groups)]


def _is_row_of_sums(plain: str, groups: list[_Group]) -> bool:
    """1,234.50 2,345.60: points and commas within the numbers, spaces or cells between them."""
    wide = [not _WIDE.isdisjoint(gap) for gap in _gaps(plain, groups)]
    spaced = [
        not is_wide and bool(gap.strip(" " + _PLAIN_CONTROLS) != gap)
        for gap, is_wide in zip(_gaps(plain, groups), wide, strict=True)
    ]
    return any(wide) and any(spaced)


def _is_id_number(number: str) -> bool:
    return bool(_ID_NUMBER.fullmatch(number) and _birth_date(number) and mod_11_2.is_valid(number))


def _mobiles(plain: str, chain: list[_Group]) -> Iterator[_Hit]:
    for groups in _runs(plain, chain):
        start, number = groups[0].start, "".join(group.digits for group in groups)
        if len(groups) == 1 and (number.startswith("0086") or plain[start - 1 : start] == "+"):
            start += len(number) - len(number := _COUNTRY_PREFIX.sub("", number))
        elif not _is_grouped_as_mobile(plain, groups):
            continue
        if _MOBILE.fullmatch(number) and not _is_sum_of_money(plain, start, groups[-1].end):
            yield _Hit(FindingKind.MOBILE, start, groups[-1].end, number, len(groups) - 1)


def _is_grouped_as_mobile(plain: str, groups: list[_Group]) -> bool:
    grouping = tuple(len(group.digits) for group in groups)
    if not _DECIMAL_POINTS.isdisjoint(_gaps(plain, groups)):
        return grouping == _MOBILE_IN_FULL
    return grouping in _MOBILE_GROUPINGS


def _is_sum_of_money(plain: str, start: int, end: int) -> bool:
    if _SUM_OF_MONEY.match(plain, end):
        return True
    return bool(_YUAN.match(plain, end) and _MONEY_AHEAD.search(plain[max(0, start - 8) : start]))


def _cards(plain: str, chain: list[_Group]) -> Iterator[_Hit]:
    for groups in _runs(plain, chain):
        number = "".join(group.digits for group in groups)
        in_fours = all(len(group.digits) == 4 for group in groups[:-1]) and len(groups[-1].digits) <= 4
        if (len(groups) == 1 or in_fours) and _is_bank_card(number):
            yield _Hit(FindingKind.BANK_CARD, groups[0].start, groups[-1].end, number, len(groups) - 1)


def _is_bank_card(number: str) -> bool:
    # A region code and a year in front is how offices number their files, and 62 is a region too.
    is_file_number = number[6:8] in ("19", "20")
    return bool(_BANK_CARD.fullmatch(number)) and not is_file_number and luhn.is_valid(number)


def _runs(plain: str, chain: list[_Group]) -> Iterator[list[_Group]]:
    """Each group, and up to five neighbours on one line that begin as divided numbers do (3 or 4 digits)."""
    for first, group in enumerate(chain):
        if group.in_code:
            continue
        yield [group]
        for last in range(first + 1, min(first + _MOST_GROUPS, len(chain))):
            gap = plain[chain[last - 1].end : chain[last].start]
            if len(group.digits) not in (3, 4) or len(gap) != 1 or gap in _NOT_IN_GROUPS:
                break
            yield chain[first : last + 1]
