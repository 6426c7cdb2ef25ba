"""Issuing task sheets, answering them, and reviewing the answers item by item."""

from collections.abc import Sequence
from datetime import date, datetime

from content import rules
from content.errors import Fault
from content.models import Document, TaskAnswer, TaskRow, TaskSheet, TaskVerdict
from county import ledger
from county.organs import Organ
from database import db

MOST_ITEMS = 500  # of one sheet


def issue_sheet(
    title: str,
    organ: Organ,
    documents: Sequence[Document],
    *,
    due_on: date,
    note: str = "",
    today: date,
    by: int,
    at: datetime,
) -> TaskSheet:
    """Hand an organ a sheet of its items.

    Raises: Fault without a title or items, with too many, for items of others, or a day that has passed.
    """
    title = rules.check_line(title, "任务单名称", "title")
    if not documents or len(documents) > MOST_ITEMS:
        raise Fault(f"请选择1到{MOST_ITEMS}个事项，现在选择了{len(documents)}个。", "items")
    if any(document.organ_id != organ.id for document in documents):
        raise Fault(f"所选事项中有不属于“{organ.name}”的，请重新选择。", "items")
    if due_on < today:
        raise Fault("完成期限不能早于今天。", "due_on")
    sheet = TaskSheet(
        title=title,
        note=rules.storable(note, "说明", "note"),
        organ=organ,
        due_on=due_on,
        issued_by_id=by,
        issued_at=at,
    )
    sheet.rows = [
        TaskRow(position=place, document_id=document.id) for place, document in enumerate(documents, 1)
    ]
    db.session.add(sheet)
    db.session.flush()
    ledger.record(
        "issue_sheet",
        sheet,
        by=by,
        at=at,
        organ_id=organ.id,
        details={"name": title, "added": len(documents)},
    )
    return sheet


def answer_row(
    row: TaskRow, answer: TaskAnswer, note: str, changed: Sequence[str], *, by: int, at: datetime
) -> None:
    """Note what the organ says of an item; an answer that came back is replaced.

    Raises: Fault when the answer was accepted already.
    """
    if row.verdict is TaskVerdict.ACCEPTED:
        raise Fault("这一项的反馈已经审核通过，不能再改。", "answer")
    row.answer, row.note, row.changed = answer, rules.storable(note, "反馈说明", "note"), list(changed)
    row.answered_by_id, row.answered_at = by, at
    row.verdict, row.verdict_note, row.judged_by_id, row.judged_at = None, "", None, None
    details = {"position": row.position, "outcome": answer.value}
    ledger.record("answer_task", row.sheet, by=by, at=at, organ_id=row.sheet.organ_id, details=details)


def judge_row(row: TaskRow, verdict: TaskVerdict, note: str, *, by: int, at: datetime) -> None:
    """Accept an answer or send it back; of two who do it at once one finds it done.

    Raises: Fault when there is nothing to review, or an answer is sent back without a reason.
    """
    rules.check_answered(row)
    note = rules.storable(note.strip(), "审核意见", "note")
    if verdict is TaskVerdict.RETURNED and not note:
        raise Fault("退回时请写明原因，方便对方修改。", "note")
    judged = db.session.execute(
        db.update(TaskRow)
        .where(TaskRow.id == row.id, TaskRow.verdict.is_(None), TaskRow.answered_at == row.answered_at)
        .values(verdict=verdict, verdict_note=note, judged_by_id=by, judged_at=at)
        .execution_options(synchronize_session=False)
    )
    if judged.rowcount != 1:  # type: ignore[attr-defined]
        rules.check_answered(_read_again(row))
    db.session.refresh(row)
    details = {"position": row.position, "outcome": verdict.value}
    ledger.record("judge_task", row.sheet, by=by, at=at, organ_id=row.sheet.organ_id, details=details)


def _read_again(row: TaskRow) -> TaskRow:
    db.session.refresh(row)
    return row
