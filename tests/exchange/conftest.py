import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import exchange
from county.organs import Organ
from database import db
from exchange.report import ImportReport
from exchange.run import ImportOptions
from tests.people import NOON, People, settled_in

Take = Callable[..., ImportReport]


@pytest.fixture
def people(app) -> People:
    return settled_in()


@pytest.fixture
def take(people: People, tmp_path: Path) -> Take:
    """Imports rows given as dictionaries, or the file at a path, and commits as the command does."""

    def take(kind: str, rows: list[dict[str, Any]] | Path, **options: Any) -> ImportReport:
        path = rows if isinstance(rows, Path) else write_lines(tmp_path / f"{kind}.jsonl", rows)
        organ: Organ | None = options.pop("organ", None)
        chosen = ImportOptions(at=NOON, organ_id=organ.id if organ else None, uploads=tmp_path / "uploads")
        return exchange.import_path(kind, path, replace(chosen, **options), after_batch=db.session.commit)

    return take


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, refused."""
    said = report.as_json()
    return said["added"], said["changed"], said["unchanged"], len(said["refused"])
