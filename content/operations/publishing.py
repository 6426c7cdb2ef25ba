"""Publishing, taking over and withdrawing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from content import queries, rules
from content.errors import PlanChangedError
from content.models import DisclosureEdition, Edition, EditionState
from content.operations.consulting import close_if_over
from content.operations.moving import move, unset_schedule
from content.operations.numbering import assign_number
from content.operations.standing import note_gone, note_live
from county import ledger
from county.calendar import county_day
from database import db

Details = dict[str, str] | None
WITHDRAWAL = ("withdrawn_at", "withdrawal_reason", "withdrawal_note", "merged_into_id")


def publish(
    edition: Edition,
    *,
    by: int,
    at: datetime,
    scheduled_for: datetime | None = None,
    plan: Mapping[str, Any] | None = None,
) -> None:
    """Make an approved edition the live text of its document and owe the page (发布).

    `scheduled_for` is the moment `by` had set in advance, if the clock publishes for him. `plan` is the seal of the page as
    it would be now; it is compared with the one that was approved, if one was.
    Raises: WrongStateError unless it is approved; PlanChangedError; IncompleteError; Fault for a date that is yet to come.
    """
    rules.next_state(edition.state, "publish")
    if edition.approved_plan is not None:
        changed = rules.changed_parts(edition.approved_plan, plan or {})
        if changed:
            raise PlanChangedError(changed, (plan or {}).get("new_lines", ()))
    rules.check_ready(edition)
    rules.check_releases(edition)
    rules.check_expires_at(edition.expires_at, at=at)
    assign_number(edition, by=by, at=at)
    edition.publisher_id = by
    go_live(edition, at=at)
    details = {"publish_at": scheduled_for.isoformat()} if scheduled_for else {}
    record_and_owe("publish", edition, by=by, at=at, details=details)


def take_over(edition: Edition, *, source: str, by: int | None, at: datetime) -> None:
    """Enter as live what is public elsewhere already: marked as taken over, from where, by whom, when.

    Source: decisions, import rules (`--state published`).
    Raises: as publish; Fault when the document is live already from our own review.
    """
    rules.next_state(edition.state, "take_over")
    rules.check_ready(edition)
    rules.check_releases(edition)
    rules.check_expires_at(edition.expires_at, at=at)
    assign_number(edition, by=by, at=at)
    edition.taken_over_from, edition.taken_over_at, edition.publisher_id = source[:500], at, by
    go_live(edition, at=at)
    record_and_owe("take_over", edition, by=by, at=at)


def withdraw(edition: Edition, *, reason: str, note: str = "", by: int | None, at: datetime) -> None:
    """Take the live text back; its address says that and why (撤回). `by` is None where the clock does it.

    Raises: WrongStateError unless it is live; Fault without a reason from the list.
    """
    take_back(edition, "withdraw", reason=reason, note=note, by=by, at=at)


def take_back(
    edition: Edition,
    verb: str,
    *,
    reason: str,
    note: str,
    by: int | None,
    at: datetime,
    details: Details = None,
) -> None:
    """Take the live text back by one of the moves that do so. What an officer takes back stays away until he says so:
    a newer edition that was to go live by itself waits for its publisher again.

    Raises: as withdraw.
    """
    state = rules.next_state(edition.state, verb)
    rules.check_withdrawal(reason, note)
    move(edition, state)
    document = edition.document
    document.withdrawn_at, document.withdrawal_reason, document.withdrawal_note = at, reason, note.strip()
    note_gone(document)
    record_and_owe(verb, edition, by=by, at=at, details={"reason": reason, **(details or {})})
    for other in document.editions if by is not None else ():
        if other.publish_at is not None:
            unset_schedule(other, "线上版本已被撤回，定时发布随之取消。")
            ledger.record("unschedule", other, by=by, at=at, organ_id=document.organ_id)


def go_live(edition: Edition, *, at: datetime) -> None:
    """Make this edition the one live text of its document, and set what follows from that."""
    document = edition.document
    today = county_day(at)
    for live in document.editions:
        if live.state is EditionState.PUBLISHED:
            move(live, rules.next_state(live.state, "supersede"))  # frees the document's one live place
    move(edition, EditionState.PUBLISHED)
    db.session.refresh(document, WITHDRAWAL)  # somebody may just have withdrawn the edition that was live
    unset_schedule(edition)
    if document.merged_into_id is not None:
        document.merged_into_id = None  # its address is its own again; what leads through it ends here
        for other in queries.documents_merged_into(document.id):
            ledger.owe("publish_document", other, at=at)
    edition.published_at = edition.updated_at = at
    close_if_over(edition, at=at)
    document.withdrawn_at = document.withdrawal_reason = document.withdrawal_note = None
    published_on = _published_on(edition, today)
    if document.sorted_on is None:
        document.sorted_on = published_on
    note_live(edition, on=published_on if edition.taken_over_from else today, first=document.sorted_on)


def _published_on(edition: Edition, today: date) -> date:
    if not isinstance(edition, DisclosureEdition):
        return today
    if edition.published_on is None:
        edition.published_on = today
    if edition.produced_on is None:
        edition.produced_on = (
            edition.published_on
        )  # what is no signed document is produced when it is first available
    rules.check_published_on(edition.published_on, today=today)
    return edition.published_on


def record_and_owe(
    verb: str, edition: Edition, *, by: int | None, at: datetime, details: Details = None
) -> None:
    """Put an act that changes the public page on record, and owe the page."""
    edition.updated_at = at
    ledger.record(
        verb, edition, by=by, at=at, organ_id=edition.document.organ_id, details=dict(details or {})
    )
    ledger.owe("publish_document", edition.document_id, at=at)
