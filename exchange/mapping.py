"""Rows of others read by a mapping: which of their columns is which of our fields, and how it is to be read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from content.models import FieldMapping
from county.errors import RefusedError
from exchange import fields
from exchange.fields import Fields, label_of, translate
from exchange.sources import Row, UnreadableRow
from exchange.values import clean

TARGETS: dict[str, Fields] = {
    "services": fields.SERVICE_ITEMS,
    "disclosures": fields.DISCLOSURES,
    "duties": fields.DUTIES,
    "questions": fields.QUESTIONS,
    "organs": fields.ORGANS,
    "channels": fields.CHANNELS,
    "regions": fields.REGIONS,
}
NOT_OFFERED = {"extra", "attachments", "form", "flow", "law_type", "law_category"}
KEYS = {"id", "code", "item_code", "index_no"}  # of several columns, joined by a stroke
ORDERS = {"dmy": "日/月/年", "mdy": "月/日/年", "ymd": "年/月/日"}
DAYS = {
    "published_on", "produced_on", "effective_on", "expires_at", "opinions_until", "answered_on", "date",
}  # fmt: skip
DIGITS = re.compile(r"(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})")
FOREIGN_KEY = "原系统中的标识"
SAMPLES = 3  # values of a column that are shown
MOST_COLUMNS = 100
LONGEST_SAMPLE = 80


class MappingError(RefusedError):
    """A mapping that cannot be used."""


def offered(kind: str) -> list[tuple[str, str]]:
    """Our fields for rows of this kind: name and label."""
    return [(name, words_for(name, kind)) for name in TARGETS[kind] if name not in NOT_OFFERED]


def words_for(name: str, kind: str) -> str:
    """What people call a field of ours."""
    return FOREIGN_KEY if name == "id" else label_of(name, TARGETS[kind])


def columns_of(rows: Sequence[Row | UnreadableRow], kind: str) -> list[dict[str, Any]]:
    """The columns of a file with some of their values; those that bear a name of ours are mapped already."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row.values.items() if isinstance(row, Row) else ():
            samples = found.setdefault(str(name), [])
            text = _text(value)[:LONGEST_SAMPLE]
            if text and text not in samples and len(samples) < SAMPLES:
                samples.append(text)
    if not 0 < len(found) <= MOST_COLUMNS:
        raise MappingError(f"文件有{len(found)}列，应为1到{MOST_COLUMNS}列。", "file")
    return [
        {"source": name, "field": _guess(name, kind), "prefix": "", "values": {}, "sample": samples}
        for name, samples in found.items()
    ]


def _guess(name: str, kind: str) -> str:
    known, _, _ = translate({name: "x"}, TARGETS[kind])
    return next((field for field in known if field not in NOT_OFFERED), "")


def check(mapping: FieldMapping) -> None:
    """Raises: MappingError for fields or an order of dates that are not ours, and for a mapping that maps nothing."""
    names = {name for name, _ in offered(mapping.kind)}
    used = [column["field"] for column in mapping.columns if column["field"]]
    strange = sorted({*used, *mapping.constants} - names)
    if strange:
        raise MappingError(f"没有“{strange[0]}”这个字段，请重新选择。", "columns")
    if not used:
        raise MappingError("请至少为一列选择对应的字段。", "columns")
    if mapping.dates not in ("", *ORDERS):
        raise MappingError("请在列表中选择日期顺序。", "dates")
    both = sorted(set(used) & mapping.constants.keys())
    if both:
        label = words_for(both[0], mapping.kind)
        raise MappingError(f"“{label}”既对应了列，又填了固定值，请只留一个。", "constants")


def read_by(mapping: FieldMapping, rows: Iterator[Row | UnreadableRow]) -> Iterator[Row | UnreadableRow]:
    """The rows in our own fields. A column that the mapping does not know is further metadata, or left out."""
    for row in rows:
        yield replace(row, values=mapped(mapping, row.values)) if isinstance(row, Row) else row


def mapped(mapping: FieldMapping, values: Mapping[str, Any]) -> dict[str, Any]:
    """One row in our own fields."""
    said: dict[str, list[str]] = {}
    known = set()
    for column in mapping.columns:
        known.add(column["source"])
        text = _read(column, values.get(column["source"]))
        if column["field"] and text:
            said.setdefault(column["field"], []).append(text)
    found: dict[str, Any] = {name: _joined(name, texts) for name, texts in said.items()}
    found = {name: _day(text, mapping.dates) if name in DAYS else text for name, text in found.items()}
    found |= {name: text for name, text in mapping.constants.items() if text and name not in found}
    if mapping.keeps_others:
        mute = {column["source"] for column in mapping.columns if not column["field"]}
        others = {
            name: values[name]
            for name in values
            if (name in mute or name not in known) and _text(values[name])
        }
        if others:
            found["extra"] = others
    return found


def _read(column: Mapping[str, Any], value: Any) -> str:
    text = _text(value)
    if column["values"] and text:
        text = column["values"].get(text, column["values"].get("*", text))
    return f"{column['prefix']}{text}" if text else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_text(part) for part in value)
    return clean(str(value), "", "内容")


def _joined(name: str, texts: Sequence[str]) -> str:
    return ("/" if name in KEYS else "\n").join(texts)


def _day(text: str, order: str) -> str:
    """A day in another order of day, month and year as ours; what is none is said when the row is read."""
    found = DIGITS.match(text)
    if not order or not found:
        return text
    parts = dict(zip(order, found.groups(), strict=True))
    return f"{parts['y']:0>4}-{parts['m']:0>2}-{parts['d']:0>2}{text[found.end() :]}"


def values_in(text: str) -> dict[str, str]:
    """The words of a value map, one `theirs=ours` a line; `*` stands for all others.

    Raises: MappingError naming the line.
    """
    found = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        theirs, sign, ours = line.partition("=")
        if not sign or not theirs.strip():
            raise MappingError(f"对应值“{line[:40]}”应写成“原值=新值”，每行一个。", "columns")
        found[theirs.strip()] = ours.strip()
    return found


def words_of(values: Mapping[str, str]) -> str:
    """A value map as lines."""
    return "\n".join(f"{theirs}={ours}" for theirs, ours in values.items())
