"""Chains of review at the desk: set by administrators, passed step by step, by deputies too."""

from datetime import UTC, datetime, timedelta

import pytest

from admin.editions.acts import seen_mark
from admin.signed_in import now
from content import reviews
from content.models import DocumentKind, Edition, EditionState, ReviewChain
from county import deputies, sign_in
from county.calendar import county_day
from county.deputies import Deputyship
from county.ledger import Act
from county.officers import Officer, Role
from database import db
from tests.admin.conftest import Office, plan_on

CHAIN = {
    "kind": "disclosure", "channel": "",
    "steps-0-name": "部门负责人", "steps-0-kind": "decision", "steps-0-role": "reviewer", "steps-0-organ_id": "",
    "steps-1-name": "法制机构", "steps-1-kind": "decision", "steps-1-role": "legal_reviewer", "steps-1-organ_id": "",
    "steps-2-name": "", "steps-2-kind": "decision", "steps-2-role": "reviewer", "steps-2-organ_id": "",
}  # fmt: skip


def chain_with(office: Office, **more: str) -> ReviewChain:
    answer = office.at_desk("administrator").post("/admin/review-chains/new/", CHAIN | more)
    assert answer.status_code == 302, answer.text
    return db.session.scalars(db.select(ReviewChain)).one()


def act(office: Office, login: str, edition: Edition, verb: str, **fields: str):
    browser = office.at_desk(login)
    plan = plan_on(browser, edition) if verb == "approve" else {}
    data = {"seen": seen_mark(edition), **plan, **fields}
    answer = browser.post(f"/admin/disclosures/act/{verb}/?id={edition.id}", data)
    db.session.refresh(edition)
    return browser, answer


def at_water(office: Office) -> Officer:
    """A legal reviewer of another organ, who has no part in the finance bureau."""
    officer = sign_in.create_officer("water-law", "水法审", office.water, by=None, at=datetime.now(UTC))
    sign_in.grant_role(officer, Role.LEGAL_REVIEWER, office.water, by=None, at=datetime.now(UTC))
    db.session.commit()
    office.people["water-law"] = officer
    return officer


@pytest.mark.row("B-08")
def test_an_administrator_sets_a_chain_and_the_blank_row_is_no_step(office):
    chain = chain_with(office)

    assert [(step.name, step.role) for step in chain.steps] == [
        ("部门负责人", Role.REVIEWER), ("法制机构", Role.LEGAL_REVIEWER),
    ]  # fmt: skip
    assert "部门负责人" in office.at_desk("administrator").get("/admin/review-chains/").text
    recorded = db.session.scalars(db.select(Act).where(Act.verb == "set_chain")).one()
    assert recorded.details["steps"] == ["部门负责人", "法制机构"]


def test_rows_are_added_and_moved_without_a_script(office):
    browser = office.at_desk("administrator")

    page = browser.post("/admin/review-chains/new/", CHAIN | {"_rows": "steps:1:up"}).text

    assert page.index('value="法制机构"') < page.index('value="部门负责人"')
    assert not db.session.scalars(db.select(ReviewChain)).all()


def test_a_wrong_chain_is_refused_with_what_was_typed_kept(office):
    browser = office.at_desk("administrator")

    answer = browser.post("/admin/review-chains/new/", CHAIN | {"steps-1-name": "部门负责人"})

    assert answer.status_code == 422
    assert "重复" in answer.text
    assert answer.text.count('value="部门负责人"') == 2


def test_of_two_administrators_the_second_is_told_that_the_chain_changed(office):
    chain = chain_with(office)
    data = {name: value for name, value in CHAIN.items() if name not in ("kind", "channel")}
    seen = chain.updated_at.isoformat()
    browser = office.at_desk("administrator")

    first = browser.post(
        f"/admin/review-chains/edit/?id={chain.id}", data | {"seen": seen, "steps-0-name": "科长"}
    )
    second = browser.post(
        f"/admin/review-chains/edit/?id={chain.id}", data | {"seen": seen, "steps-0-name": "局长"}
    )

    assert (first.status_code, second.status_code) == (302, 422)
    assert "已被他人修改" in second.text
    assert db.session.get_one(ReviewChain, chain.id).steps[0].name == "科长"


