"""Dates of the sample county, written as distances from an anchor day, and the tokens in its texts. Pure."""

import re
from datetime import date, timedelta
from typing import Any

DISTANCE = re.compile(r"([+-]\d{1,4})d")
YEARS_BEFORE = re.compile(r"(\d{1,2}):(\d\d)-(\d\d)")
TOKEN = re.compile(r"\{([YD])([+-]\d{1,4})?(:iso)?\}")


def day_of(text: str, anchor: date) -> date:
    """The day a distance names: "-3d", "+12d", or "1:03-15", the last 15 March on or before the anchor, one year earlier.

    Raises: ValueError for anything else.
    """
    if found := DISTANCE.fullmatch(text):
        return anchor + timedelta(days=int(found[1]))
    if found := YEARS_BEFORE.fullmatch(text):
        day = date(anchor.year - int(found[1]), int(found[2]), int(found[3]))
        return day if day.replace(year=anchor.year) <= anchor else day.replace(year=day.year - 1)
    raise ValueError(f"{text!r} is no distance from an anchor day")


def with_days(value: Any, day: date) -> Any:
    """The value with every token in its texts replaced: {Y} {Y-1} years, {D} {D+10} days, {D:iso} for a field."""
    if isinstance(value, str):
        return TOKEN.sub(lambda found: _said(found, day), value)
    if isinstance(value, list):
        return [with_days(part, day) for part in value]
    if isinstance(value, dict):
        return {key: with_days(part, day) for key, part in value.items()}
    return value


def _said(found: re.Match[str], day: date) -> str:
    distance = int(found[2] or 0)
    if found[1] == "Y":
        return str(day.year + distance)
    then = day + timedelta(days=distance)
    return then.isoformat() if found[3] else f"{then.year}年{then.month}月{then.day}日"
