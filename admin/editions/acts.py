"""What may be done with an edition: which act, from which state, with which right, and by which operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from admin.editions.plans import plan_as_it_is, plan_seen
from admin.forms import read_moment
from admin.posts import may_decide, on_behalf_of
from content import operations, queries, reviews, rules
from content.errors import ChangedMeanwhileError, Fault, WrongStateError
from content.models import Document, DocumentKind, Edition, EditionState, StepKind
from county.errors import NotAllowedError
from county.officers import Officer, Right, may
from database import db
from installation import settings

Fields = Mapping[str, str]
DUPLICATE = "duplicate"  # the reason with which a document may be merged into another
OPEN = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED)


def seen_mark(edition: Edition) -> str:
    """What an officer saw: changes with every save, move, submission, decision and schedule of the edition."""
    submitted = edition.submitted_at.isoformat() if edition.submitted_at else ""
    scheduled = edition.publish_at.isoformat() if edition.publish_at else ""
    step = reviews.waiting_step(edition)
    return (
        f"{edition.version} {edition.state.value} {submitted} {scheduled} {step.id if step else ''}".strip()
    )


@dataclass(frozen=True)
class EditionAct:
    """An act on an edition as the desk offers it."""

    verb: str
    label: str
    done: str  # what is said afterwards
    states: frozenset[EditionState]
    rights: frozenset[Right]
    perform: Callable[[Edition, Fields, int, datetime], Edition | None]

    def is_open_to(self, officer: Officer, edition: Edition) -> bool:
        """Whether this officer may do this to this edition now."""
        if edition.state not in self.states or not self._has_right(officer, edition):
            return False
        if self.verb in ("approve", "record_confirmation"):
            return self.verb == _deciding(edition)
        if self.verb == "recall":
            return rules.may_recall(step.state for step in reviews.steps_of(edition))
        if self.verb == "unschedule":
            return edition.publish_at is not None
        if self.verb == "revise":
            return all(other.state not in OPEN for other in edition.document.editions)
        if self.verb in ("ask_release", "clean_file"):
            return any(
                rules.findings_in(file, rules.declared_contacts(edition)) for file in edition.attachments
            )
        if self.verb == "restore":
            others = edition.document.editions
            return edition is not others[-1] and all(other.state not in OPEN for other in others)
        return True

    def check_seen(self, edition: Edition, seen: str) -> None:
        """Raises: ChangedMeanwhileError unless the edition is still what the page showed (`seen_mark`)."""
        if seen != seen_mark(edition):
            raise ChangedMeanwhileError

    def check(self, officer: Officer, edition: Edition) -> None:
        """Raises: NotAllowedError without the right in the document's organ; WrongStateError out of turn."""
        if not self._has_right(officer, edition):
            raise NotAllowedError(self.label)
        if edition.state not in self.states:
            raise WrongStateError(rules.STATE_LABELS[edition.state], self.label)

    def _has_right(self, officer: Officer, edition: Edition) -> bool:
        if (
            self.verb in ("approve", "record_confirmation", "send_back")
            and edition.state is EditionState.SUBMITTED
        ):
            return officer.is_active and may_decide(officer, edition)  # it is of whom it waits for
        return any(may(officer, right, edition.document.organ_id) for right in self.rights)


def _deciding(edition: Edition) -> str:
    """How the step at which an edition stands is passed."""
    step = reviews.waiting_step(edition)
    return "record_confirmation" if step is not None and step.kind is StepKind.CONFIRMATION else "approve"


def _submit(edition: Edition, _fields: Fields, by: int, at: datetime) -> None:
    operations.submit(edition, by=by, at=at)


def _recall(edition: Edition, _fields: Fields, by: int, at: datetime) -> None:
    operations.recall(edition, by=by, at=at)


