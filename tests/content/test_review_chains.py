"""Chains of review: step by step, each by another person, each on record (A-10, B-06 … B-09)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from content import operations, reviews, rules
from content.errors import ChainTakenError, Fault, SameReviewerError, SelfReviewError
from content.models import ChainStep, Channel, DocumentKind, Edition, EditionState, StepKind, StepState
from county import deputies, sign_in
from county.errors import NotAllowedError, RefusedError
from county.ledger import Act
from county.officers import Officer, Role
from county.organs import Organ, OrganKind
from database import db
from tests.people import NOON, People, make_edition, make_service

TODAY = NOON.date()
STEPS = (
    ("部门负责人", Role.REVIEWER, None),
    ("法制机构", Role.LEGAL_REVIEWER, None),
    ("信息公开工作机构", Role.DISCLOSURE_REVIEWER, "GK"),
)


@dataclass
class Offices:
    """The people of the county, with those who decide the later steps."""

    people: People
    law: Officer
    open_office: Officer
    spare: Officer


@pytest.fixture
def offices(people) -> Offices:
    office = Organ(
        code="GK", name="青崖县政务公开办公室", kind=OrganKind.INSTITUTION, parent=people.organ.parent
    )
    db.session.add(office)
    db.session.flush()
    law = hire("fa", "法审核", people.organ, Role.LEGAL_REVIEWER)
    open_office = hire("gong", "公开办", office, Role.DISCLOSURE_REVIEWER)
    return Offices(people, law, open_office, hire("bei", "备审核", people.organ, Role.REVIEWER))


def hire(login: str, name: str, organ: Organ, role: Role) -> Officer:
    officer = sign_in.create_officer(login, name, organ, by=None, at=NOON)
    sign_in.grant_role(officer, role, organ, by=None, at=NOON)
    return officer


def steps(*given: tuple[str, Role, str | None], confirmations: tuple[str, ...] = ()) -> list[ChainStep]:
    organs = {organ.code: organ.id for organ in db.session.scalars(db.select(Organ))}
    made = [
        ChainStep(name=name, role=role, organ_id=organs.get(code or ""), kind=StepKind.DECISION)
        for name, role, code in given
    ]
    return made + [
        ChainStep(name=name, role=Role.REVIEWER, kind=StepKind.CONFIRMATION) for name in confirmations
    ]


def set_chain(people: People, *given, channel: Channel | None = None, kind=DocumentKind.DISCLOSURE, **more):
    return operations.set_chain(
        None, kind, channel, steps(*(given or STEPS), **more), by=people.an.id, at=NOON
    )


def approve(edition: Edition, officer: Officer, **given) -> None:
    operations.approve(edition, by=officer.id, at=NOON, secrecy_reviewed=True, **given)


def waits_for(edition: Edition) -> str:
    step = reviews.waiting_step(edition)
    return step.name if step else ""


def test_without_a_chain_one_review_is_enough(people):
    """A-10."""
    edition = make_edition(people, EditionState.SUBMITTED)

    assert [step.name for step in reviews.steps_of(edition)] == ["审核"]
    approve(edition, people.bao)
    assert edition.state is EditionState.APPROVED


@pytest.mark.row("A-10", "B-06", "B-08")
def test_a_text_passes_every_step_in_order_before_it_may_be_published(offices):
    people = offices.people
    set_chain(people)
    edition = make_edition(people, EditionState.SUBMITTED)

    for officer, name in (
        (people.bao, "部门负责人"),
        (offices.law, "法制机构"),
        (offices.open_office, "信息公开工作机构"),
    ):
        assert waits_for(edition) == name
        assert edition.state is EditionState.SUBMITTED
        with pytest.raises(RefusedError):
            operations.publish(edition, by=people.pei.id, at=NOON)
        approve(edition, officer, note=f"{officer.name}无意见")

    assert edition.state is EditionState.APPROVED
    assert edition.document.number
    assert [(step.state, step.decided_by, step.note) for step in reviews.steps_of(edition)] == [
        (StepState.PASSED, people.bao, "包审核无意见"),
        (StepState.PASSED, offices.law, "法审核无意见"),
        (StepState.PASSED, offices.open_office, "公开办无意见"),
    ]
    recorded = db.session.scalars(db.select(Act).where(Act.verb == "approve").order_by(Act.id)).all()
    assert [act.details["step"] for act in recorded] == [name for name, *_rest in STEPS]


@pytest.mark.row("B-07", "L-10")
def test_an_item_goes_through_the_staffing_office_and_the_legal_office(offices):
    people = offices.people
    set_chain(
        people,
        ("编办", Role.REVIEWER, None),
        ("法制办", Role.LEGAL_REVIEWER, None),
        kind=DocumentKind.SERVICE,
    )
    item, notice = make_service(people, EditionState.SUBMITTED), make_edition(people, EditionState.SUBMITTED)

    assert [step.name for step in reviews.steps_of(item)] == ["编办", "法制办"]
    assert [step.name for step in reviews.steps_of(notice)] == ["审核"]
    approve(item, people.bao)
    approve(item, offices.law)
    assert item.state is EditionState.APPROVED


@pytest.mark.row("B-09")
def test_the_confirmation_of_city_and_province_is_on_record_before_publication(offices):
    people = offices.people
    set_chain(people, STEPS[0], confirmations=("市级确认", "省级确认"))
    edition = make_edition(people, EditionState.SUBMITTED)
    approve(edition, people.bao)

    for name, number in (
        ("市政务公开办公室", "某政公开〔2026〕7号"),
        ("省政务公开办公室", "某省公开〔2026〕9号"),
    ):
        assert edition.state is EditionState.SUBMITTED
        operations.record_confirmation(
            edition, confirmed_by=name, confirmed_on=TODAY, document_no=number, by=offices.spare.id, at=NOON
        )

    assert edition.state is EditionState.APPROVED
    assert [
        (step.confirmed_by, step.confirmed_on, step.document_no) for step in reviews.steps_of(edition)[1:]
    ] == [
        ("市政务公开办公室", TODAY, "某政公开〔2026〕7号"),
        ("省政务公开办公室", TODAY, "某省公开〔2026〕9号"),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"confirmed_by": " "}, "confirmed_by"), ({"confirmed_on": None}, "confirmed_on"),
     ({"confirmed_on": TODAY + timedelta(days=2)}, "confirmed_on"), ({"document_no": ""}, "document_no")],
)  # fmt: skip
def test_a_confirmation_says_who_when_and_by_which_document(offices, values, field):
    """B-09."""
    set_chain(offices.people, STEPS[0], confirmations=("市级确认",))
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    approve(edition, offices.people.bao)
    full = {"confirmed_by": "市政府", "confirmed_on": TODAY, "document_no": "1号"}

    with pytest.raises(Fault) as refusal:
        operations.record_confirmation(edition, **(full | values), by=offices.spare.id, at=NOON)
    assert refusal.value.field == field
    assert waits_for(edition) == "市级确认"


def test_who_decided_a_step_records_no_confirmation_of_the_same_text(offices):
    set_chain(offices.people, STEPS[0], confirmations=("市级确认",))
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    approve(edition, offices.people.bao)

    with pytest.raises(SameReviewerError):
        operations.record_confirmation(
            edition, confirmed_by="市", confirmed_on=TODAY, document_no="1", by=offices.people.bao.id, at=NOON
        )


@pytest.mark.row("B-06")
def test_nobody_decides_two_steps_of_one_chain(offices):
    set_chain(offices.people)
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    approve(edition, offices.people.bao)

    with pytest.raises(SameReviewerError, match="部门负责人"):
        approve(edition, offices.people.bao)
    assert waits_for(edition) == "法制机构"


@pytest.mark.row("A-10")
@pytest.mark.parametrize("step", range(3))
def test_whoever_wrote_or_submitted_reviews_no_step(offices, step):
    set_chain(offices.people)
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    for officer in (offices.people.bao, offices.law)[:step]:
        approve(edition, officer)

    with pytest.raises(SelfReviewError):
        approve(edition, offices.people.ai)


def test_a_text_returned_goes_back_to_its_writer_and_then_through_every_step_anew(offices):
    people = offices.people
    set_chain(people)
    edition = make_edition(people, EditionState.SUBMITTED)
    approve(edition, people.bao)

    operations.send_back(edition, "请补充法律依据", by=offices.law.id, at=NOON)

    assert edition.state is EditionState.RETURNED
    assert edition.review_note == "请补充法律依据"
    assert [step.state for step in reviews.steps_of(edition)] == [
        StepState.PASSED,
        StepState.RETURNED,
        StepState.DROPPED,
    ]
    operations.submit(edition, by=people.ai.id, at=NOON)
    assert waits_for(edition) == "部门负责人"
    approve(edition, people.bao)  # who decided in an earlier round decides again
    assert len(edition.review_steps) == 6


@pytest.mark.row("B-08")
def test_a_changed_chain_leaves_what_is_on_its_way_alone(offices):
    people = offices.people
    chain = set_chain(people)
    underway = make_edition(people, EditionState.SUBMITTED)
    approve(underway, people.bao)

    operations.set_chain(chain, chain.kind, None, steps(STEPS[0]), by=people.an.id, at=NOON)
    later = make_edition(people, EditionState.SUBMITTED)
    operations.remove_chain(chain, by=people.an.id, at=NOON)

    assert waits_for(underway) == "法制机构"
    assert len(reviews.steps_of(underway)) == 3
    assert [step.name for step in reviews.steps_of(later)] == ["部门负责人"]


def test_a_channel_has_its_own_chain_and_passes_it_on_to_those_below(offices):
    people = offices.people
    below = Channel(
        site_id=people.site.id, code="xia", name="下级", kind=people.channel.kind, parent=people.channel
    )
    db.session.add(below)
    set_chain(people, STEPS[0])
    own = set_chain(people, *STEPS[:2], channel=people.channel)

    assert reviews.chain_for(DocumentKind.DISCLOSURE, below) is own
    assert len(reviews.chain_for(DocumentKind.DISCLOSURE, None).steps) == 1
    assert reviews.chain_for(DocumentKind.SERVICE, None) is None
    with pytest.raises(ChainTakenError):
        set_chain(people, channel=people.channel)


@pytest.mark.parametrize(
    ("made", "field"),
    [
        ([], "steps"),
        ([ChainStep(name=f"环节{n}", role=Role.REVIEWER, kind=StepKind.DECISION) for n in range(9)], "steps"),
        ([ChainStep(name="市级确认", role=Role.REVIEWER, kind=StepKind.CONFIRMATION)], "steps-0-kind"),
        ([ChainStep(name="甲", role=Role.REVIEWER, kind=StepKind.DECISION)] * 2, "steps-1-name"),
        ([ChainStep(name=" ", role=Role.REVIEWER, kind=StepKind.DECISION)], "steps-0-name"),
        ([ChainStep(name="甲", role=Role.EDITOR, kind=StepKind.DECISION)], "steps-0-role"),
    ],
    ids=["none", "nine", "confirmation-first", "twice-the-same-name", "no-name", "no-reviewer"],
)
def test_a_chain_that_reviews_nothing_is_refused(made, field):
    with pytest.raises(Fault) as refusal:
        rules.check_chain(made)
    assert refusal.value.field == field


def test_a_queue_has_what_waits_for_a_post_and_nothing_else(offices):
    people = offices.people
    set_chain(people)
    edition = make_edition(people, EditionState.SUBMITTED)
    bao, law, office = ((Role.REVIEWER, {people.organ.id}), (Role.LEGAL_REVIEWER, {people.organ.id}),
                        (Role.DISCLOSURE_REVIEWER, {offices.open_office.organ_id}))  # fmt: skip

    def queues() -> list[int]:
        return [reviews.count_waiting([post]) for post in (bao, law, office)]

    assert queues() == [1, 0, 0]
    approve(edition, people.bao)
    assert queues() == [0, 1, 0]
    approve(edition, offices.law)
    assert queues() == [0, 0, 1]
    assert reviews.editions_waiting([office], longest=5) == [edition]
    assert reviews.count_waiting([(Role.DISCLOSURE_REVIEWER, {people.organ.id})]) == 0
    assert reviews.count_waiting([]) == 0


# Deputies


def stand_in(offices: Offices, principal: Officer, deputy: Officer, days: int = 3, by: Officer | None = None):
    return deputies.name_deputy(
        principal,
        deputy,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=days),
        by=(by or principal).id,
        at=NOON,
    )


def test_a_deputy_decides_in_the_name_of_the_one_who_is_away(offices):
    """L-07."""
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    stand_in(offices, offices.people.bao, offices.law)

    approve(edition, offices.law, on_behalf_of=offices.people.bao.id)

    [step] = reviews.steps_of(edition)
    assert step.decider == "法审核 代 包审核"
    act = db.session.scalars(db.select(Act).where(Act.verb == "approve")).one()
    assert (act.actor_id, act.details["on_behalf_of"]) == (offices.law.id, offices.people.bao.id)


@pytest.mark.parametrize("who", ["deputy", "principal"])
def test_four_eyes_holds_for_the_deputy_and_for_whom_he_stands_in(offices, who):
    """A-10."""
    people = offices.people
    wrote = offices.law if who == "deputy" else people.bao
    edition = make_edition(people)
    operations.save_draft(edition, {"body": "自己写的正文。"}, by=wrote.id, at=NOON)
    operations.submit(edition, by=people.ai.id, at=NOON)
    stand_in(offices, people.bao, offices.law)

    with pytest.raises(SelfReviewError):
        approve(edition, offices.law, on_behalf_of=people.bao.id)


def test_deputy_and_principal_do_not_share_the_steps_of_a_chain(offices):
    people = offices.people
    set_chain(people, STEPS[0], ("复核", Role.REVIEWER, None))
    edition = make_edition(people, EditionState.SUBMITTED)
    stand_in(offices, people.bao, offices.law)
    approve(edition, offices.law, on_behalf_of=people.bao.id)

    for officer, other in ((people.bao, None), (offices.law, None), (offices.spare, None)):
        if officer is offices.spare:
            approve(edition, officer, on_behalf_of=other)
        else:
            with pytest.raises(SameReviewerError):
                approve(edition, officer, on_behalf_of=other)
    assert edition.state is EditionState.APPROVED


@pytest.mark.parametrize("when", ["before", "after", "ended", "closed account", "never named"])
def test_outside_his_days_a_deputy_decides_nothing(offices, when):
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    bao, at = offices.people.bao, NOON
    if when != "never named":
        row = stand_in(offices, bao, offices.law)
        at = {"before": NOON - timedelta(days=1), "after": NOON + timedelta(days=4)}.get(when, NOON)
        if when == "ended":
            deputies.end_deputyship(row, by=bao.id, at=NOON)
        if when == "closed account":
            bao.is_active = False

    with pytest.raises(NotAllowedError):
        operations.approve(edition, by=offices.law.id, at=at, secrecy_reviewed=True, on_behalf_of=bao.id)
    db.session.rollback()


@pytest.mark.parametrize(
    "what", ["himself", "by the deputy", "backwards", "past", "too long", "overlap", "no reviewer", "closed"]
)
def test_a_deputy_that_cannot_be_is_not_named(offices, what):
    bao, law, ai = offices.people.bao, offices.law, offices.people.ai
    person, deputy, by, start, end = bao, law, bao, TODAY, TODAY + timedelta(days=2)
    if what == "himself":
        deputy = bao
    elif what == "by the deputy":
        by = law
    elif what == "backwards":
        end = TODAY - timedelta(days=1)
    elif what == "past":
        start, end = TODAY - timedelta(days=5), TODAY - timedelta(days=2)
    elif what == "too long":
        end = TODAY + timedelta(days=400)
    elif what == "overlap":
        stand_in(offices, bao, offices.spare, days=1)
    elif what == "no reviewer":
        person = by = ai
    else:
        law.is_active = False

    with pytest.raises(RefusedError):
        deputies.name_deputy(person, deputy, from_on=start, until_on=end, by=by.id, at=NOON)


# Two at once


def test_of_two_who_decide_a_step_at_once_one_is_refused(app, offices):
    set_chain(offices.people, STEPS[0], ("复核", Role.REVIEWER, None))
    edition = make_edition(offices.people, EditionState.SUBMITTED)
    db.session.commit()
    key, officers = edition.id, (offices.people.bao.id, offices.people.bao.id)
    start = threading.Barrier(2)

    def decide(by: int) -> str:
        with app.app_context():
            mine = db.session.get_one(Edition, key)
            assert mine.review_steps
            start.wait(timeout=20)
            try:
                operations.approve(mine, by=by, at=NOON, secrecy_reviewed=True)
                db.session.commit()
            except (RefusedError, OperationalError) as error:
                db.session.rollback()
                return type(error).__name__
            return "passed"

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(decide, officers))

    db.session.expire_all()
    assert said.count("passed") == 1
    assert waits_for(db.session.get_one(Edition, key)) == "复核"


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.text(max_size=5), max_size=10),
    kinds=st.lists(st.sampled_from(StepKind), min_size=10, max_size=10),
    roles=st.lists(st.sampled_from(Role), min_size=10, max_size=10),
)
def test_whatever_chain_is_typed_it_is_kept_or_refused_with_a_field(names, kinds, roles):
    made = [
        ChainStep(name=name, kind=kind, role=role)
        for name, kind, role in zip(names, kinds, roles, strict=False)
    ]
    refused = None
    try:
        rules.check_chain(made)
    except Fault as fault:
        refused = fault

    if refused is None:
        assert made[0].kind is StepKind.DECISION
        assert len({step.name for step in made}) == len(made)
    else:
        assert all((refused.field, refused.message))


def test_the_day_of_a_deputy_is_the_days_of_the_county(offices):
    """The last day is included, by the county's clock."""
    row = stand_in(offices, offices.people.bao, offices.law, days=0)

    assert deputies.stood_in_for(offices.law, row.until_on) == [offices.people.bao]
    assert deputies.stood_in_for(offices.law, date(2026, 11, 21)) == []
