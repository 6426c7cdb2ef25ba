"""申请办理: the clerk's desk. Every act is a call into cases.operations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin.forms import Faults, add_refusal, clean_fields
from admin.officer_view import Choice, RecordView, scope_of
from admin.signed_in import commit_and_keep, now
from cases import operations, queries, rules
from cases.models import Application, ApplicationState, Case, CaseOutcome
from content.queries import live_item
from county.calendar import load_calendar
from county.errors import RefusedError
from county.officers import Right
from database import db
from installation import keyring


@dataclass(frozen=True)
class CaseAct:
    """An act on an application as the clerk's desk offers it."""

    label: str
    done: str
    state: ApplicationState
    perform: Callable[[Application, Mapping[str, str], int], Any]


def _accept(application: Application, _fields: Mapping[str, str], by: int) -> None:
    operations.accept(application, by=by, at=now(), calendar=load_calendar())


def _refuse(application: Application, fields: Mapping[str, str], by: int) -> None:
    operations.refuse(application, fields.get("reason", ""), by=by, at=now())


def _record_opinion(application: Application, fields: Mapping[str, str], by: int) -> None:
    operations.record_opinion(_case(application), fields.get("opinion", ""), by=by, at=now())


def _decide(application: Application, fields: Mapping[str, str], by: int) -> None:
    outcomes = {outcome.value: outcome for outcome in CaseOutcome}
    outcome = outcomes.get(fields.get("outcome", ""))
    if outcome is None:
        raise RefusedError("请选择办理结果。", "outcome")
    operations.decide(_case(application), outcome, fields.get("result", ""), by=by, at=now())


def _case(application: Application) -> Case:
    if application.case is None:
        raise RefusedError("该申请尚未受理，请先受理。")
    return application.case


ACTS = {
    "accept": CaseAct("受理", "已受理，办件编号已生成。", ApplicationState.RECEIVED, _accept),
    "refuse": CaseAct("不予受理", "已作出不予受理的决定。", ApplicationState.RECEIVED, _refuse),
    "record_opinion": CaseAct("记录意见", "处理意见已记录。", ApplicationState.ACCEPTED, _record_opinion),
    "decide": CaseAct("办结", "已办结，申请人现在可以查到结果。", ApplicationState.ACCEPTED, _decide),
}


class ApplicationsView(RecordView):
    """Applications to the clerk's organs; personal data is unsealed on the page of one application only."""

    rights = frozenset({Right.HANDLE_CASES})
    pages = frozenset({"index_view", "details_view", "act_view"})
    title = "申请办理"
    intro = "群众在网上提交的申请。列表不显示申请人信息；打开一件申请会显示申请人信息，并记入操作记录。"
    search_hint = "申请编号、办件编号或事项名称"
    list_template = "office/applications/list.html"
    column_list = ("number", "item_name", "applied_at")
    column_labels = {"number": "申请编号", "item_name": "事项", "applied_at": "申请时间"}
    column_sortable_list = ("applied_at",)
    column_default_sort = ("applied_at", True)
    search_columns = (Application.number, Application.item_name, Case.number)

    def __init__(self) -> None:
        super().__init__(Application, name="申请办理", endpoint="applications", category="办件")

    def scope(self, query: Any) -> Any:
        organs = scope_of(self.officer, self.rights)
        query = query.outerjoin(Case, Case.application_id == Application.id)
        return query if organs is None else query.filter(Application.organ_id.in_(organs))

    def loaded(self, query: Any) -> Any:
        return query.options(joinedload(Application.case), joinedload(Application.organ))

    def get_one(self, id: Any) -> Any:
        text = str(id)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            return None
        query = self.scope(db.session.query(Application)).filter(Application.id == int(text))
        case = contains_eager(Application.case)
        return query.options(case, joinedload(Application.organ), selectinload(Application.events)).first()

    def get_filters(self) -> Any:
        return [
            Choice(
                "state",
                "状态",
                lambda: [(state.value, rules.STATE_LABELS[state]) for state in ApplicationState],
                lambda query, value: query.filter(Application.state == ApplicationState(value)),
            )
        ]

    @expose("/details/")
    def details_view(self) -> Any:
        """One application with its applicant: reading it is an act on record."""
        return self._page(self.the_one(request.args.get("id")))

    @expose("/act/<verb>/", methods=("POST",))
    def act_view(self, verb: str) -> Any:
        """Do one act to one application."""
        act = ACTS.get(verb) or abort(404)
        application = self.the_one(request.args.get("id"))
        try:
            act.perform(application, clean_fields(request.form), self.officer.id)
            db.session.commit()
        except RefusedError as refusal:
            db.session.rollback()
            return self._page(application, verb=verb, refusal=refusal), 422
        flash(act.done, "good")
        return redirect(self.get_url(".details_view", id=application.id))

    def _page(self, application: Application, *, verb: str = "", refusal: RefusedError | None = None) -> str:
        read = queries.case_for_clerk(application, officer=self.officer, keyring=keyring(), at=now())
        commit_and_keep()
        faults: Faults = {}
        if refusal:
            add_refusal(faults, refusal)
        return self.render(
            "office/applications/page.html",
            read=read,
            application=application,
            case=application.case,
            acts={name: act for name, act in ACTS.items() if act.state is application.state},
            outcomes=[outcome.value for outcome in CaseOutcome],
            state_labels=rules.STATE_LABELS,
            event_labels=queries.EVENT_LABELS,
            refused_verb=verb,
            faults=faults,
            typed=request.form if refusal else {},
            guide=live_item(application.item_code),
        )
