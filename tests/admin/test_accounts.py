"""S11 and S12: sessions that end when they should, a sign-in that cannot be guessed or blocked, administrators apart."""

from datetime import UTC, datetime, timedelta

import pytest

from admin import signed_in
from county import ledger, sign_in, throttle
from county.officers import ADMINISTRATORS, Officer, OfficerSession, Role
from database import db
from tests.admin.conftest import PASSWORD

COMBINED = "您的账号同时是"


@pytest.fixture
def clock(monkeypatch):
    """The clock of the back office, to be set."""
    moment = [datetime.now(UTC)]
    for module in ("signed_in", "sign_in", "second_factor", "officers"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: moment[0])

    def advance(**given):
        moment[0] += timedelta(**given)

    return advance


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def guess(browser, login, times, password="falsch falsch"):  # noqa: S107
    for _ in range(times):
        answer = browser.post("/admin/sign-in", {"login": login, "password": password})
    return answer


def test_s11_the_token_of_a_session_is_new_at_each_sign_in(office):
    """Fixation: a token that was there before means nothing afterwards."""
    browser = office.browser()
    browser.client.set_cookie(signed_in.cookie_name(), "planted" * 6, path="/admin", domain="localhost")

    browser.sign_in("editor")
    first = browser.cookie
    browser.post("/admin/sign-out")
    browser.sign_in("editor")

    assert len({"planted" * 6, first, browser.cookie}) == 3


def test_s11_a_token_that_was_signed_out_is_out(office):
    browser, replay = office.browser(), office.browser()
    browser.sign_in("editor")
    replay.client.set_cookie(signed_in.cookie_name(), browser.cookie, path="/admin", domain="localhost")
    assert is_in(replay)

    browser.post("/admin/sign-out")

    assert not is_in(replay)


def test_s11_a_disabled_account_is_out_at_its_next_request_and_cannot_come_back(office):
    browser, keeper = office.browser(), office.at_desk("security_administrator")
    browser.sign_in("editor")

    keeper.post(f"/admin/officers/switch/?id={office.people['editor'].id}")

    assert not is_in(browser)
    assert browser.sign_in("editor").status_code == 422


def test_s11_half_an_hour_without_a_click_ends_a_sign_in(office, clock):
    browser = office.browser()
    browser.sign_in("editor")

    clock(minutes=29, seconds=59)
    assert is_in(browser)
    clock(minutes=30, seconds=1)
    assert not is_in(browser)


def test_s11_twelve_hours_end_a_sign_in_however_busy(office, clock):
    browser = office.browser()
    browser.sign_in("editor")
    for _ in range(24):
        clock(minutes=29)
        assert is_in(browser)

    clock(minutes=24, seconds=1)

    assert not is_in(browser)


def test_s11_the_oldest_of_too_many_sign_ins_ends(office, clock):
    browsers = []
    for _ in range(4):
        clock(minutes=1)
        browsers.append(office.browser())
        browsers[-1].sign_in("editor")

    assert [is_in(browser) for browser in browsers] == [False, True, True, True]


def test_s11_one_sign_in_at_a_time_where_the_county_wants_it(office, clock):
    office.set(sessions_per_officer=1)
    first, second = office.browser(), office.browser()
    first.sign_in("editor")
    clock(minutes=1)
    second.sign_in("editor")

    assert (is_in(first), is_in(second)) == (False, True)


@pytest.mark.parametrize("restart", [False, True], ids=["the same process", "a new one"])
def test_s12_ten_wrong_passwords_are_answered_and_the_officers_own_browser_is_not_stopped(
    office, make_app, restart
):
    own, strange = office.browser(), office.browser()
    own.sign_in("editor")
    own.post("/admin/sign-out")

    assert "登录名或密码不正确" in guess(strange, "editor", throttle.TRIES).text
    if restart:
        strange.client = make_app("admin").test_client()

    assert "次数过多" in guess(strange, "editor", 1, PASSWORD).text
    assert own.sign_in("editor").status_code == 302


def test_s12_a_browser_is_known_after_a_whole_sign_in_only(office):
    browser = office.browser()

    guess(browser, "editor", 1)
    assert browser.client.get_cookie("device", path="/admin") is None
    answer = browser.sign_in("editor")

    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "editor" not in cookie


