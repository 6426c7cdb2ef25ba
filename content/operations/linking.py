"""Relations between disclosures: set with the text they are part of, met when the other document comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from content import queries
from content.errors import Fault
from content.models import (
    DisclosureEdition,
    Document,
    DocumentKind,
    DocumentLink,
    Edition,
    EditionState,
    LinkKind,
)
from county import ledger
from database import db

LINKS = {kind.value: kind for kind in LinkKind}
LONGEST_KEY = 200
MOST = 50  # of one kind, of one edition
Targets = Sequence[int | str]


def replace_links(edition: DisclosureEdition, given: Mapping[str, Targets]) -> list[str]:
    """Make the relations of these kinds exactly these; return the names of those that changed.

    A target is the id of a document, or the `id` or index number it has or will have.
    Raises: Fault for a relation to itself, to what is no disclosure, or for too many.
    """
    changed = []
    for name, targets in given.items():
        wanted = met(targets, name)
        if len(wanted) > MOST:
            raise Fault(f"最多关联{MOST}条信息，请减少。", name)
        if edition.document_id is not None and edition.document_id in wanted:
            raise Fault("不能与自己关联，请填写另一条信息的索引号。", name)
        if edition.targets(LINKS[name]) == wanted:
            continue
        others = [link for link in edition.links if link.kind is not LINKS[name]]
        edition.links[:] = [*others, *(_link(LINKS[name], at, key) for at, key in enumerate(wanted))]
        changed.append(name)
    db.session.flush()
    return changed


def met(targets: Targets, name: str = "") -> list[int | str]:
    """Targets as they are kept, each once: the id of a document that is there, else its key.

    Raises: Fault for the id of what is no disclosure, or a key that is too long.
    """
    found: dict[int | str, None] = {}
    for target in targets:
        if isinstance(target, int):
            document = db.session.get(Document, target)
            if document is None or document.kind is not DocumentKind.DISCLOSURE:
                raise Fault("只能与已有的信息公开条目关联。", name)
        else:
            if len(target) > LONGEST_KEY:
                raise Fault(f"关联信息的编号不能超过{LONGEST_KEY}个字。", name)
            document = queries.disclosure_by_key(target)
        found[document.id if document else target] = None
    return list(found)


def copy_links(source: DisclosureEdition, target: DisclosureEdition) -> None:
    """Copy every relation to a new edition."""
    target.links += [
        DocumentLink(kind=link.kind, position=link.position, target_key=link.target_key, target_id=link.target_id)
        for link in source.links
    ]  # fmt: skip
    db.session.flush()


def meet_links(document: Document, key: str | None, *, at: datetime) -> None:
    """Complete the relations that waited for a document with this `id` or index number."""
    if not key or document.kind is not DocumentKind.DISCLOSURE:
        return
    query = db.select(DocumentLink, Edition).join(Edition, Edition.id == DocumentLink.edition_id)
    waiting = query.where(DocumentLink.target_id.is_(None), DocumentLink.target_key == key)
    for row in db.session.execute(waiting):
        link, edition = row.DocumentLink, row.Edition
        if edition.document_id == document.id:
            continue
        link.target_id = document.id
        if edition.state is EditionState.PUBLISHED:
            ledger.owe("publish_document", edition.document_id, at=at)
    db.session.flush()


def _link(kind: LinkKind, position: int, target: int | str) -> DocumentLink:
    if isinstance(target, int):
        return DocumentLink(kind=kind, position=position, target_id=target)
    return DocumentLink(kind=kind, position=position, target_key=target)
