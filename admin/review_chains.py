"""审核流程: the steps a text takes before it may be published, by kind and channel, kept by administrators."""

from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from admin.editions.filters import channel_choices, organ_choices
from admin.editions.rows import edit_rows
from admin.forms import Faults, Line, OfficeForm, Pick, Rows, add_refusal, faults_of
from admin.officer_view import OfficerView, row_id
from admin.signed_in import now, the_officer
from admin.words import ROLE_LABELS
from content import operations, reviews, rules
from content.models import ChainStep, Channel, DocumentKind, ReviewChain, StepKind
from county.errors import RefusedError
from county.officers import REVIEWING, Right, Role
from database import db

KIND_LABELS = {DocumentKind.DISCLOSURE: "政府信息公开", DocumentKind.SERVICE: "政务服务事项"}
OVERTAKEN = "打开页面之后，这一流程已被他人修改。您填写的内容仍在页面上，请打开流程核对最新内容后再改。"
REVIEWER_ROLES = {role.value: role for role in REVIEWING}


class StepForm(OfficeForm):
    """环节."""

    name = Line("环节名称", longest=60)
    kind = Pick("办理方式", members=StepKind, labels=rules.STEP_KIND_LABELS.__getitem__)
    role = Pick("由谁办理", members=Role, labels=ROLE_LABELS.__getitem__)
    organ_id = Pick("办理机构", blank="稿件所属单位")


class ChainForm(OfficeForm):
    """审核流程."""

    kind = Pick("适用类别", members=DocumentKind, labels=KIND_LABELS.__getitem__)
    channel = Pick("适用栏目", blank="该类全部", hint="也适用于该栏目之下没有单独设置的栏目。")
    steps = Rows(
        "环节",
        StepForm,
        add_label="再加一个环节",
        hint="按先后排列，例如：部门负责人、法制机构、信息公开工作机构、市级确认；最后一个环节办完后稿件等待发布。",
    )


class ReviewChainsView(OfficerView):
    """The chains of review: a list, a form for each, and taking one back."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True
    title = "审核流程"

    def __init__(self) -> None:
        super().__init__(name="审核流程", endpoint="review-chains", url="review-chains", category="管理")

    @expose("/")
    def index_view(self) -> Any:
        """Every chain, and what holds where none is set."""
        chains = reviews.every_chain()
        whole = {chain.kind for chain in chains if chain.channel_id is None}
        return self.render(
            "office/review_chains/list.html",
            chains=chains,
            kind_labels=KIND_LABELS,
            without=[label for kind, label in KIND_LABELS.items() if kind not in whole],
            step_kind_labels=rules.STEP_KIND_LABELS,
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Begin the chain of a kind or channel."""
        return self._write(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Change the steps of a chain."""
        return self._write(self._the_one())

    @expose("/remove/", methods=("POST",))
    def remove_view(self) -> Any:
        """Take a chain back."""
        operations.remove_chain(self._the_one(), by=the_officer().id, at=now())
        db.session.commit()
        flash("已取消。已经送审的稿件仍按送审时的流程办理。", "good")
        return redirect(self.get_url(".index_view"))

    def _the_one(self) -> ReviewChain:
        return db.session.get(ReviewChain, row_id(request.args.get("id"))) or abort(404)

    def _write(self, chain: ReviewChain | None) -> AnyResponse:
        if request.method == "GET":
            return self._page(_prepared(ChainForm(data=_shown(chain)), chain), chain, {})
        typed = MultiDict(request.form.items(multi=True))
        if command := typed.get("_rows", ""):
            typed = edit_rows(typed, command, {"steps"})
            return self._page(_prepared(ChainForm(typed), chain), chain, {})
        form = _prepared(ChainForm(typed), chain)
        form.validate()
        faults = faults_of(form)
        if not faults:
            try:
                return self._save(form, chain)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return self._page(form, chain, faults, status=422)

    def _save(self, form: ChainForm, chain: ReviewChain | None) -> AnyResponse:
        if chain is not None and request.form.get("seen") != chain.updated_at.isoformat():
            raise RefusedError(OVERTAKEN)
        kind = chain.kind if chain else form["kind"].data
        chosen = form["channel"].data if "channel" in form else None
        channel = chain.channel if chain else db.session.get(Channel, chosen) if chosen else None
        steps = [ChainStep(**row) for row in form["steps"].filled()]
        operations.set_chain(chain, kind, channel, steps, by=the_officer().id, at=now())
        db.session.commit()
        flash("审核流程已保存，从下一次送审起执行。", "good")
        return redirect(self.get_url(".index_view"))

    def _page(
        self, form: ChainForm, chain: ReviewChain | None, faults: Faults, status: int = 200
    ) -> AnyResponse:
        form["steps"].offer_blank()
        _offer(form)
        page = self.render(
            "office/review_chains/form.html", form=form, chain=chain, faults=faults, kind_labels=KIND_LABELS
        )
        return make_response(page, status)


def _prepared(form: ChainForm, chain: ReviewChain | None) -> ChainForm:
    if chain is not None:
        del form["kind"], form["channel"]
    else:
        form["channel"].offer((int(value), label) for value, label in channel_choices())
    _offer(form)
    return form


def _offer(form: ChainForm) -> None:
    """Offer to every row the roles that review and the organs; one chosen before stays on offer."""
    organs = [(int(value), label) for value, label in organ_choices()]
    for entry in form["steps"].entries:
        entry.form["role"].choices = [
            choice for choice in entry.form["role"].offered if choice.value in REVIEWER_ROLES
        ]
        entry.form["organ_id"].offer(organs)


def _shown(chain: ReviewChain | None) -> dict[str, Any]:
    steps = chain.steps if chain else []
    return {
        "steps": [
            {"name": step.name, "kind": step.kind, "role": step.role, "organ_id": step.organ_id}
            for step in steps
        ]
    }
