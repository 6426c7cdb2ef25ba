"""Where a task sheet stands, and what may be said on it."""

import enum
from datetime import date

from content.errors import Fault
from content.models import TaskRow, TaskSheet, TaskVerdict


class SheetState(enum.Enum):
    """Where a task sheet stands (任务单状态)."""

    SENT = "待反馈"
    RETURNED = "已反馈，待审核"
    DONE = "已完成"


def sheet_state(sheet: TaskSheet) -> SheetState:
    """Done when every answer was accepted; returned when every item is answered.

    Source: B-17, B-18 (issued, answered, reviewed item by item).
    """
    if all(row.verdict is TaskVerdict.ACCEPTED for row in sheet.rows):
        return SheetState.DONE
    return SheetState.SENT if any(is_open(row) for row in sheet.rows) else SheetState.RETURNED


def is_open(row: TaskRow) -> bool:
    """Whether the organ has still to answer: it did not, or its answer came back.

    Source: B-18.
    """
    return row.answer is None or row.verdict is TaskVerdict.RETURNED


def is_overdue(sheet: TaskSheet, today: date) -> bool:
    """Whether the organ's day has passed without all answers.

    Source: B-17 (实施步骤、时间安排, 004 三(三)).
    """
    return sheet_state(sheet) is SheetState.SENT and sheet.due_on < today


def check_answered(row: TaskRow) -> None:
    """Raises: Fault when there is nothing to review.

    Source: B-18.
    """
    if row.answer is None or row.verdict is not None:
        raise Fault("这一项还没有新的反馈，或者刚刚已经审核过，请查看最新状态。", "verdict")
