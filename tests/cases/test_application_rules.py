"""What an application must hold: E-03 (applicant, item, material), L-16 (agent), §15.5."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import InvalidApplicationError
from cases.rules import ApplicationInput, check_application, check_phone
from county.errors import RefusedError

TODAY = date(2026, 11, 20)
GOOD = ApplicationInput(
    applicant_kind="自然人",
    applicant_name="欧阳青竹",
    id_kind="resident_id",
    id_number="11010519491231002X",
    phone="13912345678",
    statement="申请成立山茶协会。",
)
AGENT = {
    "agent_name": "阿依古丽·买买提",
    "agent_id_kind": "passport",
    "agent_id_number": "E12345678",
    "agent_phone": "0530-7654321",
}


def faults_of(application: ApplicationInput = GOOD, **changes: str) -> dict[str, str]:
    try:
        check_application(dataclasses.replace(application, **changes), today=TODAY)
    except InvalidApplicationError as error:
        return error.faults
    return {}


def test_an_application_holds_applicant_document_contact_and_statement():
    """E-03: each of them is asked for by name."""
    faults = faults_of(**{field.name: "" for field in dataclasses.fields(GOOD) if field.name != "method"})

    assert list(faults) == ["applicant_kind", "applicant_name", "id_kind", "id_number", "phone", "statement"]
    assert not faults_of()


@pytest.mark.parametrize("given", list(AGENT))
def test_an_agent_is_named_whole_or_not_at_all(given):
    """L-16."""
    assert set(faults_of(**{given: AGENT[given]})) >= set(AGENT) - {given}
    assert not faults_of(**AGENT)


def test_an_agent_is_somebody_else():
    """L-16."""
    faults = faults_of(**{**AGENT, "agent_id_kind": "resident_id", "agent_id_number": GOOD.id_number.lower()})

    assert list(faults) == ["agent_id_number"]


@pytest.mark.parametrize(
    "wrong", ["110105194912310021", "110105194902310023", "11010519491231002", "110105194912310O2X"]
)
def test_an_identity_number_with_a_slip_is_refused_at_its_field(wrong):
    assert list(faults_of(id_number=wrong)) == ["id_number"]


@pytest.mark.parametrize(
    "typed", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X\u200b"]
)
def test_an_identity_number_is_taken_however_it_is_typed(typed):
    checked = check_application(dataclasses.replace(GOOD, id_number=typed), today=TODAY)

    assert checked.id_number == GOOD.id_number


def test_a_person_and_an_organisation_show_documents_of_their_kind():
    assert "id_kind" in faults_of(id_kind="credit_code")
    assert "id_kind" in faults_of(applicant_kind="法人或其他组织")
    assert not faults_of(
        applicant_kind="法人或其他组织",
        applicant_name="青崖县第3建筑公司（集团）",
        id_kind="credit_code",
        id_number="91350100M000100Y43",
    )


@pytest.mark.parametrize(
    "name", ["青" * 101, "青" * 500, "张\x00三", "张\x1b[31m三", "张三😀", "张3", "··", "   ", "<b>张三"]
)
def test_a_name_that_cannot_be_one_is_refused(name):
    assert list(faults_of(applicant_name=name)) == ["applicant_name"]


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "𠮷田", "\ue863丽", "\U00031350花", "Jean-Paul O'Neill", "张 三"]
)
def test_rare_and_foreign_names_are_names(name):
    assert not faults_of(applicant_name=name)


def test_a_statement_is_at_most_ten_thousand_characters_and_may_hold_emoji():
    assert not faults_of(statement="字" * 9_998 + "😀\n")
    assert list(faults_of(statement="字" * 10_001)) == ["statement"]
    assert list(faults_of(statement="一\x07二")) == ["statement"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("139 1234 5678", "13912345678"),
        ("+86-139-1234-5678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("(0530) 7654321", "05307654321"),
        ("010-12345678转12", "01012345678转12"),
        ("+85291234567", "+85291234567"),
    ],
)
def test_a_phone_number_is_taken_however_it_is_typed(typed, stored):
    assert check_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "1391234567", "7654321", "abc", "12912345678901", "0" * 300])
def test_a_phone_number_that_cannot_be_dialled_is_refused(typed):
    with pytest.raises(RefusedError):
        check_phone(typed)


@given(st.builds(ApplicationInput, *[st.text(max_size=40)] * 10))
def test_whatever_is_typed_is_accepted_or_refused_with_messages(application):
    faults = faults_of(application)

    assert all(faults.values())
    assert set(faults) <= {field.name for field in dataclasses.fields(ApplicationInput)}


@given(st.sampled_from([field.name for field in dataclasses.fields(GOOD)][:-1]), st.text(max_size=300))
def test_what_was_checked_once_passes_again_unchanged(field, text):
    try:
        once = check_application(dataclasses.replace(GOOD, **{field: text}), today=TODAY)
    except InvalidApplicationError:
        return

    assert check_application(once, today=TODAY) == once