def test_a_chain_taken_back_leaves_what_was_submitted_alone(office):
    chain = chain_with(office)
    edition = office.submitted()

    office.at_desk("administrator").post(f"/admin/review-chains/remove/?id={chain.id}")

    assert not db.session.scalars(db.select(ReviewChain)).all()
    assert len(reviews.steps_of(edition)) == 2


@pytest.mark.row("A-10", "B-06", "B-08")
def test_a_text_passes_its_desks_in_order_and_every_page_says_whom_it_waits_for(office):
    chain_with(office)
    edition = office.submitted()

    assert (
        "等待：部门负责人"
        in office.at_desk("editor").get(f"/admin/disclosures/details/?id={edition.id}").text
    )
    _, early = act(office, "legal_reviewer", edition, "approve", secrecy_reviewed="yes")
    assert early.status_code == 403
    browser, _ = act(office, "reviewer", edition, "approve", secrecy_reviewed="yes", comment="同意，内容属实")
    page = browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    assert edition.state is EditionState.SUBMITTED
    assert "现在等待：法制机构" in page
    assert "同意，内容属实" in page
    assert "/act/approve/" not in page
    act(office, "legal_reviewer", edition, "approve", secrecy_reviewed="yes")
    assert edition.state is EditionState.APPROVED


def test_a_queue_shows_what_waits_for_me_first_and_what_waits_for_others_apart(office):
    chain_with(office)
    edition = office.submitted()
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")

    mine, others = (
        office.at_desk(login).get("/admin/review/").text for login in ("legal_reviewer", "reviewer")
    )

    assert "共 1 件" in mine
    assert "等待其他环节" not in mine
    assert "没有等待审核的稿件" in others
    assert "等待：法制机构" in others.partition("等待其他环节")[2]


@pytest.mark.row("B-08", "L-04")
def test_an_office_elsewhere_sees_and_decides_the_step_that_is_its_own_and_nothing_else(office):
    at_water(office)
    chain_with(office, **{"steps-1-organ_id": str(office.water.id)})
    edition, other = office.submitted(), office.disclosure("与水务局无关的通知")
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    browser = office.at_desk("water-law")

    assert edition.title in browser.get("/admin/review/").text
    assert browser.get(f"/admin/disclosures/details/?id={edition.id}").status_code == 200
    assert other.title not in browser.get("/admin/disclosures/").text
    assert browser.get(f"/admin/disclosures/details/?id={other.id}").status_code == 404
    act(office, "water-law", edition, "approve", secrecy_reviewed="yes")
    assert edition.state is EditionState.APPROVED
    for verb in ("publish", "revise", "withdraw"):
        assert act(office, "water-law", edition, verb)[1].status_code == 403


def test_two_clicks_pass_one_step(office):
    chain_with(office)
    edition = office.submitted()
    seen = seen_mark(edition)
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")

    browser = office.at_desk("legal_reviewer")
    stale = browser.post(
        f"/admin/disclosures/act/approve/?id={edition.id}", {"seen": seen, "secrecy_reviewed": "yes"}
    )

    assert stale.status_code == 422
    assert reviews.waiting_step(db.session.get_one(Edition, edition.id)).name == "法制机构"


@pytest.mark.row("B-09")
def test_a_confirmation_from_outside_is_typed_in_and_shown(office):
    chain_with(office, **{"steps-1-name": "省级确认", "steps-1-kind": "confirmation"})
    edition = office.submitted()
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    day = county_day(now()).isoformat()

    _, wrong = act(
        office,
        "legal_reviewer",
        edition,
        "record_confirmation",
        confirmed_by="省政务公开办公室",
        confirmed_on="明天",
    )
    browser, _ = act(
        office,
        "legal_reviewer",
        edition,
        "record_confirmation",
        confirmed_by="省政务公开办公室",
        confirmed_on=day,
        document_no="省公开〔2026〕9号",
    )

    assert wrong.status_code == 422
    assert 'value="省政务公开办公室"' in wrong.text
    assert edition.state is EditionState.APPROVED
    page = browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    assert f"省政务公开办公室于 {day} 确认，文号：省公开〔2026〕9号" in page


# Deputies


def days(first: int = 0, last: int = 3) -> dict[str, str]:
    today = county_day(now())
    return {
        "from_on": (today + timedelta(first)).isoformat(),
        "until_on": (today + timedelta(last)).isoformat(),
    }


