"""Looking an application or a case up (办件查询). By POST only: no number ever stands in an address."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Response, request

from cases import queries, rules
from cases.errors import LookUpRefusedError
from cases.queries import CaseProgress
from database import db
from endpoint.pages import render
from installation import keyring

BY_APPLICATION, BY_CASE = "application", "case"


@dataclass(frozen=True)
class LookUpView:
    """The two forms. The number that was typed is kept; query code and ID number are not sent back."""

    application_number: str = ""
    case_number: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    message: str = ""


def show() -> Response:
    """The two empty forms."""
    return render("lookup.html", view=LookUpView())


def find() -> Response:
    """The progress that was asked for, or the form again."""
    chosen = request.form.get("by", "")
    number, secret = request.form.get(f"{chosen}_number", "")[: rules.RAW_LIMIT], ""
    if chosen == BY_APPLICATION:
        secret = request.form.get("query_code", "")
        faults = _application_faults(number, secret)
    elif chosen == BY_CASE:
        secret = request.form.get("id_number", "")
        faults = _case_faults(number, secret)
    else:
        return _form("", "", message="请在下面两种查询方式中选择一种填写。")
    if faults:
        return _form(chosen, number, faults=faults)
    try:
        progress = _look_up(chosen, number, secret)
    except LookUpRefusedError as refusal:
        # One status, one text, and no word typed but the number: unknown, wrong and throttled look alike.
        return _form(chosen, number, message=refusal.message)
    return render("progress.html", view=progress)


def _form(chosen: str, number: str, *, faults: dict[str, str] | None = None, message: str = "") -> Response:
    view = LookUpView(
        application_number=number if chosen == BY_APPLICATION else "",
        case_number=number if chosen == BY_CASE else "",
        faults=faults or {},
        message=message,
    )
    return render("lookup.html", status=422, view=view)


def _look_up(chosen: str, number: str, secret: str) -> CaseProgress:
    look_up = queries.look_up_by_application if chosen == BY_APPLICATION else queries.look_up_by_case
    try:
        progress = look_up(
            number, secret, keyring=keyring(), address=request.remote_addr or "", at=datetime.now(UTC)
        )
    except LookUpRefusedError:
        db.session.commit()  # a refused try counts too, or nobody would ever be stopped
        raise
    db.session.commit()
    return progress


def _application_faults(number: str, query_code: str) -> dict[str, str]:
    """Slips that show in what was typed alone; nothing is looked up for them."""
    faults = {}
    if not number.strip():
        faults["application_number"] = "请填写申请编号。"
    elif rules.normalise_number(number, rules.APPLICATION_PREFIX) is None:
        faults["application_number"] = "申请编号有误：应以SQ开头，共20位字母和数字，请对照回执核对。"
    if not query_code.strip():
        faults["query_code"] = "请填写查询码。"
    elif rules.normalise_query_code(query_code) is None:
        faults["query_code"] = "查询码有误：应为16位字母和数字，请对照回执核对。"
    return faults


def _case_faults(number: str, id_number: str) -> dict[str, str]:
    faults = {}
    if not number.strip():
        faults["case_number"] = "请填写办件编号。"
    elif rules.normalise_number(number, rules.CASE_PREFIX) is None:
        faults["case_number"] = "办件编号有误：应以BJ开头，共20位字母和数字，请核对。"
    if not id_number.strip():
        faults["id_number"] = "请填写证件号码。"
    elif len(id_number) > rules.RAW_LIMIT:
        faults["id_number"] = "证件号码过长，请核对。"
    return faults
