"""Submitting, deciding step by step, recording confirmations from outside, and returning."""

from datetime import date, datetime
from typing import Any

from content import reviews, rules
from content.errors import Fault, OvertakenError
from content.models import ChainStep, Edition, EditionState, ReviewStep, StepKind, StepState
from content.operations.moving import move, unset_schedule
from content.operations.numbering import assign_number
from content.operations.releasing import grant_releases
from county import ledger
from county.calendar import county_day
from county.deputies import stood_in_for
from county.errors import NotAllowedError
from county.officers import Officer, Role
from database import db

WRITING = (
    "ask_release",
    "clean_file",
    "create",
    "revise",
    "restore",
    "save",
    "attach",
    "submit",
)  # acts that make somebody an author of an edition


def submit(edition: Edition, *, by: int, at: datetime) -> None:
    """Send a draft to review (送审). From here on its text does not change, nor does the chain it takes.

    Raises: WrongStateError; IncompleteError naming everything its readers would miss.
    """
    state = rules.next_state(edition.state, "submit")
    rules.check_ready(edition)
    rules.check_expires_at(edition.expires_at, at=at)
    move(edition, state)
    edition.submitter_id, edition.submitted_at, edition.review_note = by, at, ""
    edition.schedule_fault = edition.approved_plan = edition.recheck_reason = None
    begin_round(edition)
    _record("submit", edition, by, at, {})


def recall(edition: Edition, *, by: int, at: datetime) -> None:
    """Take a text back from review before anybody has decided on it (撤销送审): it is a draft as it was.

    Raises: WrongStateError; Fault once somebody has decided.
    """
    state = rules.next_state(edition.state, "recall")
    steps = reviews.steps_of(edition)
    if not rules.may_recall(step.state for step in steps):
        raise Fault("已有人办理审核，不能撤销送审；需要修改的，请审核人退回。", "state")
    for step in steps:
        edition.review_steps.remove(step)
    move(edition, state)
    edition.submitter_id = edition.submitted_at = None
    _record("recall", edition, by, at, {})


def begin_round(edition: Edition) -> None:
    """Copy the steps of the chain in force: what is set differently later is for later submissions."""
    chain = reviews.chain_for(edition.document.kind, edition.document.channel)
    steps = (
        chain.steps
        if chain
        else [ChainStep(name=reviews.ONLY_STEP, kind=StepKind.DECISION, role=Role.REVIEWER)]
    )
    number = max((step.round for step in edition.review_steps), default=0) + 1
    for place, step in enumerate(steps):
        state = StepState.AHEAD if place else StepState.WAITING
        values = {"name": step.name, "kind": step.kind, "role": step.role, "organ_id": step.organ_id}
        edition.review_steps.append(ReviewStep(round=number, position=place, state=state, **values))
    db.session.flush()


def approve(
    edition: Edition,
    *,
    by: int,
    at: datetime,
    secrecy_reviewed: bool,
    scans_seen: bool = False,
    releases_granted: bool = False,
    note: str = "",
    on_behalf_of: int | None = None,
    plan: dict[str, Any] | None = None,
) -> None:
    """Pass the step at which a text stands (通过). After the last one it waits to be published, under its number.

    `scans_seen`: this person has looked at what no search can read, page by page.
    `releases_granted`: as the second person, grants the releases of files that were asked for.
    `plan`: seal of the page that this person saw; the last decision is a decision on it.
    `on_behalf_of`: the officer in whose place `by` decides, as his deputy (代理).
    Raises: WrongStateError; SelfReviewError; SameReviewerError; Fault unless the secrecy review (保密审查) is confirmed, and the
    look at scans where there are any.
    """
    state = rules.next_state(edition.state, "approve")
    step = _taken_up(edition, StepKind.DECISION, by, on_behalf_of, at)
    if not secrecy_reviewed:
        raise Fault("请先完成保密审查和个人信息审查并勾选确认。", "secrecy_reviewed")
    rules.check_ready(edition)
    rules.check_unread_parts(edition, seen=scans_seen)
    rules.check_releases(edition, granted=releases_granted)
    _decide(step, StepState.PASSED, by, on_behalf_of, at)
    grant_releases(edition, by=by, at=at)
    if reviews.is_last_decision(step, reviews.steps_of(edition)):
        edition.reviewer_id, edition.reviewed_at = by, at
        edition.approved_plan, edition.recheck_reason = plan, None
        assign_number(edition, by=by, at=at)
    step.note = note.strip()[: rules.LONGEST_NOTE]
    scans = {"scans_seen": len(parts)} if (parts := rules.unread_parts(edition)) else {}
    _pass(edition, step, state, at)
    _record("approve", edition, by, at, _said(step) | scans)


def record_confirmation(
    edition: Edition,
    *,
    confirmed_by: str,
    confirmed_on: date | None,
    document_no: str,
    note: str = "",
    by: int,
    at: datetime,
    on_behalf_of: int | None = None,
) -> None:
    """Put on record that another body has confirmed a text (登记上级确认): which, when, by which document.

    Raises: WrongStateError; SelfReviewError; SameReviewerError; Fault naming what is missing.
    """
    state = rules.next_state(edition.state, "approve")
    step = _taken_up(edition, StepKind.CONFIRMATION, by, on_behalf_of, at)
    rules.check_confirmation(confirmed_by, confirmed_on, document_no, today=county_day(at))
    _decide(step, StepState.PASSED, by, on_behalf_of, at)
    step.confirmed_by, step.confirmed_on = confirmed_by.strip()[:100], confirmed_on
    step.document_no, step.note = document_no.strip()[:100], note.strip()[: rules.LONGEST_NOTE]
    _pass(edition, step, state, at)
    _record("record_confirmation", edition, by, at, _said(step) | {"document_no": step.document_no})


