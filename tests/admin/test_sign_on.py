"""Sign-on against a real provider: npm's certified `oidc-provider`, over HTTP."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from county import second_factor, sign_in, sign_on
from county.acts import Act
from county.sign_on import OfficerSubject
from database import db
from installation import keyring
from tests import provider as real
from tests.admin.test_second_factor import code_at

pytestmark = pytest.mark.provider
ZHAO = "f7a1-zhao"


@pytest.fixture(scope="module")
def running():
    with real.running() as provider:
        yield provider


@pytest.fixture
def provider(running, office):
    office.set(
        oidc_issuer=running.issuer, oidc_client_id=real.CLIENT_ID, oidc_client_secret=real.CLIENT_SECRET
    )
    running.let_in(ZHAO)
    return running


@pytest.fixture
def bound(office):
    """The editor, bound to Zhao's account at the provider."""

    def bind(issuer, subject=ZHAO, login="editor"):
        officer = office.people[login]
        binding = sign_on.begin_binding(officer, issuer, subject, at=datetime.now(UTC))
        sign_on.complete_binding(binding, officer, at=datetime.now(UTC))
        db.session.commit()

    return bind


def invited(office, login="editor"):
    token = sign_in.make_link(office.people[login], by=None, at=datetime.now(UTC))
    db.session.commit()
    return token


def away(browser, **words):
    """Leave for the provider; returns the address there."""
    answer = browser.get("/admin/sign-on/", query_string=words)
    assert answer.status_code == 302, answer.text
    return answer.location


def back(browser, address):
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == real.RETURN_TO
    return browser.get(f"{parts.path}?{parts.query}")


def signed_on(browser, provider, **words):
    return back(browser, provider.walk(away(browser, **words)))


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def bindings():
    return {
        (one.officer.login, one.subject): bool(one.confirmed_at)
        for one in db.session.scalars(db.select(OfficerSubject))
    }


def test_an_invited_officer_binds_an_account_once_and_signs_on_with_it_from_then_on(office, provider):
    link = invited(office)
    browser, later = office.browser(), office.browser()
    assert "用统一身份认证登录并绑定" in browser.get(f"/admin/sign-in/{link}").text

    answer = signed_on(browser, provider, link=link)

    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert is_in(browser)
    assert bindings() == {("editor", ZHAO): True}
    assert signed_on(later, provider).location == "/admin/"
    assert is_in(later)
    assert office.browser().post(f"/admin/sign-in/{link}").status_code == 422  # the link was used up
    acts = [(act.verb, act.details) for act in db.session.scalars(db.select(Act).order_by(Act.id))]
    assert ("bind_subject", {}) in acts
    assert acts[-1] == ("sign_in", {"with": "provider"})
    assert not any(ZHAO in str(act) for act in acts)


def test_an_account_nobody_bound_gets_in_nowhere_even_by_the_login_or_mail_of_an_officer(office, provider):
    for account in (ZHAO, "editor", "editor@example.gov.cn"):
        provider.let_in(account)
        browser = office.browser()

        answer = signed_on(browser, provider)

        assert answer.status_code == 422
        assert "还没有绑定" in answer.text
        assert not is_in(browser)
    assert bindings() == {}


def test_state_nonce_and_proof_key_are_new_for_each_journey(office, provider):
    words = [parse_qs(urlsplit(away(office.browser())).query) for _ in range(2)]

    for name in ("state", "nonce", "code_challenge"):
        assert words[0][name] != words[1][name]
        assert len(words[0][name][0]) >= 43
    assert words[0]["code_challenge_method"] == ["S256"]
    assert words[0]["scope"] == ["openid"]


def test_a_code_gets_in_once_and_in_the_browser_that_asked_for_it_only(office, provider, bound):
    bound(provider.issuer)
    browser, thief = office.browser(), office.browser()
    address = provider.walk(away(browser))
    cookie = browser.client.get_cookie("sign_on", path="/admin/sign-on")

    assert back(thief, address).status_code == 422
    assert back(browser, address).location == "/admin/"
    assert back(browser, address).status_code == 422  # without the cookie
    thief.client.set_cookie("sign_on", cookie.value, path="/admin/sign-on", domain="localhost")
    replayed = back(thief, address)  # with it: the provider takes no code twice

    assert replayed.status_code == 422
    assert "没有通过检查" in replayed.text
    assert not is_in(thief)


def test_an_answer_to_another_journey_is_refused(office, provider, bound):
    """Sign-in of the victim with the attacker's account: state is of this browser's own journey."""
    bound(provider.issuer)
    browser, attacker = office.browser(), office.browser()
    address = provider.walk(away(attacker))
    away(browser)

    assert back(browser, address).status_code == 422
    assert not is_in(browser)


def test_a_journey_that_took_too_long_is_refused(office, provider, bound, monkeypatch):
    bound(provider.issuer)
    browser = office.browser()
    address = provider.walk(away(browser))
    monkeypatch.setattr("admin.sign_on.now", lambda: datetime.now(UTC) + timedelta(minutes=11))

    answer = back(browser, address)

    assert "用了太久" in answer.text


def test_keys_that_the_provider_exchanged_are_read_anew(office, provider, bound, monkeypatch):
    bound(provider.issuer)
    monkeypatch.setattr("admin.provider.KEYS_AGAIN_S", 0)
    assert signed_on(office.browser(), provider).location == "/admin/"

    provider.renew()

    assert signed_on(office.browser(), provider).location == "/admin/"


