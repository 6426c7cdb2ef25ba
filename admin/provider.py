"""The provider of sign-on, by OpenID Connect: discovery, the way there, and what comes back, checked to the last claim."""

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from county.sign_in import SignInRefusedError
from county.sign_on import LONGEST_SUBJECT

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 120  # by which clocks may differ
KEPT_S = 3600  # how long what the provider says of itself is believed
KEYS_AGAIN_S = 30  # an unknown key is looked for no more often
PATIENCE_S = (3.05, 6)  # to connect, to answer
MOST_BYTES = 1_000_000
DOWN = "统一身份认证暂时无法连接，请稍后再试，或用登录名和密码登录。"
WRONG = "统一身份认证返回的信息没有通过检查，没有登录。请重新登录一次；仍然不行的，请联系系统管理员。"
REFUSALS = {
    "access_denied": "您在统一身份认证中取消了登录，或者没有使用本系统的权限。",
    "login_required": "统一身份认证要求重新登录，请再试一次。",
    "temporarily_unavailable": DOWN,
    "server_error": DOWN,
}


class ProviderDownError(SignInRefusedError):
    """The provider did not answer, or not in a way that could be read."""

    def __init__(self) -> None:
        super().__init__(DOWN)


@dataclass(frozen=True)
class Journey:
    """A way to the provider and back: where it leads, and what must come back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider names, and how it made sure: its amr and acr."""

    issuer: str
    subject: str
    methods: frozenset[str]


class Provider:
    """One provider. What it says of itself, and its keys, are read when first needed and kept for an hour."""

    def __init__(self, issuer: str, client_id: str, client_secret: str):
        self.issuer, self._client_id, self._client_secret = issuer, client_id, client_secret
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def begin(self, return_to: str) -> Journey:
        """The way there, with state, nonce and a proof key (PKCE) of its own.

        Raises: ProviderDownError.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._session(return_to) as session:
            url, _state = session.create_authorization_url(
                self._endpoint("authorization_endpoint"), state=state, nonce=nonce, code_verifier=verifier
            )
        return Journey(url, state, nonce, verifier)

    def finish(
        self, answer: Mapping[str, str], journey: Journey, return_to: str, *, at: datetime
    ) -> Identity:
        """Whom the answer names that came back from this journey.

        Raises: SignInRefusedError with what the person can do; ProviderDownError.
        Source: OpenID Connect Core 3.1.3.7; RFC 9207 (the issuer in the answer); RFC 7636.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise SignInRefusedError(WRONG)
        if answer.get("iss", self.issuer) != self.issuer:
            raise SignInRefusedError(WRONG)
        if "error" in answer:
            raise SignInRefusedError(REFUSALS.get(answer["error"], WRONG))
        token = self._exchange(answer.get("code", ""), journey, return_to)
        claims = self._checked(token, journey, at)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise SignInRefusedError(WRONG)
        amr = claims.get("amr") or []
        return Identity(self.issuer, subject, frozenset({str(claims.get("acr", "")), *map(str, amr)}) - {""})

    def way_out(self, return_to: str) -> str | None:
        """Where one signs out of the provider too; None when it has no such place.

        Raises: ProviderDownError.
        """
        end = self._metadata().get("end_session_endpoint")
        words = {"client_id": self._client_id, "post_logout_redirect_uri": return_to}
        return f"{end}?{urlencode(words)}" if end and _is_safe(end) else None

    def _exchange(self, code: str, journey: Journey, return_to: str) -> dict[str, Any]:
        """What the code is worth; a second time it is worth nothing, as the provider sees to."""
        with self._session(return_to) as session:
            try:
                return session.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=journey.verifier,
                    timeout=PATIENCE_S, allow_redirects=False,
                )  # fmt: skip
            except OAuthError as error:
                raise SignInRefusedError(WRONG) from error
            except (requests.RequestException, ValueError) as error:
                raise ProviderDownError from error

    def _checked(self, token: Mapping[str, Any], journey: Journey, at: datetime) -> CodeIDToken:
        """The claims of the identity token, signed by a key of the provider, for us, for this journey, and of now."""
        options = {
            "iss": {"essential": True, "values": [self.issuer]},
            "aud": {"essential": True, "values": [self._client_id]},
            "nonce": {"essential": True, "values": [journey.nonce]},
        }
        known = {
            "nonce": journey.nonce,
            "client_id": self._client_id,
            "access_token": token.get("access_token"),
        }
        try:
            read = self._read(str(token.get("id_token", "")))
            claims = CodeIDToken(read.claims, read.header, options, known)
            claims.validate(now=int(at.timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefusedError(WRONG) from error
        return claims

    def _read(self, text: str) -> jwt.Token:
        """A key that is not known may be new: the keys are read again, though not at every forged token."""
        try:
            return jwt.decode(text, self._keys(), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):
            return jwt.decode(text, self._keys(younger_than_s=KEYS_AGAIN_S), algorithms=ALGORITHMS)

    def _keys(self, *, younger_than_s: float = KEPT_S) -> KeySet:
        found = self._fetch(self._endpoint("jwks_uri"), younger_than_s)
        try:
            return KeySet.import_key_set({"keys": found["keys"]})
        except (KeyError, TypeError, JoseError) as error:
            raise ProviderDownError from error

    def _endpoint(self, name: str) -> str:
        address = self._metadata().get(name)
        if not isinstance(address, str) or not _is_safe(address):
            raise ProviderDownError
        return address

    def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself; one that calls itself otherwise is another.

        Source: OpenID Connect Discovery 4.3.
        """
        found = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_S)
        if found.get("issuer") != self.issuer:
            raise ProviderDownError
        return found

    def _session(self, return_to: str) -> Any:
        """A session of Authlib, which is one of requests too, though its types do not say so."""
        methods = self._metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        own = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        session: Any = OAuth2Session(
            self._client_id, self._client_secret, scope="openid", redirect_uri=return_to,
            code_challenge_method="S256", token_endpoint_auth_method=own if self._client_secret else "none",
        )  # fmt: skip
        session.trust_env = False  # neither a proxy nor somebody's .netrc comes between
        return session

    def _fetch(self, address: str, younger_than_s: float) -> dict[str, Any]:
        with self._lock:
            read_at, found = self._kept.get(address, (float("-inf"), {}))
            if time.monotonic() - read_at > younger_than_s:
                found = _fetched(address)
                self._kept[address] = (time.monotonic(), found)
        return found


def _fetched(address: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(address, timeout=PATIENCE_S, allow_redirects=False, stream=True)
            content = answer.raw.read(MOST_BYTES, decode_content=True)
            found = json.loads(content) if answer.status_code == 200 else None
        except (requests.RequestException, ValueError, OSError) as error:
            raise ProviderDownError from error
    if not isinstance(found, dict):
        raise ProviderDownError
    return found


def _is_safe(address: str) -> bool:
    """Over TLS; without it on this machine only, for trials."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    )
