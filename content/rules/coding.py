"""Patterns of index numbers (索引号) and item codes (事项编码), and how a number is made from one.

A pattern is text with fields in braces:

    {region:8}        division code, cut or filled with zeros to so many digits
    {letters}         the organ's two letters (部门业务代码)
    {subject}         the organ's three characters (行政主体代码)
    {uscc} {orgcode}  the organ's credit code, or the nine characters of the organisation code in it
    {category:letters} {category:digits}   kind of item: XK, or 01 (GB/T 39046)
    {year} {month}    of the day the information was produced
    {serial:4}        running number, within everything that stands before it
    {sub:2}           number of the sub-item; zeros while an item is not divided

Gansu's Wushan county, near the guide's appendix 2:  {region:8}{letters}-{category:letters}-{serial:4}
Hubei's code of administrative powers:               {region:6}{subject}{category:digits}{serial:3}{sub:2}
Index number of 国办秘函〔2009〕6号:                  {orgcode}/{year}-{serial:5}
Index number with the whole credit code:             {uscc}/{year}{month}-{serial:5}
"""

import re
from dataclasses import dataclass
from datetime import date

from content.models import DocumentKind, ItemCategory
from county.errors import RefusedError

FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
WIDE = {"region", "serial", "sub"}  # fields that need a width
PLAIN = {"letters", "subject", "uscc", "orgcode", "year", "month"}

CATEGORY_CODES = {  # letters as in the county rule; digits of GB/T 39046-2020, extensions from 11 and 21
    ItemCategory.LICENCE: ("XK", "01"),
    ItemCategory.PENALTY: ("CF", "02"),
    ItemCategory.COMPULSION: ("QZ", "03"),
    ItemCategory.LEVY: ("ZS", "04"),
    ItemCategory.BENEFIT: ("JF", "05"),
    ItemCategory.INSPECTION: ("JC", "06"),
    ItemCategory.CONFIRMATION: ("QR", "07"),
    ItemCategory.REWARD: ("JL", "08"),
    ItemCategory.ADJUDICATION: ("CJ", "09"),
    ItemCategory.OTHER: ("QT", "10"),
    ItemCategory.APPROVAL: ("SP", "11"),
    ItemCategory.AGENCY: ("DL", "12"),
    ItemCategory.PUBLIC_SERVICE: ("GG", "20"),
    ItemCategory.CONVENIENCE: ("BM", "21"),
}


@dataclass(frozen=True)
class NumberFacts:
    """What a number may be made of."""

    organ_name: str
    region_code: str | None = None
    letters: str | None = None
    subject_code: str | None = None
    uscc: str | None = None
    category: ItemCategory | None = None
    produced_on: date | None = None


class PatternError(RefusedError):
    """A coding pattern cannot be used."""


def check_pattern(pattern: str) -> None:
    """Refuse a pattern with unknown fields, without exactly one serial, or with characters unfit for a number.

    Source: B-16 (the coding rule is configurable).
    Raises: PatternError naming the field.
    """
    for name, option in FIELD.findall(pattern):
        if name == "category":
            known = option in ("letters", "digits")
        else:
            known = (name in PLAIN and not option) or (
                name in WIDE and option.isascii() and option.isdigit() and 1 <= int(option) <= 12
            )
        if not known:
            raise PatternError(
                f"编码规则中的“{{{name}{':' + option if option else ''}}}”无法识别。", "pattern"
            )
    if len(re.findall(r"\{serial:[0-9]+\}", pattern)) != 1:
        raise PatternError("编码规则必须恰好包含一个流水号 {serial:位数}。", "pattern")
    if re.search(r"[^0-9A-Za-z/_.-]", FIELD.sub("", pattern)):
        raise PatternError("编码规则中只能使用字母、数字和 - / _ . 作为分隔。", "pattern")


def check_kept_number(number: str, kind: DocumentKind) -> None:
    """Refuse a number given elsewhere that cannot be one: an item code is part of the address of its form.

    Source: B-15, A-02; standards §6.2 (codes are letters and digits), §5.1 (index numbers vary).
    Raises: PatternError.
    """
    if kind is DocumentKind.SERVICE and not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}", number):
        raise PatternError(
            f"事项编码“{number[:100]}”只能由字母、数字和 . _ - 组成，且不超过100位。", "number"
        )
    if len(number) > 100 or not number.isprintable() or number != number.strip():
        raise PatternError("编号不能超过100个字，首尾不能有空格，也不能含有换行等控制符。", "number")


def front_and_number(pattern: str, facts: NumberFacts, serial: int) -> tuple[str, str]:
    """Make a number: what stands before the serial (the series it runs in), and the whole.

    Source: B-15, standards §5.1 (the serial runs per issuer and year), §9 (per unit and type).
    Raises: PatternError naming what the organ or item lacks, or when the serial no longer fits its width.
    """

    def fill(match: re.Match[str]) -> str:
        return _field(match[1], match[2], facts, serial)

    front = FIELD.sub(fill, pattern[: pattern.index("{serial")])
    return front, FIELD.sub(fill, pattern)


def _field(name: str, option: str | None, facts: NumberFacts, serial: int) -> str:
    if name == "serial":
        return _filled(str(serial), int(option or 1), "流水号已用尽，请更换编码规则")
    if name == "sub":
        return "0" * int(option or 1)
    if name == "region":
        return _needed(facts.region_code, facts, "行政区划代码").ljust(int(option or 6), "0")[
            : int(option or 6)
        ]
    if name == "category":
        if facts.category is None:
            raise PatternError("事项分类未填写，不能生成编码。", "item_category")
        return CATEGORY_CODES[facts.category][0 if option == "letters" else 1]
    if name in ("year", "month"):
        if facts.produced_on is None:
            raise PatternError("发布日期未填写，不能生成索引号。", "published_on")
        return f"{facts.produced_on:%Y}" if name == "year" else f"{facts.produced_on:%m}"
    if name == "letters":
        return _needed(facts.letters, facts, "部门业务代码（两位字母）")
    if name == "subject":
        return _needed(facts.subject_code, facts, "行政主体代码（三位）")
    uscc = _needed(facts.uscc, facts, "统一社会信用代码")
    return uscc if name == "uscc" else uscc[8:17]


def _needed(value: str | None, facts: NumberFacts, label: str) -> str:
    if not value:
        raise PatternError(
            f"“{facts.organ_name}”没有登记{label}，不能生成编号；请在机构管理中补充。", "number"
        )
    return value


def _filled(digits: str, width: int, message: str) -> str:
    if len(digits) > width:
        raise PatternError(f"{message}。", "number")
    return digits.rjust(width, "0")
