"""The moves an edition can make."""

from content.errors import WrongStateError
from content.models import EditionState

STATE_LABELS = {
    EditionState.DRAFT: "草稿",
    EditionState.SUBMITTED: "待审核",
    EditionState.RETURNED: "已退回",
    EditionState.APPROVED: "待发布",
    EditionState.PUBLISHED: "已发布",
    EditionState.SUPERSEDED: "已被新版替代",
    EditionState.WITHDRAWN: "已撤回",
    EditionState.DISCARDED: "已作废",
}

OPEN_STATES = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED)
MOVE_LABELS = {
    "save": "修改",
    "submit": "送审",
    "recall": "撤销送审",
    "send_back": "退回",
    "approve": "审核通过",
    "ask_again": "重新审核",
    "publish": "发布",
    "force_publish": "强制发布",
    "schedule": "定时发布",
    "unschedule": "取消定时",
    "take_over": "登记为已公开",
    "supersede": "替代",
    "correct": "更正笔误",
    "withdraw": "撤回",
    "merge": "并入",
    "discard": "作废",
}

MOVES: dict[str, dict[EditionState, EditionState]] = {
    "save": {EditionState.DRAFT: EditionState.DRAFT, EditionState.RETURNED: EditionState.DRAFT},
    "submit": {EditionState.DRAFT: EditionState.SUBMITTED, EditionState.RETURNED: EditionState.SUBMITTED},
    "recall": {EditionState.SUBMITTED: EditionState.DRAFT},
    "send_back": {
        EditionState.SUBMITTED: EditionState.RETURNED,
        EditionState.APPROVED: EditionState.RETURNED,
    },
    "approve": {EditionState.SUBMITTED: EditionState.APPROVED},
    "ask_again": {EditionState.APPROVED: EditionState.SUBMITTED},
    "publish": {EditionState.APPROVED: EditionState.PUBLISHED},
    "force_publish": {
        EditionState.DRAFT: EditionState.PUBLISHED,
        EditionState.SUBMITTED: EditionState.PUBLISHED,
        EditionState.RETURNED: EditionState.PUBLISHED,
        EditionState.APPROVED: EditionState.PUBLISHED,
    },
    "schedule": {EditionState.APPROVED: EditionState.APPROVED},
    "unschedule": {EditionState.APPROVED: EditionState.APPROVED},
    "take_over": {EditionState.DRAFT: EditionState.PUBLISHED},
    "supersede": {EditionState.PUBLISHED: EditionState.SUPERSEDED},
    "correct": {EditionState.PUBLISHED: EditionState.SUPERSEDED},
    "withdraw": {EditionState.PUBLISHED: EditionState.WITHDRAWN},
    "merge": {EditionState.PUBLISHED: EditionState.WITHDRAWN},
    "discard": {
        EditionState.DRAFT: EditionState.DISCARDED,
        EditionState.RETURNED: EditionState.DISCARDED,
    },
}


def next_state(state: EditionState, move: str) -> EditionState:
    """Return the state to which `move` leads.

    Source: A-08 … A-11 (采集、编辑、审查、发布); 政府信息公开条例 art. 17 (review before publishing).
    Raises: WrongStateError if the move does not start from `state`.
    """
    try:
        return MOVES[move][state]
    except KeyError:
        raise WrongStateError(STATE_LABELS[state], MOVE_LABELS[move]) from None
