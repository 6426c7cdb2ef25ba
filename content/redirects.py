"""Which addresses lead to another: those of merged documents, and those of the site before this one. Read from state."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE
from sqlalchemy.orm import aliased

from content.addresses import document_address
from content.models import Document, OldAddress
from county.organs import led_to, successors
from database import db


def redirects() -> list[tuple[str, str]]:
    """Every address that leads elsewhere with the one it leads to in the end, both from the root; by address.

    Old addresses of what was never public are left out: there is no page yet to which they could lead.
    """
    merged, old = _merged(), _old()
    into = {row.id: row.target_id for row in merged}
    address = {row.id: document_address(row.kind, row.id) for row in (*merged, *old)}
    address |= {row.target_id: document_address(row.target_kind, row.target_id) for row in merged}
    found = [(address[key], address[_last(key, into)]) for key in into]
    found += [(row.address, address[_last(row.id, into)]) for row in old]
    return sorted([*found, *_merged_organs()])


def redirects_to(document_id: int) -> list[str]:
    """The addresses that lead to this document in the end, over however many mergers; none if it was merged itself."""
    document = db.session.get(Document, document_id)
    if document is None or document.merged_into_id is not None:
        return []
    ids = _merged_into(document_id)
    rows = db.session.execute(
        db.select(Document.id, Document.kind, Document.sorted_on, OldAddress.address)
        .join(ids, ids.c.id == Document.id)
        .outerjoin(OldAddress, OldAddress.document_id == Document.id)
    ).all()
    merged = {document_address(row.kind, row.id) for row in rows if row.id != document_id}
    return sorted(merged | {row.address for row in rows if row.address and row.sorted_on})


def documents_merged_into(document_id: int) -> set[int]:
    """Ids of the documents whose addresses lead to this one or through it."""
    return set(db.session.scalars(db.select(_merged_into(document_id).c.id))) - {document_id}


def _merged_into(document_id: int) -> CTE:
    """The document and those merged into it, over however many mergers."""
    here = db.select(Document.id).where(Document.id == document_id).cte("merged_into", recursive=True)
    return here.union(db.select(Document.id).join(here, Document.merged_into_id == here.c.id))


def _merged_organs() -> list[tuple[str, str]]:
    """The pages of organs that were merged lead to those of the organ that does their work."""
    followed = successors()
    return [
        (f"/{column}/o/{organ}/", f"/{column}/o/{led_to(organ, followed)}/")
        for organ in followed
        for column in ("xxgk", "zwfw")
    ]


def _merged() -> Sequence[Any]:
    target = aliased(Document)
    return db.session.execute(
        db.select(
            Document.id, Document.kind, target.id.label("target_id"), target.kind.label("target_kind")
        ).join(target, Document.merged_into_id == target.id)
    ).all()


def _old() -> Sequence[Any]:
    return db.session.execute(
        db.select(OldAddress.address, Document.id, Document.kind)
        .join(Document, OldAddress.document_id == Document.id)
        .where(Document.sorted_on.is_not(None))
    ).all()


def _last(document_id: int, into: Mapping[int, int]) -> int:
    seen: set[int] = set()
    while document_id in into and document_id not in seen:
        seen.add(document_id)
        document_id = into[document_id]
    return document_id
