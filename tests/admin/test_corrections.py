"""A slip of the pen at the desk: asked for on its page, confirmed with one click, on the public site within a moment."""

import pytest

from admin.publication import site_place
from content.models import Correction, CorrectionState, Edition, EditionState
from database import db
from publisher import live_tree
from tests.admin.conftest import Office

BODY = "各单位要在三月底前完成植数任务。"


def live(office: Office) -> Edition:
    return office.published(body=BODY)


def ask(office: Office, edition: Edition, login: str = "editor", **given: str):
    fields = {"body": BODY.replace("植数", "植树"), "reason": "“植树”误为“植数”"} | given
    return office.at_desk(login).post(f"/admin/disclosures/correct/?id={edition.id}", fields)


def decide(office: Office, edition: Edition, login: str, decision: str = "confirm"):
    row = db.session.scalars(db.select(Correction)).one()
    browser = office.at_desk(login)
    data = {"correction": str(row.id), "decision": decision}
    return browser, browser.post(f"/admin/disclosures/correction/?id={edition.id}", data)


def test_two_people_and_two_clicks_mend_a_slip_on_the_public_site(office):
    edition = live(office)
    office.bring_live()
    ask(office, edition)
    reviewer = office.at_desk("reviewer")
    assert "笔误更正待确认" in reviewer.get("/admin/review/").text
    assert "数</del><ins>" in reviewer.get(f"/admin/disclosures/details/?id={edition.id}").text

    browser, answer = decide(office, edition, "reviewer")
    office.bring_live()

    assert "笔误已更正" in browser.get(answer.location).text
    page = live_tree(site_place().site_folder) / f"xxgk/{edition.document_id}/index.html"
    assert "完成植树任务" in page.read_text(encoding="utf-8")
    ledger = office.at_desk("supervisor").get("/admin/ledger/?flt_verb=correct").text
    assert "【数→树】" in ledger


def test_a_change_that_is_no_slip_is_refused_with_what_was_typed_kept(office):
    edition = live(office)

    answer = ask(office, edition, body=BODY.replace("三月", "四月"))

    assert answer.status_code == 422
    assert "请另起新稿" in answer.text
    assert "四月底" in answer.text
    assert not db.session.scalars(db.select(Correction)).all()


@pytest.mark.parametrize("login", ["editor", "publisher", "stranger"])
def test_who_may_not_review_here_confirms_nothing(office, login):
    edition = live(office)
    ask(office, edition)

    _, answer = decide(office, edition, login)

    assert answer.status_code in (403, 404)
    assert db.session.get_one(Edition, edition.id).state is EditionState.PUBLISHED


def test_who_asked_sees_no_button_and_is_refused(office):
    edition = live(office)
    ask(office, edition, "allround")
    page = office.at_desk("allround").get(f"/admin/disclosures/details/?id={edition.id}").text

    browser, answer = decide(office, edition, "allround")

    assert "确认更正" not in page
    assert "收回" in page
    assert "自己编写" in browser.get(answer.location).text
    assert db.session.get_one(Edition, edition.id).state is EditionState.PUBLISHED


def test_who_asked_takes_it_back_and_a_second_click_says_that_it_is_over(office):
    edition = live(office)
    ask(office, edition)
    decide(office, edition, "editor", "decline")

    browser, answer = decide(office, edition, "reviewer")

    assert db.session.scalars(db.select(Correction)).one().state is CorrectionState.DECLINED
    assert "已经办理过" in browser.get(answer.location).text
