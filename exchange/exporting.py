"""The export: every row of a kind in the form the import reads, so that importing it again changes nothing."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from content import queries
from content.models import (
    Channel,
    CodingRule,
    DisclosureEdition,
    DocumentKind,
    Edition,
    LegalBasis,
    ServiceEdition,
)
from content.operations.parts import FILES, PARTS, part_values
from county.calendar import CalendarDay
from county.organs import Organ
from county.regions import Region, the_site
from database import db
from exchange import disclosures, fields, links, service_items
from exchange.documents import foreign_id_of
from exchange.duties import foreign_id_of as duty_id_of
from exchange.errors import UnreadableFileError
from exchange.fields import Fields
from exchange.questions import foreign_id_of as question_id_of
from exchange.sheets import AS_TEXT, LONGEST_CELL
from exchange.sources import FORMATS, plain_cell, safe_cell

MOST_SHEET_ROWS = 5_000  # as many as the import reads
Rows = Iterator[dict[str, Any]]
NEVER_WRITTEN = {"law_type", "law_category", "attachments"}  # names that only a reading knows


def export_file(kind: str, path: Path) -> int:
    """Write every row of a kind; return how many. The file appears whole or not at all.

    Raises: ValueError when the name ends in no format of ours.
    """
    if path.suffix.lower() not in FORMATS:
        raise ValueError(f"{path.suffix} is none of {FORMATS}")
    known, rows = EXPORTS[kind]
    suffix = path.suffix.lower()
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8-sig" if suffix == ".csv" else "utf-8", newline="", dir=path.parent, delete=False
    ) as file:
        try:
            if suffix == ".xlsx":
                count = _write_sheet(file.name, known, rows())
            else:
                count = _write_csv(file, known, rows()) if suffix == ".csv" else _write_lines(file, rows())
        except BaseException:
            os.unlink(file.name)
            raise
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
    return count


def _write_lines(file: IO[str], rows: Rows) -> int:
    return sum(bool(file.write(json.dumps(_plain(row), ensure_ascii=False) + "\n")) for row in rows)


def _write_csv(file: IO[str], known: Fields, rows: Rows) -> int:
    names = [name for name in known if name not in NEVER_WRITTEN]
    writer = csv.DictWriter(file, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    return sum(
        bool(writer.writerow({name: _cell(value) for name, value in _plain(row).items()})) for row in rows
    )


def _write_sheet(path: str, known: Fields, rows: Rows) -> int:
    """Every cell is text. What is too long for a cell goes into a file of another format."""
    names = [name for name in known if name not in NEVER_WRITTEN]
    count = 0
    with xlsxwriter.Workbook(path, {**AS_TEXT, "constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet("rows")
        look = book.add_format({"num_format": "@", "quote_prefix": True})
        for place, name in enumerate(names):
            sheet.write_string(0, place, name)
        for count, row in enumerate(rows, 1):
            plain = _plain(row)
            for place, name in enumerate(names):
                if name not in plain:
                    continue
                text = plain_cell(_cell(plain[name]))
                if len(text) > LONGEST_CELL or count >= MOST_SHEET_ROWS:
                    reason = f"第{count}行的 {name} 超过了 Excel 单元格{LONGEST_CELL}个字、或工作表{MOST_SHEET_ROWS}行的上限"
                    raise UnreadableFileError(f"{reason}，请改用 .jsonl 或 .csv。")
                sheet.write_string(count, place, text, look)
    return count


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without what says nothing."""
    return {name: _value(value) for name, value in row.items() if value not in (None, "", [], {})}


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return safe_cell(str(value))


def _regions() -> Rows:
    for region in _from_the_top(db.session.scalars(db.select(Region).order_by(Region.id)).all()):
        yield {
            "code": region.code,
            "name": region.name,
            "parent": region.parent.code if region.parent else None,
            "level": region.level,
        }


def _organs() -> Rows:
    texts = ("code", "name", "short_name", "kind", "uscc", "letters", "subject_code", "address", "phone", "supervision_phone", "office_hours")  # fmt: skip
    for organ in _from_the_top(db.session.scalars(db.select(Organ).order_by(Organ.id)).all()):
        row = {name: getattr(organ, name) for name in texts}
        row["parent"] = organ.parent.code if organ.parent else None
        yield row | {"region": organ.region.code if organ.region else None}


