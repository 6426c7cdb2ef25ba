"""What citizens and clerks do: receive, accept, refuse, record an opinion, decide. They flush; edges commit."""

import dataclasses
import hmac
import json
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from cases import rules
from cases.errors import TicketReusedError, WrongCaseStateError
from cases.models import ApplicantKind, Application, ApplicationState, Case, CaseEvent, CaseOutcome
from cases.rules import ApplicationInput, ItemSnapshot, LimitSnapshot
from county import ledger
from county.calendar import county_day
from county.keys import Keyring
from county.working_days import WorkingCalendar
from database import db


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the applicant takes home (回执). The query code is shown here and nowhere else."""

    number: str
    query_code: str
    received_at: datetime


def receive(
    application: ApplicationInput, *, item: ItemSnapshot, keyring: Keyring, ticket: str, at: datetime
) -> Receipt:
    """Take in an application; what names a person is sealed first. The same ticket again gives the same receipt.

    Raises: InvalidApplicationError with a message for each field; TicketReusedError if the ticket came with other
    contents before.
    """
    checked = rules.check_application(application, today=county_day(at))
    query_code = rules.draw_query_code()
    values = {
        "number": rules.draw_number(rules.APPLICATION_PREFIX, county_day(at)),
        "query_code_hash": keyring.fingerprint(query_code, "application.query_code"),
        "ticket_hash": keyring.fingerprint(ticket, "application.ticket"),
        "content_hash": _content_hash(checked, item, keyring),
        "receipt_sealed": _receipt_keyring(ticket, keyring).seal(query_code, "application.receipt_sealed"),
        "state": ApplicationState.RECEIVED,
        "applied_at": at,
        "refusal_reason": "",
        "extra": {},
        **_item_columns(item),
        **_applicant_columns(checked, keyring),
    }
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    # Two tabs may send one form at the same moment: the unique ticket lets one in, the other reads its receipt.
    insert = dialect.insert(Application).values(values).on_conflict_do_nothing(index_elements=["ticket_hash"])
    application_id = db.session.scalar(insert.returning(Application.id))
    if application_id is None:
        earlier = receipt_for(checked, item=item, keyring=keyring, ticket=ticket)
        if earlier is None:
            raise RuntimeError("the application that holds this ticket cannot be seen")
        return earlier
    received = db.session.get_one(Application, application_id)
    _record("receive", received, by=None, at=at)
    return Receipt(received.number, query_code, at)


def receipt_for(
    application: ApplicationInput, *, item: ItemSnapshot, keyring: Keyring, ticket: str
) -> Receipt | None:
    """The receipt given for this ticket before, or None; `application` as typed or as checked.

    Raises: TicketReusedError if it was given for other contents; InvalidApplicationError.
    """
    earlier = db.session.scalar(
        db.select(Application).where(
            Application.ticket_hash == keyring.fingerprint(ticket, "application.ticket")
        )
    )
    if earlier is None:
        return None
    checked = rules.check_application(application, today=county_day(earlier.applied_at))
    if not hmac.compare_digest(earlier.content_hash, _content_hash(checked, item, keyring)):
        raise TicketReusedError
    query_code = _receipt_keyring(ticket, keyring).unseal(
        earlier.receipt_sealed, "application.receipt_sealed"
    )
    return Receipt(earlier.number, query_code, earlier.applied_at)


def accept(application: Application, *, by: int, at: datetime, calendar: WorkingCalendar) -> Case:
    """Take an application on (受理): it becomes a case with a number and, where the item has a limit, a due day.

    Raises: WrongCaseStateError unless it awaits acceptance, also when a colleague was faster.
    """
    _move(application, "accept")
    promised = LimitSnapshot(
        application.promised_limit, application.promised_limit_value, application.promised_limit_unit
    )
    legal = LimitSnapshot(
        application.legal_limit, application.legal_limit_value, application.legal_limit_unit
    )
    due = rules.due_day(rules.limit_in_force(promised, legal), at, calendar)
    case = Case(
        number=rules.draw_number(rules.CASE_PREFIX, county_day(at)),
        application=application,
        organ_id=application.organ_id,
        name=application.item_name,
        accepted_at=at,
        accepted_by=by,
        due_on=due.day if due else None,
        due_is_provisional=bool(due and due.is_provisional),
    )
    db.session.add(case)
    _record("accept", application, by=by, at=at, details={"case": case.number})
    return case


def refuse(application: Application, reason: str, *, by: int, at: datetime) -> None:
    """Turn an application away with a reason the applicant can read (不予受理).

    Raises: RefusedError without a reason; WrongCaseStateError unless it awaits acceptance.
    """
    reason = rules.check_officer_text(reason, "不予受理的理由", "reason")
    _move(application, "refuse")
    application.refused_at, application.refusal_reason = at, reason
    _record("refuse", application, by=by, at=at, text=reason)


def record_opinion(case: Case, text: str, *, by: int, at: datetime) -> None:
    """Record what the clerk thinks of the case (处理意见); earlier ones stay among its events.

    Raises: RefusedError without a text; WrongCaseStateError once it is closed.
    """
    text = rules.check_officer_text(text, "处理意见", "opinion")
    _move(case.application, "record_opinion")
    case.opinion = text
    _record("opinion", case.application, by=by, at=at, text=text)


def decide(case: Case, outcome: CaseOutcome, result: str, *, by: int, at: datetime) -> None:
    """Close the case with an outcome and its result (办结); a denial gives the reason.

    Raises: RefusedError without a result; WrongCaseStateError if it is closed already.
    """
    result = rules.check_result(outcome, result)
    _move(case.application, "decide")
    case.outcome, case.result, case.closed_at, case.closed_by = outcome, result, at, by
    _record("decide", case.application, by=by, at=at, text=result, details={"outcome": outcome.value})
    ledger.owe("publish_case", case.id, at=at)


def _move(application: Application, move: str) -> None:
    """Change the state by compare-and-set, so that of two clerks who act at once only one does."""
    after = rules.next_state(application.state, move)
    moved = db.session.execute(
        db.update(Application)
        .where(Application.id == application.id, Application.state == application.state)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(application, ["state"])
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongCaseStateError(rules.STATE_LABELS[application.state], rules.MOVE_LABELS[move])


def _record(
    kind: str,
    application: Application,
    *,
    by: int | None,
    at: datetime,
    text: str = "",
    details: dict[str, str] | None = None,
) -> None:
    db.session.add(CaseEvent(application_id=application.id, kind=kind, at=at, officer_id=by, text=text))
    ledger.record(kind, application, by=by, at=at, details={"number": application.number, **(details or {})})
    db.session.flush()
    db.session.expire(application, ["events"])


def hand_over(source_id: int, target_id: int) -> int:
    """Let another organ handle every application and case of an organ; their numbers stay. Returns how many applications.

    The caller records the act. Source: an organ that takes over goes on with what was begun.
    """
    moved = db.session.execute(
        db.update(Application).where(Application.organ_id == source_id).values(organ_id=target_id)
    )
    db.session.execute(db.update(Case).where(Case.organ_id == source_id).values(organ_id=target_id))
    return moved.rowcount  # type: ignore[attr-defined]


def applications_of(organ_id: int) -> int:
    """How many applications an organ has had."""
    query = db.select(db.func.count(Application.id)).where(Application.organ_id == organ_id)
    return db.session.scalar(query) or 0


def _item_columns(item: ItemSnapshot) -> dict[str, object]:
    return {
        "organ_id": item.organ_id,
        "item_code": item.code,
        "item_name": item.name,
        "item_edition_id": item.edition_id,
        "promised_limit": item.promised_limit.text,
        "promised_limit_value": item.promised_limit.value,
        "promised_limit_unit": item.promised_limit.unit,
        "legal_limit": item.legal_limit.text,
        "legal_limit_value": item.legal_limit.value,
        "legal_limit_unit": item.legal_limit.unit,
    }


def _applicant_columns(checked: ApplicationInput, keyring: Keyring) -> dict[str, object]:
    agent = {field: getattr(checked, field) for field in rules.AGENT_FIELDS}
    return {
        "method": checked.method,
        "applicant_kind": ApplicantKind(checked.applicant_kind),
        "applicant_name_sealed": keyring.seal(checked.applicant_name, "application.applicant_name"),
        "applicant_id_kind": checked.id_kind,
        "applicant_id_sealed": keyring.seal(checked.id_number, "application.applicant_id"),
        "applicant_id_hash": keyring.fingerprint(checked.id_number, "application.applicant_id"),
        "phone_sealed": keyring.seal(checked.phone, "application.phone"),
        "agent_sealed": keyring.seal(json.dumps(agent), "application.agent")
        if rules.has_agent(checked)
        else None,
        "statement_sealed": keyring.seal(checked.statement, "application.statement"),
    }


def _content_hash(checked: ApplicationInput, item: ItemSnapshot, keyring: Keyring) -> str:
    content = {**dataclasses.asdict(checked), "method": checked.method.value, "item": item.code}
    return keyring.fingerprint(json.dumps(content, sort_keys=True), "application.content")


def _receipt_keyring(ticket: str, keyring: Keyring) -> Keyring:
    # Neither the database nor the keys alone give the query code back: it takes the ticket, which only the sender has.
    return Keyring(bytes.fromhex(keyring.fingerprint(ticket, "application.receipt_key")))
