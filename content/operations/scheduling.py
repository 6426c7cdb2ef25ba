"""What happens by the clock: scheduled publication (定时发布) and taking back what has expired (到期撤下)."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError

from content import queries, rules
from content.errors import Fault, OvertakenError, PlanChangedError
from content.models import DisclosureEdition, Edition, EditionState
from content.operations.moving import move, unset_schedule
from content.operations.publishing import publish, withdraw
from content.operations.reviewing import ask_again
from county import ledger
from county.calendar import COUNTY_ZONE
from county.errors import RefusedError
from database import db

PlanOf = Callable[[Edition], Mapping[str, Any] | None]
log = logging.getLogger("zhuanlan.clock")


def schedule(edition: Edition, publish_at: datetime, *, by: int, at: datetime) -> None:
    """Set the moment at which an approved edition goes live by itself (定时发布); a new moment replaces the old.

    Raises: WrongStateError unless it is approved; IncompleteError; Fault for a moment at which it could not go live.
    """
    state = rules.next_state(edition.state, "schedule")
    rules.check_ready(edition)
    published_on = edition.published_on if isinstance(edition, DisclosureEdition) else None
    rules.check_publish_at(publish_at, expires_at=edition.expires_at, published_on=published_on, at=at)
    move(edition, state)
    edition.publish_at, edition.scheduled_by_id, edition.schedule_fault = publish_at, by, None
    details = {"publish_at": publish_at.isoformat()}
    ledger.record("schedule", edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
    db.session.flush()


def unschedule(edition: Edition, *, by: int, at: datetime) -> None:
    """Let an approved edition wait for its publisher again (取消定时).

    Raises: WrongStateError unless it is approved; Fault when no moment is set.
    """
    state = rules.next_state(edition.state, "unschedule")
    if edition.publish_at is None:
        raise Fault("该稿件没有设定定时发布，或已被他人取消。", "publish_at")
    move(edition, state)
    unset_schedule(edition)
    ledger.record("unschedule", edition, by=by, at=at, organ_id=edition.document.organ_id)
    db.session.flush()


def publish_due(at: datetime, plan_of: PlanOf = lambda _edition: None) -> int:
    """Publish what was scheduled for now or earlier, for the officer who scheduled it; how many were dealt with.

    `plan_of` is the seal of an edition's page as it would be now. What is refused keeps its reason in `schedule_fault`, loses
    its moment, and stops no other; what is not as it was approved goes back to review.
    """
    act = replace(PUBLICATION, perform=partial(_publish, plan_of))
    return sum(_do_when_due(act, edition, at) for edition in queries.due_editions(at))


def withdraw_expired(at: datetime) -> int:
    """Take back what has expired, as an act of the system; how many were dealt with."""
    return sum(_do_when_due(EXPIRY, edition, at) for edition in queries.expired_editions(at))


@dataclass(frozen=True)
class TimedAct:
    """An act that the clock starts: on editions in which state, by which column, how, and what it is called if it fails."""

    state: EditionState
    moment: Any
    perform: Callable[[Edition, datetime, datetime], None]  # the edition, when it was due, now
    failed: str
    label: str


def _publish(plan_of: PlanOf, edition: Edition, due_at: datetime, at: datetime) -> None:
    assert edition.scheduled_by_id is not None  # noqa: S101 - for the type checker: set together with the moment
    plan = plan_of(edition) if edition.approved_plan is not None else None
    publish(edition, by=edition.scheduled_by_id, at=at, scheduled_for=due_at, plan=plan)


def _withdraw(edition: Edition, _due_at: datetime, at: datetime) -> None:
    withdraw(edition, reason="expired", by=None, at=at)


PUBLICATION = TimedAct(
    EditionState.APPROVED,
    Edition.publish_at,
    partial(_publish, lambda _edition: None),
    "publish_failed",
    "发布",
)
EXPIRY = TimedAct(EditionState.PUBLISHED, Edition.expires_at, _withdraw, "withdraw_failed", "撤下")


def _do_when_due(act: TimedAct, edition: Edition, at: datetime) -> int:
    """One act in a savepoint of its own. The database's trouble is the worker's; every other failure is noted."""
    with db.session.begin_nested():
        due_at = _claim(act, edition, at)
        if due_at is None:
            return 0
        try:
            with db.session.begin_nested():
                act.perform(edition, due_at, at)
        except OvertakenError:
            return 0  # somebody else acts on the document at this moment; the next round sees what came of it
        except (OperationalError, InterfaceError):
            raise
        except PlanChangedError as error:
            _note_failure(act, edition, due_at, error, at)
            ask_again(edition, error.message, by=None, at=at)
        except Exception as error:
            _note_failure(act, edition, due_at, error, at)
    return 1


def _claim(act: TimedAct, edition: Edition, at: datetime) -> datetime | None:
    """The moment at which it was due, if it still is: of two workers the second waits here, and finds it done."""
    claimed = db.session.execute(
        db.update(Edition)
        .where(Edition.id == edition.id, Edition.state == act.state, act.moment <= at)
        .values(version=Edition.version)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(edition)
    return getattr(edition, act.moment.key) if claimed.rowcount == 1 else None  # type: ignore[attr-defined]


def _note_failure(act: TimedAct, edition: Edition, due_at: datetime, error: Exception, at: datetime) -> None:
    if isinstance(error, RefusedError):
        reason = error.message
    else:
        reason = f"系统错误（{type(error).__name__}），请联系系统管理员。"
        log.exception("%s of edition %s", act.failed, edition.id)
    moment = due_at.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M")
    db.session.refresh(edition)  # as it is, not as it was to be
    unset_schedule(edition, f"原定 {moment} {act.label}，没有成功：{reason}")
    organ_id, details = edition.document.organ_id, {"message": reason}
    ledger.record(act.failed, edition, by=None, at=at, organ_id=organ_id, details=details)
