"""The guards of every path under /admin, before any view is asked."""

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from admin.kept import kept_form, resume_page
from admin.sign_in import ask_to_sign_in
from admin.signed_in import (
    PATH,
    current_officer,
    must_change_password,
    must_set_up_second_factor,
    roles_to_separate,
)
from admin.words import ROLE_LABELS
from county.officers import Role
from installation import settings

OPEN = {
    "office.static", "sign_in.ask", "sign_in.with_password", "sign_in.open_link", "sign_in.use_link",
    "sign_in.with_code", "previews.open_link", "sign_on.begin", "sign_on.finish", "sign_on.leave",
}  # fmt: skip
BEFORE_SECOND_FACTOR = {
    "second_factor.show", "second_factor.begin", "second_factor.confirm", "second_factor.end_session", "sign_in.ask_password", "sign_in.set_password",
    "sign_in.leave",
}  # fmt: skip
MOST_FORM_PARTS = 20_000  # a guide of many materials and steps has thousands of fields
REASONS = {
    400: "请求不完整，请返回上一页重试。",
    403: "您没有查看或办理这项内容的权限；如工作需要，请联系安全管理员授权。",
    404: "没有这个页面或记录；它可能已被删除，或者不在您的工作范围内。",
    405: "这个地址不接受这种请求，请从页面上的按钮操作。",
    503: "系统正忙，请稍后再试。",
}


def guard(app: Flask) -> None:
    """Close every path of the back office except the few that lead in."""
    app.before_request(_check)
    app.after_request(_set_headers)
    app.register_error_handler(InternalServerError, _broken)


def refusal_page(error: HTTPException) -> Response:
    """The page for 403, 404 and the like, in the frame of the back office where somebody is signed in."""
    status = error.code or 500
    page = render_template("office/refused.html", status=status, reason=REASONS.get(status, "请求无法完成。"))
    return make_response(page, status)


def _broken(error: InternalServerError) -> AnyResponse | InternalServerError:
    """A page that needs nothing: no database, no officer, no frame."""
    if not _is_ours():
        return error
    return make_response(render_template("office/broken.html"), 500)


def _check() -> AnyResponse | None:
    if not _is_ours():
        return None
    if request.routing_exception is not None:
        if isinstance(request.routing_exception, RequestRedirect):
            return None
        return refusal_page(request.routing_exception)
    if request.endpoint == "office.static":
        return None
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        request.max_form_parts = MOST_FORM_PARTS
        try:
            refused = _check_unsafe()
        except RequestEntityTooLarge:
            return _too_large()
        if refused is not None:
            return refused
    return None if request.endpoint in OPEN else _check_officer()


def _check_officer() -> AnyResponse | None:
    """Only who is signed in gets further, and by both steps where a role asks for them."""
    officer = current_officer()
    if officer is None:
        return ask_to_sign_in()
    if request.endpoint in BEFORE_SECOND_FACTOR:
        return None
    if must_set_up_second_factor(officer):
        return redirect(url_for("second_factor.show"))
    if must_change_password(officer):
        return redirect(url_for("sign_in.ask_password"))
    together = roles_to_separate(officer)
    return _to_be_separated(together) if together else None


def _to_be_separated(roles: list[Role]) -> Response:
    names = "、".join(ROLE_LABELS[role] for role in roles)
    page = render_template("office/separate.html", names=names)
    return make_response(page, 403)


def _check_unsafe() -> AnyResponse | None:
    """Nothing changes at the word of another site, nor without the token of a page of ours."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and origin.partition("://")[2] != request.host
    if is_foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return resume_page(None, "这个请求来自其他网站，已经拒绝，没有任何内容被改动。", 403)
    if request.endpoint not in OPEN and current_officer() is None:
        return ask_to_sign_in()
    protection: CSRFProtect = current_app.extensions["csrf"]
    try:
        protection.protect()
    except CSRFError:
        return resume_page(kept_form(), "页面打开得太久，安全令牌已失效，刚才的内容还没有提交。", 400)
    return None


def _too_large() -> Response:
    reason = f"提交的内容太大：一次上传的文件合计不能超过 {settings().upload_max_mb} MB。请返回上一页，分几次上传。"
    return resume_page(None, reason, 413)


def _set_headers(response: Response) -> Response:
    if not _is_ours():
        return response
    if request.endpoint == "office.static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "no-cache"
    elif "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _is_ours() -> bool:
    return request.path == PATH or request.path.startswith(PATH + "/")
