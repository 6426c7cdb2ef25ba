"""rollback: the live tree as an earlier publication left it, from the bytes that later ones replaced."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from content.addresses import document_address
from content.models import Document
from database import db
from publisher.errors import LostError, PublishError
from publisher.journal import Staging, is_in_step
from publisher.manifest import FileChange, file_changes, live_files
from publisher.models import Publication, PublicationDocument, PublicationFile, PublicationKind
from publisher.proofs import publication_named
from publisher.records import Prepared, enter, new_publication, newest_publication
from publisher.report import Stopwatch
from publisher.trees import Place, kept_file, live_tree


@dataclass(frozen=True)
class Release:
    """A publication as an operator sees it; `reachable` if the live tree can be brought back to it."""

    publication: Publication
    is_live: bool
    reachable: bool


def releases(place: Place, *, count: int | None = None) -> list[Release]:
    """The newest publications, oldest first."""
    query = db.select(Publication).order_by(Publication.id.desc()).limit(count or place.keep)
    found = list(db.session.scalars(query))
    stopped = _last_withdrawal()
    return [
        Release(each, number == 0, number <= place.keep and each.id >= stopped)
        for number, each in enumerate(found)
    ][::-1]


def prepare_rollback(place: Place, name: str | None, *, at: datetime) -> Prepared:
    """Prepare a publication that brings the live tree back to what it was after the publication of this name.

    Without a name, to the one before the newest. What was taken back since stays back: the rollback is refused if it would
    bring a withdrawn document to light again. After it nothing goes live by itself until somebody publishes.

    Raises: PublishError; OSError of the disk. The live site is then as it was.
    """
    watch, newest, tree = Stopwatch(), newest_publication(), live_tree(place.site_folder)
    if newest is None or tree is None:
        raise PublishError("网站还没有生成，没有可以回退的发布。")
    if not is_in_step(place.site_folder, newest):
        raise LostError(newest.name)
    target = _target(newest, name)
    _check_nothing_comes_back(target)
    wanted = _before_later_ones(target)
    live = live_files(wanted)
    rows = file_changes({path: (sha256, 0) for path, sha256 in wanted.items()}, live)
    publication = new_publication(PublicationKind.ROLLBACK, newest, at=at, public_url=place.public_url)
    publication.is_held, publication.watermark = True, target.watermark
    staging = Staging(place.site_folder, publication.name, {})
    try:
        rows = [_staged(row, staging, place.site_folder) for row in rows]
        staging.make_room(tree, rows)
        staging.sync()
        enter(publication, rows, live)
    except BaseException:
        staging.discard()
        raise
    watch.stage("write")
    return Prepared(publication, rows, watch)


def _target(newest: Publication, name: str | None) -> Publication:
    if name is None:
        query = (
            db.select(Publication).where(Publication.id < newest.id).order_by(Publication.id.desc()).limit(1)
        )
        found = db.session.scalar(query)
    else:
        found = publication_named(name)
    if found is None or found.id == newest.id:
        raise PublishError("没有这个可以回退的发布，请用 flask site releases 查看。")
    return found


def _last_withdrawal() -> int:
    """The newest publication that took something back; before it lies what must not come back."""
    taken_back = db.select(db.func.max(PublicationDocument.publication_id)).where(
        PublicationDocument.edition_id.is_(None)
    )
    return db.session.scalar(taken_back) or 0


def _check_nothing_comes_back(target: Publication) -> None:
    row = PublicationDocument
    query = (
        db.select(Document.kind, Document.id)
        .join(row, row.document_id == Document.id)
        .where(row.publication_id > target.id, row.edition_id.is_(None))
        .limit(5)
    )
    gone = [document_address(found.kind, found.id) for found in db.session.execute(query)]
    if gone:
        raise PublishError(
            f"发布 {target.name} 之后撤回过信息（{'、'.join(gone)}），回退会使它重新公开。"
            "请回退到撤回之后的发布，或修改内容后重新发布。"
        )


def _before_later_ones(target: Publication) -> dict[str, str | None]:
    """What every file that changed since was before the first of these changes."""
    row = PublicationFile
    later = (
        db.select(row.path, row.old_sha256).where(row.publication_id > target.id).order_by(row.publication_id)
    )
    wanted: dict[str, str | None] = {}
    for found in db.session.execute(later):
        wanted.setdefault(found.path, found.old_sha256)
    return wanted


def _staged(row: FileChange, staging: Staging, site_folder: Path) -> FileChange:
    if row.new_sha256 is None:
        return row
    return row._replace(size_bytes=_stage(staging, row.path, kept_file(site_folder, row.new_sha256)))


def _stage(staging: Staging, path: str, kept: Path) -> int:
    if not kept.is_file():
        raise PublishError(f"文件 {path} 的旧内容已不再保留，不能回退到这么早的发布。")
    content = kept.read_bytes()
    if hashlib.sha256(content).hexdigest() != kept.name:
        raise PublishError(f"文件 {path} 的旧内容在磁盘上已损坏，不能回退到这个发布。")
    if path.startswith("files/"):
        staging.link(path, kept)
    else:
        staging.keep(path, content)
    return len(content)
