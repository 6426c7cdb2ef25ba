"""What others may ask of cases: look-ups for citizens, already masked, and the clerk's desk."""

import hmac
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from cases import rules
from cases.errors import LookUpRefusedError
from cases.models import (
    ApplicantKind,
    Application,
    ApplicationState,
    Case,
    CaseEvent,
    CaseOutcome,
    LookUpAttempt,
)
from county import ledger
from county.calendar import county_day, load_calendar
from county.keys import Keyring
from county.officers import Officer, Right, check_may
from county.privacy import IdKind, mask_id_number, mask_name, normalise_id_number, redact
from database import db

EVENT_LABELS = {
    "receive": "提交申请",
    "accept": "受理",
    "refuse": "不予受理",
    "opinion": "填写处理意见",
    "decide": "办结",
}
SHOWN_TO_CITIZENS = ("receive", "accept", "refuse", "decide")  # opinions are internal until the decision


@dataclass(frozen=True)
class ProgressEvent:
    """A step that the applicant may see."""

    at: datetime
    label: str
    text: str


@dataclass(frozen=True)
class CaseProgress:
    """What a look-up shows (D-10b). Everything that names a person is masked in here already."""

    application_number: str
    case_number: str | None  # 办件编号
    name: str  # 办件名称
    applied_at: datetime
    accepted_at: datetime | None  # 受理时间
    handled_at: datetime  # 办理时间: of the last step so far
    department: str  # 办理部门
    department_phone: str
    status: str  # 办理状态
    stage: str  # whose turn it is, in a sentence
    is_closed: bool
    outcome: str
    result: str
    applicant: str
    applicant_id: str
    limit: str
    due_on: date | None
    due_is_provisional: bool
    days_left: int | None  # working days; None once closed or without a limit
    events: tuple[ProgressEvent, ...]


@dataclass(frozen=True)
class CaseForClerk:
    """An application as the clerk in charge reads it, with the personal data unsealed."""

    application: Application
    applicant_kind: str
    applicant_name: str
    id_kind: str
    id_number: str
    phone: str
    agent_name: str
    agent_id_kind: str
    agent_id_number: str
    agent_phone: str
    statement: str
    days_left: int | None
    events: tuple[CaseEvent, ...]


def look_up_by_application(
    number: str, query_code: str, *, keyring: Keyring, address: str, at: datetime
) -> CaseProgress:
    """Progress of the application with this number and query code (D-09b).

    Writes a LookUpAttempt on hit and miss alike: the caller commits also when this raises, or the limit never bites.
    Raises: LookUpRefusedError, the same whether the number is unknown, the code wrong or the limit reached.
    """
    subject = rules.normalise_number(number, rules.APPLICATION_PREFIX) or ""
    application = db.session.scalar(db.select(Application).where(Application.number == subject))
    given = keyring.fingerprint(rules.normalise_query_code(query_code) or "", "application.query_code")
    known = application.query_code_hash if application else _nobody(keyring)
    is_right = hmac.compare_digest(known, given)
    attempt = _Attempt(f"application:{subject}", address, at, secret_is_strong=True)
    return _answer(application, attempt, is_right=is_right, keyring=keyring)


def look_up_by_case(
    case_number: str, id_number: str, *, keyring: Keyring, address: str, at: datetime
) -> CaseProgress:
    """Progress of the case with this number, for the applicant with this document number (D-10a: both are needed).

    Writes a LookUpAttempt on hit and miss alike: the caller commits also when this raises.
    Raises: LookUpRefusedError, as look_up_by_application.
    """
    subject = rules.normalise_number(case_number, rules.CASE_PREFIX) or ""
    application = db.session.scalar(db.select(Application).join(Case).where(Case.number == subject))
    given = keyring.fingerprint(normalise_id_number(id_number[: rules.RAW_LIMIT]), "application.applicant_id")
    known = application.applicant_id_hash if application else _nobody(keyring)
    is_right = hmac.compare_digest(known, given)
    attempt = _Attempt(f"case:{subject}", address, at, secret_is_strong=False)
    return _answer(application, attempt, is_right=is_right, keyring=keyring)


