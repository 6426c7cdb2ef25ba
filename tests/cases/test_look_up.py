"""Look-ups: D-09b, D-10a (both numbers are needed), D-10b (six fields), and nothing for those who guess."""

import dataclasses
from datetime import date, timedelta

import pytest

from cases import operations, queries
from cases.errors import LookUpRefusedError
from cases.models import CaseOutcome, LookUpAttempt
from cases.rules import CASE_PREFIX, draw_number, draw_query_code
from cases.rules.looking_up import TRIES_PER_ADDRESS, TRIES_PER_SUBJECT, address_group
from database import db


@pytest.fixture
def accepted(receive, clerk, calendar, later, known_year):
    application, receipt = receive()
    return operations.accept(application, by=clerk.id, at=later, calendar=calendar), receipt


@pytest.fixture
def by_application(keyring, later):
    def look(number, code, address="192.0.2.1", at=later):
        return queries.look_up_by_application(number, code, keyring=keyring, address=address, at=at)

    return look


@pytest.fixture
def by_case(keyring, later):
    def look(number, id_number, address="192.0.2.1", at=later):
        return queries.look_up_by_case(number, id_number, keyring=keyring, address=address, at=at)

    return look


def attempts() -> list[bool]:
    return list(db.session.scalars(db.select(LookUpAttempt.was_hit).order_by(LookUpAttempt.id)))


def test_application_number_and_query_code_show_where_it_stands(receive, by_application):
    """D-09b."""
    _, receipt = receive()
    progress = by_application(receipt.number.lower(), receipt.query_code.replace("-", " "))

    assert (progress.status, progress.case_number, progress.due_on) == ("待受理", None, None)
    assert "等待青崖县民政局" in progress.stage


def test_case_number_and_id_number_show_the_six_fields(accepted, by_case, clerk, later, typed):
    """D-10a, D-10b."""
    case, _ = accepted
    operations.decide(case, CaseOutcome.GRANTED, "准予登记。", by=clerk.id, at=later + timedelta(days=1))
    progress = by_case(case.number, typed.id_number, at=later + timedelta(days=2))

    assert progress.case_number == case.number
    assert progress.name == "社会团体成立登记"
    assert progress.accepted_at == later
    assert progress.handled_at == later + timedelta(days=1)
    assert progress.department == "青崖县民政局"
    assert progress.status == "已办结"
    assert (progress.outcome, progress.result, progress.days_left) == ("准予", "准予登记。", None)


@pytest.mark.parametrize(
    "typed_as", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X"]
)
def test_an_id_number_matches_however_it_is_typed(accepted, by_case, typed_as):
    case, _ = accepted

    assert by_case(f" {case.number.lower()} ", typed_as).case_number == case.number


def test_a_look_up_shows_days_left_and_masks_persons(accepted, by_case, typed):
    case, _ = accepted
    progress = by_case(case.number, typed.id_number)

    assert (progress.due_on, progress.due_is_provisional, progress.days_left) == (
        date(2026, 12, 4),
        False,
        10,
    )
    assert (progress.applicant, progress.applicant_id) == ("欧阳**", "110*************2X")
    for personal in (typed.applicant_name, typed.id_number, typed.phone, typed.statement):
        assert personal not in repr(progress)


def test_opinions_are_internal_and_numbers_in_results_are_masked(accepted, by_case, clerk, later, typed):
    case, _ = accepted
    operations.record_opinion(case, "内部意见。", by=clerk.id, at=later)
    operations.decide(case, CaseOutcome.DONE, f"请持证件领取，电话{typed.phone}。", by=clerk.id, at=later)
    progress = by_case(case.number, typed.id_number)

    assert [event.label for event in progress.events] == ["提交申请", "受理", "办结"]
    assert progress.result == "请持证件领取，电话139****5678。"
    assert "内部意见" not in repr(progress)
    assert typed.phone not in repr(progress)