def send_back(edition: Edition, note: str, *, by: int, at: datetime, on_behalf_of: int | None = None) -> None:
    """Return a text to its editor, saying why (退回); steps that were still to come do not take place.

    Raises: WrongStateError; Fault when no reason is given.
    """
    state = rules.next_state(edition.state, "send_back")
    if not note.strip():
        raise Fault("请写明退回原因，方便编辑修改。", "note")
    _check_deputy(by, on_behalf_of, at)
    move(edition, state)
    unset_schedule(edition, edition.schedule_fault)
    edition.review_note, edition.reviewer_id, edition.reviewed_at = note.strip()[:2000], by, at
    step, said = reviews.waiting_step(edition), {}
    if step is not None:
        _decide(step, StepState.RETURNED, by, on_behalf_of, at)
        step.note, said = edition.review_note, _said(step)
    drop_steps(edition)
    _record("send_back", edition, by, at, said)


def ask_again(edition: Edition, reason: str, *, by: int | None, at: datetime) -> None:
    """Ask for approval again (重新审核): what would be published is not what was approved. Its last decision is taken anew.

    Raises: WrongStateError unless it is approved.
    """
    state = rules.next_state(edition.state, "ask_again")
    move(edition, state)
    unset_schedule(edition, edition.schedule_fault)
    edition.approved_plan, edition.recheck_reason = None, reason
    before = reviews.steps_of(edition)
    if before:
        _repeat(edition, before)
    else:
        begin_round(edition)
    _record("ask_again", edition, by, at, {"message": reason})


def _repeat(edition: Edition, before: list[ReviewStep]) -> None:
    """A new round in which all but the last decision stands as it was decided."""
    decisive = max(step.position for step in before if step.kind is StepKind.DECISION)
    kept = ("position", "name", "kind", "role", "organ_id")
    decided = (
        "decided_by_id",
        "decided_for_id",
        "decided_at",
        "note",
        "confirmed_by",
        "confirmed_on",
        "document_no",
    )
    for step in before:
        is_decisive = step.position == decisive
        state = StepState.WAITING if is_decisive else step.state
        values = {name: getattr(step, name) for name in (kept if is_decisive else (*kept, *decided))}
        edition.review_steps.append(ReviewStep(round=step.round + 1, state=state, **values))
    db.session.flush()


def drop_steps(edition: Edition) -> None:
    """The steps of an edition that did not take place will not."""
    for step in edition.review_steps:
        if step.state in (StepState.WAITING, StepState.AHEAD):
            step.state = StepState.DROPPED


def authors_of(edition: Edition) -> set[int]:
    """Who began, changed or submitted a text."""
    named = {one for one in (edition.author_id, edition.submitter_id) if one is not None}
    return named | ledger.actors_on(edition, WRITING)


def _taken_up(
    edition: Edition, kind: StepKind, by: int, on_behalf_of: int | None, at: datetime
) -> ReviewStep:
    """The step at which the edition stands, if it is of this kind and this officer may decide it."""
    move(edition, EditionState.SUBMITTED)  # holds the edition: what is read from here on is the last word
    db.session.refresh(edition, ["review_steps"])
    if not any(step.state is StepState.WAITING for step in edition.review_steps):
        begin_round(edition)
    step = reviews.waiting_step(edition)
    if step is None or step.kind is not kind:
        raise Fault("该稿件现在不在这一环节，请刷新页面查看最新状态。", "state")
    _check_deputy(by, on_behalf_of, at)
    people = {by} if on_behalf_of is None else {by, on_behalf_of}
    decided = [other for other in reviews.steps_of(edition) if other.state is StepState.PASSED]
    rules.check_decider(step, people, authors=authors_of(edition), decided=decided)
    return step


def _check_deputy(by: int, on_behalf_of: int | None, at: datetime) -> None:
    if on_behalf_of is None:
        return
    principals = stood_in_for(db.session.get_one(Officer, by), county_day(at))
    if on_behalf_of not in {officer.id for officer in principals}:
        raise NotAllowedError("代理审核")


def _decide(step: ReviewStep, state: StepState, by: int, on_behalf_of: int | None, at: datetime) -> None:
    """Put the decision on the step. The update names the state it expects: a step is decided once."""
    claimed = db.session.execute(
        db.update(ReviewStep)
        .where(ReviewStep.id == step.id, ReviewStep.state == StepState.WAITING)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(step)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise OvertakenError
    step.decided_by_id, step.decided_for_id, step.decided_at = by, on_behalf_of, at
    db.session.flush()
    db.session.expire(step, ["decided_by", "decided_for"])


def _pass(edition: Edition, step: ReviewStep, last: EditionState, at: datetime) -> None:
    """Let the next step wait; after the last one the edition is through."""
    db.session.flush()
    steps = reviews.steps_of(edition)
    after = next((other for other in steps if other.state is StepState.AHEAD), None)
    if after is not None:
        after.state = StepState.WAITING
    else:
        move(edition, last)


def _said(step: ReviewStep) -> dict[str, Any]:
    said: dict[str, Any] = {"step": step.name}
    return said | ({"on_behalf_of": step.decided_for_id} if step.decided_for_id else {})


def _record(verb: str, edition: Edition, by: int | None, at: datetime, details: dict[str, Any]) -> None:
    edition.updated_at = at
    ledger.record(verb, edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
    db.session.flush()
