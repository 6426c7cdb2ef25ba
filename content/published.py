"""What the public may read, as plain rows: for readers that go through thousands of documents and need no entities."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from content.models import (
    Attachment,
    DisclosureEdition,
    Document,
    DocumentKind,
    DocumentLink,
    Duty,
    Edition,
    EditionState,
    ItemQuestion,
    Law,
    LegalBasis,
    Material,
    OldAddress,
    Question,
    QuestionState,
    ServiceEdition,
    ServiceForm,
)
from database import db

AT_ONCE = 500  # values in one IN list; SQLite of older builds allows 999 in all
DOCUMENT, EDITION = Document.__table__, Edition.__table__
DISCLOSURE, SERVICE = DisclosureEdition.__table__, ServiceEdition.__table__
HEAD = (
    DOCUMENT.c.id.label("document_id"),
    DOCUMENT.c.number,
    DOCUMENT.c.organ_id,
    DOCUMENT.c.channel_id,
    DOCUMENT.c.sorted_on,
    EDITION.c.id.label("edition_id"),
    EDITION.c.title,
    EDITION.c.summary,
    EDITION.c.published_at,
    EDITION.c.taken_over_at,
)
IN_DISCLOSURE_HEAD = tuple(
    DISCLOSURE.c[name]
    for name in (
        "published_on",
        "produced_on",
        "document_no",
        "validity",
        "opinions_until",
        "opinions_closed_at",
    )
)
IN_BODY = (EDITION.c.id.label("edition_id"), EDITION.c.body_html)
PARTS: dict[str, type[Any]] = {
    "legal_basis": LegalBasis,
    "materials": Material,
    "service_forms": ServiceForm,
    "faq": ItemQuestion,
}


def disclosure_heads(
    documents: Collection[int] | None = None, *, editions: Collection[int] | None = None
) -> list[Row[Any]]:
    """What lists say of live disclosures (of all, or of these), or of these editions whether live or not."""
    query = (
        db.select(*HEAD, *IN_DISCLOSURE_HEAD)
        .select_from(DISCLOSURE)
        .join(EDITION, EDITION.c.id == DISCLOSURE.c.id)
        .join(DOCUMENT, DOCUMENT.c.id == EDITION.c.document_id)
    )
    return _chosen(query, documents, editions)


def guide_heads(
    documents: Collection[int] | None = None, *, editions: Collection[int] | None = None
) -> list[Row[Any]]:
    """What lists say of live service guides (of all, or of these), or of these editions whether live or not."""
    query = (
        db.select(
            *HEAD,
            SERVICE.c.item_category,
            SERVICE.c.item_content,
            SERVICE.c.handling_department,
            SERVICE.c.contact_phone,
            SERVICE.c.supervision_phone,
            SERVICE.c.published_only,
            SERVICE.c.results_published,
            SERVICE.c.audience,
            SERVICE.c.life_events,
        )
        .select_from(SERVICE)
        .join(EDITION, EDITION.c.id == SERVICE.c.id)
        .join(DOCUMENT, DOCUMENT.c.id == EDITION.c.document_id)
    )
    return _chosen(query, documents, editions)


def disclosure_bodies(editions: Collection[int]) -> list[Row[Any]]:
    """The text and remaining metadata of these editions of disclosures."""
    in_head = {column.key for column in IN_DISCLOSURE_HEAD}
    columns = [column for column in DISCLOSURE.c if column.key not in {"id", *in_head}]
    query = (
        db.select(*IN_BODY, DOCUMENT.c.issued_as, *columns)
        .select_from(DISCLOSURE)
        .join(EDITION, EDITION.c.id == DISCLOSURE.c.id)
        .join(DOCUMENT, DOCUMENT.c.id == EDITION.c.document_id)
    )
    return [
        row for some in _batches(editions) for row in db.session.execute(query.where(EDITION.c.id.in_(some)))
    ]


def guide_bodies(editions: Collection[int]) -> list[Row[Any]]:
    """The text and every field of these editions of service guides."""
    query = (
        db.select(*IN_BODY, *[column for column in SERVICE.c if column.key != "id"])
        .select_from(SERVICE)
        .join(EDITION, EDITION.c.id == SERVICE.c.id)
    )
    return [
        row for some in _batches(editions) for row in db.session.execute(query.where(EDITION.c.id.in_(some)))
    ]


@dataclass(frozen=True)
class GuideOutline:
    """What a catalogue says of an edition beside its head: subject, limit, fee, and each legal basis as a line."""

    edition_id: int
    handling_subject: str
    legal_limit: str
    is_charged: bool | None
    fee_basis_and_standard: str
    basis: tuple[str, ...]


def guide_outlines(editions: Collection[int]) -> list[GuideOutline]:
    """What catalogues say of these editions of guides, in two queries for every 500."""
    found = []
    basis = LegalBasis.__table__
    lines = db.select(basis.c.edition_id, basis.c.citation, basis.c.clause)
    bases = _by_edition(lines.order_by(basis.c.edition_id, basis.c.position), basis.c.edition_id, editions)
    columns = [
        SERVICE.c[name]
        for name in ("handling_subject", "legal_limit", "is_charged", "fee_basis_and_standard")
    ]
    for some in _batches(editions):
        for row in db.session.execute(db.select(SERVICE.c.id, *columns).where(SERVICE.c.id.in_(some))):
            said = (
                f"{each.citation}{'' if each.clause in each.citation else each.clause}"
                for each in bases.get(row.id, ())
            )
            found.append(
                GuideOutline(
                    row.id,
                    row.handling_subject,
                    row.legal_limit,
                    row.is_charged,
                    row.fee_basis_and_standard,
                    tuple(said),
                )
            )
    return found


def parts_of(editions: Collection[int]) -> dict[str, dict[int, list[Row[Any]]]]:
    """The sub-records of guides by their name and edition, in order; a basis has the `rank` of its law."""
    found: dict[str, dict[int, list[Row[Any]]]] = {}
    for name, cls in PARTS.items():
        table = cls.__table__
        query = db.select(*table.c).order_by(table.c.edition_id, table.c.position, table.c.id)
        if cls is LegalBasis:
            laws = Law.__table__
            query = query.add_columns(laws.c.rank).outerjoin(laws, laws.c.id == table.c.law_id)
        found[name] = _by_edition(query, table.c.edition_id, editions)
    return found


def attachments_of(editions: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The files of these editions, in order."""
    table = Attachment.__table__
    query = db.select(*table.c).order_by(table.c.edition_id, table.c.position, table.c.id)
    return _by_edition(query, table.c.edition_id, editions)


