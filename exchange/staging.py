"""Imports that are read, shown, and applied once: two people or a second click find them done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from content.models import StagedImport
from county import ledger
from county.errors import RefusedError
from county.organs import Organ
from database import db
from exchange.forms.changes import ItemChange, Scope, apply
from exchange.forms.reading import Form

KEPT_FOR = timedelta(days=7)  # what nobody applied
SHOWN = 20
COUNTED = ("added", "changed", "unchanged", "refused")


class AppliedAlreadyError(RefusedError):
    """Somebody, or the first of two clicks, applied this import."""

    def __init__(self) -> None:
        super().__init__("这一批已经导入过了，没有再次写入。")


def stage(kind: str, name: str, data: Any, organ: Organ, *, by: int, at: datetime) -> StagedImport:
    """Keep what was read until somebody looked at it; what nobody applied for a week is dropped."""
    db.session.execute(
        db.delete(StagedImport).where(
            StagedImport.applied_at.is_(None), StagedImport.created_at < at - KEPT_FOR
        )
    )
    staged = StagedImport(kind=kind, name=name[:500], data=data, organ=organ, officer_id=by, created_at=at)
    db.session.add(staged)
    db.session.flush()
    return staged


def stage_forms(name: str, forms: Sequence[Form], organ: Organ, *, by: int, at: datetime) -> StagedImport:
    """Keep forms that were read."""
    return stage("forms", name, [form.as_data() for form in forms], organ, by=by, at=at)


def forms_of(staged: StagedImport) -> list[Form]:
    """The forms that were read."""
    return [Form.from_data(data) for data in staged.data or []]


def apply_forms(staged: StagedImport, scope: Scope, seen: str) -> list[ItemChange]:
    """Write what the preview showed.

    Raises: AppliedAlreadyError; ChangedSincePreviewError when it would no longer do the same.
    """
    claim(staged, by=scope.by, at=scope.at)
    changes = apply(forms_of(staged), scope, seen)
    refused = [
        {"place": change.place, "title": change.title, "faults": change.faults}
        for change in changes
        if change.change == "refused"
    ]
    close(staged, {**counts_of(changes), "list": refused, "items": [_kept(change) for change in changes]})
    details = {name: counts_of(changes)[name] for name in COUNTED}
    ledger.record("load", staged, by=scope.by, at=scope.at, organ_id=staged.organ_id, details=details)
    return changes


def counts_of(changes: Sequence[ItemChange]) -> dict[str, int]:
    """How many forms do what."""
    return {name: sum(change.change == name for change in changes) for name in COUNTED}


def claim(staged: StagedImport, *, by: int | None, at: datetime) -> None:
    """Of two who apply at the same moment one is told that it is done.

    Raises: AppliedAlreadyError.
    """
    claimed = db.session.execute(
        db.update(StagedImport)
        .where(StagedImport.id == staged.id, StagedImport.applied_at.is_(None))
        .values(applied_at=at, applied_by_id=by)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise AppliedAlreadyError
    db.session.refresh(staged)


def close(staged: StagedImport, outcome: Mapping[str, Any]) -> None:
    """Note what became of it; the texts themselves are in the drafts now."""
    staged.outcome, staged.data = dict(outcome), []
    db.session.flush()


def _kept(change: ItemChange) -> dict[str, Any]:
    kept = asdict(change)
    kept["fields"] = [each.label for each in change.fields]
    return {name: kept[name] for name in ("place", "title", "change", "document_id", "fields")}


def latest(kind: str, organ_ids: set[int] | None) -> Sequence[StagedImport]:
    """The newest imports of these organs."""
    query = db.select(StagedImport).where(StagedImport.kind == kind)
    if organ_ids is not None:
        query = query.where(StagedImport.organ_id.in_(organ_ids))
    return db.session.scalars(query.order_by(StagedImport.id.desc()).limit(SHOWN)).all()
