"""Signing on by the provider of the county or province (统一身份认证), beside the password, which always works."""

import base64
import binascii
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.kept import is_own_path
from admin.provider import Identity, Journey, Provider
from admin.sign_in import ask_code, sign_in_page
from admin.signed_in import PATH, now, sign_in_officer
from county import second_factor, sign_in, sign_on
from county.errors import RefusedError
from county.keys import SealBrokenError
from county.officers import Officer
from county.sign_on import OfficerSubject
from database import db
from installation import keyring, settings

AWAY_FOR = timedelta(minutes=10)
COOKIE, PLACE = "sign_on", "sign_on.cookie"
sign_on_pages = Blueprint("sign_on", __name__, url_prefix=f"{PATH}/sign-on")


@sign_on_pages.get("/")
def begin() -> AnyResponse:
    """Go to the provider; a page to come back to, or a one-time link to be used up, is remembered in this browser."""
    try:
        journey = _provider().begin(_return_address())
    except RefusedError as refusal:
        return sign_in_page(error=refusal.message, status=503)
    return _remember(journey, redirect(journey.url))


@sign_on_pages.get("/return")
def finish() -> AnyResponse:
    """Come back from the provider."""
    remembered = _remembered()
    if remembered is None:
        return _forget(sign_in_page(error="登录没有完成，或者用了太久，请重新登录。", status=422))
    journey, link, target = remembered
    try:
        identity = _provider().finish(request.args, journey, _return_address(), at=now())
        response = _let_in(identity, link, target)
    except RefusedError as refusal:
        db.session.rollback()
        response = sign_in_page(error=refusal.message, status=422)
    return _forget(response)


@sign_on_pages.get("/leave")
def leave() -> AnyResponse:
    """Sign out of the provider too."""
    home = f"{settings().public_url}{url_for('sign_in.ask')}"
    try:
        away = _provider().way_out(home)
    except RefusedError as refusal:
        return sign_in_page(error=refusal.message, status=503)
    return redirect(away or url_for("sign_in.ask"))


def _let_in(identity: Identity, link: str, target: str) -> AnyResponse:
    """Begin a session of the officer whom the identity stands for, or whose link is used with it.

    The provider's second factor counts only where the setting names how it was proved.
    """
    is_proved = bool(identity.methods & set(settings().oidc_second_factor.split()))
    binding: OfficerSubject | None = None
    if link:
        officer = sign_in.use_link(link, at=now())
        binding = sign_on.begin_binding(officer, identity.issuer, identity.subject, at=now())
    else:
        officer = sign_on.sign_on(identity.issuer, identity.subject, at=now())
    if second_factor.has_second_factor(officer) and not is_proved:
        return ask_code(officer, signed_on=True, binding=binding)
    if binding is not None:
        sign_on.complete_binding(binding, officer, at=now())
    return _welcome(officer, target, is_proved)


def _welcome(officer: Officer, target: str, is_proved: bool) -> AnyResponse:
    there = target if is_own_path(target) else url_for("admin.index")
    return sign_in_officer(officer, make_response(redirect(there)), signed_on=True, proved_twice=is_proved)


def _provider() -> Provider:
    """The provider of the installation; without one these pages are not there."""
    given = settings()
    if not given.oidc_issuer:
        abort(404)
    known = current_app.extensions.get("sign_on_provider")
    if known is None or known.issuer != given.oidc_issuer:
        known = Provider(given.oidc_issuer, given.oidc_client_id, given.oidc_client_secret)
        current_app.extensions["sign_on_provider"] = known
    return known


def _return_address() -> str:
    return f"{settings().public_url}{url_for('sign_on.finish')}"


def _remember(journey: Journey, response: AnyResponse) -> AnyResponse:
    words = [asdict(journey), request.args.get("link", ""), request.args.get("next", ""), now().isoformat()]
    sealed = base64.urlsafe_b64encode(keyring().seal(json.dumps(words), PLACE)).decode()
    response.set_cookie(
        _cookie(), sealed, max_age=AWAY_FOR, path=f"{PATH}/sign-on", httponly=True, samesite="Lax",
        secure=settings().secure_cookies,
    )  # fmt: skip
    return response


def _remembered() -> tuple[Journey, str, str] | None:
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_cookie(), ""))
        journey, link, target, since = json.loads(keyring().unseal(sealed, PLACE))
    except (SealBrokenError, binascii.Error, ValueError):
        return None
    is_late = now() - datetime.fromisoformat(since) > AWAY_FOR
    return None if is_late else (Journey(**journey), link, target)


def _forget(response: AnyResponse) -> AnyResponse:
    response.delete_cookie(_cookie(), path=f"{PATH}/sign-on", httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return f"__Secure-{COOKIE}" if settings().secure_cookies else COOKIE