def test_s12_no_account_is_there_before_somebody_makes_one(app):
    assert db.session.scalars(db.select(Officer)).all() == []


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_s12_each_of_the_three_administrators_needs_a_second_factor(office, role):
    office.site.is_sample = False
    db.session.commit()

    browser = office.at_desk(role.value)

    assert browser.get("/admin/").location == "/admin/security/"


def test_s12_who_gives_rights_cannot_make_one_person_two_administrators(office):
    keeper, person = office.at_desk("security_administrator"), office.people["administrator"]
    for role in ("security_administrator", "auditor"):
        refused = keeper.post(f"/admin/officers/grant/?id={person.id}", {"role": role, "organ": ""})
        assert refused.status_code == 422
        assert "必须由不同的人担任" in refused.text

    office.set(separate_administrators=False)
    keeper.post(f"/admin/officers/grant/?id={person.id}", {"role": "auditor", "organ": ""})

    assert {grant.role for grant in person.grants} == {Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.mark.parametrize("second", [Role.SECURITY_ADMINISTRATOR, Role.AUDITOR])
def test_s12_who_is_two_administrators_all_the_same_can_do_nothing_until_they_are_apart(office, second):
    """Of a time before, or of another setting: it holds at the next request."""
    person, browser = office.people["administrator"], office.at_desk("administrator")
    assert browser.get("/admin/organs/").status_code == 200
    sign_in.grant_role(person, second, None, by=None, at=datetime.now(UTC))
    db.session.commit()

    answers = [browser.get(f"/admin/{path}") for path in ("", "organs/", "officers/", "ledger/")]
    assert {answer.status_code for answer in answers} == {403}
    assert all(COMBINED in answer.text for answer in answers)
    office.set(separate_administrators=False)
    assert browser.get("/admin/organs/").status_code == 200
    office.set(separate_administrators=True)
    keeper = office.at_desk("security_administrator")
    grant = next(grant for grant in person.grants if grant.role is second)
    keeper.post(f"/admin/officers/revoke/?id={person.id}", {"grant": str(grant.id)})

    assert browser.get("/admin/organs/").status_code == 200


def test_s12_the_auditor_reads_what_the_other_two_did(office):
    office.at_desk("security_administrator").post(
        f"/admin/officers/grant/?id={office.people['nobody'].id}", {"role": "editor", "organ": ""}
    )
    ledger.record(
        "save", office.finance, by=office.people["administrator"].id, at=datetime.now(UTC), details={}
    )
    db.session.commit()

    text = office.at_desk("auditor").get("/admin/ledger/").text

    assert "何安管" in text
    assert "郭管理" in text


def test_a_password_past_its_term_opens_nothing_but_the_page_to_change_it(office, clock):
    office.set(password_policy="djbh")
    for officer in office.people.values():
        officer.password_set_at = datetime.now(UTC)
    db.session.commit()
    browser = office.browser()
    browser.sign_in("editor")
    assert is_in(browser)

    clock(days=91)
    browser.sign_in("editor")
    asked = browser.get("/admin/")
    page = browser.get("/admin/password").text
    again = browser.post(
        "/admin/password",
        {"present": PASSWORD, "password": PASSWORD + "A1", "password_again": PASSWORD + "A1"},
    )

    assert asked.location == "/admin/password"
    assert "已超过 90 天" in page
    assert "不能与最近5次的密码相同" in page
    assert again.location == "/admin/"
    assert is_in(browser)


def test_a_refused_password_says_what_it_misses_and_keeps_no_word_of_it(office):
    browser = office.at_desk("editor")

    answer = browser.post(
        "/admin/password", {"present": PASSWORD, "password": "duan le", "password_again": "duan le"}
    )

    assert answer.status_code == 422
    assert "至少12个字符，现在是7个" in answer.text
    assert "duan le" not in answer.text


def test_no_more_sessions_are_kept_open_than_the_setting_says(office):
    for _ in range(6):
        office.browser().sign_in("editor")

    open_ones = db.select(OfficerSession).where(OfficerSession.ended_at.is_(None))
    assert len(db.session.scalars(open_ones).all()) == 3
