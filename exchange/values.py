"""Reading single values of rows. Whatever cannot be read is said, never guessed."""

import enum
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import inspect

from content.rules import without_controls
from county.calendar import COUNTY_ZONE, county_day
from exchange.errors import UnreadableValueError
from exchange.fields import Fields, is_given, label_of, translate

DAY = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?:\s*日)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
LOCAL_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")
TIME_AFTER = re.compile(r"(?:(?:T|\s+)\d{1,2}\s*[:时].*)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
YES = {"true", "yes", "y", "1", "是", "有", "√", "上班", "工作日", "必需", "必要", "收费", "涉及"}
NO = {"false", "no", "n", "0", "否", "无", "×", "休息", "休", "非必需", "非必要", "不收费", "不涉及"}
SEPARATOR = re.compile(r"；|;(?=\s|$)")  # within one line; several lines are separated by their ends alone
Member = TypeVar("Member", bound=enum.Enum)


class Reader:
    """Reads the known fields of one row, or of one sub-record."""

    def __init__(self, known: Mapping[str, Any], fields: Fields, keys: Mapping[str, str] | None = None):
        self.known = known
        self.fields = fields
        self.keys = keys or {}  # under which name each field was given; none for a plain text

    def is_foreign(self, field: str) -> bool:
        """Whether the field comes from a sheet of others, where one column may say two things; our own says each apart."""
        return self.keys.get(field) != field

    def __contains__(self, field: str) -> bool:
        return field in self.known

    def refuse(self, field: str, what: str) -> UnreadableValueError:
        """The refusal of a field's value, to be raised."""
        shown = str(self.known.get(field)).encode(errors="replace").decode()
        shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
        return UnreadableValueError(field, f"{label_of(field, self.fields)}“{shown}”{what}")

    def text(self, field: str) -> str:
        """Text of one or several lines; lists become lines. Numbers are taken as they are written."""
        value = self.known.get(field)
        if value is None:
            return ""
        if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
            value = "\n".join(str(part).strip() for part in value)
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            raise self.refuse(field, "应为文字。")
        return clean(str(value), field, label_of(field, self.fields))

    def line(self, field: str) -> str:
        """Text of one line."""
        return re.sub(r"\s+", " ", self.text(field)).strip()

    def day(self, field: str) -> date | None:
        """A day; a time after it is left out, and a moment with its zone is the day it was in the county."""
        value = self.known.get(field)
        if isinstance(value, datetime):
            return county_day(value) if value.tzinfo else value.date()
        if value is None or isinstance(value, date):
            return value
        text = unicodedata.normalize("NFKC", str(value)).strip()
        found = COMPACT_DAY.fullmatch(text) or DAY.match(text)
        try:
            if MOMENT.fullmatch(text):
                return county_day(datetime.fromisoformat(text))
            if found and TIME_AFTER.fullmatch(text[found.end() :]):
                return date(*map(int, found.groups()))
        except (ValueError, OverflowError):
            pass
        raise self.refuse(field, "不是完整的日期，请写成 2026-03-15 这样的形式。")

    def moment(self, field: str) -> datetime | None:
        """A moment; one without a zone is on the county's clock, and a day without a time is none."""
        value = self.known.get(field)
        text = unicodedata.normalize("NFKC", str(value)).strip()
        try:
            if (
                not isinstance(value, datetime)
                and MOMENT.fullmatch(text) is None
                and LOCAL_MOMENT.fullmatch(text) is None
            ):
                raise ValueError
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_ZONE)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.refuse(field, "应写明日期和时间，例如 2026-12-31 18:00。") from None

    def yes_or_no(self, field: str) -> bool | None:
        """True or false, in the words people use for it; None where nothing is said."""
        value = self.known.get(field)
        if value is None or isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in YES or text in NO:
            return text in YES
        raise self.refuse(field, "无法识别，请填“是”或“否”。")

    def whole_number(self, field: str) -> int | None:
        """A number of things or days."""
        value = self.known.get(field)
        if value is None:
            return None
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", text):
            raise self.refuse(field, "应为整数。")
        return int(text)

    def member(
        self, field: str, kind: type[Member], also: Mapping[str, Member] | None = None
    ) -> Member | None:
        """One of a fixed list, by its stored value or another name it goes by."""
        if field not in self.known:
            return None
        text = re.sub(r"\s", "", self.text(field))
        if also and text in also:
            return also[text]
        try:
            return kind(text)
        except ValueError:
            choices = "、".join([*(also or {}), *(str(one.value) for one in kind)][:16])
            raise self.refuse(field, f"无法识别，可以填：{choices}。") from None

    def structure(self, field: str, kind: type) -> Any:
        """A list or an object, as such or as JSON in a cell; None where nothing is said."""
        value = self.known.get(field)
        if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise self.refuse(field, "不是完整的JSON。") from None
        if value is None or isinstance(value, kind):
            return value
        raise self.refuse(field, "的结构无法识别。")

    def parts(self, field: str, separator: re.Pattern[str] = SEPARATOR) -> list[Any]:
        """The entries of a list, the lines of a text, or what stands between separators; a cell may hold JSON."""
        value = self.known.get(field)
        if isinstance(value, str):
            value = _json_list(value) or _split(value, separator)
        elif not isinstance(value, list):
            value = [value]
        return [part for part in value if is_given(part)]

    def names(self, field: str) -> list[str]:
        """The entries of a list of plain names."""
        names = self.parts(field)
        if not all(isinstance(name, str | int) and not isinstance(name, bool) for name in names):
            raise self.refuse(field, "应为一组名称。")
        return [clean(str(name), field, label_of(field, self.fields)) for name in names]

    def records(
        self,
        field: str,
        fields: Fields,
        bare: str,
        unknown: dict[str, Any],
        separator: re.Pattern[str] = SEPARATOR,
    ) -> list["Reader"]:
        """The sub-records of a field; a plain text stands for a record with only `bare`. Unknown keys go to `unknown`."""
        readers = []
        for part in self.parts(field, separator):
            if not isinstance(part, str | dict):
                raise self.refuse(field, "的结构无法识别。")
            if isinstance(part, str):
                readers.append(Reader({bare: part}, fields))
                continue
            known, keys, strange = translate(part, fields)
            for key, value in strange.items():
                unknown.setdefault(f"{field}.{key}", []).append(value)
            readers.append(Reader(known, fields, keys))
        return readers


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    if separator is SEPARATOR and "\n" in text.strip():
        return text.splitlines()
    return separator.split(text)


def _json_list(text: str) -> list[Any] | None:
    try:
        value = json.loads(text) if text.lstrip().startswith("[") else None
    except (ValueError, RecursionError):
        return None  # a text that only begins like a list
    return value if isinstance(value, list) else None


def clean(text: str, field: str, label: str) -> str:
    """Text as it can be stored: line ends of one kind, no control characters, nothing blank around it.

    Raises: UnreadableValueError when it is no valid Unicode.
    """
    text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableValueError(field, f"{label}含有残缺的字符，无法保存。") from None
    return text.strip("\n").rstrip() if field == "body" else text.strip()


def check_lengths(values: Mapping[str, Any], model: type, fields: Fields) -> None:
    """Refuse texts longer than their columns: a server database would refuse them halfway through.

    Raises: UnreadableValueError naming the field and both lengths.
    """
    for column in inspect(model).columns:
        value = values.get(column.key) if column.key != "title" else None  # which has a rule of its own
        longest = getattr(column.type, "length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            label = label_of(column.key, fields)
            raise UnreadableValueError(
                column.key, f"{label}共{len(value)}个字，超过了{longest}个字的上限，请缩短。"
            )
