"""Receiving and handling: one ticket one application, one act one event and one ledger row."""

import dataclasses
import threading
from datetime import date, timedelta

import pytest

from cases import operations, queries
from cases.errors import InvalidApplicationError, TicketReusedError, WrongCaseStateError
from cases.models import Application, ApplicationState, Case, CaseEvent, CaseOutcome
from cases.rules import check_application
from county.errors import NotAllowedError, RefusedError
from county.ledger import Act
from county.officers import Role
from county.organs import Organ
from database import db


def count(model) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_an_application_gets_a_number_and_a_query_code(receive):
    """D-09a, D-09b."""
    application, receipt = receive()

    assert application.state is ApplicationState.RECEIVED
    assert application.number == receipt.number
    assert receipt.number.startswith("SQ20261120-")
    assert receipt.query_code not in repr(vars(application))


def test_the_same_ticket_again_gives_the_same_receipt(typed, item, keyring, now, later):
    first = operations.receive(typed, item=item, keyring=keyring, ticket="t", at=now)
    again = dataclasses.replace(typed, id_number=" 110105 19491231 002x ", phone="139-1234-5678")
    second = operations.receive(again, item=item, keyring=keyring, ticket="t", at=later)

    assert second == first
    assert (count(Application), count(CaseEvent), count(Act)) == (1, 1, 1)


@pytest.mark.parametrize("change", [{"statement": "另一件事。"}, {"phone": "13912345679"}])
def test_a_ticket_with_other_contents_is_refused(typed, item, keyring, now, change):
    operations.receive(typed, item=item, keyring=keyring, ticket="t", at=now)

    with pytest.raises(TicketReusedError):
        operations.receive(
            dataclasses.replace(typed, **change), item=item, keyring=keyring, ticket="t", at=now
        )
    with pytest.raises(TicketReusedError):
        operations.receive(
            typed, item=dataclasses.replace(item, code="other"), keyring=keyring, ticket="t", at=now
        )
    assert count(Application) == 1


def test_a_ticket_not_used_has_no_receipt(typed, item, keyring, receive):
    receive()

    assert operations.receipt_for(typed, item=item, keyring=keyring, ticket="unused") is None


def test_two_at_once_with_one_ticket_make_one_application(app, typed, item, keyring, now):
    db.session.commit()
    numbers, barrier = [], threading.Barrier(6)

    def send() -> None:
        with app.app_context():
            barrier.wait()
            numbers.append(operations.receive(typed, item=item, keyring=keyring, ticket="t", at=now))
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(numbers) == 6
    assert len(set(numbers)) == 1
    assert (count(Application), count(CaseEvent), count(Act)) == (1, 1, 1)


def test_nothing_is_kept_of_an_application_with_a_fault(typed, item, keyring, now):
    with pytest.raises(InvalidApplicationError):
        operations.receive(
            dataclasses.replace(typed, phone=""), item=item, keyring=keyring, ticket="t", at=now
        )

    assert count(Application) == 0


def test_an_operation_commits_nothing(receive):
    receive()
    db.session.rollback()

    assert (count(Application), count(CaseEvent), count(Act)) == (0, 0, 0)


def test_an_accepted_application_becomes_a_case_with_its_due_day(receive, clerk, calendar, later):
    application, _ = receive()
    case = operations.accept(application, by=clerk.id, at=later, calendar=calendar)

    assert case.number.startswith("BJ20261120-")
    assert (case.due_on, case.due_is_provisional) == (date(2026, 12, 4), False)
    assert (case.name, application.state) == (application.item_name, ApplicationState.ACCEPTED)


def test_a_due_day_in_a_year_without_calendar_is_provisional(receive, clerk, calendar, now):
    application, _ = receive()
    case = operations.accept(application, by=clerk.id, at=now + timedelta(days=35), calendar=calendar)

    assert case.due_is_provisional


def test_each_act_leaves_an_event_and_a_ledger_row_without_personal_data(
    receive, clerk, calendar, later, typed
):
    """F-30."""
    application, _ = receive()
    case = operations.accept(application, by=clerk.id, at=later, calendar=calendar)
    operations.record_opinion(case, "材料齐全，拟同意。", by=clerk.id, at=later)
    operations.decide(case, CaseOutcome.GRANTED, "准予登记，登记证号 0042。", by=clerk.id, at=later)

    assert [event.kind for event in application.events] == ["receive", "accept", "opinion", "decide"]
    acts = db.session.scalars(db.select(Act).order_by(Act.id)).all()
    assert [act.verb for act in acts] == ["receive", "accept", "opinion", "decide"]
    assert [act.actor_id for act in acts] == [None, clerk.id, clerk.id, clerk.id]
    assert not [
        act
        for act in acts
        if typed.id_number in repr(act.details) or typed.applicant_name in repr(act.details)
    ]
    assert (case.outcome, case.closed_by) == (CaseOutcome.GRANTED, clerk.id)


def test_a_denial_and_a_refusal_give_their_reason(receive, clerk, calendar, later):
    first, _ = receive()
    second, _ = receive()
    case = operations.accept(first, by=clerk.id, at=later, calendar=calendar)

    with pytest.raises(RefusedError, match="不予的理由"):
        operations.decide(case, CaseOutcome.DENIED, "  ", by=clerk.id, at=later)
    with pytest.raises(RefusedError, match="不予受理的理由"):
        operations.refuse(second, "", by=clerk.id, at=later)
    operations.refuse(second, "不属于本机关职权范围。", by=clerk.id, at=later)
    assert (first.state, second.state) == (ApplicationState.ACCEPTED, ApplicationState.REFUSED)