def _send_back(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    behalf = _on_behalf_of(edition, by) if edition.state is EditionState.SUBMITTED else None
    operations.send_back(edition, fields.get("note", ""), by=by, at=at, on_behalf_of=behalf)


def _approve(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    operations.approve(
        edition,
        by=by,
        at=at,
        secrecy_reviewed=fields.get("secrecy_reviewed") == "yes",
        scans_seen=fields.get("scans_seen") == "yes",
        releases_granted=fields.get("releases_granted") == "yes",
        note=fields.get("comment", ""),
        on_behalf_of=_on_behalf_of(edition, by),
        plan=plan_seen(edition, fields.get("plan", ""), at),
    )


def _record_confirmation(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    operations.record_confirmation(
        edition,
        confirmed_by=fields.get("confirmed_by", ""),
        confirmed_on=_day(fields.get("confirmed_on", "")),
        document_no=fields.get("document_no", ""),
        note=fields.get("comment", ""),
        by=by,
        at=at,
        on_behalf_of=_on_behalf_of(edition, by),
    )


def _on_behalf_of(edition: Edition, by: int) -> int | None:
    other = on_behalf_of(db.session.get_one(Officer, by), edition)
    return other.id if other else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Fault("日期应写成 2026-03-02 这样。", "confirmed_on") from None


def _clean_file(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    operations.clean_attachment(
        edition,
        _key(fields.get("file", "")),
        folder=settings().upload_folder,
        max_bytes=settings().upload_max_mb * 1024 * 1024,
        by=by,
        at=at,
    )


def _key(chosen: str) -> int:
    return int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else 0


def _ask_release(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    operations.ask_release(
        edition,
        _key(fields.get("release_file", "")),
        ground=fields.get("ground", ""),
        note=fields.get("release_note", ""),
        by=by,
        at=at,
    )


def _publish(edition: Edition, _fields: Fields, by: int, at: datetime) -> None:
    operations.publish(edition, by=by, at=at, plan=plan_as_it_is(edition))


def _force_publish(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    operations.force_publish(
        edition,
        ground=fields.get("force_ground", ""),
        note=fields.get("force_note", ""),
        secrecy_reviewed=fields.get("force_secrecy") == "yes",
        scans_seen=fields.get("scans_seen") == "yes",
        by=by,
        at=at,
    )


def _schedule(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    try:
        publish_at = read_moment(fields.get("publish_at", ""))
    except ValueError:
        raise Fault("请填写定时发布的日期和时间，例如 2026-03-02 09:30。", "publish_at") from None
    operations.schedule(edition, publish_at, by=by, at=at)


def _unschedule(edition: Edition, _fields: Fields, by: int, at: datetime) -> None:
    operations.unschedule(edition, by=by, at=at)


def _withdraw(edition: Edition, fields: Fields, by: int, at: datetime) -> None:
    reason, note, number = (fields.get(name, "").strip() for name in ("reason", "note", "into"))
    if not number:
        operations.withdraw(edition, reason=reason, note=note, by=by, at=at)
        return
    if reason != DUPLICATE:
        label = rules.WITHDRAWAL_REASONS[DUPLICATE]
        raise Fault(f"只有撤回原因是“{label}”时才能并入；请改选这一原因，或清空“并入”。", "into")
    operations.merge(edition, _document_numbered(number, edition.kind), note=note, by=by, at=at)


def _document_numbered(number: str, kind: DocumentKind) -> Document:
    """The document with this index number or item code, one of the same kind first."""
    for one in sorted(DocumentKind, key=lambda one: one is not kind):
        document = queries.document_by_number(one, number)
        if document is not None:
            return document
    raise Fault(f"没有找到索引号或事项编码为“{number[:60]}”的信息，请核对后重新填写。", "into")


def _discard(edition: Edition, _fields: Fields, by: int, at: datetime) -> None:
    operations.discard(edition, by=by, at=at)


def _revise(edition: Edition, _fields: Fields, by: int, at: datetime) -> Edition:
    return operations.revise(edition.document, by=by, at=at)


def _restore(edition: Edition, _fields: Fields, by: int, at: datetime) -> Edition:
    return operations.restore(edition, by=by, at=at)


ENDED = frozenset(
    {EditionState.PUBLISHED, EditionState.WITHDRAWN, EditionState.DISCARDED, EditionState.SUPERSEDED}
)


def _act(
    verb: str, label: str, done: str, states: set[EditionState] | frozenset[EditionState], rights: set[Right],
    perform: Callable[[Edition, Fields, int, datetime], Edition | None],
) -> EditionAct:  # fmt: skip
    return EditionAct(verb, label, done, frozenset(states), frozenset(rights), perform)


APPROVED = {EditionState.APPROVED}
DRAFTS = {EditionState.DRAFT, EditionState.RETURNED}
ACTS = {
    act.verb: act
    for act in (
        _act("submit", "送审", "已送审，等待审核员审核。", DRAFTS, {Right.EDIT}, _submit),
        _act("ask_release", "申请放行附件", "已申请放行，送审后由审核员决定。", DRAFTS, {Right.EDIT}, _ask_release),
        _act("recall", "撤销送审", "已撤销送审，可以继续修改。", {EditionState.SUBMITTED}, {Right.EDIT}, _recall),
        _act(
            "clean_file", "遮挡附件中的个人信息",
            "附件已换成遮挡后的副本，请打开看一遍；不能自动遮挡的仍列在下面。", DRAFTS, {Right.EDIT}, _clean_file,
        ),
        _act("approve", "通过", "已通过。", {EditionState.SUBMITTED}, {Right.REVIEW}, _approve),
        _act("record_confirmation", "登记上级确认", "已登记。", {EditionState.SUBMITTED}, {Right.REVIEW}, _record_confirmation),
        _act("publish", "发布", "已发布，公开网站将在片刻后更新。", APPROVED, {Right.PUBLISH}, _publish),
        _act("schedule", "定时发布", "已设定时间，到时自动发布。", APPROVED, {Right.PUBLISH}, _schedule),
        _act("unschedule", "取消定时", "已取消定时，稿件等待发布。", APPROVED, {Right.PUBLISH}, _unschedule),
        _act(
            "send_back", "退回", "已退回编辑修改。",
            {EditionState.SUBMITTED, EditionState.APPROVED}, {Right.REVIEW, Right.PUBLISH}, _send_back,
        ),
        _act("withdraw", "撤回", "已撤回，公开网站将在片刻后更新。", {EditionState.PUBLISHED}, {Right.PUBLISH}, _withdraw),
        _act(
            "force_publish", "强制发布", "已强制发布，公开网站将在片刻后更新。", set(OPEN), {Right.FORCE}, _force_publish
        ),
        _act("revise", "另起新稿", "已另起新稿，线上版本在新稿发布前不变。", ENDED, {Right.EDIT}, _revise),
        _act("restore", "恢复为新稿", "已按这一旧稿另起新稿，线上版本在新稿发布前不变。", ENDED, {Right.EDIT}, _restore),
        _act("discard", "作废", "稿件已作废，记录仍然保留。", DRAFTS, {Right.EDIT}, _discard),
    )
}  # fmt: skip


def open_acts(officer: Officer, edition: Edition) -> list[EditionAct]:
    """The acts this officer may do to this edition now, in the order of the work."""
    return [act for act in ACTS.values() if act.is_open_to(officer, edition)]
