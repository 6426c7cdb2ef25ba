"""Merging a document into another one (并入)."""

from datetime import datetime

from content import queries, rules
from content.errors import Fault
from content.models import Document, Edition, EditionState
from content.operations.moving import move
from content.operations.publishing import take_back
from county import ledger
from database import db


def merge(edition: Edition, into: Document, *, note: str = "", by: int, at: datetime) -> None:
    """Take a live text back because another document says the same; its address leads there from now on (并入).

    Source: decisions, addresses (redirects for merged documents).
    Raises: WrongStateError unless it is live; Fault unless `into`, or what that was merged into, is another live one.
    """
    rules.next_state(edition.state, "merge")
    document, target = edition.document, last_target(into)
    if target.id == document.id:
        raise Fault("不能并入它自己，请填写另一条信息的索引号或事项编码。", "into")
    live = queries.live_edition(target.id)
    if live is None:
        raise Fault(f"{target} 没有公开，不能并入；请填写另一条已发布信息的索引号或事项编码。", "into")
    # Of two that are merged into each other at the same moment, one finds itself withdrawn already.
    for one in sorted((edition, live), key=lambda one: one.id):
        move(one, EditionState.PUBLISHED)
    take_back(edition, "merge", reason="duplicate", note=note, by=by, at=at, details={"into": str(target)})
    document.merged_into_id = target.id
    db.session.flush()
    for other in queries.documents_merged_into(document.id):
        ledger.owe("publish_document", other, at=at)


def last_target(document: Document) -> Document:
    """The document to which this one's address leads in the end; itself unless it was merged."""
    seen: set[int] = set()
    while document.merged_into_id is not None and document.id not in seen:
        seen.add(document.id)
        document = db.session.get_one(Document, document.merged_into_id)
    return document
