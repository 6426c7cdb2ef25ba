"""Beginning, saving, revising and discarding editions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect

from content import rules
from content.errors import Fault, StaleVersionError, WrongStateError
from content.models import (
    Attachment,
    Channel,
    DisclosureEdition,
    Document,
    DocumentKind,
    Edition,
    EditionState,
    ServiceEdition,
)
from content.operations.linking import LINKS, copy_links, meet_links, replace_links
from content.operations.moving import move
from content.operations.parts import PARTS, copy_parts, replace_parts
from content.operations.standing import note_gone, note_written
from county import ledger
from county.organs import Organ
from database import db

EDITION_CLASSES: dict[DocumentKind, type[Edition]] = {
    DocumentKind.DISCLOSURE: DisclosureEdition,
    DocumentKind.SERVICE: ServiceEdition,
}
MOVED_BY_OPERATIONS = {
    "id", "is_listed", "document_id", "kind", "edition_no", "version", "state", "body_html", "created_at", "updated_at", "author_id",
    "submitter_id", "submitted_at", "reviewer_id", "reviewed_at", "review_note", "publisher_id", "published_at",
    "publish_at", "scheduled_by_id", "schedule_fault", "taken_over_from", "taken_over_at", "legal_limit_value",
    "legal_limit_unit", "promised_limit_value", "promised_limit_unit", "opinions_closed_at",
    "approved_plan", "recheck_reason", "forced_at", "force_ground", "force_note",
}  # fmt: skip
READ_FROM_TEXT = {
    "body_html", "legal_limit_value", "legal_limit_unit", "promised_limit_value", "promised_limit_unit",
}  # fmt: skip
LINES = {"handling_subject": "办理主体", "entrusting_unit": "委托单位名称", "document_no": "发文字号"}


def editable_fields(kind: DocumentKind) -> frozenset[str]:
    """Names an editor may set on an edition of this kind, sub-records included."""
    cls = EDITION_CLASSES[kind]
    columns = {column.key for column in inspect(cls).column_attrs} - MOVED_BY_OPERATIONS
    return frozenset(columns | (PARTS if kind is DocumentKind.SERVICE else LINKS).keys())


def create_document(
    kind: DocumentKind,
    *,
    organ: Organ,
    channel: Channel | None,
    site_id: int,
    values: Mapping[str, Any],
    by: int | None,
    at: datetime,
    foreign_id: str | None = None,
) -> Edition:
    """Begin a document with its first draft; `values` are editable fields and lists of sub-records.

    Raises: Fault or IncompleteError naming each field that cannot be kept.
    """
    document = Document(
        kind=kind, site_id=site_id, organ=organ, channel=channel, foreign_id=foreign_id, created_at=at
    )
    edition = _new_edition(document, 1, by=by, at=at)
    db.session.add(document)
    _apply(edition, values)
    note_written(edition)
    meet_links(document, foreign_id, at=at)
    ledger.record("create", edition, by=by, at=at, organ_id=organ.id)
    return edition


def save_draft(
    edition: Edition, values: Mapping[str, Any], *, by: int | None, at: datetime, version: int | None = None
) -> None:
    """Save what an editor typed. `version` is the one the form was opened with.

    Raises: StaleVersionError if somebody saved in between; WrongStateError unless it is a draft or was returned;
    Fault or IncompleteError naming each field that cannot be kept.
    """
    claim_version(edition, version)
    changed = _apply(edition, values)
    note_written(edition)
    edition.updated_at = at
    ledger.record(
        "save", edition, by=by, at=at, organ_id=edition.document.organ_id, details={"fields": changed}
    )


def claim_version(edition: Edition, version: int | None) -> None:
    """Be the one who writes on this version of a draft, known as `version` to whom the writer belongs.

    Raises: StaleVersionError if somebody saved in between; WrongStateError unless it is a draft or was returned.
    """
    if version is not None and version != edition.version:
        raise StaleVersionError
    state = rules.next_state(edition.state, "save")
    claimed = db.session.execute(
        db.update(Edition)
        .where(Edition.id == edition.id, Edition.version == edition.version, Edition.state == edition.state)
        .values(version=edition.version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleVersionError
    db.session.refresh(edition, ["version"])
    edition.state = state


def file_document(
    document: Document, *, organ: Organ, channel: Channel | None, by: int | None, at: datetime
) -> None:
    """Move a document to another organ or channel. Its number and address stay as they are."""
    if (document.organ_id, document.channel_id) == (organ.id, channel.id if channel else None):
        return
    details = {
        "organ": [document.organ_id, organ.id],
        "channel": [document.channel_id, channel.id if channel else None],
    }
    document.organ, document.channel = organ, channel
    db.session.flush()
    note_gone(document)
    ledger.record("file", document, by=by, at=at, organ_id=organ.id, details=details)
    if any(edition.state is EditionState.PUBLISHED for edition in document.editions):
        ledger.owe("publish_document", document.id, at=at)


def revise(document: Document, *, by: int | None, at: datetime) -> Edition:
    """Begin a new draft as a copy of the live or last edition, sub-records and attachments included.

    Raises: WrongStateError when an edition of the document is still on its way.
    """
    edition = copy_edition(document.editions[-1], "另起新稿", by=by, at=at)
    note_written(edition)
    ledger.record("revise", edition, by=by, at=at, organ_id=document.organ_id)
    return edition


def restore(earlier: Edition, *, by: int | None, at: datetime) -> Edition:
    """Begin a new draft as a copy of an earlier edition (恢复); it goes to its readers as every draft does, by review.

    Raises: WrongStateError when an edition of the document is still on its way.
    """
    edition = copy_edition(earlier, "恢复旧稿", by=by, at=at)
    edition.body_html = rules.render_markdown(edition.body)  # what was clean then is cleaned by today's rules
    note_written(edition)
    details = {"edition": earlier.edition_no}
    ledger.record("restore", edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
    return edition


def discard(edition: Edition, *, by: int | None, at: datetime) -> None:
    """Give up a draft; it stays on record.

    Raises: WrongStateError unless it is a draft or was returned.
    """
    move(edition, rules.next_state(edition.state, "discard"))
    note_gone(edition.document)
    edition.updated_at = at
    ledger.record("discard", edition, by=by, at=at, organ_id=edition.document.organ_id)
    _list_one(edition.document)
    db.session.flush()


def _list_one(document: Document) -> None:
    """Give the document its row in lists: the newest edition, unless that was given up and an older one stands."""
    standing = [one for one in document.editions if one.state is not EditionState.DISCARDED]
    listed = (standing or document.editions)[-1]
    for edition in document.editions:
        edition.is_listed = edition is listed


def _new_edition(document: Document, edition_no: int, *, by: int | None, at: datetime) -> Edition:
    edition = EDITION_CLASSES[document.kind](
        edition_no=edition_no, state=EditionState.DRAFT, author_id=by, created_at=at, updated_at=at, title=""
    )
    edition.document = document
    return edition


def copy_edition(source: Edition, move_label: str, *, by: int | None, at: datetime) -> Edition:
    """A new draft of the document with everything an editor can write in `source`.

    Raises: WrongStateError, naming the move, when an edition of the document is still on its way.
    """
    document = source.document
    for other in document.editions:
        if other.state in rules.OPEN_STATES:
            raise WrongStateError(rules.STATE_LABELS[other.state], move_label)
    db.session.refresh(source)  # nothing of it is read from the database halfway through the copy
    edition = _new_edition(document, document.editions[-1].edition_no + 1, by=by, at=at)
    for column in inspect(type(source)).column_attrs:
        if column.key not in MOVED_BY_OPERATIONS or column.key in READ_FROM_TEXT:
            setattr(edition, column.key, getattr(source, column.key))
    db.session.add(edition)
    _list_one(document)
    db.session.flush()
    copied = _copy_attachments(source, edition)
    if isinstance(source, ServiceEdition) and isinstance(edition, ServiceEdition):
        copy_parts(source, edition, copied)
    if isinstance(source, DisclosureEdition) and isinstance(edition, DisclosureEdition):
        copy_links(source, edition)
    return edition


def _copy_attachments(source: Edition, target: Edition) -> dict[int, Attachment]:
    copied = {}
    for file in source.attachments:
        copied[file.id] = Attachment(
            position=file.position,
            display_name=file.display_name,
            sha256=file.sha256,
            suffix=file.suffix,
            size_bytes=file.size_bytes,
        )
        target.attachments.append(copied[file.id])
    db.session.flush()
    return copied


def _apply(edition: Edition, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; return the names of the fields that changed."""
    unknown = set(values) - editable_fields(edition.document.kind)
    if unknown:
        raise Fault(f"不能识别的字段：{'、'.join(sorted(unknown))}", min(unknown))
    apart = PARTS.keys() | LINKS.keys()
    before = {name: getattr(edition, name) for name in values if name not in apart}
    with db.session.no_autoflush:
        for name, value in values.items():
            if name not in apart:
                setattr(edition, name, rules.without_controls(value) if isinstance(value, str) else value)
        _normalise(edition, body_changed="body" in values)
        rules.check_saved_values(edition)
    db.session.add(edition)
    db.session.flush()
    changed = [name for name, old in before.items() if getattr(edition, name) != old]
    if isinstance(edition, ServiceEdition):
        changed += replace_parts(edition, {name: values[name] for name in PARTS if name in values})
    if isinstance(edition, DisclosureEdition):
        changed += replace_links(edition, {name: values[name] for name in LINKS if name in values})
    return changed


def _normalise(edition: Edition, *, body_changed: bool) -> None:
    title_label = "事项名称" if isinstance(edition, ServiceEdition) else "信息标题"
    edition.title = rules.check_line(edition.title or "", title_label, "title")
    for field, label in LINES.items():
        if hasattr(edition, field):
            line = rules.check_line(getattr(edition, field) or "", label, field, required=False)
            setattr(edition, field, line)
    if body_changed:
        edition.body_html = rules.render_markdown(edition.body or "")
    if isinstance(edition, ServiceEdition):
        for name in ("legal_limit", "promised_limit"):
            text = rules.check_line(getattr(edition, name) or "", "期限", name, required=False)
            limit = rules.read_limit(text)
            setattr(edition, name, text)
            setattr(edition, f"{name}_value", limit.value if limit else None)
            setattr(edition, f"{name}_unit", limit.unit if limit else None)
