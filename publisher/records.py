"""Publications as rows: which is the newest, what it changed, and what the site shows since."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from content.models import Edition
from county import ledger
from county.chain import ledger_head
from database import db
from publisher.bulk import insert, upsert
from publisher.draft import Draft
from publisher.errors import BusyError, PublishError
from publisher.manifest import FileChange
from publisher.models import (
    FIRST,
    KeptBack,
    LiveFile,
    Publication,
    PublicationDocument,
    PublicationFile,
    PublicationKind,
    PublicationState,
    ShownDocument,
)
from publisher.report import Blocked, Report, Stopwatch
from publisher.theme import TEMPLATES, template_folders, theme_files

STATIC = TEMPLATES / "static"
FEWER_NEEDS_ASKING = 20  # pages: under this, a shrinking site is no sign of a mistake


@dataclass
class Prepared:
    """A publication that is written down, and what it took so far."""

    publication: Publication
    files: list[FileChange]
    watch: Stopwatch
    tree_before: Path | None = None  # of a build that replaces another

    @property
    def new_tree(self) -> str | None:
        """The name of the tree that was built for it; None when it goes into the live one."""
        return self.publication.name if self.publication.tree == self.publication.name else None


def newest_publication() -> Publication | None:
    """The publication that says what the live tree is."""
    return db.session.scalar(db.select(Publication).order_by(Publication.id.desc()).limit(1))


def trees_in_use() -> list[str]:
    """Names of folders not to be removed: of the newest publication, and the tree before, in which readers may still be."""
    newest = newest_publication()
    if newest is None:
        return []
    earlier = (
        db.select(Publication.tree).where(Publication.tree != newest.tree).order_by(Publication.id.desc())
    )
    return [newest.tree, *db.session.scalars(earlier.limit(1))]


def new_publication(
    kind: PublicationKind, before: Publication | None, *, at: datetime, public_url: str
) -> Publication:
    """A publication that follows the newest one; its tree is that one's, or one of its own for a build."""
    number = int(before.name.rpartition("-")[2]) + 1 if before else 1
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{number}"
    head = ledger_head()
    return Publication(
        name=name,
        kind=kind,
        state=PublicationState.PREPARED,
        follows=before.name if before else FIRST,
        tree=name if kind is PublicationKind.BUILD or before is None else before.tree,
        fingerprint=fingerprint(public_url),
        watermark=ledger.last_act_id(),
        ledger_no=head.chain_no,
        ledger_seal=head.seal,
        prepared_at=at,
        pages=before.pages if before else 0,
        files=before.files if before else 0,
        size_bytes=before.size_bytes if before else 0,
    )


def enter(publication: Publication, rows: list[FileChange], live: Mapping[str, tuple[str, int]]) -> None:
    """Write a publication with its files, and bring the manifest to what the tree is to be; the caller commits.

    Of two publishers on the same state the database refuses the second, whose publication would follow the same one.

    Raises: BusyError to the second.
    """
    more = {row.path: (row.new_sha256 is not None) - (row.old_sha256 is not None) for row in rows}
    publication.files += sum(more.values())
    publication.pages += sum(count for path, count in more.items() if path.endswith(".html"))
    publication.size_bytes += sum(row.size_bytes for row in rows if row.new_sha256 is not None)
    publication.size_bytes -= sum(live[row.path][1] for row in rows if row.old_sha256 is not None)
    db.session.add(publication)
    try:
        db.session.flush()
    except IntegrityError:
        raise BusyError from None
    number = publication.id
    insert(PublicationFile, ("publication_id", *FileChange._fields), [(number, *row) for row in rows])
    upsert(
        LiveFile,
        ("path", "sha256", "size_bytes"),
        [(row.path, row.new_sha256, row.size_bytes) for row in rows if row.new_sha256 is not None],
        ("path",),
    )
    gone = [{"gone": row.path} for row in rows if row.new_sha256 is None]
    if gone:
        table = LiveFile.__table__
        db.session.execute(db.delete(table).where(table.c.path == db.bindparam("gone")), gone)