@pytest.mark.row("L-07")
def test_a_reviewer_names_a_deputy_whose_decision_is_recorded_for_both(office):
    edition = office.submitted()
    named = office.at_desk("reviewer").post("/admin/deputies/", {"deputy": "clerk", **days()})
    assert named.status_code == 302

    page = office.at_desk("clerk").get(f"/admin/disclosures/details/?id={edition.id}").text
    assert "您代 包审核 办理" in page
    assert edition.title in office.at_desk("clerk").get("/admin/review/").text
    browser, _ = act(office, "clerk", edition, "approve", secrecy_reviewed="yes")

    assert edition.state is EditionState.APPROVED
    assert "陈窗口 代 包审核" in browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    assert "包审核" in office.at_desk("supervisor").get("/admin/ledger/?flt_verb=approve").text


def test_a_deputy_of_later_days_sees_nothing_yet(office):
    edition = office.submitted()
    office.at_desk("reviewer").post("/admin/deputies/", {"deputy": "clerk", **days(first=1)})

    assert office.at_desk("clerk").get(f"/admin/disclosures/details/?id={edition.id}").status_code == 403


def test_an_editor_who_stands_in_cannot_review_his_own_text(office):
    edition = office.submitted()
    office.at_desk("reviewer").post("/admin/deputies/", {"deputy": "艾编辑", **days()})

    _, answer = act(office, "editor", edition, "approve", secrecy_reviewed="yes")

    assert answer.status_code == 422
    assert "不能审核自己编写或送审的稿件" in answer.text
    assert edition.state is EditionState.SUBMITTED


def test_an_administrator_names_deputies_for_others_but_never_himself(office):
    browser = office.at_desk("security_administrator")

    good = browser.post("/admin/deputies/", {"officer": "reviewer", "deputy": "legal_reviewer", **days()})
    bad = browser.post(
        "/admin/deputies/", {"officer": "disclosure_reviewer", "deputy": "security_administrator", **days()}
    )

    assert (good.status_code, bad.status_code) == (302, 422)
    assert "不能指定自己代理他人" in bad.text


def test_an_administrator_of_one_organ_names_no_deputy_elsewhere_and_ends_none(office):
    office.at_desk("reviewer").post("/admin/deputies/", {"deputy": "legal_reviewer", **days()})
    row = db.session.scalars(db.select(Deputyship)).one()
    browser = office.at_desk("strange_keeper")

    named = browser.post("/admin/deputies/", {"officer": "disclosure_reviewer", "deputy": "clerk", **days()})
    browser.post("/admin/deputies/stop/", {"row": str(row.id)})

    assert named.status_code == 422
    assert "包审核" not in browser.get("/admin/deputies/").text
    assert db.session.get_one(Deputyship, row.id).ended_at is None


def test_a_deputy_named_is_taken_back_by_whom_he_stands_in_for(office):
    edition = office.submitted()
    browser = office.at_desk("reviewer")
    browser.post("/admin/deputies/", {"deputy": "clerk", **days()})
    row = db.session.scalars(db.select(Deputyship)).one()

    office.at_desk("clerk").post("/admin/deputies/stop/", {"row": str(row.id)})
    assert db.session.get_one(Deputyship, row.id).ended_at is None
    browser.post("/admin/deputies/stop/", {"row": str(row.id)})

    assert db.session.get_one(Deputyship, row.id).ended_at is not None
    assert office.at_desk("clerk").get(f"/admin/disclosures/details/?id={edition.id}").status_code == 403


def test_who_stands_in_for_a_reviewer_needs_both_steps_of_sign_in(office):
    clerk, reviewer = office.people["clerk"], office.people["reviewer"]
    office.site.is_sample = False
    today = county_day(now())
    deputies.name_deputy(reviewer, clerk, from_on=today, until_on=today, by=reviewer.id, at=now())
    db.session.commit()

    assert office.at_desk("clerk").get("/admin/review/").location.endswith("/admin/security/")


def test_chains_of_items_are_of_the_whole_kind(office):
    browser = office.at_desk("administrator")

    answer = browser.post(
        "/admin/review-chains/new/", CHAIN | {"kind": "service", "channel": str(office.channel.id)}
    )

    assert answer.status_code == 422
    assert reviews.chain_for(DocumentKind.SERVICE, office.channel) is None