def inbox(
    organ_ids: Collection[int] | None, state: ApplicationState | None = None, *, longest: int | None = None
) -> Sequence[Application]:
    """Applications to these organs (None: all), with their cases, the longest waiting first, at most `longest`."""
    query = (
        db.select(Application)
        .where(*_waiting(organ_ids, state))
        .options(selectinload(Application.case), selectinload(Application.organ))
        .order_by(Application.applied_at, Application.id)
        .limit(longest)
    )
    return db.session.scalars(query).all()


def count_inbox(organ_ids: Collection[int] | None, state: ApplicationState | None = None) -> int:
    """How many applications `inbox` would give without a limit."""
    query = db.select(db.func.count(Application.id)).where(*_waiting(organ_ids, state))
    return db.session.scalar(query) or 0


def lines_of_inbox(organ_ids: Collection[int] | None, *, longest: int) -> Sequence[Any]:
    """What waits for a clerk of these organs, at most `longest` of each state: received by age, accepted by due day.

    Rows of `state`, `total` in it, and what a line shows; nothing that names a person.
    """
    open_states = (ApplicationState.RECEIVED, ApplicationState.ACCEPTED)
    place = db.func.row_number().over(
        partition_by=Application.state, order_by=(Case.due_on, Application.applied_at, Application.id)
    )
    numbered = (
        db.select(
            Application.id, Application.state, Application.item_name, Application.applied_at, Case.due_on,
            place.label("place"), db.func.count().over(partition_by=Application.state).label("total"),
        )
        .outerjoin(Case, Case.application_id == Application.id)
        .where(Application.state.in_(open_states), *_waiting(organ_ids, None))
    ).subquery()  # fmt: skip
    first = db.select(numbered).where(numbered.c.place <= longest)
    return db.session.execute(first.order_by(numbered.c.state, numbered.c.place)).all()


def applications_numbered(text: str, organ_ids: Collection[int] | None) -> Sequence[Application]:
    """The application, of these organs, with this number or that of its case, however it was typed; else none."""
    number = rules.normalise_number(text, rules.APPLICATION_PREFIX)
    case_number = rules.normalise_number(text, rules.CASE_PREFIX)
    if number is None and case_number is None:
        return []
    query = db.select(Application).outerjoin(Case, Case.application_id == Application.id)
    named = Application.number == number if number else Case.number == case_number
    return db.session.scalars(query.where(named, *_waiting(organ_ids, None))).all()


def _waiting(organ_ids: Collection[int] | None, state: ApplicationState | None) -> list[ColumnElement[bool]]:
    of_organs: list[ColumnElement[bool]] = [] if organ_ids is None else [Application.organ_id.in_(organ_ids)]
    return of_organs if state is None else [*of_organs, Application.state == state]


def case_for_clerk(
    application: Application, *, officer: Officer, keyring: Keyring, at: datetime
) -> CaseForClerk:
    """The application with its personal data unsealed. The reading is itself an act on record; the caller commits.

    Source: 个人信息保护法 art. 51; GB/T 22239 8.1.4.11 (reading plain identity data is audited).
    Raises: NotAllowedError unless the officer handles cases of this organ.
    """
    check_may(officer, Right.HANDLE_CASES, application.organ_id)
    ledger.record(
        "read_personal_data", application, by=officer.id, at=at, details={"number": application.number}
    )
    db.session.flush()
    agent = (
        json.loads(keyring.unseal(application.agent_sealed, "application.agent"))
        if application.agent_sealed
        else {}
    )
    return CaseForClerk(
        application=application,
        applicant_kind=application.applicant_kind.value,
        applicant_name=keyring.unseal(application.applicant_name_sealed, "application.applicant_name"),
        id_kind=IdKind(application.applicant_id_kind).label,
        id_number=keyring.unseal(application.applicant_id_sealed, "application.applicant_id"),
        phone=keyring.unseal(application.phone_sealed, "application.phone"),
        agent_name=agent.get("agent_name", ""),
        agent_id_kind=IdKind(agent["agent_id_kind"]).label if agent else "",
        agent_id_number=agent.get("agent_id_number", ""),
        agent_phone=agent.get("agent_phone", ""),
        statement=keyring.unseal(application.statement_sealed, "application.statement"),
        days_left=_days_left(application, at),
        events=tuple(application.events),
    )


