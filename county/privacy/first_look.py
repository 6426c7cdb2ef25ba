"""A first look at a text, a hundred times quicker than the search for numbers: where it sees none, there is none."""

import re

from county.privacy.signs import FAINT, GAPS, STOPS

DIGIT = "[0-9]"


class FirstLook:
    """Sees whether a text may hold the number of a person: "perhaps" too often, "no" never wrongly.

    `between` is a pattern of what else may stand between the digits of one number, such as the tags of HTML. A sign
    whose part in a number is not plain counts as a number seen.
    """

    def __init__(self, between: str = "(?!)"):
        self._mobile = re.compile(_mobile(between))
        self._long_number_or_unclear_sign = re.compile(_long_number_or_unclear_sign(between))

    def sees_number(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Whether text[start:end], cut between numbers, may hold the number of a person."""
        limits = (start, len(text) if end is None else end)
        return bool(
            self._mobile.search(text, *limits) or self._long_number_or_unclear_sign.search(text, *limits)
        )


def _gaps(between: str) -> tuple[str, str]:
    """What may stand between two digits of a number, and between two of one group."""
    return rf"(?:[{GAPS}]|{between})++", rf"(?:[{FAINT}]|{between})++"


def _then(gap: str, sign: str, times: int = 1) -> str:
    """The sign so many times, each after a gap or at once."""
    return rf"(?:{sign}|{gap}{sign}){{{times}}}"


def _mobile(between: str) -> str:
    """Eleven digits, undivided or divided as mobile numbers are, or in a box each.

    In front may stand a country code, or the digit of a handle such as V2.
    """
    gap, faint = _gaps(between)
    three = _then(faint, "[3-9]") + _then(faint, DIGIT)
    divided_after_3 = three + gap + DIGIT + _then(gap, DIGIT, 7)
    divided_after_7 = three + _then(faint, DIGIT, 4) + _then(gap, DIGIT) + _then(faint, DIGIT, 3)
    in_boxes = rf"{gap}[3-9](?:{gap}{DIGIT}){{9}}"
    begins = "1(?:(?<![0-9][0-9]1)|(?<=861))"
    return rf"{begins}(?:{divided_after_3}|{divided_after_7}|{in_boxes})(?![0-9])"


def _long_number_or_unclear_sign(between: str) -> str:
    """A digit that begins an identity or card number, or a sign that no list has."""
    gap, _ = _gaps(between)
    begins = rf"[^{STOPS}{GAPS}A-Za-z0](?<![0-9][1-9])"
    may_be_long = rf"(?=[0-9{GAPS}]{{14}}|[0-9{GAPS}]*+{between})"  # spares the rest for most numbers
    return rf"{begins}(?:(?<![1-9])|{may_be_long}(?:{_id_number(gap)}|{_bank_card(between)}))"


def _id_number(gap: str) -> str:
    """The digits after the first: 5 of the region, 8 of the birth, 3 of the order and the check sign."""
    century = rf"(?:{_then(gap, '1')}{_then(gap, '9')}|{_then(gap, '2')}{_then(gap, '0')})"
    month = _then(gap, "[01]") + _then(gap, DIGIT)
    day = _then(gap, "[0-3]") + _then(gap, DIGIT)
    check = rf"(?:{_then(gap, '[Xx]')}|{_then(gap, DIGIT)}(?![0-9]))"
    return _then(gap, DIGIT, 5) + century + _then(gap, DIGIT, 2) + month + day + _then(gap, DIGIT, 3) + check


def _bank_card(between: str) -> str:
    """At least 14 digits after the first, the first four in one group."""
    gap, faint = _gaps(between)
    seconds = {"4": DIGIT, "3": "5", "5": "[1-5]", "6": "[02]", "9": "5"}
    second = "|".join(f"(?<={first}){_then(faint, sign)}" for first, sign in seconds.items())
    return rf"(?:{second}){_then(faint, DIGIT, 2)}{_then(gap, DIGIT, 11)}"
