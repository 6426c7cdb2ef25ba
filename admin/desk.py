"""工作台: what waits for the officer who has just come in."""

from dataclasses import dataclass
from typing import Any

from flask_admin import expose

from admin.officer_view import OfficerView, holds, scope_of
from admin.signed_in import now, the_officer
from cases import queries as case_queries
from cases.models import Application, ApplicationState
from content import queries
from content.models import DocumentKind, EditionState
from county.calendar import county_day, load_calendar
from county.officers import Officer, Right

SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One thing that waits."""

    title: str
    url: str
    note: str
    mark: str = ""  # warn, late


@dataclass(frozen=True)
class Pile:
    """Things of one sort that wait, the most pressing first."""

    title: str
    count: int
    tasks: list[Task]
    url: str
    empty: str


class DeskView(OfficerView):
    """Open to everybody who works here, whatever the role; each sees only piles of his own."""

    rights = frozenset(Right)

    def __init__(self) -> None:
        super().__init__(name="工作台", endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> Any:
        """The desk."""
        officer = the_officer()
        piles = [*self._editing(officer), *self._reviewing(officer), *self._cases(officer)]
        return self.render(
            "office/desk.html",
            piles=piles,
            today=county_day(now()),
            may_edit=holds(officer, Right.EDIT),
            calendar_note=_calendar_note(officer),
        )

    def _editing(self, officer: Officer) -> list[Pile]:
        if not holds(officer, Right.EDIT):
            return []
        organs = scope_of(officer, (Right.EDIT,))
        return [
            self._pile("退回修改", EditionState.RETURNED, organs, "没有退回的稿件。", mark="warn"),
            self._pile("草稿", EditionState.DRAFT, organs, "没有未完成的草稿。"),
        ]

    def _reviewing(self, officer: Officer) -> list[Pile]:
        piles = []
        if holds(officer, Right.REVIEW):
            organs = scope_of(officer, (Right.REVIEW,))
            piles.append(
                self._pile(
                    "等待审核", EditionState.SUBMITTED, organs, "没有等待审核的稿件。", "review.index_view"
                )
            )
        if holds(officer, Right.PUBLISH):
            organs = scope_of(officer, (Right.PUBLISH,))
            piles.append(
                self._pile(
                    "等待发布", EditionState.APPROVED, organs, "没有等待发布的稿件。", "publish.index_view"
                )
            )
        return piles

    def _pile(
        self,
        title: str,
        state: EditionState,
        organs: set[int] | None,
        empty: str,
        endpoint: str = "",
        mark: str = "",
    ) -> Pile:
        editions = queries.editions_in((state,), organs, longest=SHOWN)
        tasks = [
            Task(
                edition.title,
                self.get_url(f"{_endpoint(edition.kind)}.details_view", id=edition.id),
                _since((now() - edition.updated_at).days),
                mark,
            )
            for edition in editions
        ]
        url = (
            self.get_url(endpoint)
            if endpoint
            else self.get_url("disclosures.index_view", flt_state=state.value)
        )
        return Pile(title, queries.count_editions_in((state,), organs), tasks, url, empty)

    def _cases(self, officer: Officer) -> list[Pile]:
        if not holds(officer, Right.HANDLE_CASES):
            return []
        organs = scope_of(officer, (Right.HANDLE_CASES,))
        piles = []
        for title, state, empty in (
            ("等待受理", ApplicationState.RECEIVED, "没有等待受理的申请。"),
            ("正在办理", ApplicationState.ACCEPTED, "没有正在办理的申请。"),
        ):
            found = case_queries.inbox(organs, state, longest=SHOWN)
            tasks = [self._case_task(application) for application in found]
            piles.append(
                Pile(
                    title,
                    case_queries.count_inbox(organs, state),
                    tasks,
                    self.get_url("applications.index_view", flt_state=state.value),
                    empty,
                )
            )
        return piles

    def _case_task(self, application: Application) -> Task:
        url = self.get_url("applications.details_view", id=application.id)
        due = application.case.due_on if application.case else None
        if due is None:
            return Task(application.item_name, url, _since((now() - application.applied_at).days))
        left = (due - county_day(now())).days
        mark = "late" if left < 0 else "warn" if left <= 2 else ""
        return Task(application.item_name, url, f"{'已超期，' if left < 0 else ''}{due:%m月%d日}到期", mark)


def _endpoint(kind: DocumentKind) -> str:
    return "services" if kind is DocumentKind.SERVICE else "disclosures"


def _since(days: int) -> str:
    return "今天" if days <= 0 else f"{days}天前"


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
