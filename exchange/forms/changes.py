"""What a form would change, item by item and field by field, and the change itself. Nothing here commits."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from content import operations, queries, rules
from content.errors import IncompleteError
from content.models import Document, DocumentKind, Edition, EditionState, ServiceEdition
from county import ledger
from county.errors import RefusedError
from county.organs import Organ, organ_by_code_or_name
from county.regions import Site
from database import db
from exchange.documents import OPEN, values_differing
from exchange.errors import RowInTheWayError
from exchange.forms import chart
from exchange.forms.fields import FORM_A1, SEE_CHART, read_cell, texts_of
from exchange.forms.reading import Form, label_words

WRITABLE = (EditionState.DRAFT, EditionState.RETURNED)


class ChangedSincePreviewError(RefusedError):
    """What would be changed is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__(
            "预览之后，有事项已被他人修改，或者导入的范围变了。下面是最新的预览，请重新核对后再导入。"
        )


@dataclass(frozen=True)
class Scope:
    """Who brings forms in, and of which organs. `organ` is for items that are new."""

    site: Site
    by: int | None
    at: datetime
    organ_ids: frozenset[int] | None = None  # None: all
    organ: Organ | None = None

    def covers(self, organ_id: int) -> bool:
        """Whether items of this organ may be changed."""
        return self.organ_ids is None or organ_id in self.organ_ids


@dataclass
class FieldChange:
    """A row of the form that says something else than the item does."""

    name: str
    label: str
    old: str
    new: str


@dataclass
class ItemChange:
    """What one form would do."""

    place: str
    title: str
    change: str = "unchanged"  # added, changed, unchanged, refused
    document_id: int | None = None
    edition_id: int | None = None
    seen: str = ""  # the edition as it was: its save and state
    organ: str = ""
    fields: list[FieldChange] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def refuse(self, *reasons: str) -> "ItemChange":
        """Nothing of this form goes in."""
        self.change = "refused"
        self.faults += reasons
        return self


def preview(forms: Sequence[Form], scope: Scope) -> list[ItemChange]:
    """What each form would change. It is tried out and undone, so that what cannot be kept is said now."""
    taken: dict[int, str] = {}
    return [_previewed(form, scope, taken) for form in forms]


