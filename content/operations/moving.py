"""Moving an edition from state to state when two people may act at once."""

from content.errors import OvertakenError
from content.models import Edition, EditionState
from database import db


def move(edition: Edition, state: EditionState) -> None:
    """Give the edition its next state; of two who act at the same moment one finds it changed.

    The update names the state it starts from, and the save and the submission that were read: a text that was
    returned, changed and submitted anew in between is another text. What else was set on the edition goes with it, for
    the database holds the reviewer against the state.
    Raises: OvertakenError when somebody else was first.
    """
    db.session.flush()
    moved = db.session.execute(
        db.update(Edition)
        .where(
            Edition.id == edition.id,
            Edition.state == edition.state,
            Edition.version == edition.version,
            Edition.submitted_at == edition.submitted_at,
        )
        .values(state=state, reviewer_id=edition.reviewer_id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(edition, ["state", "reviewer_id"])
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise OvertakenError


def unset_schedule(edition: Edition, fault: str | None = None) -> None:
    """Forget the moment at which an edition was to go live, and say why if it did not."""
    edition.publish_at = edition.scheduled_by_id = None
    edition.schedule_fault = fault
