"""Publishing past the review (强制发布): an act of its own, with its ground, by somebody who did not write the text."""

from datetime import datetime

from content import rules
from content.errors import Fault
from content.models import Edition
from content.operations.numbering import assign_number
from content.operations.publishing import go_live, record_and_owe
from content.operations.reviewing import authors_of, drop_steps
from database import db


def force_publish(
    edition: Edition,
    *,
    ground: str,
    note: str,
    secrecy_reviewed: bool,
    scans_seen: bool = False,
    by: int,
    at: datetime,
) -> None:
    """Make an edition public before its review is done. One officer answers for it in the place of the whole chain.

    What holds for every publication holds here: the text is complete, and no personal data goes out. A release of a file
    needs its second person, so one that was only asked for is in the way.
    Raises: WrongStateError; SelfReviewError; IncompleteError; Fault without a ground, a reason or the secrecy review.
    """
    rules.next_state(edition.state, "force_publish")
    rules.check_force(ground, note)
    rules.check_writer_apart(by, authors_of(edition))
    if not secrecy_reviewed:
        raise Fault("请先完成保密审查和个人信息审查并勾选确认。", "force_secrecy")
    rules.check_ready(edition)
    rules.check_unread_parts(edition, seen=scans_seen)
    rules.check_releases(edition)
    rules.check_expires_at(edition.expires_at, at=at)
    before = edition.state.value
    edition.reviewer_id, edition.reviewed_at = by, at
    edition.forced_at, edition.force_ground, edition.force_note = (
        at,
        ground,
        note.strip()[: rules.LONGEST_NOTE],
    )
    drop_steps(edition)
    db.session.flush()
    assign_number(edition, by=by, at=at)
    go_live(edition, at=at)
    edition.publisher_id = by
    said = {"ground": ground, "reason_given": edition.force_note, "state_before": before}
    record_and_owe("force_publish", edition, by=by, at=at, details=said)