def mark_of(changes: Sequence[ItemChange], also: Sequence[str] = ()) -> str:
    """What was seen, in a word: another preview has another mark."""
    text = json.dumps([[asdict(change) for change in changes], *also], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def apply(forms: Sequence[Form], scope: Scope, seen: str) -> list[ItemChange]:
    """Write what the preview with this mark showed, as drafts, each item in a savepoint of its own.

    Raises: ChangedSincePreviewError when it would no longer do the same; nothing is written then.
    """
    changes = preview(forms, scope)
    if mark_of(changes) != seen:
        raise ChangedSincePreviewError
    for form, change in zip(forms, changes, strict=True):
        if change.change not in ("added", "changed"):
            continue
        try:
            with db.session.begin_nested():
                _write(form, change, scope)
        except RefusedError as refusal:
            change.refuse(*_reasons(refusal))
    return changes


def _previewed(form: Form, scope: Scope, taken: dict[int, str]) -> ItemChange:
    change = ItemChange(form.place, form.cells.get("item_name", "")[:200] or form.code or form.key)
    if form.faults:
        return change.refuse(*form.faults)
    try:
        document = _find(form, scope)
        if document is None:
            return _new(form, change, scope)
        return _compared(form, change, document, scope, taken)
    except RefusedError as refusal:
        return change.refuse(*_reasons(refusal))


def _reasons(refusal: RefusedError) -> list[str]:
    return (
        [fault.message for fault in refusal.faults]
        if isinstance(refusal, IncompleteError)
        else [refusal.message]
    )


def _find(form: Form, scope: Scope) -> Document | None:
    """The item of a form: by its mark, else its code, else its name among the items of one's own.

    Raises: RowInTheWayError when they disagree, are somebody else's, or several items have the name.
    """
    by_key = _by_key(form.key, scope.site.region.code) if form.key else None
    by_code = queries.document_by_number(DocumentKind.SERVICE, form.code) if form.code else None
    if by_key is not None and form.code and form.code != (by_key.number or ""):
        raise RowInTheWayError(
            f"事项编码“{form.code[:60]}”与该事项现有的编码（{by_key.number or '未编码'}）不同。编码由系统统一生成，请恢复原样。"
        )
    found = by_key or by_code
    if found is None and form.key:
        raise RowInTheWayError(f"找不到标识为“{form.key[:60]}”的事项，请使用最新下载的表式填写。")
    if found is None and form.code:
        raise RowInTheWayError(
            f"没有编码为“{form.code[:60]}”的事项。新事项请把编码留空，审核确认后由系统统一生成。"
        )
    if found is not None and not scope.covers(found.organ_id):
        raise RowInTheWayError("该事项不在您的工作范围内，不能修改。")
    return found or _by_title(form.cells.get("item_name", ""), scope)


def _by_key(key: str, site_code: str) -> Document | None:
    found = queries.document_by_foreign_id(DocumentKind.SERVICE, key)
    head, _, own = key.partition(":")
    if found or head != site_code or not (own.isascii() and own.isdigit() and len(own) < 10):
        return found
    document = db.session.get(Document, int(own))
    return (
        document if document and document.kind is DocumentKind.SERVICE and not document.foreign_id else None
    )


def _by_title(title: str, scope: Scope) -> Document | None:
    if not title:
        raise RowInTheWayError("没有事项名称、事项编码或事项标识，不知道是哪个事项。")
    query = (
        db.select(Document.id)
        .join(ServiceEdition, ServiceEdition.document_id == Document.id)
        .where(
            ServiceEdition.title == " ".join(title.split()), ServiceEdition.state != EditionState.DISCARDED
        )
        .distinct()
    )
    if scope.organ_ids is not None:
        query = query.where(Document.organ_id.in_(scope.organ_ids))
    if scope.organ is not None:
        query = query.where(Document.organ_id == scope.organ.id)
    ids = db.session.scalars(query.limit(2)).all()
    if len(ids) > 1:
        raise RowInTheWayError(f"名为“{title[:60]}”的事项不止一个，请在表中保留事项标识或填写事项编码。")
    return db.session.get_one(Document, ids[0]) if ids else None


def newest_of(document: Document) -> ServiceEdition:
    """The newest edition of an item that was not given up."""
    alive = [edition for edition in document.editions if edition.state is not EditionState.DISCARDED]
    newest = (alive or document.editions)[-1]
    assert isinstance(newest, ServiceEdition)  # noqa: S101 - for the type checker
    return newest


def _compared(
    form: Form, change: ItemChange, document: Document, scope: Scope, taken: dict[int, str]
) -> ItemChange:
    edition = newest_of(document)
    change.title, change.organ = edition.title, document.organ.name
    change.document_id, change.edition_id = document.id, edition.id
    change.seen = f"{edition.version} {edition.state.value}"
    change.fields = _differing(form, edition)
    if not change.fields:
        return change
    if document.id in taken:
        raise RowInTheWayError(f"与 {taken[document.id]} 改的是同一个事项，请只保留一份。")
    taken[document.id] = form.place
    _check_may_be_changed(edition, scope)
    change.change = "changed"
    return _tried(form, change, scope)


def _check_may_be_changed(edition: Edition, scope: Scope) -> None:
    """A text under review stays; and without a person who looked at the preview, so does a person's own draft."""
    is_open = edition.state in OPEN
    is_anybodys = scope.by is None and (edition.author_id or ledger.touched_by_officer(edition))
    if is_open and (edition.state not in WRITABLE or is_anybodys):
        label = rules.STATE_LABELS[edition.state]
        raise RowInTheWayError(f"该事项有一稿正在办理（{label}），请办完或作废以后再导入。")


def _differing(form: Form, edition: ServiceEdition) -> list[FieldChange]:
    """The rows that say something else; a row that says nothing does not speak of its field."""
    old = texts_of(edition)
    found = [
        FieldChange(name, label_words(name), old[name], form.cells[name])
        for name in FORM_A1
        if name in form.cells
        and form.cells[name] != old[name]
        and not _points_to_chart(form, name)
        and not _means_the_same(name, form.cells[name], edition)
    ]
    if form.steps is not None:
        words = chart.words_of(chart.steps_of(edition.flow)), chart.words_of(form.steps)
        if words[0] != words[1]:
            found.append(FieldChange("steps", label_words("flow"), *words))
    return found


def _means_the_same(name: str, text: str, edition: ServiceEdition) -> bool:
    """Whether other words say what the edition holds already: a box ticked, digits of full width."""
    try:
        return not values_differing(edition, read_cell(name, text, edition))
    except RefusedError:
        return False  # to be said when it is tried


def _points_to_chart(form: Form, name: str) -> bool:
    return name == "flow" and form.cells[name] == SEE_CHART


def _new(form: Form, change: ItemChange, scope: Scope) -> ItemChange:
    organ = _organ_of(form, scope)
    change.change, change.organ = "added", organ.name
    change.fields = [
        FieldChange(name, label_words(name), "", form.cells[name])
        for name in FORM_A1
        if name in form.cells and not _points_to_chart(form, name)
    ]
    if form.steps:
        change.fields.append(FieldChange("steps", label_words("flow"), "", chart.words_of(form.steps)))
    return _tried(form, change, scope)


def _organ_of(form: Form, scope: Scope) -> Organ:
    subject = form.cells.get("handling_subject", "").partition("（")[0].strip()
    organ = scope.organ or (organ_by_code_or_name(subject) if subject else None)
    if organ is None or not scope.covers(organ.id):
        raise RowInTheWayError(
            "系统里没有这个事项，又不知道归哪个机构。请选择新事项的机构，或保留表下方的事项标识。"
        )
    return organ


def _tried(form: Form, change: ItemChange, scope: Scope) -> ItemChange:
    trial = db.session.begin_nested()
    try:
        _write(form, change, scope)
    finally:
        trial.rollback()
    return change


def _write(form: Form, change: ItemChange, scope: Scope) -> Edition:
    """Write what changed to a draft.

    Raises: RefusedError when it cannot be kept.
    """
    names = [each.name for each in change.fields]
    if change.document_id is None:
        return operations.create_document(
            DocumentKind.SERVICE,
            organ=_organ_of(form, scope),
            channel=None,
            site_id=scope.site.id,
            values=_values(form, names, None),
            by=scope.by,
            at=scope.at,
        )
    edition: Edition = newest_of(db.session.get_one(Document, change.document_id))
    if edition.state not in WRITABLE:
        edition = operations.revise(edition.document, by=scope.by, at=scope.at)
    assert isinstance(edition, ServiceEdition)  # noqa: S101 - for the type checker
    operations.save_draft(edition, _values(form, names, edition), by=scope.by, at=scope.at)
    return edition


def _values(form: Form, names: Sequence[str], edition: ServiceEdition | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in names:
        if name == "steps":
            values["flow"] = chart.read_steps(form.steps or [])
        else:
            values |= read_cell(name, form.cells[name], edition)
    return values