def links(documents: Collection[int] | None = None) -> list[Row[Any]]:
    """Relations between disclosures of every edition there was: all, or those from and to these documents."""
    query = (
        db.select(EDITION.c.document_id, DocumentLink.edition_id, DocumentLink.kind, DocumentLink.target_id)
        .join(EDITION, EDITION.c.id == DocumentLink.edition_id)
        .where(DocumentLink.target_id.is_not(None))
        .order_by(DocumentLink.edition_id, DocumentLink.position, DocumentLink.id)
    )
    if documents is None:
        return list(db.session.execute(query))
    found: dict[Any, None] = {}
    for some in _batches(documents):
        either = db.or_(EDITION.c.document_id.in_(some), DocumentLink.target_id.in_(some))
        found |= dict.fromkeys(db.session.execute(query.where(either)))
    return list(found)


def past_editions(documents: Collection[int] | None = None) -> list[Row[Any]]:
    """Editions of disclosures that were public and were replaced, oldest first: of all; or of these documents, and then
    the live one as well, which a newer one may be about to replace."""
    query = (
        db.select(EDITION.c.document_id, EDITION.c.id.label("edition_id"), EDITION.c.published_at)
        .where(EDITION.c.kind == DocumentKind.DISCLOSURE, EDITION.c.published_at.is_not(None))
        .order_by(EDITION.c.document_id, EDITION.c.edition_no)
    )
    if documents is None:
        return list(db.session.execute(query.where(EDITION.c.state == EditionState.SUPERSEDED)))
    query = query.where(EDITION.c.state.in_((EditionState.SUPERSEDED, EditionState.PUBLISHED)))
    return [
        row
        for some in _batches(documents)
        for row in db.session.execute(query.where(EDITION.c.document_id.in_(some)))
    ]


def duties() -> list[Row[Any]]:
    """What organs must publish, in the order of the catalogue."""
    own = Duty.kind == DocumentKind.DISCLOSURE
    query = (
        db.select(*Duty.__table__.c)
        .where(Duty.is_active, own)
        .order_by(Duty.organ_id, Duty.position, Duty.id)
    )
    return list(db.session.execute(query))


def editions_with_file(sha256: str, suffix: str) -> set[int]:
    """Editions, of whatever state, that have this file attached."""
    table = Attachment.__table__
    query = db.select(table.c.edition_id).where(table.c.sha256 == sha256, table.c.suffix == suffix)
    return set(db.session.scalars(query))


