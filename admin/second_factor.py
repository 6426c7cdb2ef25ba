"""登录安全: an officer sets up two-step sign-in for himself."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from admin.forms import clean_text
from admin.signed_in import (
    PATH,
    current_session,
    must_set_up_second_factor,
    now,
    sessions_of,
    the_officer,
)
from county import second_factor, sign_in
from county.errors import RefusedError
from county.officers import Officer
from database import db
from installation import keyring
from publisher.qr import qr_svg

second_factor_pages = Blueprint("second_factor", __name__, url_prefix=f"{PATH}/security")


@second_factor_pages.get("/")
def show() -> Response:
    """Whether it is set up, and the way to begin."""
    return _page(the_officer())


@second_factor_pages.post("/begin")
def begin() -> Response:
    """Show a new secret, to be scanned by an authenticator app."""
    officer = the_officer()
    try:
        secret = second_factor.begin(officer, keyring=keyring())
    except RefusedError as refusal:
        return _page(officer, error=refusal.message, status=422)
    db.session.commit()
    return _page(officer, secret=secret)


@second_factor_pages.post("/confirm")
def confirm() -> Response:
    """Take the app into use once it shows the right code; show the recovery codes, here and nowhere else."""
    officer = the_officer()
    code = clean_text(request.form.get("code"))
    try:
        codes = second_factor.confirm(officer, code, keyring=keyring(), at=now())
    except RefusedError as refusal:
        db.session.commit()  # the failed try counts
        secret = second_factor.pending_secret(officer, keyring=keyring())
        return _page(officer, secret=secret, error=refusal.message, status=422)
    db.session.commit()
    return _page(officer, codes=codes)


@second_factor_pages.post("/end")
def end_session() -> AnyResponse:
    """End one of one's own sign-ins, on another machine for instance."""
    officer, wanted = the_officer(), request.form.get("session", "")
    chosen = next((one.id for one in sessions_of(officer) if str(one.id) == wanted), None)
    if chosen is None:
        return _page(officer, error="这次登录已经结束。", status=422)
    sign_in.revoke_sessions(officer, by=officer.id, at=now(), only=chosen)
    db.session.commit()
    return redirect(url_for("second_factor.show"))


def _page(
    officer: Officer, *, secret: str | None = None, codes: list[str] | None = None, error: str = "", status: int = 200
) -> Response:  # fmt: skip
    page = render_template(
        "office/security.html",
        secret=secret,
        picture=Markup(qr_svg(second_factor.address_of(officer, secret))) if secret else "",  # noqa: S704 - our own SVG
        codes=codes,
        error=error,
        is_set_up=second_factor.has_second_factor(officer),
        is_owed=must_set_up_second_factor(officer),
        sessions=sessions_of(officer),
        present=current_session(),
        codes_left=second_factor.recovery_codes_left(officer),
    )
    return make_response(page, status)
