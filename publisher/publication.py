"""publish: from what changed since the last publication to the pages it touches, prepared so that it may be carried out."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from content import published
from content.models import Edition
from county import ledger
from database import db
from publisher.chrome import STATIC
from publisher.errors import BusyError, PublishError
from publisher.facts import FileFacts
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
from publisher.order import going_live
from publisher.page import file_of
from publisher.pages import (
    DETAIL,
    Changes,
    Touched,
    every_address,
    settle_document,
    settle_question,
    touch_document,
    touch_moved,
    touch_organ,
    touch_question,
)
from publisher.places import DOCUMENT, QUESTION, upsert
from publisher.rendering import GONE, NO_BYTES, Rendering
from publisher.site import TEMPLATES
from publisher.source import Source

FEWER_NEEDS_ASKING = 20  # pages: under this, a shrinking site is no sign of a mistake


@dataclass(frozen=True)
class Place:
    """Where an installation keeps its site, and how it is known to the public."""

    site_folder: Path
    upload_folder: Path
    public_url: str
    read_back_url: str = ""  # where publications are looked at as readers see them; empty: nowhere
    keep: int = 20  # publications that can be taken back


@dataclass(frozen=True)
class Blocked:
    """A page that was kept back, or went live with something blacked out, and why."""

    page: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What a publication did: counts of files against what was live before, seconds in all and by stage."""

    release: str
    pages: int
    files: int
    bytes: int
    seconds: float
    added: int
    changed: int
    removed: int
    blocked: tuple[Blocked, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return asdict(self)

    @classmethod
    def of(
        cls,
        name: str,
        files: Mapping[str, tuple[str | None, int]],
        blocked: Iterable[tuple[str, str]],
        watch: "Stopwatch",
    ) -> "Report":
        """The report of files made where nothing was before."""
        return cls(
            release=name,
            pages=sum(path.endswith(".html") for path in files),
            files=len(files),
            bytes=sum(size for _, size in files.values()),
            seconds=watch.seconds,
            added=len(files),
            changed=0,
            removed=0,
            blocked=tuple(Blocked(page, reason) for page, reason in blocked),
            stages=watch.stages,
        )


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._began = self._last = time.monotonic()

    def stage(self, name: str) -> None:
        """What went on until now was this stage."""
        now = time.monotonic()
        self.stages[name] = round(self.stages.get(name, 0) + now - self._last, 4)
        self._last = now

    def split(self, stage: str, part: str, seconds: float) -> None:
        """So many seconds of a stage were a part of their own."""
        self.stages[part] = round(seconds, 4)
        self.stages[stage] = round(self.stages[stage] - seconds, 4)

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 3)


@dataclass
class Draft:
    """What a publication is to show, worked out but not yet written anywhere but in the staging folder."""

    source: Source
    rendering: Rendering
    touched: Touched
    kept_back: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # address: reason, kind, id
    attached: dict[str, FileFacts] = field(default_factory=dict)  # path of a file to download
    detached: set[str] = field(default_factory=set)


def work_of(changes: Changes) -> tuple[set[int], set[int]]:
    """Documents and questions that changes ask to be looked at, those kept back last time among them."""
    documents, questions = set(changes.documents), set(changes.questions)
    for organ in changes.organs:
        documents |= set(published.documents_of_organ(organ))
        questions |= set(published.questions_of_organ(organ))
    for row in db.session.scalars(db.select(KeptBack)):
        if row.subject_kind == DOCUMENT:
            documents.add(row.subject_id)
        elif row.subject_kind == QUESTION:
            questions.add(row.subject_id)
    return documents, questions


def settle_places(
    source: Source, changes: Changes, documents: Iterable[int], questions: Iterable[int]
) -> Touched:
    """Give every record of the work its places in lists; the pages this touches, seen from before and from after."""
    touched, moved = Touched(), set[str]()
    documents, questions = _in_order(source, documents), sorted(questions)
    for settle, touch, records in (
        (settle_document, touch_document, documents),
        (settle_question, touch_question, questions),
    ):
        for record in records:
            if not source.whole:
                touch(source, record, touched)
            moved |= settle(source, record)
    if source.whole:
        touched.pages = {address: {"everything"} for address in every_address(source)}
        return touched
    for document in documents:
        touch_document(source, document, touched)
    for question in questions:
        touch_question(source, question, touched)
    for organ in changes.organs:
        touch_organ(source, organ, touched)
    for address in moved:
        touch_moved(source, address, touched)
    return touched


