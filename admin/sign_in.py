"""Signing in by password or one-time link and by code, signing out, setting a password."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.forms import clean_text
from admin.kept import KeptForm, is_own_path, kept_form, resume_page, seal, unseal
from admin.signed_in import (
    await_code,
    current_officer,
    current_session,
    device,
    must_change_password,
    now,
    officer_awaited,
    sign_in_officer,
    sign_out_officer,
)
from county import second_factor, sign_in
from county.errors import RefusedError
from county.officers import Officer
from county.sign_on import OfficerSubject
from county.throttle import note_try
from database import db
from installation import keyring, password_policy, settings

FEW_RECOVERY_CODES = 3
sign_in_pages = Blueprint("sign_in", __name__, url_prefix="/admin")


@sign_in_pages.get("/sign-in")
def ask() -> AnyResponse:
    """The sign-in page."""
    if current_officer():
        return redirect(_next() or url_for("admin.index"))
    return sign_in_page()


@sign_in_pages.post("/sign-in")
def with_password() -> AnyResponse:
    """Sign in by password; a form that an ended sign-in had stopped is offered again."""
    login, kept = clean_text(request.form.get("login")).strip(), unseal(request.form.get("kept", ""))
    present = current_officer()
    if present is not None and kept is not None:  # a link or another window let them in meanwhile
        return _welcome(present, kept)
    tried = note_try(login[:60], address=request.remote_addr or "", device=device(), at=now())
    db.session.commit()  # counted before it is judged: of many at once none is overlooked
    try:
        officer = sign_in.check_password(tried, request.form.get("password", ""), at=now())
    except RefusedError as refusal:
        db.session.commit()  # the failed try counts
        return sign_in_page(login=login, kept=kept, error=refusal.message, status=422)
    return ask_code(officer, kept) if second_factor.has_second_factor(officer) else _welcome(officer, kept)


@sign_in_pages.post("/sign-in-code")
def with_code() -> AnyResponse:
    """The second step: a code of the authenticator app, or a recovery code."""
    officer, kept = officer_awaited(), unseal(request.form.get("kept", ""))
    if officer is None:
        return sign_in_page(kept=kept, error="输入密码后太久没有输入验证码，请重新登录。", status=401)
    try:
        second_factor.check_code(officer, request.form.get("code", ""), keyring=keyring(), at=now())
    except RefusedError as refusal:
        db.session.commit()  # the failed try counts
        return make_response(_code_page(kept, refusal.message), 422)
    response = _welcome(officer, kept)  # it forgets what was said before
    left = second_factor.recovery_codes_left(officer)
    if left < FEW_RECOVERY_CODES:
        flash(f"恢复码只剩 {left} 个，请联系安全管理员重置两步验证后重新设置。", "warn")
    return response


def ask_code(
    officer: Officer,
    kept: KeptForm | None = None,
    *,
    signed_on: bool = False,
    binding: OfficerSubject | None = None,
) -> Response:
    """Remember who has done the first step, and ask for the second."""
    response = await_code(
        officer, Response(content_type="text/html; charset=utf-8"), signed_on=signed_on, binding=binding
    )
    response.set_data(_code_page(kept))  # after the session: its form carries a token of the new one
    return response


def _code_page(kept: KeptForm | None, error: str = "") -> str:
    sealed = seal(kept) if kept else ""
    return render_template("office/code.html", error=error, kept=sealed, next=_next() or "")


def _welcome(officer: Officer, kept: KeptForm | None) -> Response:
    """Let an officer in, and give back the form that an ended sign-in had stopped."""
    if kept is not None and not kept.belongs_to(officer.id):
        flash("登录前未提交的内容属于另一位工作人员，已不再保留。", "warn")
        kept = None
    if kept is None or not is_own_path(kept.path):
        return _let_in(officer, make_response(redirect(_next() or url_for("admin.index"))))
    response = _let_in(
        officer, Response()
    )  # first the session, so that the page carries a token of the new one
    page = resume_page(kept, "已重新登录。登录失效前填写的内容都在，请继续提交。", 200)
    response.set_data(page.get_data())
    response.content_type = "text/html; charset=utf-8"
    return response


def _let_in(officer: Officer, response: Response) -> Response:
    return response if current_officer() is officer else sign_in_officer(officer, response)


@sign_in_pages.get("/sign-in/<token>")
def open_link(token: str) -> AnyResponse:
    """A one-time link shows a button: a mail scanner that opens it uses nothing up."""
    provider = settings().oidc_label if settings().oidc_issuer else ""
    return make_response(render_template("office/link.html", token=token, provider=provider))


@sign_in_pages.post("/sign-in/<token>")
def use_link(token: str) -> AnyResponse:
    """Use the link up and begin a session; then offer to set a password."""
    try:
        officer = sign_in.use_link(token, at=now())
    except RefusedError as refusal:
        db.session.rollback()
        return sign_in_page(error=refusal.message, status=422)
    if second_factor.has_second_factor(officer):
        return ask_code(officer, None)
    target = url_for("sign_in.ask_password") if officer.password_hash is None else url_for("admin.index")
    return sign_in_officer(officer, make_response(redirect(target)))


@sign_in_pages.post("/sign-out")
def leave() -> AnyResponse:
    """End the session, on the server too."""
    present = current_session()
    was_signed_on = present is not None and present.signed_on and settings().oidc_issuer
    target = url_for("sign_in.ask", left=1) if was_signed_on else url_for("sign_in.ask")
    return sign_out_officer(make_response(redirect(target)))


@sign_in_pages.get("/password")
def ask_password() -> AnyResponse:
    """The page on which officers set their own password."""
    if current_officer() is None:
        return redirect(url_for("sign_in.ask", next=request.path))
    return make_response(_password_page())


@sign_in_pages.post("/password")
def set_password() -> AnyResponse:
    """Set the officer's own password; every other session of the account ends."""
    officer = current_officer()
    if officer is None:
        return ask_to_sign_in()
    password = request.form.get("password", "")
    try:
        if officer.password_hash and not sign_in.is_password(officer, request.form.get("present", "")):
            raise RefusedError("现在的密码不正确。", "present")
        if password != request.form.get("password_again", ""):
            raise RefusedError("两次输入的密码不一致，请重新输入。", "password_again")
        sign_in.set_password(officer, password, policy=password_policy(), by=officer.id, at=now())
    except RefusedError as refusal:
        db.session.rollback()
        return make_response(_password_page(refusal), 422)
    flash("密码已设置，其他设备上的登录已全部退出。", "good")
    return sign_in_officer(officer, make_response(redirect(url_for("admin.index"))))


def _password_page(error: RefusedError | None = None) -> str:
    officer = current_officer()
    is_due = officer is not None and must_change_password(officer)
    policy = password_policy()
    return render_template("office/password.html", error=error, policy=policy, is_due=is_due)


def ask_to_sign_in() -> AnyResponse:
    """Answer a request that needs a sign-in: a page to read comes back afterwards, a form is kept in place."""
    if request.method == "GET":
        return redirect(url_for("sign_in.ask", next=request.full_path.rstrip("?")))
    return sign_in_page(kept=kept_form(), error="登录已失效，请重新登录。", status=401)


def sign_in_page(
    *, login: str = "", kept: KeptForm | None = None, error: str = "", status: int = 200
) -> Response:
    """The page on which one signs in, with what went wrong."""
    page = render_template(
        "office/sign_in.html",
        login=login,
        error=error,
        kept=kept,
        sealed=seal(kept) if kept else "",
        next=_next() or "",
        provider=settings().oidc_label if settings().oidc_issuer else "",
        has_left="left" in request.args,
    )
    return make_response(page, status)


def _next() -> str | None:
    path = request.values.get("next", "")
    return path if is_own_path(path) else None
