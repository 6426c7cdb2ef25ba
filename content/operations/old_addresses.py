"""Old addresses (原网址) that lead to a document."""

from collections.abc import Collection
from datetime import datetime

from content import rules
from content.errors import Fault
from content.models import Document, OldAddress
from county import ledger
from database import db

MOST = 100  # of one document


def keep_old_addresses(document: Document, texts: Collection[str], *, by: int | None, at: datetime) -> bool:
    """Make these, and no others, the old addresses that lead to a document; whether that changed anything.

    Raises: Fault naming the address that is none, is ours, or leads to another document already.
    """
    wanted = {rules.read_old_address(text) for text in texts}
    present = {old.address for old in document.old_addresses}
    if wanted == present:
        return False
    if len(wanted) > MOST:
        raise Fault(f"原网址共{len(wanted)}个，一条信息最多登记{MOST}个。", "old_addresses")
    db.session.flush()
    _check_free(document, wanted - present)
    document.old_addresses[:] = [old for old in document.old_addresses if old.address in wanted]
    document.old_addresses += [OldAddress(address=address) for address in sorted(wanted - present)]
    details = {"added": len(wanted - present), "removed": len(present - wanted)}
    ledger.record("keep_addresses", document, by=by, at=at, organ_id=document.organ_id, details=details)
    if document.sorted_on is not None:  # it has a page
        ledger.owe("publish_document", document.id, at=at)
    if present - wanted:
        ledger.owe("publish_site", "all", at=at)  # nobody knows any more which pages those were
    return True


def _check_free(document: Document, addresses: Collection[str]) -> None:
    """An address with a final slash and one without it are one page."""
    alike = {form for address in addresses for form in (address, address.rstrip("/"), f"{address}/")}
    query = db.select(OldAddress).where(OldAddress.address.in_(alike), OldAddress.document_id != document.id)
    taken = db.session.scalars(query.limit(1)).first()
    if taken is not None:
        holder = db.session.get_one(Document, taken.document_id)
        raise Fault(
            f"原网址“{taken.address}”已经指向另一条信息（{holder}），一个原网址只能指向一条信息。",
            "old_addresses",
        )
