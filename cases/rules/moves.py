"""The moves an application can make, and what an officer must say with them."""

from cases.errors import WrongCaseStateError
from cases.models import ApplicationState, CaseOutcome
from county.errors import RefusedError
from county.privacy import FindingKind, find_personal_data

OFFICER_TEXT_LIMIT = 5_000

STATE_LABELS = {
    ApplicationState.RECEIVED: "待受理",
    ApplicationState.ACCEPTED: "办理中",
    ApplicationState.REFUSED: "不予受理",
    ApplicationState.DECIDED: "已办结",
}

MOVE_LABELS = {
    "receive": "提交申请",
    "accept": "受理",
    "refuse": "不予受理",
    "record_opinion": "填写处理意见",
    "decide": "办结",
}

MOVES: dict[str, dict[ApplicationState, ApplicationState]] = {
    "accept": {ApplicationState.RECEIVED: ApplicationState.ACCEPTED},
    "refuse": {ApplicationState.RECEIVED: ApplicationState.REFUSED},
    "record_opinion": {ApplicationState.ACCEPTED: ApplicationState.ACCEPTED},
    "decide": {ApplicationState.ACCEPTED: ApplicationState.DECIDED},
}


def next_state(state: ApplicationState, move: str) -> ApplicationState:
    """Return the state to which `move` leads.

    Source: 行政许可法 art. 32 (accept or refuse), art. 34, 38 (decide); F-27, F-29.
    Raises: WrongCaseStateError if the move does not start from `state`.
    """
    try:
        return MOVES[move][state]
    except KeyError:
        raise WrongCaseStateError(STATE_LABELS[state], MOVE_LABELS[move]) from None


def check_officer_text(text: str, label: str, field: str, *, required: bool = True) -> str:
    """What an officer wrote, trimmed; citizens may read it, so it holds no identity or bank card number.

    Source: 个人信息保护法 art. 6, 51; F-27.
    Raises: RefusedError naming the field.
    """
    text = text.replace("\r\n", "\n").strip()
    if required and not text:
        raise RefusedError(f"请填写{label}。", field)
    if len(text) > OFFICER_TEXT_LIMIT:
        raise RefusedError(f"{label}不能超过{OFFICER_TEXT_LIMIT}个字符，现有{len(text)}个。", field)
    found = [finding for finding in find_personal_data(text) if finding.kind is not FindingKind.MOBILE]
    if found:
        shown = "、".join(f"{finding.kind.label}（{finding.masked}）" for finding in found[:3])
        raise RefusedError(f"{label}中含有{shown}，请删除后再提交。", field)
    return text


def check_result(outcome: CaseOutcome, result: str) -> str:
    """The result of a case, trimmed. A denial gives its reason.

    Source: 行政许可法 art. 38 (a denial states its reasons and the right to review); F-29.
    Raises: RefusedError naming the field.
    """
    label = "不予的理由" if outcome is CaseOutcome.DENIED else "办理结果"
    return check_officer_text(result, label, "result")
