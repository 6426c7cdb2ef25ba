"""Rows of disclosure items (政府信息公开事项); the files of laws are such rows."""

from collections.abc import Mapping
from typing import Any

from content.models import DisclosureEdition, DisclosureMode, DocumentKind, Edition, Validity
from exchange import attachments, documents, links
from exchange.fields import DISCLOSURES, translate
from exchange.naming import path_of
from exchange.report import Outcome
from exchange.run import Run
from exchange.sources import Row, storable
from exchange.values import Reader, check_lengths, clean

TEXTS = ("summary", "body", "catalog_duty", "catalog_content")
LINES = (
    "title", "document_no", "subject", "genre", "catalog_publisher", "catalog_time_limit", "content_source"
)  # fmt: skip
DAYS = ("published_on", "produced_on", "effective_on", "opinions_until")
MODES = {"主动": DisclosureMode.PROACTIVE, "依申请": DisclosureMode.ON_REQUEST}
VALIDITIES = {
    "现行有效": Validity.IN_FORCE,
    "已失效": Validity.EXPIRED,
    "已废止": Validity.REPEALED,
    "是": Validity.IN_FORCE,
}


def enter(row: Row, run: Run) -> Outcome:
    """Take in one disclosure item.

    Raises: RefusedError naming the field.
    """
    return documents.enter(read(row, run), run)


def read(row: Row, run: Run) -> documents.Entry:
    """What the row says.

    Raises: UnreadableValueError naming the field that cannot be read.
    """
    known, keys, unknown = translate(row.values, DISCLOSURES)
    reader = Reader(known, DISCLOSURES, keys)
    channel_path = path_of(reader.line("channel")) if "channel" in reader else _law_path(reader)
    if "channel" in reader:  # then type and category are just two keys more
        unknown |= {keys[field]: known[field] for field in ("law_type", "law_category") if field in known}
    values = _values(reader) | links.targets_in(reader, run)
    further = further_metadata(reader, unknown, run)
    if further:
        values["extra"] = further
    check_lengths(values, DisclosureEdition, DISCLOSURES)
    check_lengths(values, Edition, DISCLOSURES)
    return documents.Entry(
        kind=DocumentKind.DISCLOSURE,
        organ=run.names.organ(reader.line("organ")),
        channel=run.names.channel(channel_path),
        names_channel=bool(channel_path),
        foreign_id=key_of(reader, "id", 200),
        number=key_of(reader, "index_no", 100),
        values=values,
        source=reader.line("source") or row.file,
        files=attachments.files_beside(reader, row),
        old_addresses=documents.old_addresses_in(reader),
    )


def _values(reader: Reader) -> dict[str, Any]:
    values: dict[str, Any] = {name: reader.text(name) for name in TEXTS if name in reader}
    values |= {name: reader.line(name) for name in LINES if name in reader}
    values |= {name: reader.day(name) for name in DAYS if name in reader}
    if "expires_at" in reader:
        values["expires_at"] = reader.moment("expires_at")
    values.setdefault("title", "")
    if "keywords" in reader:
        is_list = reader.is_foreign("keywords") or isinstance(reader.known["keywords"], list)
        values["keywords"] = " ".join(reader.names("keywords")) if is_list else reader.line("keywords")
    if "mode" in reader:
        values["mode"] = reader.member("mode", DisclosureMode, MODES)
    if "validity" in reader:
        values["validity"] = reader.member("validity", Validity, VALIDITIES)
    if "content_source" not in values and len(reader.line("source")) <= 200 and "source" in reader:
        values["content_source"] = reader.line("source")
    return values


def _law_path(reader: Reader) -> list[str]:
    """The channel of a law: its type, then its category, each name once."""
    names = [*path_of(reader.line("law_type")), *path_of(reader.line("law_category"))]
    return list(dict.fromkeys(names))


def key_of(reader: Reader, field: str, longest: int) -> str | None:
    """An id or number as it is kept.

    Raises: UnreadableValueError when it is too long.
    """
    key = reader.line(field)
    if len(key) > longest:
        raise reader.refuse(field, f"超过了{longest}个字的上限。")
    return key or None


def further_metadata(reader: Reader, unknown: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Keys nobody knows, kept as they stand and reported, with what an export put aside as `extra`.

    Raises: UnreadableValueError for what cannot be stored.
    """
    given = {key: value for key, value in unknown.items() if value is not None and value != ""}
    run.unknown |= given.keys()
    try:
        return cleaned({**(reader.structure("extra", dict) or {}), **given})
    except (ValueError, RecursionError):
        raise reader.refuse("extra", "中有无法保存的内容。") from None


def cleaned(value: Any) -> Any:
    """Further metadata without what a database cannot hold.

    Raises: ValueError, UnreadableValueError.
    """
    value = storable(value)
    if isinstance(value, str):
        return clean(value, "extra", "其他字段")
    if isinstance(value, list):
        return [cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(key, "extra", "其他字段"): cleaned(part) for key, part in value.items()}
    return value