def test_an_officer_writes_no_identity_number(receive, clerk, calendar, later, typed):
    application, _ = receive()

    with pytest.raises(RefusedError, match="居民身份证号码"):
        operations.refuse(application, f"申请人{typed.id_number}不符合条件", by=clerk.id, at=later)
    assert application.state is ApplicationState.RECEIVED


def test_a_move_that_does_not_start_here_is_refused(receive, clerk, calendar, later):
    application, _ = receive()
    case = operations.accept(application, by=clerk.id, at=later, calendar=calendar)

    with pytest.raises(WrongCaseStateError):
        operations.accept(application, by=clerk.id, at=later, calendar=calendar)
    with pytest.raises(WrongCaseStateError):
        operations.refuse(application, "不符合条件。", by=clerk.id, at=later)
    operations.decide(case, CaseOutcome.DONE, "已办结。", by=clerk.id, at=later)
    with pytest.raises(WrongCaseStateError):
        operations.record_opinion(case, "再看看。", by=clerk.id, at=later)
    with pytest.raises(WrongCaseStateError):
        operations.decide(case, CaseOutcome.DONE, "已办结。", by=clerk.id, at=later)


def test_of_two_clerks_who_act_on_the_same_page_only_one_does(receive, clerk, calendar, later):
    application, _ = receive()
    db.session.execute(
        db.update(Application)
        .values(state=ApplicationState.REFUSED)
        .execution_options(synchronize_session=False)
    )
    assert application.state is ApplicationState.RECEIVED  # what the second clerk still sees

    with pytest.raises(WrongCaseStateError, match="不予受理"):
        operations.accept(application, by=clerk.id, at=later, calendar=calendar)
    assert count(Case) == 0


def test_the_inbox_holds_what_waits_for_these_organs_oldest_first(receive, organ, clerk, calendar, later):
    second, _ = receive(at=later)
    first, _ = receive()
    operations.accept(second, by=clerk.id, at=later, calendar=calendar)

    assert list(queries.inbox({organ.id})) == [first, second]
    assert list(queries.inbox(None, ApplicationState.RECEIVED)) == [first]
    assert list(queries.inbox(set())) == []
    assert list(queries.inbox({organ.id}, longest=1)) == [first]
    assert queries.count_inbox({organ.id}) == 2
    assert queries.count_inbox(None, ApplicationState.RECEIVED) == 1
    assert queries.count_inbox(set()) == 0


def test_a_clerk_of_the_organ_reads_the_personal_data_and_the_reading_is_on_record(
    receive, typed, clerk, keyring, later
):
    application, _ = receive(
        dataclasses.replace(
            typed,
            agent_name="王二",
            agent_id_kind="passport",
            agent_id_number="E12345678",
            agent_phone="13712345678",
        )
    )
    view = queries.case_for_clerk(application, officer=clerk, keyring=keyring, at=later)

    assert (view.applicant_name, view.id_number, view.phone) == (
        typed.applicant_name,
        typed.id_number,
        typed.phone,
    )
    assert (view.agent_name, view.agent_id_kind, view.id_kind) == ("王二", "护照", "居民身份证")
    assert db.session.scalars(db.select(Act.verb).order_by(Act.id)).all()[-1] == "read_personal_data"


def test_nobody_else_reads_the_personal_data(receive, make_officer, keyring, later):
    application, _ = receive()
    other = Organ(code="other", name="别的局")
    db.session.add(other)
    strangers = [
        make_officer("ai", Role.EDITOR),
        make_officer("adi", Role.ADMINISTRATOR),
        make_officer("feng", Role.CLERK, other),
    ]

    for officer in strangers:
        with pytest.raises(NotAllowedError):
            queries.case_for_clerk(application, officer=officer, keyring=keyring, at=later)


def test_personal_data_is_nowhere_in_the_database(settings, receive, typed, clerk, calendar, later):
    """Planted values, searched in every row, and as bytes in the SQLite file and its write-ahead log."""
    agent = {
        "agent_name": "纳兰植入代理",
        "agent_id_kind": "passport",
        "agent_id_number": "EA7654321",
        "agent_phone": "13700001111",
    }
    planted = dataclasses.replace(
        typed, applicant_name="植入姓名", statement="植入的申请内容，住在槐树胡同。", **agent
    )
    application, receipt = receive(planted)
    case = operations.accept(application, by=clerk.id, at=later, calendar=calendar)
    operations.decide(case, CaseOutcome.DONE, "已办结。", by=clerk.id, at=later)
    db.session.commit()

    stored = b"".join(file.read_bytes() for file in settings.home.glob("zhuanlan.db*"))
    for table in db.metadata.sorted_tables:
        stored += "".join(repr(tuple(row)) for row in db.session.execute(db.select(table))).encode()
    checked = check_application(planted, today=date(2026, 11, 20))
    secret = {field: getattr(checked, field) for field in (
        "applicant_name", "id_number", "phone", "agent_name", "agent_id_number", "agent_phone", "statement"
    )}  # fmt: skip
    assert receipt.number.encode() in stored  # the search itself finds what is there
    assert not [name for name, value in secret.items() if value.encode() in stored]
    assert receipt.query_code.encode() not in stored
    assert receipt.query_code.replace("-", "").encode() not in stored
