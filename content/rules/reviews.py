"""What a chain of review may look like, and who may decide a step of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from content.errors import Fault, SameReviewerError, SelfReviewError
from content.models import ReviewStep, StepKind, StepState
from content.models.review_chain import ChainStep
from county.officers import REVIEWING

MOST_STEPS = 8
LONGEST_NOTE = 2000
STEP_KIND_LABELS = {StepKind.DECISION: "审核", StepKind.CONFIRMATION: "登记上级确认"}
STEP_STATE_LABELS = {
    StepState.AHEAD: "未到",
    StepState.WAITING: "等待",
    StepState.PASSED: "通过",
    StepState.RETURNED: "退回",
    StepState.DROPPED: "未进行",
}


def check_chain(steps: Sequence[ChainStep]) -> None:
    """Refuse a chain that reviews nothing, or cannot be told apart step by step.

    A confirmation by another body comes after a review of our own: what nobody here has reviewed is not sent up.
    Source: 000 (七), 004 二(三) and 四(一) (first review by staffing and legal offices, then confirmation); B-06 … B-09.
    Raises: Fault naming the row.
    """
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Fault(f"审核流程应有 1 到 {MOST_STEPS} 个环节。", "steps")
    if steps[0].kind is not StepKind.DECISION:
        raise Fault("第一个环节应为“审核”；登记上级确认应排在审核之后。", "steps-0-kind")
    seen: set[str] = set()
    for place, step in enumerate(steps):
        if not step.name.strip():
            raise Fault(f"请填写第 {place + 1} 个环节的名称，例如：法制机构。", f"steps-{place}-name")
        if step.name in seen:
            raise Fault(f"环节名称“{step.name}”重复，请改为不同的名称。", f"steps-{place}-name")
        if step.role not in REVIEWING:
            raise Fault(f"请选择“{step.name}”由哪一类审核员办理。", f"steps-{place}-role")
        seen.add(step.name)


def check_decider(
    step: ReviewStep,
    people: Collection[int],
    *,
    authors: Collection[int | None],
    decided: Sequence[ReviewStep],
) -> None:
    """Refuse a decision by somebody with a part in the text, or in another step of the same round.

    `people` are the officer who acts and the one in whose place. Several confirmations by outside bodies may be put on
    record by one person: others decided them.
    Source: A-10, B-06, B-08; 政府信息公开条例 art. 17; decisions (four-eyes always).
    Raises: SelfReviewError; SameReviewerError naming the step.
    """
    for person in people:
        check_writer_apart(person, authors)
    for other in decided:
        both_records = step.kind is other.kind is StepKind.CONFIRMATION
        if not both_records and {other.decided_by_id, other.decided_for_id} & set(people):
            raise SameReviewerError(other.name)


def check_writer_apart(officer_id: int, authors: Collection[int | None]) -> None:
    """Refuse a decision on a text by anyone who began, changed or submitted it.

    Source: A-10, B-06; 政府信息公开条例 art. 17.
    Raises: SelfReviewError.
    """
    if officer_id in authors:
        raise SelfReviewError


def check_confirmation(
    confirmed_by: str, confirmed_on: date | None, document_no: str, *, today: date
) -> None:
    """Refuse a confirmation without the body, the day and the number of its document.

    Source: B-09; 000 (七), 003 三(一)3 (confirmation by city and province).
    Raises: Fault naming the field.
    """
    if not confirmed_by.strip():
        raise Fault("请填写确认的机关，例如：省政务公开办公室。", "confirmed_by")
    if confirmed_on is None:
        raise Fault("请填写确认的日期，例如 2026-03-02。", "confirmed_on")
    if confirmed_on > today:
        raise Fault(f"确认的日期 {confirmed_on} 晚于今天，请检查。", "confirmed_on")
    if not document_no.strip():
        raise Fault("请填写确认文件的文号。", "document_no")


def may_recall(states: Iterable[StepState]) -> bool:
    """Whether a text may be taken back from review: nobody has decided on it in this round.

    Source: B-06 (who submits may change his mind until somebody has taken it up).
    """
    return all(state in (StepState.WAITING, StepState.AHEAD) for state in states)
