"""Relations to other disclosures in the form: one a line, by index number or by some words of the title."""

from admin.forms import OfficeForm
from content import operations, queries
from content.errors import Fault
from content.models import DisclosureEdition, Document, Edition
from content.operations import LINKS
from database import db

OFFERED = 5  # titles named when several fit


def typed_links(form: OfficeForm, edition: Edition | None) -> dict[str, list[int | str]]:
    """The documents named in the form, as save_draft takes them.

    Raises: Fault naming the line that fits no document, or several, with those that fit.
    """
    kept = edition.links if isinstance(edition, DisclosureEdition) else []
    waiting = {link.target_key for link in kept if link.target_id is None}
    return {
        name: [
            line if line in waiting else _found(line, name, edition)
            for text in (form[name].data or "").splitlines()
            if (line := text.strip())
        ]
        for name in LINKS
    }


def shown_links(edition: DisclosureEdition) -> dict[str, str]:
    """The documents an edition is related to, as the form takes them."""
    return {name: "\n".join(map(_named, getattr(edition, name))) for name in LINKS}


def said_links(edition: DisclosureEdition) -> dict[str, str]:
    """The same for reading: numbers with titles."""
    return {
        name: "\n".join(_said(target) for target in getattr(edition, name))
        for name in LINKS
        if getattr(edition, name)
    }


def _found(line: str, name: str, edition: Edition | None) -> int | str:
    key = operations.met([line], name)[0]
    if isinstance(key, int):
        return key
    own = edition.document_id if edition else None
    found = [row for row in queries.disclosures_titled(line, longest=OFFERED + 2) if row.document_id != own]
    exact = [row for row in found if row.title == line]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0].document_id
    if not found:
        raise Fault(f"没有找到“{line}”，请填写另一条信息的索引号，或者标题中的几个字。", name)
    offered = "；".join(f"{row.number or '未编号'}《{row.title}》" for row in found[:OFFERED])
    more = "等" if len(found) > OFFERED else ""
    raise Fault(f"“{line}”找到不止一条，请改填索引号：{offered}{more}。", name)


def _named(target: int | str) -> str:
    if isinstance(target, str):
        return target
    return db.session.get_one(Document, target).number or _title(target)


def _said(target: int | str) -> str:
    if isinstance(target, str):
        return f"{target}（尚未录入）"
    return f"{db.session.get_one(Document, target).number or '未编号'} {_title(target)}"


def _title(document: int) -> str:
    last = db.session.get_one(Document, document).editions
    return last[-1].title if last else ""
