"""Time limits as they are published, and when a promise is longer than the law."""

import re
import unicodedata
from dataclasses import dataclass

from content.errors import Fault
from content.models import LimitUnit

NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
UNITS = [
    (r"个?工作日", LimitUnit.WORKING_DAY),
    (r"个?(?:自然日|日|天)", LimitUnit.CALENDAR_DAY),
    (r"个?月", LimitUnit.MONTH),
    (r"年", LimitUnit.YEAR),
    (r"个?(?:小时|工作小时)", LimitUnit.HOUR),
]
AT_ONCE = re.compile(r"^(?:即办|即时|当场|立等|随到随办|即到即办|马上)")
NONE_SET = re.compile(r"^(?:无|没有|未规定|无法定|法律法规未)")
NUMBER = r"(?P<number>\d{1,4}|[零一二两三四五六七八九十百]{1,5})"
QUANTITY = re.compile(
    NUMBER + r"\s*(?:" + "|".join(f"(?P<u{i}>{unit})" for i, (unit, _) in enumerate(UNITS)) + ")"
)


@dataclass(frozen=True)
class Limit:
    """A time limit in one unit; at once and none have no value."""

    value: int | None
    unit: LimitUnit

    @property
    def calendar_days(self) -> tuple[float, float]:
        """The fewest and the most calendar days this may take, long holidays included."""
        value = self.value or 0
        return {
            LimitUnit.WORKING_DAY: (float(value), value * 3.0 + 15),
            LimitUnit.CALENDAR_DAY: (float(value), float(value)),
            LimitUnit.MONTH: (value * 28.0, value * 31.0),
            LimitUnit.YEAR: (value * 365.0, value * 366.0),
            LimitUnit.HOUR: (value / 24, value / 24),
            LimitUnit.AT_ONCE: (0.0, 0.0),
            LimitUnit.NONE: (float("inf"), float("inf")),
        }[self.unit]


def read_limit(text: str) -> Limit | None:
    """Read a published limit such as 「20个工作日」, 「即办」, 「二十日」, 「无」; None if it cannot be read.

    Source: C-08, C-09; the texts come as published and are kept beside what was read.
    """
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("自受理之日起").lstrip()
    if AT_ONCE.match(text):
        return Limit(None, LimitUnit.AT_ONCE)
    if NONE_SET.match(text):
        return Limit(None, LimitUnit.NONE)
    found = QUANTITY.match(text)
    if not found:
        return None
    unit = next(unit for i, (_, unit) in enumerate(UNITS) if found[f"u{i}"])
    number = found["number"]
    return Limit(int(number) if number.isdigit() else _read_chinese_number(number), unit)


def _read_chinese_number(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = NUMERALS[char]
    return total + digit


def check_promised_limit(promised: Limit | None, legal: Limit | None) -> None:
    """Refuse a promise that is longer than the law allows.

    In different units only a promise that must be longer is refused: 30 working days never fit into 20 calendar days,
    but 25 calendar days may or may not fit into 20 working days.

    Source: C-10 (承诺期限不得超过法定期限).
    Raises: Fault naming both limits.
    """
    if promised is None or legal is None or legal.unit is LimitUnit.NONE or promised.unit is LimitUnit.NONE:
        return
    if promised.unit is legal.unit:
        too_long = (promised.value or 0) > (legal.value or 0)
    else:
        too_long = promised.calendar_days[0] > legal.calendar_days[1]
    if too_long:
        raise Fault(
            f"承诺期限（{label(promised)}）超过了法定期限（{label(legal)}），请改为不超过法定期限。",
            "promised_limit",
        )


def label(limit: Limit) -> str:
    """A limit as people write it."""
    if limit.value is None:
        return "即时办结" if limit.unit is LimitUnit.AT_ONCE else "无"
    measure = "" if limit.unit in (LimitUnit.CALENDAR_DAY, LimitUnit.YEAR) else "个"
    return f"{limit.value}{measure}{limit.unit.value}"
