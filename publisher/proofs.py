"""Proof of publication: what each one changed, what readers must find of it, and whether that was seen."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from content.addresses import document_address
from content.models import Document, Edition
from county.officers import Officer
from database import db
from publisher.models import LiveFile, Publication, PublicationDocument, PublicationFile
from publisher.page import address_of, file_of
from publisher.trees import RELEASE_NAME

HOME = "index.html"
PAGE = re.compile(r"(?:xxgk|zwfw|hudong)/\d+/index\.html")


@dataclass(frozen=True)
class Proof:
    """That a publication brought an edition of a document to the site, and when that was seen there.

    `old_sha256` and `new_sha256` are of the document's own page; `files` is how many the publication changed in all.
    """

    publication_id: int
    release: str
    edition_id: int | None  # None: it was taken back
    edition_no: int | None
    officer: str
    live_at: datetime | None
    seen_at: datetime | None
    seen_note: str
    old_sha256: str | None
    new_sha256: str | None
    files: int


def proofs_of(document: Document, *, count: int = 20) -> list[Proof]:
    """The publications that changed the page of a document, newest first."""
    own, page = PublicationDocument, PublicationFile
    path = file_of(document_address(document.kind, document.id))
    files = db.select(db.func.count()).where(page.publication_id == Publication.id).correlate(Publication)
    query = (
        db.select(Publication, own.edition_id, Edition.edition_no, Officer.name, page.old_sha256, page.new_sha256,
                  files.scalar_subquery().label("files"))
        .join(own, own.publication_id == Publication.id)
        .outerjoin(Edition, Edition.id == own.edition_id)
        .outerjoin(Officer, Officer.id == own.officer_id)
        .outerjoin(page, (page.publication_id == Publication.id) & (page.path == path))
        .where(own.document_id == document.id)
        .order_by(Publication.id.desc())
        .limit(count)
    )  # fmt: skip
    return [_proof(row) for row in db.session.execute(query)]


def _proof(row: Row[Any]) -> Proof:
    one = row.Publication
    return Proof(
        one.id, one.name, row.edition_id, row.edition_no, row.name or "", one.live_at, one.seen_at, one.seen_note,
        row.old_sha256, row.new_sha256, row.files,
    )  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """What a publication changed, in figures, and who had published the texts that it brought."""

    added: int
    changed: int
    removed: int
    officers: tuple[str, ...]


def contents_of(publications: Sequence[Publication], organs: Collection[int] | None) -> dict[int, Contents]:
    """The contents of these publications; of the officers only those of documents of these organs (None: of all)."""
    ids = [one.id for one in publications]
    file, own = PublicationFile, PublicationDocument
    new, old = file.new_sha256.is_not(None), file.old_sha256.is_not(None)
    counted = db.select(
        file.publication_id,
        *(db.func.count().filter(kind).label(name) for name, kind in (
            ("added", new & ~old), ("changed", new & old), ("removed", ~new))),
    ).where(file.publication_id.in_(ids)).group_by(file.publication_id)  # fmt: skip
    named = (
        db.select(own.publication_id, Officer.name)
        .join(Officer, Officer.id == own.officer_id)
        .join(Document, Document.id == own.document_id)
        .where(own.publication_id.in_(ids), True if organs is None else Document.organ_id.in_(organs))
        .distinct()
        .order_by(own.publication_id, Officer.name)
    )
    officers: dict[int, list[str]] = {}
    for row in db.session.execute(named):
        officers.setdefault(row.publication_id, []).append(row.name)
    counts = {row.publication_id: row for row in db.session.execute(counted)}
    return {
        key: Contents(
            *((row.added, row.changed, row.removed) if (row := counts.get(key)) else (0, 0, 0)),
            tuple(officers.get(key, ())),
        )
        for key in ids
    }


def files_of(publication: Publication, *, count: int) -> list[PublicationFile]:
    """The files that a publication changed, in the order in which they went live."""
    row = PublicationFile
    query = db.select(row).where(row.publication_id == publication.id).order_by(row.position).limit(count)
    return list(db.session.scalars(query))


def publication_named(release: str) -> Publication | None:
    """The publication of this name."""
    if not RELEASE_NAME.fullmatch(release):
        return None
    return db.session.scalar(db.select(Publication).where(Publication.name == release))


@dataclass(frozen=True)
class Expected:
    """A page that a publication changed, and what may be read at its address since.

    `hashes` are of what it wrote and of what later publications made of it; `may_be_gone` if one of these took the
    page away, or put a notice or the way to another page in its place.
    """

    address: str
    hashes: frozenset[str]
    may_be_gone: bool


def expected(publication_id: int, *, most: int = 20) -> list[Expected]:
    """What a reader must find at the pages of the documents that a publication changed.

    Where it changed more than `most` documents, or none: at the home page and a sample of the pages of documents.
    """
    documents = _documents(publication_id)
    if 0 < len(documents) <= most:
        paths = [file_of(address) for address in documents]
    else:
        paths = [HOME, *_sample(publication_id, most - 1)]
    taken_back, found = _taken_back(publication_id), []
    for path in paths:
        hashes, address = _since(publication_id, path), address_of(path)
        may_be_gone = None in hashes or address in taken_back
        found.append(Expected(address, frozenset(each for each in hashes if each), may_be_gone))
    return found


def see(publication_id: int, *, at: datetime | None, note: str = "") -> None:
    """Note that a publication was seen by its readers' way, or why it was not; the caller commits."""
    publication = db.session.get_one(Publication, publication_id)
    publication.seen_at, publication.seen_note = at, note


def _documents(publication_id: int) -> list[str]:
    row = PublicationDocument
    query = db.select(Document.kind, Document.id).join(row).where(row.publication_id == publication_id)
    return [document_address(each.kind, each.id) for each in db.session.execute(query.order_by(Document.id))]


def _taken_back(publication_id: int) -> set[str]:
    """The addresses of the documents that this publication or a later one took back."""
    row = PublicationDocument
    query = (
        db.select(Document.kind, Document.id)
        .join(row)
        .where(row.publication_id >= publication_id, row.edition_id.is_(None))
    )
    return {document_address(each.kind, each.id) for each in db.session.execute(query)}


def _since(publication_id: int, path: str) -> set[str | None]:
    """The hashes that a file had from this publication on; None for its absence."""
    row = PublicationFile
    query = db.select(row.new_sha256).where(row.path == path, row.publication_id >= publication_id)
    live = db.select(LiveFile.sha256).where(LiveFile.path == path)
    return set(db.session.scalars(query)) or {db.session.scalar(live)}


def _sample(publication_id: int, most: int) -> list[str]:
    """Pages of documents and questions, spread evenly over those that a publication changed."""
    row = PublicationFile
    query = db.select(row.path).where(row.publication_id == publication_id, row.new_sha256.is_not(None))
    paths = sorted(path for path in db.session.scalars(query) if PAGE.fullmatch(path))
    return paths[:: max(1, -(-len(paths) // most))]