def _in_order(source: Source, documents: Iterable[int]) -> list[int]:
    """Who goes live together gets places by date: the oldest first."""
    wanted = list(documents)
    source.load_heads(wanted)
    days = {key: str(head.sorted_on or "") if (head := source.head(key)) else "" for key in wanted}
    return sorted(wanted, key=lambda key: (days[key], key))


def attach(draft: Draft, live: Mapping[str, Any]) -> None:
    """Files to download go live with the first page that has them, and leave with the last."""
    for outcome in draft.rendering.outcomes.values():
        for file in outcome.files:
            draft.attached[file_of(file.url)] = file
    if draft.source.whole:
        return
    after = {head.edition_id for key in draft.source.shown_before if (head := draft.source.head(key))}
    left = set(draft.source.shown_before.values()) - after
    for url, file in draft.source.files_of(left).items():
        path = file_of(url)
        if path in draft.attached:
            continue
        others = published.editions_with_file(file.sha256, file.suffix) - left
        chosen = db.select(ShownDocument.edition_id).where(ShownDocument.edition_id.in_(others))
        if not (others & after) and not db.session.scalar(chosen.limit(1)):
            draft.detached.add(path)


def wanted_files(draft: Draft) -> dict[str, tuple[str | None, int]]:
    """What stands at each path that was looked at: hash and size, or None for nothing."""
    wanted: dict[str, tuple[str | None, int]] = dict.fromkeys(draft.detached, (None, 0))
    for outcome in draft.rendering.outcomes.values():
        wanted[outcome.path] = (outcome.sha256, outcome.size_bytes)
        if DETAIL.fullmatch(outcome.url):
            mark = f"{outcome.path.removesuffix('index.html')}{GONE}"
            wanted[mark] = (NO_BYTES, 0) if outcome.is_gone else (None, 0)
    for path, file in draft.attached.items():
        wanted[path] = (file.sha256, file.size_bytes)
    return wanted


def file_changes(
    wanted: Mapping[str, tuple[str | None, int]], live: Mapping[str, tuple[str, int]]
) -> list[PublicationFile]:
    """What differs from the live tree, in the order in which it goes live; removals last."""
    differs = {
        path for path, (sha256, _) in wanted.items() if sha256 != (live[path][0] if path in live else None)
    }
    removed = sorted(path for path in differs if wanted[path][0] is None)
    new = differs - set(removed)
    added = {path for path in new if path not in live and not path.endswith(f"/{GONE}")}
    stages = going_live(added, new - added)
    ordered = [path for stage in stages for path in stage] + removed
    return [
        PublicationFile(
            position=position,
            path=path,
            old_sha256=live[path][0] if path in live else None,
            new_sha256=wanted[path][0],
            size_bytes=wanted[path][1],
        )
        for position, path in enumerate(ordered)
    ]


def live_files(paths: Iterable[str] | None) -> dict[str, tuple[str, int]]:
    """Hash and size of files of the live tree: of these paths, or of all."""
    query = db.select(LiveFile.path, LiveFile.sha256, LiveFile.size_bytes)
    if paths is None:
        return {row.path: (row.sha256, row.size_bytes) for row in db.session.execute(query)}
    found: dict[str, tuple[str, int]] = {}
    ordered = sorted(set(paths))
    for start in range(0, len(ordered), 500):
        some = query.where(LiveFile.path.in_(ordered[start : start + 500]))
        found |= {row.path: (row.sha256, row.size_bytes) for row in db.session.execute(some)}
    return found


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
    return Publication(
        name=name,
        kind=kind,
        state=PublicationState.PREPARED,
        follows=before.name if before else FIRST,
        tree=name if kind is PublicationKind.BUILD or before is None else before.tree,
        fingerprint=fingerprint(public_url),
        watermark=ledger.last_act_id(),
        prepared_at=at,
        pages=before.pages if before else 0,
        files=before.files if before else 0,
        size_bytes=before.size_bytes if before else 0,
    )


