"""A task sheet as an Excel file to an organ and back: its items with what they say now, and room for the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from content import operations, rules
from content.models import StagedImport, TaskAnswer, TaskRow, TaskSheet
from county import ledger
from county.errors import RefusedError
from database import db
from exchange import staging
from exchange.documents import foreign_id_of
from exchange.forms.changes import (
    ChangedSincePreviewError,
    ItemChange,
    Scope,
    apply,
    mark_of,
    newest_of,
    preview,
)
from exchange.forms.fields import CODE_LABEL, label_of, texts_of
from exchange.forms.reading import Form
from exchange.forms.sheet import KEY_LABEL, Paper, Sheet, Table

GAPS, ANSWER, NOTE = "待补内容", "反馈", "反馈说明"
ALSO = {GAPS: "gaps", ANSWER: "answer", NOTE: "note"}  # columns beside those of the form
ASKED = (
    "item_name", "item_category", "legal_basis", "handling_subject", "acceptance_conditions", "fee_basis_and_standard",
    "legal_limit", "promised_limit", "handling_department", "handling_place", "contact_phone", "supervision_phone",
    "online_handling_url",
)  # fmt: skip
WIDE = {"legal_basis": 40, "acceptance_conditions": 30, "fee_basis_and_standard": 24, "item_name": 24}
HOW = "“反馈”填：无变化、已修改、建议取消。内容有误的直接在格子里改；空着的格子视为不改动，要清空请填“（清空）”。请保留“事项标识”一列。"


def sheet_paper(sheet: TaskSheet, site_code: str) -> Paper:
    """The sheet as it is sent: a row for each item that the organ has still to answer."""
    labels = [label_of(name) for name in ASKED]
    head = ["序号", KEY_LABEL, CODE_LABEL, *labels, GAPS, ANSWER, NOTE]
    rows: list[Sequence[str]] = [head]
    for row in sheet.rows:
        if not rules.is_open(row):
            continue
        edition = newest_of(row.document)
        texts = texts_of(edition)
        gaps = "\n".join(fault.message for fault in rules.faults_before_publication(edition))
        said = [texts[name] for name in ASKED]
        key = foreign_id_of(row.document, site_code)
        rows.append([str(row.position), key, row.document.number or "", *said, gaps, "", row.verdict_note])
    widths = (6, 14, 18, *(WIDE.get(name, 16) for name in ASKED), 26, 12, 24)
    lines = (f"单位：{sheet.organ.name}　完成期限：{sheet.due_on.isoformat()}", *sheet.note.split("\n"), HOW)
    return Paper(
        f"任务分解单-{sheet.title[:60]}",
        [Sheet("任务分解单", sheet.title, Table(rows, widths, has_head=True), lines, is_wide=True)],
    )


@dataclass
class RowAnswer:
    """What a returned sheet says of one item."""

    change: ItemChange
    row: TaskRow | None = None
    answer: TaskAnswer | None = None
    note: str = ""


def read_answers(sheet: TaskSheet, forms: Sequence[Form], scope: Scope) -> list[RowAnswer]:
    """The answers of a returned sheet, with what each would change."""
    rows = {row.document_id: row for row in sheet.rows}
    return [_read(change, form, rows) for form, change in zip(forms, preview(forms, scope), strict=True)]


def _read(change: ItemChange, form: Form, rows: Mapping[int, TaskRow]) -> RowAnswer:
    found = RowAnswer(change, rows.get(change.document_id or 0), note=form.extra.get("note", ""))
    if change.change == "refused":
        return found
    if found.row is None:
        change.refuse("这个事项不在这张任务单上；请只填写任务单里的事项。")
        return found
    words = form.extra.get("answer", "")
    try:
        found.answer = TaskAnswer(words) if words else TaskAnswer.CHANGED if change.fields else None
    except ValueError:
        change.refuse(f"反馈“{words[:20]}”无法识别，请填：{'、'.join(each.value for each in TaskAnswer)}。")
        return found
    if found.answer is TaskAnswer.CONFIRMED and change.fields:
        labels = "、".join(each.label for each in change.fields)
        change.refuse(f"反馈填的是“无变化”，但{labels}有改动。请改填“已修改”，或恢复原来的内容。")
    if found.answer is TaskAnswer.CANCEL and not found.note:
        change.refuse("建议取消的，请在“反馈说明”中写明理由。")
    if not rules.is_open(found.row) and (found.answer or change.fields):
        change.refuse("这一项已经反馈过，正在审核或已通过，没有再次写入。")
    return found


def answers_mark(answers: Sequence[RowAnswer]) -> str:
    """What was seen, in a word."""
    said = [f"{found.answer.value if found.answer else ''}{found.note}" for found in answers]
    return mark_of([found.change for found in answers], said)


@dataclass
class Outcome:
    """What became of a returned sheet."""

    answered: int = 0
    changed: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


def apply_answers(
    staged: StagedImport, sheet: TaskSheet, forms: Sequence[Form], scope: Scope, seen: str, *, by: int
) -> Outcome:
    """Write the changes as drafts and note the answers.

    Raises: AppliedAlreadyError; ChangedSincePreviewError when it would no longer do what was shown.
    """
    staging.claim(staged, by=by, at=scope.at)
    answers = read_answers(sheet, forms, scope)
    if answers_mark(answers) != seen:
        raise ChangedSincePreviewError
    written = [form for form, found in zip(forms, answers, strict=True) if found.change.change == "changed"]
    done = {change.place: change for change in apply(written, scope, mark_of(preview(written, scope)))}
    outcome = Outcome()
    for found in answers:
        change = done.get(found.change.place, found.change)
        _note(found, change, outcome, by=by, at=scope.at)
    staging.close(
        staged,
        {
            "sheet": sheet.id,
            "answered": outcome.answered,
            "changed": outcome.changed,
            "list": outcome.refused,
        },
    )
    details = {"added": outcome.answered, "changed": outcome.changed, "refused": len(outcome.refused)}
    ledger.record("load", staged, by=by, at=scope.at, organ_id=staged.organ_id, details=details)
    db.session.flush()
    return outcome


def _note(found: RowAnswer, change: ItemChange, outcome: Outcome, *, by: int, at: Any) -> None:
    if change.change != "refused" and found.row is not None and found.answer is not None:
        labels = [each.label for each in change.fields]
        try:
            operations.answer_row(found.row, found.answer, found.note, labels, by=by, at=at)
        except RefusedError as refusal:
            change.refuse(refusal.message)
        else:
            outcome.answered += 1
            outcome.changed += change.change == "changed"
    if change.change == "refused":
        outcome.refused.append({"place": change.place, "title": change.title, "faults": change.faults})
