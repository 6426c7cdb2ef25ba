"""A file read by a mapping, tried out, shown, and taken in once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.models import FieldMapping, StagedImport
from county import ledger
from database import db
from exchange import staging
from exchange.errors import UnreadableFileError
from exchange.forms.changes import ChangedSincePreviewError
from exchange.importing import import_rows
from exchange.mapping import mapped
from exchange.report import ImportReport
from exchange.run import ImportOptions
from exchange.sources import Row, UnreadableRow, read_rows, storable

MOST_ROWS = 1_000  # at the desk; a command takes more
SHOWN = 50


@dataclass(frozen=True)
class Trial:
    """What an import would do, and its mark."""

    report: ImportReport
    rows: list[tuple[int, dict[str, Any]]]  # line and our fields, the first ones
    seen: str


def rows_of(path: Path, name: str) -> list[Row | UnreadableRow]:
    """The rows of a file that was sent in.

    Raises: UnreadableFileError when it cannot be read or has too many.
    """
    found: list[Row | UnreadableRow] = []
    for row in read_rows(path):
        found.append(row)
        if len(found) > MOST_ROWS:
            raise UnreadableFileError(
                f"文件“{name}”超过了{MOST_ROWS}行的上限。请拆分，或由管理员用命令 flask exchange import … --mapping 导入。"
            )
    if not found:
        raise UnreadableFileError(f"文件“{name}”里没有内容。")
    return found


def as_data(rows: Sequence[Row | UnreadableRow]) -> list[list[Any]]:
    """Rows as JSON takes them."""
    return [
        [row.line, storable(row.values)] if isinstance(row, Row) else [row.line, None, row.reason]
        for row in rows
    ]


def try_out(staged: StagedImport, mapping: FieldMapping, options: ImportOptions) -> Trial:
    """What the import would do; the caller undoes it."""
    rows = _rows(staged, mapping)
    report = _take(mapping, rows, options)
    shown = [(row.line, row.values) for row in rows if isinstance(row, Row)][:SHOWN]
    return Trial(report, shown, _mark(report, rows))


def take_in(
    staged: StagedImport, mapping: FieldMapping, options: ImportOptions, seen: str, *, by: int
) -> ImportReport:
    """Take in what was shown.

    Raises: AppliedAlreadyError; ChangedSincePreviewError when it did something else than was shown: the caller undoes it.
    """
    staging.claim(staged, by=by, at=options.at)
    rows = _rows(staged, mapping)
    report = _take(mapping, rows, options)
    if _mark(report, rows) != seen:
        raise ChangedSincePreviewError
    said = report.as_json()
    counts = {name: said[name] for name in ("added", "changed", "unchanged")}
    refused = said["refused"][:SHOWN]
    staging.close(staged, {**counts, "refused": len(said["refused"]), "list": refused})
    details = {**counts, "refused": len(said["refused"]), "name": mapping.name}
    ledger.record("load", staged, by=by, at=options.at, organ_id=staged.organ_id, details=details)
    db.session.flush()
    return report


def _take(mapping: FieldMapping, rows: Sequence[Row | UnreadableRow], options: ImportOptions) -> ImportReport:
    return import_rows(mapping.kind, rows, options, after_batch=db.session.flush)


def _rows(staged: StagedImport, mapping: FieldMapping) -> list[Row | UnreadableRow]:
    nowhere = Path("/nonexistent")  # rows at the desk bring no files along
    return [
        Row(staged.name, line, mapped(mapping, values), nowhere)
        if values is not None
        else UnreadableRow(staged.name, line, rest[0])
        for line, values, *rest in staged.data or []
    ]


def _mark(report: ImportReport, rows: Sequence[Row | UnreadableRow]) -> str:
    said = report.as_json()
    told = [said[name] for name in ("added", "changed", "unchanged", "refused", "gaps")]
    told.append([row.values if isinstance(row, Row) else row.reason for row in rows])
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