def enter(publication: Publication, rows: list[PublicationFile], live: Mapping[str, tuple[str, int]]) -> None:
    """Write a publication with its files, and bring the manifest to what the tree is to be; the caller commits.

    Of two publishers on the same state the database refuses the second, whose publication would follow the same one.

    Raises: BusyError to the second.
    """
    for row in rows:
        new, old = row.new_sha256 is not None, row.old_sha256 is not None
        publication.files += new - old
        publication.pages += (new - old) if row.path.endswith(".html") else 0
        publication.size_bytes += (row.size_bytes if new else 0) - (live[row.path][1] if old else 0)
    db.session.add(publication)
    try:
        db.session.flush()
    except IntegrityError:
        raise BusyError from None
    values = [
        {"publication_id": publication.id, "position": row.position, "path": row.path, "old_sha256": row.old_sha256,
         "new_sha256": row.new_sha256, "size_bytes": row.size_bytes}
        for row in rows
    ]  # fmt: skip
    if values:
        db.session.execute(db.insert(PublicationFile.__table__), values)
    upsert(
        LiveFile,
        [
            {"path": row.path, "sha256": row.new_sha256, "size_bytes": row.size_bytes}
            for row in rows
            if row.new_sha256 is not None
        ],
        ("path",),
    )
    gone = [{"gone": row.path} for row in rows if row.new_sha256 is None]
    if gone:
        table = LiveFile.__table__
        db.session.execute(db.delete(table).where(table.c.path == db.bindparam("gone")), gone)


def remember(publication: Publication, draft: Draft, rows: list[PublicationFile]) -> None:
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
        [
            {"document_id": key, "edition_id": edition}
            for key, edition in shown.items()
            if source.shown_before.get(key) != edition
        ],
        ("document_id",),
    )
    hidden = [{"gone": key} for key in looked_at - shown.keys()]
    if hidden:
        table = ShownDocument.__table__
        db.session.execute(db.delete(table).where(table.c.document_id == db.bindparam("gone")), hidden)
    _remember_kept_back(draft)
    publishers = _publishers(shown[key] for key in documents if key in shown)
    proofs = [
        {"publication_id": publication.id, "document_id": key, "edition_id": shown.get(key),
         "officer_id": publishers.get(shown.get(key, 0))}
        for key in documents
    ]  # fmt: skip
    if proofs:
        db.session.execute(db.insert(PublicationDocument.__table__), proofs)


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
        [
            {"page": page[:300], "reason": reason, "subject_kind": kind, "subject_id": subject}
            for page, (reason, kind, subject) in draft.kept_back.items()
        ],
        ("page",),
    )


def _publishers(editions: Iterable[int]) -> dict[int, int | None]:
    wanted = sorted(set(editions))
    found: dict[int, int | None] = {}
    for start in range(0, len(wanted), 500):
        query = db.select(Edition.id, Edition.publisher_id).where(Edition.id.in_(wanted[start : start + 500]))
        found |= {row.id: row.publisher_id for row in db.session.execute(query)}
    return found


def collect_kept_back(draft: Draft, questions: Mapping[str, tuple[str, int]]) -> None:
    """Everything that was kept back, from every side."""
    for place, reason in draft.source.surroundings.kept_back.items():
        draft.kept_back[place] = (reason, "", 0)
    for page, (reason, question) in questions.items():
        draft.kept_back[page] = (reason, QUESTION, question)
    for page, (reason, document) in draft.rendering.kept_back.items():
        draft.kept_back[page] = (reason, DOCUMENT if document else "", document or 0)


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


def report(publication: Publication, rows: Iterable[PublicationFile], watch: Stopwatch) -> Report:
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


@lru_cache
def fingerprint(public_url: str) -> str:
    """What the look of every page hangs on besides the database: templates, assets, our code, the public address."""
    digest = hashlib.sha256(public_url.encode())
    code = Path(__file__).parent
    for file in sorted(
        [*code.glob("*.py"), *TEMPLATES.glob("*.*"), *TEMPLATES.glob("partials/*"), *STATIC.iterdir()]
    ):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