def _channels() -> Rows:
    texts = (
        "code", "name", "kind", "update_within_days", "update_within_months", "confirm_within_months", "description",
        "position",
    )  # fmt: skip
    for channel in _from_the_top(db.session.scalars(db.select(Channel).order_by(Channel.id)).all()):
        row = {name: getattr(channel, name) for name in texts}
        yield row | {"parent": channel.parent.code if channel.parent else None}


def _from_the_top(records: Any) -> Iterator[Any]:
    """Those above before those below them."""
    return iter(sorted(records, key=lambda record: (_depth(record), record.id)))


def _depth(record: Any) -> int:
    return 0 if record.parent is None else _depth(record.parent) + 1


def _calendar() -> Rows:
    for day in db.session.scalars(db.select(CalendarDay).order_by(CalendarDay.day)):
        yield {"date": day.day, "is_working": day.is_working, "name": day.name, "source": day.source}


def _disclosures() -> Rows:
    scalars = (*disclosures.TEXTS, *disclosures.LINES, *disclosures.DAYS, "mode", "validity", "keywords")
    site = the_site()
    for edition in queries.current_editions(DocumentKind.DISCLOSURE):
        if isinstance(edition, DisclosureEdition):
            channel = edition.document.channel
            row = _identity(edition, "index_no") | {"channel": channel.code if channel else None}
            row |= links.exported(edition, site.region.code if site else "")
            yield row | {name: getattr(edition, name) for name in scalars} | {"extra": edition.extra}


def _services() -> Rows:
    for edition in queries.current_editions(DocumentKind.SERVICE):
        if isinstance(edition, ServiceEdition):
            row = _identity(edition, "item_code") | {"item_name": edition.title}
            row |= {name: getattr(edition, name) for name in service_items.STORED}
            row |= {name: [_part(part) for part in getattr(edition, name)] for name in PARTS}
            yield row | {"extra": edition.extra}


def _identity(edition: Edition, number: str) -> dict[str, Any]:
    document = edition.document
    site = the_site()
    return {
        "id": foreign_id_of(document, site.region.code if site else ""),
        number: document.number,
        "organ": document.organ.code,
        "expires_at": edition.expires_at,
        "old_addresses": [old.address for old in document.old_addresses],
    }


def _part(part: Any) -> dict[str, Any]:
    values = {name: value for name, value in part_values(part).items() if name not in FILES}
    if isinstance(part, LegalBasis):
        values["rank"] = part.law.rank if part.law else None
    return _plain(values)


def _questions() -> Rows:
    site = the_site()
    for question in queries.all_questions():
        yield {
            "id": question_id_of(question, site.region.code if site else ""),
            "question": question.question,
            "answer": question.answer,
            "organ": question.organ.code,
            "item_code": question.document.number if question.document else None,
            "item_name": _item_name(question.document_id) if question.document else None,
            "answered_on": question.answered_on,
            "extra": question.extra,
        }


def _duties() -> Rows:
    site = the_site()
    texts = (
        "topic",
        "title",
        "duty",
        "content",
        "basis",
        "time_limit",
        "list_name",
        "kind",
        "position",
        "extra",
    )
    for duty in queries.all_duties():
        row = {"id": duty_id_of(duty, site.region.code if site else ""), "organ": duty.organ.code}
        row |= {name: getattr(duty, name) for name in texts}
        yield row | {"channel": duty.channel.code if duty.channel else None}


def _coding_rules() -> Rows:
    for rule in db.session.scalars(db.select(CodingRule).order_by(CodingRule.id)):
        yield {
            "name": rule.name,
            "kind": rule.kind,
            "pattern": rule.pattern,
            "shapes": rule.shapes,
            "extra": rule.reference,
        }


def _item_name(document_id: int | None) -> str | None:
    edition = queries.live_edition(document_id) if document_id else None
    return edition.title if edition else None


EXPORTS: dict[str, tuple[Fields, Callable[[], Rows]]] = {
    "regions": (fields.REGIONS, _regions),
    "organs": (fields.ORGANS, _organs),
    "channels": (fields.CHANNELS, _channels),
    "calendar": (fields.CALENDAR, _calendar),
    "disclosures": (fields.DISCLOSURES, _disclosures),
    "services": (fields.SERVICE_ITEMS, _services),
    "questions": (fields.QUESTIONS, _questions),
    "duties": (fields.DUTIES, _duties),
    "coding-rules": (fields.CODING_RULES, _coding_rules),
}