def remember(publication: Publication, draft: Draft, rows: list[FileChange]) -> None:
    """Write what the site shows now: editions, places, pages kept back, and whose pages changed."""
    source = draft.source
    draft.source.places.write()
    outcomes = {outcome.path: outcome for outcome in draft.rendering.outcomes.values()}
    documents = {
        outcome.document_id
        for row in rows
        if (outcome := outcomes.get(row.path)) and outcome.document_id is not None
    }
    looked_at = {outcome.document_id for outcome in outcomes.values() if outcome.document_id is not None}
    looked_at |= set(source.shown_before) | set(draft.rendering.shown)
    shown = {key: head.edition_id for key in looked_at if (head := source.head(key))}
    upsert(
        ShownDocument,
        ("document_id", "edition_id"),
        [(key, edition) for key, edition in shown.items() if source.shown_before.get(key) != edition],
        ("document_id",),
    )
    hidden = [{"gone": key} for key in looked_at - shown.keys()]
    if hidden:
        table = ShownDocument.__table__
        db.session.execute(db.delete(table).where(table.c.document_id == db.bindparam("gone")), hidden)
    _remember_kept_back(draft)
    insert(
        PublicationDocument,
        ("publication_id", "document_id", "edition_id"),
        [(publication.id, key, shown.get(key)) for key in sorted(documents)],
    )
    _name_publishers(publication)


def _remember_kept_back(draft: Draft) -> None:
    """Pages that were looked at have today's verdict; of others the last one stands."""
    looked_at = {outcome.url for outcome in draft.rendering.outcomes.values()} | set(draft.kept_back)
    old = {row.page for row in draft.source.kept_back_before}
    gone = (
        old if draft.source.whole else {page for page in old if page in looked_at or not page.startswith("/")}
    )
    if gone:
        db.session.execute(db.delete(KeptBack).where(KeptBack.page.in_(gone)))
    upsert(
        KeptBack,
        ("page", "reason", "subject_kind", "subject_id"),
        [(page[:300], *kept) for page, kept in draft.kept_back.items()],
        ("page",),
    )


def _name_publishers(publication: Publication) -> None:
    """Write beside each document who published what is shown of it."""
    published_by = db.select(Edition.publisher_id).where(Edition.id == PublicationDocument.edition_id)
    db.session.execute(
        db.update(PublicationDocument)
        .where(PublicationDocument.publication_id == publication.id)
        .values(officer_id=published_by.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def check_size(publication: Publication, before: Publication | None, *, accept_fewer: bool) -> None:
    """Refuse a site that shrinks to less than half.

    Raises: PublishError.
    """
    pages = before.pages if before else 0
    if not accept_fewer and pages >= FEWER_NEEDS_ASKING and publication.pages * 2 < pages:
        raise PublishError(
            f"新站点只有 {publication.pages} 页，不到现有 {pages} 页的一半，可能连错了数据库；"
            "确认无误请加 --accept-fewer 重新发布。"
        )


def report(publication: Publication, rows: Iterable[FileChange], watch: Stopwatch) -> Report:
    """What a publication did."""
    given = list(rows)
    blocked = db.session.execute(db.select(KeptBack.page, KeptBack.reason).order_by(KeptBack.page))
    return Report(
        release=publication.name,
        pages=publication.pages,
        files=publication.files,
        bytes=publication.size_bytes,
        seconds=watch.seconds,
        added=sum(row.old_sha256 is None for row in given),
        changed=sum(row.old_sha256 is not None and row.new_sha256 is not None for row in given),
        removed=sum(row.new_sha256 is None for row in given),
        blocked=tuple(Blocked(row.page, row.reason) for row in blocked),
        stages=watch.stages,
    )


def fingerprint(public_url: str) -> str:
    """What the look of every page hangs on besides the database: templates, assets, our code, the public address."""
    return _fingerprint(public_url, template_folders())


@lru_cache(maxsize=4)
def _fingerprint(public_url: str, _folders: tuple[Path, ...]) -> str:
    digest = hashlib.sha256(public_url.encode())
    code = Path(__file__).parent
    ours = [*code.glob("*.py"), *TEMPLATES.glob("*.*"), *TEMPLATES.glob("partials/*"), *STATIC.iterdir()]
    for file in [*sorted(ours), *theme_files()]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
