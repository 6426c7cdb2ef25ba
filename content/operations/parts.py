"""Replacing and copying the sub-records of a service item's edition."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect

from content import rules
from content.models import (
    Attachment,
    ItemQuestion,
    Law,
    LawRank,
    LegalBasis,
    Material,
    ServiceEdition,
    ServiceForm,
)
from database import db

PARTS: dict[str, type[Any]] = {
    "legal_basis": LegalBasis,
    "materials": Material,
    "service_forms": ServiceForm,
    "faq": ItemQuestion,
}
NOT_GIVEN = {"id", "edition_id", "position", "law_id"}
FILES = ("attachment_id", "sample_attachment_id")  # of a service form, among the files of its edition
RANKS = list(LawRank)


def part_values(part: Any) -> dict[str, Any]:
    """A sub-record as the values it is made of."""
    return {
        column.key: getattr(part, column.key)
        for column in inspect(type(part)).column_attrs
        if column.key not in NOT_GIVEN
    }


def replace_parts(edition: ServiceEdition, lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Make the edition's sub-records exactly these, in this order; return the names of the lists that changed."""
    changed = []
    for name, rows in lists.items():
        new = [_complete(PARTS[name], row) for row in rows]
        if name == "legal_basis":
            new.sort(key=_rank)  # B-28: from high to low; equal ranks keep their order
        present: list[Any] = getattr(edition, name)
        if [part_values(part) for part in present] == [_without_rank(row) for row in new]:
            continue
        present[:] = [_make(PARTS[name], position, row) for position, row in enumerate(new)]
        changed.append(name)
    db.session.flush()
    return changed


def copy_parts(source: ServiceEdition, target: ServiceEdition, attachments: Mapping[int, Attachment]) -> None:
    """Copy every sub-record to a new edition; `attachments` maps the old files to their copies."""
    for name, cls in PARTS.items():
        for position, part in enumerate(getattr(source, name)):
            values = part_values(part)
            for file in FILES:
                if values.get(file):
                    values[file] = attachments[values[file]].id
            copy = cls(position=position, **values)
            if isinstance(part, LegalBasis):
                copy.law_id = part.law_id
            getattr(target, name).append(copy)
    db.session.flush()


def _complete(cls: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with every column, so that rows can be compared; columns not given take their default."""
    complete = {}
    for column in inspect(cls).column_attrs:
        if column.key in NOT_GIVEN:
            continue
        nullable = column.columns[0].nullable
        complete[column.key] = row.get(column.key, None if nullable else "")
        if complete[column.key] is None and not nullable:
            complete[column.key] = ""
        if isinstance(complete[column.key], str):
            complete[column.key] = rules.without_controls(complete[column.key])
    if cls is LegalBasis:
        complete["rank"] = row.get("rank")
    return complete


def _without_rank(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "rank"}


def _make(cls: type[Any], position: int, row: dict[str, Any]) -> Any:
    part = cls(position=position, **_without_rank(row))
    if isinstance(part, LegalBasis):
        part.law = _law_of(part.citation, row.get("rank"))
    return part


def _law_of(citation: str, rank: LawRank | None) -> Law | None:
    title = rules.law_title(citation)
    if title is None:
        return None
    law = db.session.scalar(db.select(Law).where(Law.title == title))
    if law is None:
        law = Law(title=title, rank=rank)
        db.session.add(law)
        db.session.flush()
    if law.rank is None:
        law.rank = rank
    return law


def _rank(row: Mapping[str, Any]) -> int:
    rank = row.get("rank")
    if rank is None:
        title = rules.law_title(row["citation"])
        law = db.session.scalar(db.select(Law).where(Law.title == title)) if title else None
        rank = law.rank if law else None
    return RANKS.index(rank) if rank else len(RANKS)
