"""Two-step sign-in at the desk: who must, how it is set up, what a code opens, and what a lost phone needs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pyotp.totp import TOTP

from admin import sign_in as pages
from county import second_factor, sign_in
from county.keys import Keyring
from county.ledger import Act
from county.officers import OfficerSession, Role
from county.second_factor import RecoveryCode, SecondFactor
from database import db
from tests.admin.conftest import PASSWORD, Browser, Office

SECRET = re.compile(r'<code class="secret">([A-Z2-7 \n]+)</code>')
CODES = re.compile(r"<li><code>([a-z2-7-]{19})</code>")
MOMENT = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still: codes hang on it."""
    set_clock(monkeypatch, MOMENT)


def set_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    for module in ("admin.signed_in", "admin.sign_in", "admin.second_factor"):
        monkeypatch.setattr(f"{module}.now", lambda: at)


@pytest.fixture
def real(office: Office) -> Office:
    """The office as a real installation: not the sample county."""
    office.site.is_sample = False
    db.session.commit()
    return office


def code_at(secret: str, at: datetime) -> str:
    return TOTP(secret).at(int(at.timestamp()))


def set_up(office: Office, login: str, at: datetime = MOMENT - timedelta(minutes=5)) -> tuple[str, list[str]]:
    """Give an officer an authenticator; its secret and recovery codes."""
    keyring: Keyring = office.app.extensions["keyring"]
    secret = second_factor.begin(office.people[login], keyring=keyring)
    codes = second_factor.confirm(office.people[login], code_at(secret, at), keyring=keyring, at=at)
    db.session.commit()
    return secret, codes


def found(pattern: re.Pattern[str] | str, text: str) -> str:
    match = re.search(pattern, text)
    assert match
    return match[1]


def is_in(browser: Browser) -> bool:
    return browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "login", ["administrator", "security_administrator", "auditor", "reviewer", "publisher", "allround"]
)
def test_who_administers_reviews_or_publishes_gets_nowhere_before_it_is_set_up(real, login):
    browser = real.browser()
    browser.sign_in(login)

    for path in ("/admin/", "/admin/disclosures/", "/admin/officers/", "/admin/ledger/", "/admin/releases/"):
        assert browser.get(path).location == "/admin/security/"
    assert browser.post("/admin/disclosures/new/", {"title": "x"}).location == "/admin/security/"
    assert "设置后才能开始工作" in browser.get("/admin/security/").text


@pytest.mark.parametrize("login", ["editor", "clerk", "supervisor"])
def test_others_may_set_it_up_and_need_not(real, login):
    browser = real.browser()
    browser.sign_in(login)

    assert is_in(browser)


def test_the_sample_county_and_a_trial_installation_may_be_looked_at_without(office, make_app, settings):
    in_sample = office.browser()
    in_sample.sign_in("administrator")
    assert is_in(in_sample)

    office.site.is_sample = False
    db.session.commit()
    assert in_sample.get("/admin/").location == "/admin/security/"
    object.__setattr__(office.app.extensions["settings"], "second_factor", False)
    assert is_in(in_sample)