@dataclass(frozen=True)
class _Attempt:
    subject: str
    address: str
    at: datetime
    secret_is_strong: bool


def _nobody(keyring: Keyring) -> str:
    """A fingerprint that nothing typed has, so that an unknown number costs the same comparison."""
    return keyring.fingerprint("", "look_up.nobody")


def _answer(
    application: Application | None, attempt: _Attempt, *, is_right: bool, keyring: Keyring
) -> CaseProgress:
    row = LookUpAttempt(
        subject_hash=keyring.fingerprint(attempt.subject, "look_up.subject"),
        address_hash=keyring.fingerprint(rules.address_group(attempt.address), "look_up.address"),
        at=attempt.at,
        was_hit=False,
    )
    db.session.add(row)
    db.session.flush()  # written before counting: on SQLite the write lock makes those who try at once queue up
    is_allowed = rules.may_look_up(
        misses_of_subject=_earlier_misses(row, LookUpAttempt.subject_hash == row.subject_hash),
        misses_of_address=_earlier_misses(row, LookUpAttempt.address_hash == row.address_hash),
        secret_is_strong=attempt.secret_is_strong,
    )
    if application is None or not is_right or not is_allowed:
        raise LookUpRefusedError
    row.was_hit = True
    db.session.flush()
    return _progress(application, keyring, attempt.at)


def _earlier_misses(row: LookUpAttempt, same: object) -> int:
    query = db.select(db.func.count()).where(
        same,
        LookUpAttempt.at > row.at - rules.LOOK_UP_WINDOW,
        LookUpAttempt.was_hit.is_(False),
        LookUpAttempt.id != row.id,
    )
    return db.session.scalar(query) or 0


def _progress(application: Application, keyring: Keyring, at: datetime) -> CaseProgress:
    case = application.case
    is_person = application.applicant_kind is ApplicantKind.PERSON
    name = keyring.unseal(application.applicant_name_sealed, "application.applicant_name")
    id_number = keyring.unseal(application.applicant_id_sealed, "application.applicant_id")
    phone = application.organ.phone
    return CaseProgress(
        application_number=application.number,
        case_number=case.number if case else None,
        name=application.item_name,
        applied_at=application.applied_at,
        accepted_at=case.accepted_at if case else None,
        handled_at=application.events[-1].at,
        department=application.organ.name,
        department_phone=phone,
        status=rules.STATE_LABELS[application.state],
        stage=_stage(application),
        is_closed=application.state in (ApplicationState.REFUSED, ApplicationState.DECIDED),
        outcome=case.outcome.value if case and case.outcome else "",
        result=redact(case.result if case else application.refusal_reason, [phone]),
        applicant=mask_name(name, is_natural_person=is_person),
        applicant_id=mask_id_number(id_number),
        limit=application.promised_limit or application.legal_limit,
        due_on=case.due_on if case else None,
        due_is_provisional=bool(case and case.due_is_provisional),
        days_left=_days_left(application, at),
        events=tuple(
            ProgressEvent(event.at, EVENT_LABELS[event.kind], redact(event.text, [phone]))
            for event in application.events
            if event.kind in SHOWN_TO_CITIZENS
        ),
    )


def _stage(application: Application) -> str:
    organ = application.organ.name
    match application.state, application.case.outcome if application.case else None:
        case ApplicationState.RECEIVED, _:
            return f"申请已经收到，等待{organ}决定是否受理。您现在不需要做什么。"
        case ApplicationState.ACCEPTED, _:
            return f"申请已经受理，{organ}正在办理。您现在不需要做什么。"
        case ApplicationState.REFUSED, _:
            return f"{organ}决定不予受理，理由见下。对理由有疑问，可拨打办理部门电话询问。"
        case _, CaseOutcome.DENIED:
            return "已作出不予的决定，理由见下。不服的，可以依法申请行政复议或者提起行政诉讼。"
        case _:
            return "已经办结，结果见下。"


def _days_left(application: Application, at: datetime) -> int | None:
    case = application.case
    if case is None or case.due_on is None or case.closed_at is not None:
        return None
    return rules.days_left(case.due_on, county_day(at), load_calendar())
