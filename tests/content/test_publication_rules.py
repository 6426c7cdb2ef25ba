import pytest

from content import operations
from content.errors import Fault, IncompleteError
from content.models import EditionState, ItemCategory, SubjectNature
from content.rules import faults_before_publication, may_be_applied_for
from county.ledger import Act
from database import db
from tests.people import NOON, make_edition, make_service

DISCRETION = {"scope": "占道经营", "kinds": "罚款", "degrees": [{"circumstance": "首次", "standard": "警告"}]}


def faulty_fields(edition):
    return {fault.field for fault in faults_before_publication(edition)}


def test_a_complete_guide_has_no_fault(people):
    assert faulty_fields(make_service(people)) == set()


@pytest.mark.parametrize("category", [ItemCategory.LICENCE, ItemCategory.CONVENIENCE, ItemCategory.PENALTY])
def test_an_item_without_a_legal_basis_cannot_be_submitted(people, category):
    """B-05, B-14."""
    edition = make_service(people, legal_basis=[], item_category=category)

    with pytest.raises(IncompleteError) as refusal:
        operations.submit(edition, by=people.ai.id, at=NOON)

    assert "legal_basis" in {fault.field for fault in refusal.value.faults}
    assert edition.state is EditionState.DRAFT


@pytest.mark.parametrize("missing", ["handling_subject", "flow", "legal_basis"])
def test_a_convenience_service_needs_basis_subject_and_flow(people, missing):
    """B-14."""
    given = {
        "item_category": ItemCategory.CONVENIENCE,
        "flow": [{"name": "受理"}],
        "handling_subject": "民政局",
    }
    given[missing] = "" if missing == "handling_subject" else []

    assert faulty_fields(make_service(people, **given)) == {missing}


def test_an_entrusted_unit_names_who_entrusts_it(people):
    """B-27."""
    edition = make_service(people, subject_nature=SubjectNature.ENTRUSTED)

    assert faulty_fields(edition) == {"entrusting_unit"}
    operations.save_draft(edition, {"entrusting_unit": "青崖县水利局"}, by=people.ai.id, at=NOON)
    assert faulty_fields(edition) == set()


def test_a_charge_needs_basis_and_standard(people):
    """B-29: whether it charges must be said, and if so by what."""
    assert faulty_fields(make_service(people, is_charged=None)) == {"is_charged"}
    assert faulty_fields(make_service(people, is_charged=True)) == {"fee_basis_and_standard"}
    assert not faulty_fields(make_service(people, is_charged=True, fee_basis_and_standard="每证5元"))


@pytest.mark.parametrize(
    "field",
    ["acceptance_conditions", "handling_place", "contact_phone", "supervision_phone", "handling_department"],
)
def test_a_guide_without_a_key_element_is_not_submitted(people, field):
    """B-04, D-06."""
    assert faulty_fields(make_service(people, **{field: ""})) == {field}


def test_a_promise_longer_than_the_law_is_not_even_saved(people):
    """C-10."""
    edition = make_service(people)
    db.session.commit()

    with pytest.raises(IncompleteError) as refusal:
        operations.save_draft(edition, {"promised_limit": "21个工作日"}, by=people.ai.id, at=NOON)
    db.session.rollback()

    assert refusal.value.field == "promised_limit"
    assert edition.promised_limit == "7个工作日"


def test_a_penalty_has_no_entry_and_shows_its_discretion(people):
    """A-34, A-35."""
    penalty = make_service(
        people, item_category=ItemCategory.PENALTY, discretion=DISCRETION, published_only=True
    )

    assert faulty_fields(penalty) == set()
    assert not may_be_applied_for(penalty)
    operations.save_draft(penalty, {"discretion": None, "published_only": False}, by=people.ai.id, at=NOON)
    assert faulty_fields(penalty) == {"discretion"}
    assert not may_be_applied_for(penalty)
    with pytest.raises(IncompleteError):
        operations.save_draft(
            penalty, {"online_handling_url": "https://e.example/"}, by=people.ai.id, at=NOON
        )


def test_an_empty_disclosure_is_not_submitted(people):
    assert faulty_fields(make_edition(people, body="")) == {"body"}


@pytest.mark.parametrize(
    "title", ["../../etc/passwd", "涨价了吗？#话题", "🎉 开园公告", "a%2e%2e/b", "公" * 200]
)
def test_a_title_may_be_any_line_of_text(people, title):
    assert make_edition(people, title=title).title == title


@pytest.mark.parametrize("title", ["", "   ", "公" * 201])
def test_a_title_must_be_there_and_fit(people, title):
    """A-03, C-03."""
    with pytest.raises(Fault) as refusal:
        make_edition(people, title=title)

    assert refusal.value.field == "title"


def test_every_refusal_leaves_the_ledger_as_it_was(people):
    edition = make_service(people, legal_basis=[])
    db.session.commit()
    before = db.session.scalar(db.select(db.func.count(Act.id)))

    with pytest.raises(IncompleteError):
        operations.submit(edition, by=people.ai.id, at=NOON)
    db.session.rollback()

    assert db.session.scalar(db.select(db.func.count(Act.id))) == before


@pytest.mark.parametrize("field", ["title", "summary", "body"])
def test_a_text_that_exposes_a_person_is_not_submitted(people, field):
    """standards §11: whole ID numbers stood in published lists."""
    edition = make_edition(people, **{field: "申请人身份证号11010519491231002X，电话13912345678"})

    with pytest.raises(IncompleteError) as refusal:
        operations.submit(edition, by=people.ai.id, at=NOON)

    assert refusal.value.field == field
    assert "110*" in refusal.value.message
    assert "19491231" not in refusal.value.message


def test_the_phone_of_the_office_may_be_named(people):
    people.organ.phone = "13912345678"

    assert faulty_fields(make_edition(people, body="咨询电话：13912345678。")) == set()
