"""Submitting, returning and approving."""

from datetime import datetime

from content import rules
from content.errors import Fault
from content.models import Edition
from content.operations.moving import move, unset_schedule
from content.operations.numbering import assign_number
from content.operations.releasing import grant_releases
from county import ledger
from database import db

WRITING = (
    "ask_release",
    "create",
    "revise",
    "restore",
    "save",
    "attach",
    "submit",
)  # acts that make somebody an author of an edition


def submit(edition: Edition, *, by: int, at: datetime) -> None:
    """Send a draft to review (送审). From here on its text does not change.

    Raises: WrongStateError; IncompleteError naming everything its readers would miss.
    """
    state = rules.next_state(edition.state, "submit")
    rules.check_ready(edition)
    rules.check_expires_at(edition.expires_at, at=at)
    move(edition, state)
    edition.submitter_id, edition.submitted_at, edition.review_note = by, at, ""
    edition.schedule_fault = None
    _record("submit", edition, by, at)


def send_back(edition: Edition, note: str, *, by: int, at: datetime) -> None:
    """Return a text to its editor, saying why (退回).

    Raises: WrongStateError; Fault when no reason is given.
    """
    state = rules.next_state(edition.state, "send_back")
    if not note.strip():
        raise Fault("请写明退回原因，方便编辑修改。", "note")
    move(edition, state)
    unset_schedule(edition, edition.schedule_fault)
    edition.review_note, edition.reviewer_id, edition.reviewed_at = note.strip()[:2000], by, at
    _record("send_back", edition, by, at)


def approve(
    edition: Edition,
    *,
    by: int,
    at: datetime,
    secrecy_reviewed: bool,
    scans_seen: bool = False,
    releases_granted: bool = False,
) -> None:
    """Approve a text for publication (通过) and give its document a number if it has none.

    `scans_seen`: this second person has looked at what no search can read, page by page.
    `releases_granted`: as the second person, grants the releases of files that were asked for.
    Raises: WrongStateError; SelfReviewError; Fault unless the secrecy review (保密审查) is confirmed, and the look at
    scans where there are any.
    """
    state = rules.next_state(edition.state, "approve")
    wrote = ledger.actors_on(edition, WRITING)
    rules.check_reviewer(by, {edition.author_id, edition.submitter_id, *wrote})
    if not secrecy_reviewed:
        raise Fault("请先完成保密审查和个人信息审查并勾选确认。", "secrecy_reviewed")
    rules.check_ready(edition)
    rules.check_unread_parts(edition, seen=scans_seen)
    rules.check_releases(edition, granted=releases_granted)
    grant_releases(edition, by=by, at=at)
    edition.reviewer_id, edition.reviewed_at = by, at
    assign_number(edition, by=by, at=at)
    move(edition, state)
    scans = {"scans_seen": len(parts)} if (parts := rules.unread_parts(edition)) else {}
    _record("approve", edition, by, at, scans)


def _record(
    verb: str, edition: Edition, by: int, at: datetime, details: dict[str, int] | None = None
) -> None:
    edition.updated_at = at
    ledger.record(verb, edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
    db.session.flush()
