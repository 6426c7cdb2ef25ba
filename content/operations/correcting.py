"""Correcting slips of the pen in live texts (笔误更正): asked for by one, confirmed by another, public at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from content import rules
from content.errors import CorrectionOverError, Fault, SelfReviewError
from content.models import Correction, CorrectionState, Edition
from content.operations.publishing import go_live, record_and_owe
from content.operations.writing import copy_edition
from county import ledger
from database import db


def ask_correction(
    edition: Edition, values: Mapping[str, str], *, reason: str, by: int, at: datetime
) -> Correction:
    """Propose to correct slips of the pen in a live text.

    Raises: WrongStateError unless it is live and no newer edition is on its way; Fault naming what is no slip; Fault when
    another correction waits.
    """
    rules.next_state(edition.state, "correct")
    rules.check_correction_reason(reason)
    cleaned = {name: rules.without_controls(value) for name, value in values.items()}
    before = {name: getattr(edition, name, "") or "" for name in cleaned}
    changes = rules.correction_of(edition.document.kind, before, cleaned)
    _check_alone(edition)
    if correction_waiting(edition) is not None:
        raise Fault("这一稿已有一项笔误更正等待确认，请先办理。", "reason")
    changed = {name: value for name, value in cleaned.items() if value != before[name]}
    row = Correction(
        edition=edition, state=CorrectionState.ASKED, values=changed, changes=changes, reason=reason.strip()[:200],
        asked_by_id=by, asked_at=at,
    )  # fmt: skip
    db.session.add(row)
    _record("ask_correction", edition, row, by, at)
    return row


def confirm_correction(row: Correction, *, by: int, at: datetime) -> Edition:
    """Confirm a correction as the second person: a new edition with the corrected words is live at once (笔误更正).

    Raises: SelfReviewError for who asked for it; CorrectionOverError when it was dealt with; WrongStateError when the
    edition is not live any more, or a newer one is on its way; IncompleteError.
    """
    if by == row.asked_by_id:
        raise SelfReviewError
    _decide(row, CorrectionState.CONFIRMED, by, at)
    edition = row.edition
    rules.next_state(edition.state, "correct")
    before = {name: getattr(edition, name) or "" for name in row.values}
    rules.correction_of(edition.document.kind, before, row.values)
    corrected = copy_edition(edition, "更正笔误", by=row.asked_by_id, at=at)
    for name, value in row.values.items():
        setattr(corrected, name, value)
    corrected.body_html = rules.render_markdown(corrected.body)
    rules.check_ready(corrected)
    corrected.reviewer_id, corrected.reviewed_at, corrected.publisher_id = by, at, by
    db.session.flush()
    go_live(corrected, at=at)
    row.result = corrected
    said = {"difference": said_changes(row.changes), "reason_given": row.reason, "asked_by": row.asked_by_id}
    record_and_owe("correct", corrected, by=by, at=at, details=said)
    db.session.flush()
    return corrected


def decline_correction(row: Correction, *, by: int, at: datetime) -> None:
    """Leave the text as it is (不采纳); who asked for the correction may take it back.

    Raises: CorrectionOverError when it was dealt with.
    """
    _decide(row, CorrectionState.DECLINED, by, at)
    _record("decline_correction", row.edition, row, by, at)


def correction_waiting(edition: Edition) -> Correction | None:
    """The correction of an edition that waits for its second person."""
    query = db.select(Correction).where(
        Correction.edition_id == edition.id, Correction.state == CorrectionState.ASKED
    )
    return db.session.scalar(query)


def said_changes(changes: list[dict[str, Any]]) -> list[str]:
    """The changes in words, as the ledger keeps them."""
    return [f"{one['before']}【{one['gone']}→{one['new']}】{one['after']}" for one in changes]


def _check_alone(edition: Edition) -> None:
    """A text on its way would bring the slip back."""
    for other in edition.document.editions:
        if other.edition_no > edition.edition_no and other.state in rules.OPEN_STATES:
            raise Fault("已有新稿正在办理，请在新稿中更正，或先作废新稿。", "reason")


def _decide(row: Correction, state: CorrectionState, by: int, at: datetime) -> None:
    claimed = db.session.execute(
        db.update(Correction)
        .where(Correction.id == row.id, Correction.state == CorrectionState.ASKED)
        .values(state=state, decided_by_id=by, decided_at=at)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(row)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise CorrectionOverError


def _record(verb: str, edition: Edition, row: Correction, by: int, at: datetime) -> None:
    details = {"difference": said_changes(row.changes)}
    ledger.record(verb, edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
    db.session.flush()
