"""What a provider would not send: forged, stale and foreign identity tokens; and a provider that does not answer."""

import base64
import hmac
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from admin.provider import LEEWAY_S
from county import sign_on
from database import db
from tests.provider import CLIENT_ID, CLIENT_SECRET, free_port

OWN, OTHER = RSAKey.generate_key(2048, {"kid": "own"}), RSAKey.generate_key(2048, {"kid": "own"})
SUBJECT = "f7a1-zhao"


class Forger(ThreadingHTTPServer):
    """A provider that answers with whatever token it is told to make of the nonce."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.names_itself = self.issuer
        self.make = lambda claims: signed(claims)
        self.nonce = ""

    def claims(self):
        now = int(datetime.now(UTC).timestamp())
        return {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
        }


class Answers(BaseHTTPRequestHandler):
    server: Forger  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self):
        if self.path == "/jwks":
            self._say({"keys": [OWN.as_dict(private=False)]})
        else:
            here = self.server.issuer
            names = ("authorization_endpoint", "token_endpoint")
            self._say(
                {"issuer": self.server.names_itself, "jwks_uri": f"{here}/jwks"}
                | {name: f"{here}/{name}" for name in names}
            )

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        token = self.server.make(self.server.claims())
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _say(self, words):
        body = json.dumps(words).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def signed(claims, key=OWN, alg="RS256"):
    return jwt.encode({"alg": alg, "kid": "own"}, claims, key, algorithms=[alg])


def headed(claims, head):
    body = signed(claims).split(".")[1]
    return f"{base64.urlsafe_b64encode(head.encode()).decode().rstrip('=')}.{body}"


def unsigned(claims):
    return headed(claims, '{"alg":"none"}') + "."


def by_public_key(claims):
    """The old confusion: the public key taken for a shared secret."""
    text = headed(claims, '{"alg":"HS256","kid":"own"}')
    seal = hmac.digest(OWN.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def without(name):
    return lambda claims: signed({key: value for key, value in claims.items() if key != name})


def but(**changed):
    return lambda claims: signed(
        {key: (value(claims) if callable(value) else value) for key, value in (claims | changed).items()}
    )


FORGED = {
    "another nonce": but(nonce="x" * 43),
    "no nonce": without("nonce"),
    "another audience": but(aud="somebody-else"),
    "us among others, for another": but(aud=[CLIENT_ID, "other"], azp="other"),
    "us among others, for nobody": but(aud=[CLIENT_ID, "other"]),
    "no audience": without("aud"),
    "another issuer": but(iss="https://id.example.org"),
    "no issuer": without("iss"),
    "expired": but(exp=lambda claims: claims["iat"] - LEEWAY_S - 5),
    "no end": without("exp"),
    "not yet": but(nbf=lambda claims: claims["iat"] + LEEWAY_S + 60),
    "made in the future": but(iat=lambda claims: claims["iat"] + LEEWAY_S + 60),
    "no subject": without("sub"),
    "an empty subject": but(sub=""),
    "a subject that is no text": but(sub=["editor"]),
    "a subject too long": but(sub="x" * 256),
    "no signature": unsigned,
    "signed with the public key": by_public_key,
    "another issuer's key": lambda claims: signed(claims, OTHER),
    "altered after signing": lambda claims: ".".join(
        [signed(claims).split(".")[0], signed(claims | {"sub": "other"}).split(".")[1], signed(claims).split(".")[2]]
    ),
    "an access token of another": but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no token": lambda _claims: None,
    "nonsense": lambda _claims: "nonsense",
    "a number": lambda _claims: 7,
}  # fmt: skip


@pytest.fixture
def forger(office):
    with Forger() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        office.set(oidc_issuer=server.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET)
        officer = office.people["editor"]
        binding = sign_on.begin_binding(officer, server.issuer, SUBJECT, at=datetime.now(UTC))
        sign_on.complete_binding(binding, officer, at=datetime.now(UTC))
        db.session.commit()
        yield server
        server.shutdown()


def signed_on(browser, forger, **changed):
    """Come back with a code, as a provider that asks nobody would send one."""
    away = parse_qs(urlsplit(browser.get("/admin/sign-on/").location).query)
    forger.nonce = away["nonce"][0]
    words = {"code": "c", "state": away["state"][0], "iss": forger.issuer} | changed
    return browser.get("/admin/sign-on/return", query_string=words)


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def test_a_right_token_gets_in(office, forger):
    """The control of all that follow."""
    browser = office.browser()

    assert signed_on(browser, forger).location == "/admin/"
    assert is_in(browser)


def test_clocks_may_differ_by_two_minutes(office, forger):
    forger.make = but(
        exp=lambda claims: claims["iat"] - LEEWAY_S + 30, iat=lambda claims: claims["iat"] + LEEWAY_S - 30
    )

    assert signed_on(office.browser(), forger).location == "/admin/"


@pytest.mark.parametrize("how", FORGED)
def test_a_token_that_is_not_wholly_right_gets_nobody_in(office, forger, how):
    forger.make = FORGED[how]
    browser = office.browser()

    answer = signed_on(browser, forger)

    assert answer.status_code == 422
    assert "没有通过检查" in answer.text
    assert not is_in(browser)


@pytest.mark.parametrize(
    "changed", [{"state": "x"}, {"state": ""}, {"iss": "https://id.example.org"}], ids=str
)
def test_an_answer_of_another_journey_or_issuer_gets_nobody_in(office, forger, changed):
    browser = office.browser()

    assert signed_on(browser, forger, **changed).status_code == 422
    assert not is_in(browser)


def test_a_provider_that_calls_itself_otherwise_is_not_asked(office, forger):
    forger.names_itself = "https://id.example.org"

    assert office.browser().get("/admin/sign-on/").status_code == 503


def test_a_provider_that_is_down_says_so_and_stops_no_password(office):
    office.set(oidc_issuer=f"http://127.0.0.1:{free_port()}", oidc_client_id=CLIENT_ID)
    browser = office.browser()
    assert "用统一身份认证登录" in browser.get("/admin/sign-in").text  # it is not asked for this page

    answer = browser.get("/admin/sign-on/")

    assert answer.status_code == 503
    assert "暂时无法连接" in answer.text
    assert 'name="password"' in answer.text
    assert browser.sign_in("editor").status_code == 302


def test_without_a_provider_there_is_no_button_and_no_page(office):
    browser = office.browser()

    assert "统一身份认证" not in browser.get("/admin/sign-in").text
    for path in ("", "return?code=c&state=s", "leave"):
        assert browser.get(f"/admin/sign-on/{path}").status_code in (404, 422)