def test_one_number_alone_or_the_wrong_pair_shows_nothing(accepted, by_case, by_application):
    """D-10a: both are needed."""
    case, receipt = accepted

    for number, id_number in (
        (case.number, ""),
        (case.number, "110105194912310021"),
        (receipt.number, "11010519491231002X"),
    ):
        with pytest.raises(LookUpRefusedError):
            by_case(number, id_number)
    for number, code in (
        (receipt.number, ""),
        (receipt.number, draw_query_code()),
        (case.number, receipt.query_code),
    ):
        with pytest.raises(LookUpRefusedError):
            by_application(number, code)


def test_every_look_up_is_written_hit_or_miss(accepted, by_case, by_application, typed):
    case, receipt = accepted
    by_case(case.number, typed.id_number)
    with pytest.raises(LookUpRefusedError):
        by_case(draw_number(CASE_PREFIX, date(2026, 11, 20)), typed.id_number)
    by_application(receipt.number, receipt.query_code)

    assert attempts() == [True, False, True]
    rows = db.session.scalars(db.select(LookUpAttempt)).all()
    assert "192.0.2.1" not in repr([vars(row) for row in rows])


def miss(look, number, times, address="198.51.100.{}", at=None):
    for turn in range(times):
        with pytest.raises(LookUpRefusedError):
            look(number, f"wrong {turn}", address.format(turn), **({"at": at} if at else {}))


def test_after_ten_misses_a_case_is_closed_to_id_numbers_for_a_quarter_of_an_hour(
    accepted, by_case, typed, later
):
    case, _ = accepted
    miss(by_case, case.number, TRIES_PER_SUBJECT - 1)
    assert by_case(case.number, typed.id_number).case_number == case.number
    miss(by_case, case.number, 1)

    with pytest.raises(LookUpRefusedError):
        by_case(case.number, typed.id_number)
    afterwards = later + timedelta(minutes=15, seconds=1)
    assert by_case(case.number, typed.id_number, at=afterwards).case_number == case.number


def test_the_holder_of_the_query_code_is_never_locked_out_by_the_misses_of_others(
    accepted, by_application, by_case
):
    case, receipt = accepted
    miss(by_application, receipt.number, 3 * TRIES_PER_SUBJECT)
    miss(by_case, case.number, 3 * TRIES_PER_SUBJECT, address="203.0.113.{}")

    assert by_application(receipt.number, receipt.query_code).application_number == receipt.number


def test_an_address_that_guesses_is_closed_for_every_number_but_not_for_a_query_code(
    accepted, by_application, by_case, typed, later
):
    case, receipt = accepted
    for turn in range(TRIES_PER_ADDRESS):
        with pytest.raises(LookUpRefusedError):
            by_case(draw_number(CASE_PREFIX, date(2026, 11, 20)), typed.id_number, f"2001:db8:1:2::{turn:x}")

    with pytest.raises(LookUpRefusedError):
        by_application(receipt.number, "0" * 16, "2001:db8:1:2:ffff::9")
    holder = by_application(receipt.number, receipt.query_code, "2001:db8:1:2:ffff::9")
    assert holder.application_number == receipt.number
    with pytest.raises(LookUpRefusedError):
        by_case(case.number, typed.id_number, "2001:db8:1:2::1")
    assert by_case(case.number, typed.id_number, "2001:db8:1:3::1").case_number == case.number


def test_finding_one_s_own_case_often_locks_nobody(accepted, by_case, typed):
    case, _ = accepted

    for _ in range(3 * TRIES_PER_SUBJECT):
        assert by_case(case.number, typed.id_number).case_number == case.number


def test_an_organisation_is_named_in_full(receive, typed, by_application, later):
    company = dataclasses.replace(
        typed,
        applicant_kind="法人或其他组织",
        applicant_name="青崖县山茶协会",
        id_kind="credit_code",
        id_number="91350100M000100Y43",
    )
    _, receipt = receive(company)

    assert by_application(receipt.number, receipt.query_code).applicant == "青崖县山茶协会"


def test_addresses_of_one_household_count_together():
    assert address_group("2001:db8:1:2::1") == address_group("2001:db8:1:2:ffff::1")
    assert address_group("::ffff:192.0.2.1") == address_group("192.0.2.1") == "192.0.2.1"
    assert address_group("unknown") == "unknown"
