"""What is approved is a plan: if the document's own page, files or visibility change before publication, approval is asked again."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest

import publisher
from admin.editions.acts import seen_mark
from admin.publication import site_place
from commands.clock import tick
from content import operations, reviews
from content.files import store
from content.models import Edition, EditionState, StepState
from county.ledger import Act
from database import db
from installation import settings
from tests.admin.conftest import Office, plan_on
from tests.papers import pdf

REASON = "网上传言水厂停水，经值班负责人批准先行澄清。"


def again(edition: Edition) -> Edition:
    db.session.rollback()
    return db.session.get_one(Edition, edition.id)


def act(office: Office, login: str, edition: Edition, verb: str, **fields: str):
    browser = office.at_desk(login)
    plan = plan_on(browser, edition) if verb == "approve" and "plan" not in fields else {}
    data = {"seen": seen_mark(again(edition)), **plan, **fields}
    return browser, browser.post(f"/admin/disclosures/act/{verb}/?id={edition.id}", data)


def approved_at_desk(office: Office, title: str = "关于开展春季绿化的通知", **values) -> Edition:
    edition = office.submitted(title, **values)
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    edition = again(edition)
    assert edition.state is EditionState.APPROVED
    assert edition.approved_plan
    return edition


def publish(office: Office, edition: Edition) -> Edition:
    act(office, "publisher", edition, "publish")
    return again(edition)


def test_the_approver_sees_the_plan_he_approves(office):
    edition = office.submitted()

    page = office.at_desk("reviewer").get(f"/admin/disclosures/details/?id={edition.id}").text

    assert "通过的是这份发布方案" in page
    assert f"将公开《{edition.title}》" in page


@pytest.mark.parametrize("plan", ["", "0" * 64], ids=["none", "another"])
def test_a_plan_that_was_not_seen_is_not_approved(office, plan):
    edition = office.submitted()

    _, answer = act(office, "reviewer", edition, "approve", secrecy_reviewed="yes", plan=plan)

    assert answer.status_code == 422
    assert "公开页面的方案与您看到的不同" in answer.text
    assert again(edition).state is EditionState.SUBMITTED


def test_a_plan_that_changed_while_the_page_lay_open_is_shown_anew(office):
    edition = office.submitted()
    seen = plan_on(office.at_desk("reviewer"), edition)
    office.finance.name = "青崖县财政和国资局"
    db.session.commit()

    _, answer = act(office, "reviewer", edition, "approve", secrecy_reviewed="yes", **seen)

    assert answer.status_code == 422
    assert re.search(r'name="plan" value="(\w+)"', answer.text)[1] != seen["plan"]


@pytest.mark.row("A-10", "B-06")
def test_what_is_published_as_it_was_approved_goes_out(office):
    edition = approved_at_desk(office)

    assert publish(office, edition).state is EditionState.PUBLISHED


def test_a_neighbour_that_goes_live_voids_no_approval(office):
    """Its lists, its links to the one before and after, the frame of the site, what leads to it: none is its own."""
    office.published("先公开的通知")
    office.bring_live()
    edition = approved_at_desk(office)
    before = publisher.own_page(site_place(), edition, at=datetime.now(UTC)).seal()["digest"]

    for title in ("后来公开的通知", "再后来公开的通知"):
        office.published(title, replaces=[edition.document_id])
    office.bring_live()
    office.site.foot_note = "页脚改了"
    office.channel.description = "栏目的说明改了"
    db.session.commit()

    assert publisher.own_page(site_place(), edition, at=datetime.now(UTC)).seal()["digest"] == before
    assert publish(office, edition).state is EditionState.PUBLISHED


def rename_the_organ(office: Office, _edition: Edition) -> None:
    office.finance.name = "青崖县财政和国资局"


def tamper_with_the_text(_office: Office, edition: Edition) -> None:
    edition.body_html = "<p>数据库里被人改过的正文。</p>"


def change_the_file(_office: Office, edition: Edition) -> None:
    path = settings().upload_folder / edition.attachments[0].stored_name
    path.write_bytes(pdf("Another text, of the same name"))


def lose_the_file(_office: Office, edition: Edition) -> None:
    (settings().upload_folder / edition.attachments[0].stored_name).unlink()


def rename_the_file(_office: Office, edition: Edition) -> None:
    edition.attachments[0].display_name = "另一个名字.pdf"


def set_an_end(_office: Office, edition: Edition) -> None:
    edition.expires_at = datetime.now(UTC) + timedelta(days=9)


CHANGES = {
    "organ": (rename_the_organ, "页面文字"), "text": (tamper_with_the_text, "页面文字"), "bytes": (change_the_file, "附件"),
    "lost": (lose_the_file, "附件"), "name": (rename_the_file, "附件"), "end": (set_an_end, "公开范围或期限"),
}  # fmt: skip


def with_file(office: Office) -> Edition:
    """An approved edition with a file."""
    edition = office.disclosure()
    file = store(
        io.BytesIO(pdf("A file of the notice")), "附件一.pdf", settings().upload_folder, max_bytes=100_000
    )
    at = datetime.now(UTC)
    operations.search_files([file], settings().upload_folder, at=at)
    operations.attach(edition, [file], by=office.people["editor"].id, at=at)
    operations.submit(edition, by=office.people["editor"].id, at=at)
    db.session.commit()
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    edition = again(edition)
    assert edition.state is EditionState.APPROVED
    return edition


@pytest.mark.row("A-10", "B-06")
@pytest.mark.parametrize("what", CHANGES)
def test_an_approval_is_asked_for_again_when_the_own_page_has_changed(office, what):
    edition = with_file(office)
    change, named = CHANGES[what]
    change(office, edition)
    db.session.commit()

    browser, answer = act(office, "publisher", edition, "publish")
    edition = again(edition)

    assert edition.state is EditionState.SUBMITTED
    assert named in edition.recheck_reason
    page = browser.get(answer.location).text
    assert "需要重新审核" in page
    assert "等待：审核" in page
    assert db.session.scalars(db.select(Act).where(Act.verb == "ask_again")).one().details["message"]
    if what in ("lost", "bytes"):
        return
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    assert publish(office, edition).state is EditionState.PUBLISHED


def test_the_reason_names_the_line_that_is_new(office):
    edition = approved_at_desk(office)
    rename_the_organ(office, edition)
    db.session.commit()

    assert "青崖县财政和国资局" in publish(office, edition).recheck_reason


def test_a_live_text_withdrawn_meanwhile_asks_for_a_new_approval_of_its_revision(office):
    live = office.published()
    revision = operations.revise(live.document, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.submit(revision, by=office.people["editor"].id, at=datetime.now(UTC))
    db.session.commit()
    act(office, "reviewer", revision, "approve", secrecy_reviewed="yes")
    operations.withdraw(again(live), reason="error", by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()

    assert "公开范围" in publish(office, revision).recheck_reason


def test_the_clock_asks_for_approval_again_and_says_so(office):
    edition = approved_at_desk(office)
    soon = datetime.now(UTC) + timedelta(minutes=5)
    operations.schedule(edition, soon, by=office.people["publisher"].id, at=datetime.now(UTC))
    rename_the_organ(office, edition)
    db.session.commit()

    assert tick(soon) == 1
    edition = again(edition)

    assert edition.state is EditionState.SUBMITTED
    assert edition.publish_at is None
    assert "没有成功" in edition.schedule_fault
    assert tick(soon) == 0


def test_the_clock_publishes_what_is_as_it_was_approved(office):
    edition = approved_at_desk(office)
    later = datetime.now(UTC) + timedelta(days=3)
    operations.schedule(edition, later, by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()

    assert tick(later) == 1
    assert again(edition).state is EditionState.PUBLISHED


def test_publishing_several_at_once_holds_back_only_what_has_changed(office):
    good, bad = approved_at_desk(office, "甲通知"), approved_at_desk(office, "乙通知")
    tamper_with_the_text(office, bad)
    db.session.commit()

    office.at_desk("publisher").post(
        "/admin/disclosures/action/", {"action": "publish", "rowid": [good.id, bad.id]}
    )

    assert (again(good).state, again(bad).state) == (EditionState.PUBLISHED, EditionState.SUBMITTED)


# Publishing past the review


def force(office: Office, edition: Edition, login: str = "duty_publisher", **given: str):
    fields = {"force_ground": "rumour", "force_note": REASON, "force_secrecy": "yes"} | given
    return act(office, login, edition, "force_publish", **fields)


@pytest.mark.parametrize("made", ["disclosure", "submitted", "approved"])
def test_a_forced_publication_is_an_act_of_its_own_with_its_ground(office, made):
    edition = getattr(office, made)()

    browser, answer = force(office, edition)
    edition = again(edition)

    assert edition.state is EditionState.PUBLISHED
    assert all(step.state is not StepState.WAITING for step in edition.review_steps)
    page = browser.get(answer.location).text
    assert "澄清虚假或者不完整信息" in page
    assert REASON in page
    recorded = db.session.scalars(db.select(Act).where(Act.verb == "force_publish")).one()
    assert recorded.details["ground"] == "rumour"
    ledger_page = office.at_desk("supervisor").get("/admin/ledger/?flt_verb=force_publish").text
    assert REASON in ledger_page
    assert not db.session.scalars(db.select(Act).where(Act.verb == "publish")).all()


@pytest.mark.parametrize(
    "given",
    [{"force_ground": ""}, {"force_ground": "because"}, {"force_note": "急"}, {"force_secrecy": ""},
     {"force_note": "请联系 13800138000，值班县长已批准发布。"}],
    ids=["no-ground", "no-such-ground", "no-reason", "no-secrecy", "personal-data"],
)  # fmt: skip
def test_without_ground_reason_or_secrecy_review_nothing_is_forced(office, given):
    edition = office.submitted()

    _, answer = force(office, edition, **given)

    assert answer.status_code == 422
    assert again(edition).state is EditionState.SUBMITTED


def test_nobody_forces_out_what_he_wrote(office):
    edition = office.disclosure(by="duty_publisher")

    _, answer = force(office, edition)

    assert answer.status_code == 422
    assert "自己编写" in answer.text


@pytest.mark.parametrize("login", ["editor", "reviewer", "publisher", "allround", "administrator"])
def test_to_force_is_a_right_of_its_own(office, login):
    edition = office.submitted()

    assert force(office, edition, login)[1].status_code == 403
    assert again(edition).state is EditionState.SUBMITTED


def test_the_gate_for_personal_data_stands_in_the_way_of_force_too(office):
    edition = office.disclosure()
    operations.save_draft(
        edition, {"body": "联系人手机 13800138000。"}, by=office.people["editor"].id, at=datetime.now(UTC)
    )
    db.session.commit()

    _, answer = force(office, edition)

    assert answer.status_code == 422
    assert "个人信息" in answer.text
    assert again(edition).state is EditionState.DRAFT


def test_every_line_of_a_page_is_its_own_and_the_seal_says_which_are_new(office):
    edition = approved_at_desk(office)
    page = publisher.own_page(site_place(), edition, at=datetime.now(UTC))

    assert list(page.new_lines(page.seal())) == []
    assert reviews.waiting_step(edition) is None
