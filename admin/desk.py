"""工作台: what waits for the officer who has just come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_admin import expose

from admin.officer_view import OfficerView, holds, scope_of
from admin.posts import posts_of
from admin.signed_in import now, the_officer
from admin.standing import LOOKING, lacks, standing_of, view_of
from cases import queries as case_queries
from cases.models import ApplicationState
from content import reviews, waiting
from content.models import EditionState
from content.standing import ChannelState, Standing
from content.waiting import Desk
from county.calendar import COUNTY_ZONE, county_day, load_calendar
from county.officers import Officer, Right

SHOWN = 8
WAITED_LONG, WAITED_TOO_LONG = 3, 7  # days
NEAR = 2  # days before something is due


@dataclass(frozen=True)
class Task:
    """One thing that waits. The note says in words what the mark says by colour."""

    title: str
    url: str
    note: str
    mark: str = ""  # warn, late


@dataclass(frozen=True)
class Pile:
    """Things of one sort that wait, the most pressing first."""

    title: str
    url: str
    count: int = 0
    tasks: tuple[Task, ...] = ()


class DeskView(OfficerView):
    """Open to everybody who works here, whatever the role; each sees only piles of his own."""

    rights = frozenset(Right)

    def __init__(self) -> None:
        super().__init__(name="工作台", endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> Any:
        """The desk."""
        officer = the_officer()
        piles = [
            *self._editions(officer), *self._reviews(officer), *self._cases(officer), *self._standing(officer)
        ]  # fmt: skip
        return self.render(
            "office/desk.html",
            piles=[pile for pile in piles if pile.count],
            nothing=[pile for pile in piles if not pile.count],
            today=county_day(now()),
            may_edit=holds(officer, Right.EDIT),
            calendar_note=_calendar_note(officer),
        )

    def _editions(self, officer: Officer) -> Iterable[Pile]:
        desk = Desk(scope_of(officer, (Right.EDIT,)), scope_of(officer, (Right.PUBLISH,)))
        if not (holds(officer, Right.EDIT) or holds(officer, Right.PUBLISH)):
            return
        rows = waiting.waiting_editions(desk, longest=SHOWN)
        drafts = self.get_url("disclosures.index_view", flt_state=EditionState.DRAFT.value)
        returned = self.get_url("disclosures.index_view", flt_state=EditionState.RETURNED.value)
        approved = self.get_url("disclosures.index_view", flt_state=EditionState.APPROVED.value)
        if holds(officer, Right.EDIT):
            yield self._pile("退回修改", "returned", rows, returned)
            yield self._pile("草稿", "draft", rows, drafts)
        if holds(officer, Right.PUBLISH):
            yield self._pile("等待发布", "approved", rows, self.get_url("publish.index_view"))
        if any(row.pile == "failed" for row in rows):
            yield self._pile("定时发布没有成功", "failed", rows, approved)
        yield self._pile("定时发布", "scheduled", rows, approved)

    def _pile(self, title: str, name: str, rows: Iterable[Any], url: str) -> Pile:
        mine = [row for row in rows if row.pile == name]
        tasks = tuple(
            Task(row.title or "（无标题）", self._edition_url(row), *_edition_note(name, row)) for row in mine
        )
        return Pile(title, url, mine[0].total if mine else 0, tasks)

    def _edition_url(self, row: Any) -> str:
        return self.get_url(f"{view_of(row.kind)}.details_view", id=row.id)

    def _reviews(self, officer: Officer) -> Iterable[Pile]:
        posts = posts_of(officer) if holds(officer, Right.REVIEW) else ()
        if not posts:
            return
        rows = reviews.lines_waiting(posts, longest=SHOWN)
        tasks = tuple(
            Task(row.title, self._edition_url(row), *_waited(row.submitted_at, row.organ)) for row in rows
        )
        yield Pile("等待审核", self.get_url("review.index_view"), rows[0].total if rows else 0, tasks)

    def _cases(self, officer: Officer) -> Iterable[Pile]:
        if not holds(officer, Right.HANDLE_CASES):
            return
        rows = case_queries.lines_of_inbox(scope_of(officer, (Right.HANDLE_CASES,)), longest=SHOWN)
        for title, state in (
            ("等待受理", ApplicationState.RECEIVED),
            ("正在办理", ApplicationState.ACCEPTED),
        ):
            mine = [row for row in rows if row.state is state]
            tasks = tuple(
                Task(row.item_name, self.get_url("applications.details_view", id=row.id), *_case_note(row))
                for row in mine
            )
            url = self.get_url("applications.index_view", flt_state=state.value)
            yield Pile(title, url, mine[0].total if mine else 0, tasks)

    def _standing(self, officer: Officer) -> Iterable[Pile]:
        if not any(holds(officer, right) for right in LOOKING):
            return
        here = standing_of(scope_of(officer, LOOKING))
        freshness = self.get_url("freshness.index_view")
        due = [state for state in here.channels() if state.is_stale or state.is_near]
        yield Pile(
            "栏目更新", freshness, len(due), tuple(_channel_task(state, freshness) for state in due[:SHOWN])
        )
        if holds(officer, Right.EDIT):
            yield from self._wanting(officer, here)

    def _wanting(self, officer: Officer, here: Standing) -> Iterable[Pile]:
        rows = waiting.wanting_documents(scope_of(officer, (Right.EDIT,)), here.overdue, longest=SHOWN)
        for title, name, view in (
            ("内容不完整", "incomplete", "standing"), ("待确认仍然正确", "unconfirmed", "freshness")
        ):  # fmt: skip
            mine = [row for row in rows if row.pile == name]
            tasks = tuple(
                Task(row.title, self._document_url(row), *_wanting_note(name, row, here.today))
                for row in mine
            )
            yield Pile(title, self.get_url(f"{view}.index_view"), mine[0].total if mine else 0, tasks)

    def _document_url(self, row: Any) -> str:
        return self.get_url(f"{view_of(row.kind)}.document_view", id=row.id)


def _edition_note(pile: str, row: Any) -> tuple[str, str]:
    days = (now() - row.updated_at).days
    match pile:
        case "scheduled":
            return f"定于 {row.publish_at.astimezone(COUNTY_ZONE):%m月%d日 %H:%M}", ""
        case "failed":
            return "请查看原因", "late"
        case "returned":
            return f"退回 {_since(days)}", "late" if days >= WAITED_TOO_LONG else "warn"
        case "approved":
            return _since(days), "warn" if days >= WAITED_LONG else ""
    return _since(days), ""


def _waited(since: datetime | None, organ: str) -> tuple[str, str]:
    days = (now() - since).days if since else 0
    mark = "late" if days >= WAITED_TOO_LONG else "warn" if days >= WAITED_LONG else ""
    return f"{organ}，{f'已等 {days} 天' if days else '今天送审'}", mark


def _case_note(row: Any) -> tuple[str, str]:
    if row.due_on is None:
        return _since((now() - row.applied_at).days), ""
    left = (row.due_on - county_day(now())).days
    if left < 0:
        return f"已超期，{row.due_on:%m月%d日}到期", "late"
    return f"{row.due_on:%m月%d日}到期", "warn" if left <= NEAR else ""


def _channel_task(state: ChannelState, url: str) -> Task:
    organ = state.channel.organ
    who = f"{organ.short_name or organ.name}，" if organ else ""
    if state.last_on is None:
        return Task(state.channel.name, url, f"{who}从未更新", "late")
    if state.is_stale:
        return Task(state.channel.name, url, f"{who}超期 {-state.days_left} 天", "late")
    return Task(state.channel.name, url, f"{who}{state.due_on:%m月%d日}前更新", "warn")


def _wanting_note(pile: str, row: Any, today: date) -> tuple[str, str]:
    if pile == "unconfirmed":
        return f"{(today - row.confirmed_on).days} 天没有确认", "warn"
    return f"{row.score} 分，缺{'、'.join(lacks(row)[:2])}", "late" if row.score < 60 else "warn"


def _since(days: int) -> str:
    return "今天" if days <= 0 else f"{days} 天前"


def _calendar_note(officer: Officer) -> str:
    """A missing year makes provisional due days; the one who can load it is told in time."""
    if not holds(officer, Right.ADMINISTER):
        return ""
    today = county_day(now())
    known = load_calendar().known_years
    year = today.year if today.year not in known else today.year + 1 if today.month >= 11 else None
    return (
        f"{year}年的工作日历还没有导入，跨到该年的办理期限只能暂按周末推算。"
        if year and year not in known
        else ""
    )
