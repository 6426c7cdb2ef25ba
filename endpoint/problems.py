"""Error pages: what happened, what became of what was sent, and what to do now."""

import logging
from dataclasses import dataclass
from typing import NoReturn

from flask import Response, abort, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from county.errors import RefusedError
from database import db
from endpoint.pages import chrome, render

LOG = logging.getLogger("zhuanlan.endpoint")
RETRY_AFTER_S = 60


@dataclass(frozen=True)
class Problem:
    """Heading and sentences of an error page."""

    heading: str
    sentences: tuple[str, ...]


NOTHING_SENT = "本次没有提交任何内容。"
PROBLEMS = {
    400: Problem(
        "请求无法识别", ("浏览器发来的内容不完整或格式不正确。" + NOTHING_SENT, "请返回上一页重新操作。")
    ),
    403: Problem(
        "请从本网站提交",
        (
            "这份表单是从其他网站的页面发来的，为保护您的信息没有接收。" + NOTHING_SENT,
            "请在本网站打开相应页面后重新填写。",
        ),
    ),
    404: Problem(
        "没有找到您要的页面",
        ("地址可能有误，或者内容已经撤下。", "可以使用页面上方的搜索，或从“政务服务”栏目查找事项。"),
    ),
    405: Problem("这个地址不能这样访问", (NOTHING_SENT + "请从本网站的页面进入。",)),
    413: Problem(
        "提交的内容太大",
        (
            "文字内容超过了能够接收的大小。" + NOTHING_SENT,
            "请返回上一页，把申请内容精简到10000个字符以内再提交。",
        ),
    ),
    429: Problem(
        "操作过于频繁", (NOTHING_SENT + "请等待15分钟后再试。", "急需办理的，可以拨打办理部门电话。")
    ),
    500: Problem(
        "系统出现了问题",
        (
            "这不是您的操作造成的，我们已经记录下来。",
            "如果您刚才提交了申请：没有看到申请编号的，请返回上一页重新提交，同一份表单重复提交不会产生两份申请。",
        ),
    ),
    503: Problem(
        "系统暂时不能办理",
        (
            "您刚才的操作没有保存，也没有产生申请。",
            "请保留填写好的页面，几分钟后返回上一页重新提交；同一份表单重复提交不会产生两份申请。",
        ),
    ),
}


def nothing_here(place: str) -> NoReturn:
    """Any other address below /svc/."""
    abort(404)


def http_error(error: HTTPException) -> Response | HTTPException:
    """The page for a status; one that has no page of its own is answered as 400 or 500 would be."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    response = page(PROBLEMS.get(status) or PROBLEMS[400 if status < 500 else 500], status)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def refused(error: RefusedError) -> Response:
    """The rules say no, and no form is at hand in which to say it."""
    return page(Problem("不能这样办理", (error.message,)), 409)


def database_silent(error: DBAPIError) -> Response:
    """The database does not answer or cannot write: nothing was saved, and that is what is said."""
    db.session.rollback()
    # Not the statement: its parameters may come from a citizen.
    LOG.error("database error at %s %s: %s", request.method, request.endpoint, type(error.orig).__name__)
    response = page(PROBLEMS[503], 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def page(problem: Problem, status: int) -> Response:
    """An error page in the look of the site; as JSON for programs."""
    if request.path.startswith("/svc/api/"):
        return Response(f'{{"error": {{"status": {status}}}}}\n', status=status, mimetype="application/json")
    return render("problem.html", status=status, problem=problem, phone=chrome()["contact_phone"])