def test_a_refusal_of_the_provider_is_told(office, provider):
    provider.let_in("", error="access_denied")

    answer = signed_on(office.browser(), provider)

    assert answer.status_code == 422
    assert "取消了登录" in answer.text
    assert 'name="password"' in answer.text


def test_a_closed_account_is_told_so_and_stays_out(office, provider, bound):
    bound(provider.issuer)
    sign_in.disable_officer(office.people["editor"], by=None, at=datetime.now(UTC))
    db.session.commit()
    browser = office.browser()

    answer = signed_on(browser, provider)

    assert "已停用" in answer.text
    assert not is_in(browser)


def has_app(officer):
    """Give the officer an authenticator; returns its secret."""
    before = datetime.now(UTC) - timedelta(minutes=5)
    secret = second_factor.begin(officer, keyring=keyring())
    second_factor.confirm(officer, code_at(secret, before), keyring=keyring(), at=before)
    db.session.commit()
    return secret


@pytest.mark.parametrize(
    ("trusted", "how", "is_asked"),
    [
        ("", {"amr": ["pwd", "mfa"], "acr": "high"}, True),
        ("mfa", {"amr": ["pwd"]}, True),
        ("mfa", {}, True),
        ("mfa", {"amr": ["pwd", "mfa"]}, False),
        ("urn:gov:2 high", {"acr": "high"}, False),
        ("high", {"acr": "higher"}, True),
    ],
)
def test_a_second_factor_of_the_provider_counts_where_it_says_so_and_the_setting_lets_it(
    office, provider, bound, trusted, how, is_asked
):
    bound(provider.issuer)
    has_app(office.people["editor"])
    office.set(oidc_second_factor=trusted)
    provider.let_in(ZHAO, **how)
    browser = office.browser()

    answer = signed_on(browser, provider)

    assert ("输入验证码" in answer.text) is is_asked
    assert is_in(browser) is not is_asked


def test_a_role_that_needs_a_second_factor_is_content_with_one_the_setting_trusts(office, provider, bound):
    office.site.is_sample = False
    bound(provider.issuer, login="reviewer")
    plain, proved = office.browser(), office.browser()

    signed_on(plain, provider)
    office.set(oidc_second_factor="mfa")
    provider.let_in(ZHAO, amr=["mfa"])
    signed_on(proved, provider)

    assert plain.get("/admin/").location == "/admin/security/"
    assert proved.get("/admin/").status_code == 200


def test_who_has_an_authenticator_binds_nothing_before_its_code(office, provider):
    """A stolen link and an account of the thief's own would otherwise last."""
    secret = has_app(office.people["editor"])
    browser = office.browser()

    asked = signed_on(browser, provider, link=invited(office))

    assert "输入验证码" in asked.text
    assert bindings() == {("editor", ZHAO): False}
    assert "还没有绑定" in signed_on(office.browser(), provider).text
    done = browser.post("/admin/sign-in-code", {"code": code_at(secret, datetime.now(UTC))})
    assert done.status_code == 302
    assert bindings() == {("editor", ZHAO): True}


def test_an_account_stands_for_one_officer_and_an_officer_has_one_account(office, provider, bound):
    bound(provider.issuer)

    taken = signed_on(office.browser(), provider, link=(other := invited(office, "clerk")))
    provider.let_in("somebody-else")
    second = signed_on(office.browser(), provider, link=(own := invited(office)))

    assert "已经绑定了另一个后台账号" in taken.text
    assert "已经绑定了另一个统一身份认证账号" in second.text
    assert bindings() == {("editor", ZHAO): True}
    for link in (other, own):  # nothing was used up
        assert office.browser().post(f"/admin/sign-in/{link}").status_code == 302


def test_a_security_administrator_unbinds_an_account_and_its_sign_ins_end(office, provider, bound):
    bound(provider.issuer)
    browser, keeper = office.browser(), office.at_desk("security_administrator")
    signed_on(browser, provider)
    path = f"?id={office.people['editor'].id}"
    assert "解除绑定" in keeper.get(f"/admin/officers/details/{path}").text

    keeper.post(f"/admin/officers/unbind/{path}")

    assert not is_in(browser)
    assert "还没有绑定" in signed_on(office.browser(), provider).text


def test_signing_out_offers_to_sign_out_of_the_provider_too(office, provider, bound):
    bound(provider.issuer)
    browser = office.browser()
    signed_on(browser, provider)

    left = browser.post("/admin/sign-out")
    page = browser.get(left.location).text
    there = browser.get("/admin/sign-on/leave").location

    assert not is_in(browser)
    assert "同时退出统一身份认证" in page
    assert there.startswith(f"{provider.issuer}/session/end?client_id=zhuanlan")
    assert "id_token" not in there
    assert (
        office.browser().post("/admin/sign-out").location is None
        or "left" not in office.at_desk("clerk").post("/admin/sign-out").location
    )


def test_the_way_back_is_to_the_page_that_was_asked_for_and_to_no_other_site(office, provider, bound):
    bound(provider.issuer)

    assert signed_on(office.browser(), provider, next="/admin/disclosures/").location == "/admin/disclosures/"
    assert signed_on(office.browser(), provider, next="https://evil.example/").location == "/admin/"
