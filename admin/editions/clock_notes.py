"""What an edition's page says of moments set in advance: when it goes live, when it is taken back, and what failed."""

from collections.abc import Iterator
from datetime import datetime

from admin.publication import SiteNote
from admin.words import moment
from content.models import Edition, EditionState

BEFORE_LIVE = (
    EditionState.DRAFT,
    EditionState.SUBMITTED,
    EditionState.RETURNED,
    EditionState.APPROVED,
)
LATE = "时间已到，系统正在处理，请稍后刷新本页；一直没有变化的，请联系系统管理员检查后台程序是否在运行。"


def clock_notes(edition: Edition, now: datetime) -> Iterator[SiteNote]:
    """The notes for this edition, the most pressing first."""
    if edition.schedule_fault:
        yield SiteNote(f"{edition.schedule_fault}{_cure(edition.state)}", "error")
    if edition.publish_at is not None:
        who = f"（{edition.scheduled_by.name}设定）" if edition.scheduled_by else ""
        text = f"这一稿定于 {moment(edition.publish_at)} 自动发布{who}。"
        is_late = edition.publish_at <= now
        yield SiteNote(text + LATE if is_late else text, "warn" if is_late else "good")
    if edition.expires_at is not None and not edition.schedule_fault:
        yield from _expiry(edition.state, edition.expires_at, now)


def _expiry(state: EditionState, expires_at: datetime, now: datetime) -> Iterator[SiteNote]:
    when, is_over = moment(expires_at), expires_at <= now
    if state is EditionState.PUBLISHED:
        text = f"这一稿定于 {when} 到期，到时自动撤下。"
        yield SiteNote(text + LATE if is_over else text, "warn" if is_over else "")
    elif state in BEFORE_LIVE and is_over:
        yield SiteNote(f"到期撤下的时间 {when} 已经过去，请修改或清空后再发布。", "warn")
    elif state in BEFORE_LIVE:
        yield SiteNote(f"发布后将于 {when} 到期，到时自动撤下。", "")


def _cure(state: EditionState) -> str:
    if state is EditionState.APPROVED:
        return "处理后可以重新设定时间，或直接发布；需要修改稿件的，请退回编辑。"
    if state is EditionState.PUBLISHED:
        return "请由发布员撤回。"
    return ""
