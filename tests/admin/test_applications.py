"""The clerk's desk: inbox, an application with its applicant, acceptance, opinion, decision."""

import pytest

from cases.models import Application, ApplicationState, Case
from county.ledger import Act
from database import db


def the_application() -> Application:
    return db.session.scalars(db.select(Application)).one()


def act(browser, application, verb, **fields):
    return browser.post(f"/admin/applications/act/{verb}/?id={application.id}", fields)


def test_an_application_goes_from_inbox_to_decision(office):
    """F-27, D-10b."""
    application = office.application()
    clerk = office.at_desk("clerk")
    page = f"/admin/applications/details/?id={application.id}"

    assert "林木采伐许可" in clerk.get("/admin/").text
    assert "林木采伐许可" in clerk.get("/admin/applications/?flt_state=received").text
    act(clerk, application, "accept")
    case = db.session.scalars(db.select(Case)).one()
    assert case.number in clerk.get(page).text
    assert case.number in clerk.get(f"/admin/applications/?search={case.number}").text
    act(clerk, application, "record_opinion", opinion="材料齐全，建议准予。")
    act(clerk, application, "decide", outcome="准予", result="准予采伐杉木十二株。")

    assert the_application().state is ApplicationState.DECIDED
    shown = clerk.get(page).text
    assert "准予采伐杉木十二株。" in shown
    assert "材料齐全，建议准予。" in shown
    assert 'name="outcome"' not in shown


def test_reading_an_applicant_is_on_record_each_time_and_lists_show_nobody(office):
    """Personal data is unsealed on one page only; every look at it is an act."""
    application = office.application()
    clerk = office.at_desk("clerk")

    listed = clerk.get("/admin/applications/").text + clerk.get("/admin/").text
    shown = [clerk.get(f"/admin/applications/details/?id={application.id}").text for _ in range(2)]

    for secret in ("赵小禾", "11010519491231002X", "13800138000"):
        assert secret not in listed
        assert secret in shown[0]
    read = db.session.scalars(db.select(Act).where(Act.verb == "read_personal_data")).all()
    assert [(one.actor_id, one.subject_id) for one in read] == [
        (office.people["clerk"].id, application.id)
    ] * 2
    ledger = office.at_desk("auditor").get("/admin/ledger/?flt_verb=read_personal_data").text
    assert ledger.count("<time") == 2
    assert "赵小禾" not in ledger


@pytest.mark.parametrize(
    "login", ["editor", "administrator", "security_administrator", "auditor", "supervisor", "stranger"]
)
def test_nobody_else_reads_an_applicant(office, login):
    application = office.application()
    browser = office.at_desk(login)

    for path in (
        f"/admin/applications/details/?id={application.id}",
        f"/admin/applications/?search={application.number}",
    ):
        assert "赵小禾" not in browser.get(path).text
    assert act(browser, application, "accept").status_code in (403, 404)
    assert the_application().state is ApplicationState.RECEIVED


def test_a_refusal_needs_a_reason_and_the_reason_typed_is_kept(office):
    application = office.application()
    clerk = office.at_desk("clerk")

    empty = act(clerk, application, "refuse", reason="  ")
    act(clerk, application, "refuse", reason="不属于本机关职责，请向县林草局申请。")

    assert empty.status_code == 422
    assert "不予受理的理由" in empty.text
    assert the_application().state is ApplicationState.REFUSED


def test_a_result_with_an_identity_number_is_refused_and_kept_in_the_form(office):
    application = office.application()
    clerk = office.at_desk("clerk")
    act(clerk, application, "accept")

    answer = act(clerk, application, "decide", outcome="准予", result="证件号 11010519491231002X 已核。")

    assert answer.status_code == 422
    assert "证件号 11010519491231002X 已核。" in answer.text
    assert the_application().state is ApplicationState.ACCEPTED


def test_a_decision_needs_an_outcome(office):
    application = office.application()
    clerk = office.at_desk("clerk")
    act(clerk, application, "accept")

    answer = act(clerk, application, "decide", outcome="随便", result="写好的说明")

    assert answer.status_code == 422
    assert "请选择办理结果" in answer.text
    assert "写好的说明" in answer.text


def test_accepting_twice_makes_one_case_and_says_so(office):
    application = office.application()
    clerk = office.at_desk("clerk")

    act(clerk, application, "accept")
    second = act(clerk, application, "accept")

    assert second.status_code == 422
    assert "不能受理" in second.text
    assert len(db.session.scalars(db.select(Case)).all()) == 1


def test_acts_out_of_turn_and_unknown_ones_do_nothing(office):
    application = office.application()
    clerk = office.at_desk("clerk")

    assert act(clerk, application, "decide", outcome="准予", result="早了").status_code == 422
    assert act(clerk, application, "erase").status_code == 404
    assert the_application().state is ApplicationState.RECEIVED


def test_a_hostile_applicant_stays_text(office):
    application = office.application(statement="<img src=x onerror=alert(1)>")

    assert (
        "<img src=x"
        not in office.at_desk("clerk").get(f"/admin/applications/details/?id={application.id}").text
    )
