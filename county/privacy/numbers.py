"""Where numbers of persons stand in a text: identity, mobile and bank card numbers, however they are divided."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from stdnum import luhn

from county.privacy.identity import ID_LENGTH, is_id_number
from county.privacy.masks import COUNTRY_PREFIX, MOBILE
from county.privacy.signs import (
    INVISIBLE,
    LINE_OR_CELL_ENDS,
    PLAIN,
    PLAIN_CONTROLS,
    PLAIN_NUMBERED,
    SEPARATORS,
    WIDE,
)

_NOT_IN_GROUPS = LINE_OR_CELL_ENDS | frozenset("/,")  # of a mobile or card number
_DECIMAL_POINTS = frozenset(".·•・‧_")
# Possessive, so that no input makes the patterns go back.
_WORD = re.compile(r"[0-9A-Za-z]++")
_DIGITS = re.compile(r"[0-9]++")
CONTEXT = 8  # signs that are looked at beside a number, at most
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


class FindingKind(StrEnum):
    """The kinds of personal data that are found in a text."""

    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    HOME = "home"

    @property
    def label(self) -> str:
        """The Chinese name that an editor reads."""
        return _FINDING_LABELS[self]


_FINDING_LABELS = {
    FindingKind.ID_NUMBER: "居民身份证号码",
    FindingKind.MOBILE: "手机号码",
    FindingKind.BANK_CARD: "银行卡号",
    FindingKind.HOME: "住址",
}


@dataclass(frozen=True, slots=True)
class Hit:
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


def hits_in(text: str) -> list[Hit]:
    """What was found, by place, without overlaps: identity numbers first, then the least divided."""
    hits = [hit for plain, places in _readings(text) for hit in _hits_of(plain, places)]
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
    plain, numbered = text.translate(PLAIN), text.translate(PLAIN_NUMBERED)
    for reading in dict.fromkeys((plain, numbered)):
        yield reading, range(len(text) + 1)
        if INVISIBLE in reading:
            places = [place for place, sign in enumerate(reading) if sign != INVISIBLE]
            yield reading.replace(INVISIBLE, ""), places


def _hits_of(plain: str, places: Sequence[int]) -> Iterator[Hit]:
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
    return SEPARATORS.issuperset(plain[left.end : right.start])


def _ids(plain: str, chain: list[_Group]) -> Iterator[Hit]:
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
        if place + ID_LENGTH in ends and is_id_number(candidate := number[place : place + ID_LENGTH]):
            last, end = ends[place + ID_LENGTH]
            if not _is_row_of_sums(plain, chain[index : last + 1]):
                yield Hit(FindingKind.ID_NUMBER, group.start, end, candidate, last - index)
        place += len(group.digits)


def _gaps(plain: str, groups: list[_Group]) -> list[str]:
    return [plain[left.end : right.start] for left, right in pairwise(groups)]


def _is_row_of_sums(plain: str, groups: list[_Group]) -> bool:
    """1,234.50 2,345.60: points and commas within the numbers, spaces or cells between them."""
    wide = [not WIDE.isdisjoint(gap) for gap in _gaps(plain, groups)]
    spaced = [
        not is_wide and bool(gap.strip(" " + PLAIN_CONTROLS) != gap)
        for gap, is_wide in zip(_gaps(plain, groups), wide, strict=True)
    ]
    return any(wide) and any(spaced)


def _mobiles(plain: str, chain: list[_Group]) -> Iterator[Hit]:
    for groups in _runs(plain, chain):
        start, number = groups[0].start, "".join(group.digits for group in groups)
        if len(groups) == 1 and (number.startswith("0086") or plain[start - 1 : start] == "+"):
            start += len(number) - len(number := COUNTRY_PREFIX.sub("", number))
        elif not _is_grouped_as_mobile(plain, groups):
            continue
        if MOBILE.fullmatch(number) and not _is_sum_of_money(plain, start, groups[-1].end):
            yield Hit(FindingKind.MOBILE, start, groups[-1].end, number, len(groups) - 1)


def _is_grouped_as_mobile(plain: str, groups: list[_Group]) -> bool:
    grouping = tuple(len(group.digits) for group in groups)
    if not _DECIMAL_POINTS.isdisjoint(_gaps(plain, groups)):
        return grouping == _MOBILE_IN_FULL
    return grouping in _MOBILE_GROUPINGS


def _is_sum_of_money(plain: str, start: int, end: int) -> bool:
    if _SUM_OF_MONEY.match(plain, end):
        return True
    return bool(_YUAN.match(plain, end) and _MONEY_AHEAD.search(plain[max(0, start - CONTEXT) : start]))


def _cards(plain: str, chain: list[_Group]) -> Iterator[Hit]:
    for groups in _runs(plain, chain):
        number = "".join(group.digits for group in groups)
        in_fours = all(len(group.digits) == 4 for group in groups[:-1]) and len(groups[-1].digits) <= 4
        if (len(groups) == 1 or in_fours) and _is_bank_card(number):
            yield Hit(FindingKind.BANK_CARD, groups[0].start, groups[-1].end, number, len(groups) - 1)


def _is_bank_card(number: str) -> bool:
    # A region code and a year in front is how offices number their files, and 62 is a region too.
    is_file_number = "1980" <= number[6:10] < "2040"
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