def questions(ids: Collection[int] | None = None) -> list[Row[Any]]:
    """Published questions with their answers: all, or these."""
    table = Question.__table__
    query = db.select(
        table.c.id,
        table.c.question,
        table.c.answer,
        table.c.organ_id,
        table.c.document_id,
        table.c.answered_on,
    ).where(table.c.state == QuestionState.PUBLISHED)
    if ids is None:
        return list(db.session.execute(query))
    return [row for some in _batches(ids) for row in db.session.execute(query.where(table.c.id.in_(some)))]


def withdrawn(ids: Collection[int] | None = None) -> list[Row[Any]]:
    """Documents taken back: all, or these. Their titles are not among the columns."""
    query = db.select(
        DOCUMENT.c.id.label("document_id"), DOCUMENT.c.kind, DOCUMENT.c.number, DOCUMENT.c.organ_id,
        DOCUMENT.c.withdrawn_at, DOCUMENT.c.withdrawal_reason, DOCUMENT.c.merged_into_id,
    ).where(DOCUMENT.c.withdrawn_at.is_not(None)).order_by(DOCUMENT.c.id)  # fmt: skip
    if ids is None:
        return list(db.session.execute(query))
    return [row for some in _batches(ids) for row in db.session.execute(query.where(DOCUMENT.c.id.in_(some)))]


def merged_target(document_id: int, standing: Collection[int] = ()) -> Row[Any] | None:
    """Id and kind of the document that one was merged into in the end, however many were merged on the way.

    Those that are `standing` count as merged into no other.
    """
    seen: set[int] = set()
    found: Row[Any] | None = None
    here: int | None = document_id
    while here is not None and here not in seen:
        seen.add(here)
        found = db.session.execute(
            db.select(DOCUMENT.c.id, DOCUMENT.c.kind, DOCUMENT.c.merged_into_id).where(DOCUMENT.c.id == here)
        ).one_or_none()
        here = found.merged_into_id if found and here not in standing else None
    return found if found and found.id != document_id else None


def old_addresses(document_id: int | None = None) -> list[Row[Any]]:
    """Addresses of the site before this one, each with its document: all, or those of one document."""
    query = db.select(OldAddress.address, OldAddress.document_id).order_by(OldAddress.address)
    return list(
        db.session.execute(
            query if document_id is None else query.where(OldAddress.document_id == document_id)
        )
    )


def kinds(ids: Collection[int]) -> dict[int, DocumentKind]:
    """The kind of each of these documents."""
    query = db.select(DOCUMENT.c.id, DOCUMENT.c.kind)
    rows = (row for some in _batches(ids) for row in db.session.execute(query.where(DOCUMENT.c.id.in_(some))))
    return {row.id: row.kind for row in rows}


def services_by_code(codes: Collection[str]) -> dict[str, int]:
    """The documents of service items with these codes, public or not."""
    query = db.select(DOCUMENT.c.number, DOCUMENT.c.id).where(DOCUMENT.c.kind == DocumentKind.SERVICE)
    found: dict[str, int] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), AT_ONCE):
        chosen = query.where(DOCUMENT.c.number.in_(wanted[start : start + AT_ONCE]))
        found |= {row.number: row.id for row in db.session.execute(chosen)}
    return found


def documents_of_organ(organ_id: int) -> list[int]:
    """Documents that belong to an organ, public or not."""
    return list(db.session.scalars(db.select(DOCUMENT.c.id).where(DOCUMENT.c.organ_id == organ_id)))


def questions_of_organ(organ_id: int) -> list[int]:
    """Questions that an organ answers, public or not."""
    return list(db.session.scalars(db.select(Question.id).where(Question.organ_id == organ_id)))


def _chosen(
    query: Select[Any], documents: Collection[int] | None, editions: Collection[int] | None
) -> list[Row[Any]]:
    if editions is not None:
        wanted, column = editions, EDITION.c.id
    else:
        query = query.where(EDITION.c.state == EditionState.PUBLISHED)
        wanted, column = documents, DOCUMENT.c.id
    if wanted is None:
        return list(db.session.execute(query))
    return [row for some in _batches(wanted) for row in db.session.execute(query.where(column.in_(some)))]


def _by_edition(query: Select[Any], column: Any, editions: Collection[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for some in _batches(editions):
        for row in db.session.execute(query.where(column.in_(some))):
            found.setdefault(row.edition_id, []).append(row)
    return found


def _batches(ids: Iterable[int]) -> list[Sequence[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]