def test_it_is_set_up_by_scanning_and_proved_by_a_code_and_gives_recovery_codes_once(real):
    browser = real.browser()
    browser.sign_in("administrator")

    begun = browser.post("/admin/security/begin")
    secret = "".join(found(SECRET, begun.text).split())
    assert "<svg" in begun.text
    assert not is_in(browser)  # shown is not proved
    wrong = browser.post("/admin/security/confirm", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret == "".join(found(SECRET, wrong.text).split())
    done = browser.post("/admin/security/confirm", {"code": code_at(secret, MOMENT)})

    assert len(set(CODES.findall(done.text))) == 10
    assert is_in(browser)
    shown = browser.get("/admin/security/").text
    assert secret not in shown
    assert not CODES.search(shown)
    assert browser.post("/admin/security/begin").status_code == 422  # a stolen session cannot replace it


def test_a_password_alone_opens_nothing_and_a_code_completes_it(office, monkeypatch):
    secret, _ = set_up(office, "editor")
    browser = office.browser()

    asked = browser.sign_in("editor")
    assert "输入验证码" in asked.text
    assert not is_in(browser)
    half = browser.cookie
    done = browser.post("/admin/sign-in-code", {"code": code_at(secret, MOMENT)})

    assert done.location == "/admin/"
    assert is_in(browser)
    assert browser.cookie != half
    ended = db.session.scalars(db.select(OfficerSession).where(OfficerSession.awaits_code)).one()
    assert ended.ended_at is not None


def test_a_one_time_link_is_no_way_around_the_code(office):
    set_up(office, "editor")
    token = sign_in.make_link(office.people["editor"], by=None, at=MOMENT)
    db.session.commit()
    browser = office.browser()

    assert "输入验证码" in browser.post(f"/admin/sign-in/{token}").text
    assert not is_in(browser)


def test_a_code_that_was_taken_is_refused_to_the_next_who_shows_it(office):
    secret, _ = set_up(office, "editor")
    code = code_at(secret, MOMENT)
    for expected in (302, 422):
        browser = office.browser()
        browser.sign_in("editor")
        assert browser.post("/admin/sign-in-code", {"code": code}).status_code == expected
    assert not is_in(browser)


def test_an_older_code_than_the_last_one_is_refused_though_it_was_never_shown(office):
    secret, _ = set_up(office, "editor", at=MOMENT)
    browser = office.browser()
    browser.sign_in("editor")

    answer = browser.post("/admin/sign-in-code", {"code": code_at(secret, MOMENT - timedelta(seconds=30))})

    assert answer.status_code == 422


@pytest.mark.parametrize(("aside", "status"), [(-60, 422), (-30, 302), (0, 302), (30, 302), (60, 422)])
def test_a_clock_may_be_wrong_by_half_a_minute_and_no_more(office, aside, status):
    secret, _ = set_up(office, "editor", at=MOMENT - timedelta(minutes=9))
    browser = office.browser()
    browser.sign_in("editor")

    code = code_at(secret, MOMENT + timedelta(seconds=aside))
    assert browser.post("/admin/sign-in-code", {"code": code}).status_code == status


def test_five_wrong_codes_and_even_the_right_one_has_to_wait_but_only_for_this_officer(office, monkeypatch):
    secret, _ = set_up(office, "editor")
    other, _ = set_up(office, "reviewer")
    browser = office.browser()
    browser.sign_in("editor")
    for _ in range(second_factor.TRIES):
        browser.post("/admin/sign-in-code", {"code": "000000"})

    assert "次数过多" in browser.post("/admin/sign-in-code", {"code": code_at(secret, MOMENT)}).text
    assert not is_in(browser)
    neighbour = office.browser()
    neighbour.sign_in("reviewer")
    assert neighbour.post("/admin/sign-in-code", {"code": code_at(other, MOMENT)}).status_code == 302
    set_clock(monkeypatch, later := MOMENT + timedelta(minutes=16))
    browser.sign_in("editor")
    assert browser.post("/admin/sign-in-code", {"code": code_at(secret, later)}).status_code == 302


def test_the_first_step_is_forgotten_after_five_minutes(office, monkeypatch):
    secret, _ = set_up(office, "editor")
    browser = office.browser()
    browser.sign_in("editor")

    set_clock(monkeypatch, later := MOMENT + timedelta(minutes=6))

    assert browser.post("/admin/sign-in-code", {"code": code_at(secret, later)}).status_code == 401
    assert not is_in(browser)


def test_a_code_without_a_password_opens_nothing(office):
    secret, codes = set_up(office, "editor")
    browser = office.browser()

    for code in (code_at(secret, MOMENT), codes[0]):
        assert browser.post("/admin/sign-in-code", {"code": code}).status_code == 401


def test_a_recovery_code_stands_in_once_and_says_when_few_are_left(office):
    _, codes = set_up(office, "editor")
    for number, code in enumerate(codes, start=1):
        browser = office.browser()
        browser.sign_in("editor")
        typed = code.upper().replace("-", " ")
        assert browser.post("/admin/sign-in-code", {"code": typed}).status_code == 302
        few = len(codes) - number < pages.FEW_RECOVERY_CODES
        assert ("恢复码只剩" in browser.get("/admin/").text) == few
    browser = office.browser()
    browser.sign_in("editor")
    assert browser.post("/admin/sign-in-code", {"code": codes[0]}).status_code == 422


def test_a_recovery_code_of_one_officer_is_none_of_anothers(office):
    _, codes = set_up(office, "editor")
    set_up(office, "reviewer")
    browser = office.browser()
    browser.sign_in("reviewer")

    assert browser.post("/admin/sign-in-code", {"code": codes[0]}).status_code == 422


def test_what_was_typed_when_the_sign_in_ended_survives_the_code(office):
    secret, _ = set_up(office, "editor")
    browser = office.at_desk("editor")
    token = browser.token()
    sign_in.end_sessions(office.people["editor"], at=MOMENT)
    db.session.commit()
    stopped = browser.post("/admin/disclosures/new/", {"title": "写了一半"}, token=token)
    kept = found(r'name="kept" value="([^"]+)"', stopped.text)
    asked = browser.post(
        "/admin/sign-in", {"login": "editor", "password": PASSWORD, "kept": kept}, token=token
    )
    kept, token = (found(rf'name="{name}" value="([^"]+)"', asked.text) for name in ("kept", "csrf_token"))

    done = browser.post("/admin/sign-in-code", {"code": code_at(secret, MOMENT), "kept": kept}, token=token)

    assert "写了一半" in done.text


def test_another_administrator_resets_a_lost_phone_and_nobody_his_own(office):
    set_up(office, "editor")
    out, browser = office.at_desk("editor"), office.at_desk("security_administrator")
    set_up(office, "security_administrator")

    browser.post(f"/admin/officers/reset/?id={office.people['editor'].id}")
    browser.post(f"/admin/officers/reset/?id={office.people['security_administrator'].id}")

    assert not second_factor.has_second_factor(office.people["editor"])
    assert second_factor.has_second_factor(office.people["security_administrator"])
    assert not is_in(out)
    left = db.session.scalars(db.select(RecoveryCode.officer_id).distinct()).all()
    assert left == [office.people["security_administrator"].id]


def test_nothing_stored_or_recorded_lets_a_reader_of_the_database_in(office):
    secret, codes = set_up(office, "editor")

    row = db.session.get_one(SecondFactor, office.people["editor"].id)
    hashes = db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    acts = [str(act.details) for act in db.session.scalars(db.select(Act))]

    assert secret.encode() not in row.secret
    assert not {code.replace("-", "") for code in codes} & set(hashes)
    assert not any(secret in each or codes[0] in each for each in acts)


def test_an_account_asks_for_it_as_soon_as_its_role_does(real):
    browser = real.at_desk("editor")
    assert is_in(browser)

    sign_in.grant_role(real.people["editor"], Role.REVIEWER, real.finance, by=None, at=MOMENT)
    db.session.commit()

    assert browser.get("/admin/").location == "/admin/security/"


def test_one_sees_ones_own_sign_ins_and_ends_one_on_another_machine_and_nobody_elses(office, monkeypatch):
    set_clock(monkeypatch, datetime.now(UTC))
    here, there, other = office.at_desk("editor"), office.at_desk("editor"), office.at_desk("reviewer")
    ids = {
        one.officer_id: one.id
        for one in db.session.scalars(db.select(OfficerSession).order_by(OfficerSession.id))
    }
    theirs = ids[office.people["reviewer"].id]

    assert here.post("/admin/security/end", {"session": str(theirs)}).status_code == 422
    assert is_in(other)
    assert here.get("/admin/security/").text.count("结束这次登录") == 1
    here.post("/admin/security/end", {"session": str(ids[office.people["editor"].id])})

    assert is_in(here)
    assert not is_in(there)


def test_an_administrator_ends_the_sign_ins_of_an_account_at_once_and_it_is_on_record(office, monkeypatch):
    set_clock(monkeypatch, datetime.now(UTC))
    one, two, browser = (
        office.at_desk("editor"),
        office.at_desk("editor"),
        office.at_desk("security_administrator"),
    )
    editor = office.people["editor"].id

    assert "正在登录的设备 2 台" in browser.get(f"/admin/officers/details/?id={editor}").text
    browser.post(f"/admin/officers/end/?id={editor}")

    assert not is_in(one)
    assert not is_in(two)
    assert db.session.scalars(db.select(Act).where(Act.verb == "revoke_sessions")).one().subject_id == editor
