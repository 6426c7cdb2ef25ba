"""任务分解单: sheets to organs, their answers, and the review of each answer (B-17, B-18)."""

from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from sqlalchemy.orm import selectinload

from admin.editions.versions import field_change
from admin.exchange.answers import download, uploads
from admin.exchange.forms_view import CHANGES
from admin.forms import Day, Faults, Line, OfficeForm, Paragraphs, Pick, add_refusal, clean_fields, faults_of
from admin.officer_view import OfficerView, holds, row_id, scope_of
from admin.signed_in import now, the_officer
from content import operations, rules
from content.models import StagedImport, TaskSheet, TaskVerdict
from content.rules.tasks import SheetState
from county.calendar import county_day
from county.errors import RefusedError
from county.officers import Right
from county.organs import Organ
from county.regions import the_site
from database import db
from exchange import staging, tasks
from exchange.forms.changes import ChangedSincePreviewError, Scope, newest_of
from exchange.forms.choosing import newest_items
from exchange.forms.files import forms_from, written
from exchange.forms.reading import Form
from installation import settings

BOTH = frozenset({Right.ADMINISTER, Right.EDIT})
EDIT, ADMINISTER = frozenset({Right.EDIT}), frozenset({Right.ADMINISTER})
MOST_SHEETS = 200
TONES = {SheetState.SENT: "", SheetState.RETURNED: "wait", SheetState.DONE: "good"}


class SheetForm(OfficeForm):
    """任务分解单."""

    title = Line("任务单名称", required=True, hint="例如：2026年第四季度事项核对。")
    organ = Pick("承办单位", blank="请选择")
    due_on = Day("完成期限")
    items = Pick("事项范围", hint="有缺项的：发布前检查还有未填内容的事项。")
    note = Paragraphs("要求", rows=3, longest=2000, hint="会印在任务单上。")


class TasksView(OfficerView):
    """Sheets of the organs an officer administers or edits for."""

    rights = BOTH
    rights_by_page = {
        "create_view": ADMINISTER, "judge_view": ADMINISTER, "upload_view": EDIT, "preview_view": EDIT, "apply_view": EDIT,
    }  # fmt: skip
    title = "任务分解单"

    def __init__(self) -> None:
        super().__init__(name="任务分解单", endpoint="tasks", url="tasks", category="导入导出")

    @expose("/")
    def index_view(self) -> Any:
        """The sheets, the latest first, and where each stands."""
        query = db.select(TaskSheet).options(selectinload(TaskSheet.rows)).order_by(TaskSheet.id.desc())
        organs = scope_of(the_officer(), BOTH)
        if organs is not None:
            query = query.where(TaskSheet.organ_id.in_(organs))
        return self.render(
            "office/exchange/tasks.html",
            sheets=db.session.scalars(query.limit(MOST_SHEETS)).all(),
            may_issue=holds(the_officer(), Right.ADMINISTER),
            **_words(),
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Issue a sheet."""
        form = SheetForm(request.form)
        organs = scope_of(the_officer(), ADMINISTER)
        query = db.select(Organ).where(Organ.is_active).order_by(Organ.code)
        found = db.session.scalars(query if organs is None else query.where(Organ.id.in_(organs)))
        form["organ"].offer((organ.id, organ.name) for organ in found)
        form["items"].offer([(0, "全部事项"), (1, "有缺项的事项")])
        if request.method == "GET":
            form["items"].data = 0
            return self._form(form, {})
        form.validate()
        faults = faults_of(form)
        if form["due_on"].data is None and "due_on" not in faults:
            faults["due_on"] = ["请填写完成期限。"]
        if form["organ"].data is None:
            faults.setdefault("organ", []).append("请选择承办单位。")
        if not faults:
            try:
                return self._issue(form)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return make_response(self._form(form, faults), 422)

    @expose("/details/")
    def details_view(self) -> Any:
        """A sheet with its items, answers and verdicts."""
        return self._page(_sheet_within(BOTH))

    @expose("/file/")
    def file_view(self) -> Any:
        """The sheet as an Excel file, with the items still to be answered."""
        sheet = _sheet_within(BOTH)
        site = the_site() or abort(404)
        return download(*written(tasks.sheet_paper(sheet, site.region.code), "xlsx", at=now()))

    @expose("/upload/", methods=("POST",))
    def upload_view(self) -> Any:
        """Read a returned sheet and keep it for the preview."""
        sheet = _sheet_within(EDIT)
        try:
            [(name, stream)] = list(uploads("file"))
            forms = forms_from(
                stream, name, settings().upload_folder, max_bytes=settings().upload_max_mb * 1024 * 1024, also=tasks.ALSO
            )  # fmt: skip
        except (RefusedError, ValueError) as refusal:
            words = refusal.message if isinstance(refusal, RefusedError) else "一次只上传一个文件。"
            return make_response(self._page(sheet, {"file": [words]}), 422)
        data = {"sheet": sheet.id, "forms": [form.as_data() for form in forms]}
        staged = staging.stage("sheet", name, data, sheet.organ, by=the_officer().id, at=now())
        db.session.commit()
        return redirect(self.get_url(".preview_view", id=staged.id))

    @expose("/preview/")
    def preview_view(self) -> Any:
        """What a returned sheet says, and what it would change."""
        staged, sheet = _returned()
        if staged.applied_at is not None:
            return redirect(self.get_url(".details_view", id=sheet.id))
        return self._preview(staged, sheet)

    @expose("/apply/", methods=("POST",))
    def apply_view(self) -> Any:
        """Take the answers, and write the changes as drafts."""
        staged, sheet = _returned()
        by, seen = the_officer().id, request.form.get("seen", "")
        try:
            outcome = tasks.apply_answers(staged, sheet, _forms(staged), _scope(sheet), seen, by=by)
        except ChangedSincePreviewError as refusal:
            db.session.rollback()
            return make_response(self._preview(staged, sheet, refusal.message), 409)
        except staging.AppliedAlreadyError as refusal:
            db.session.rollback()
            flash(refusal.message, "warn")
            return redirect(self.get_url(".details_view", id=sheet.id))
        db.session.commit()
        flash(f"已反馈 {outcome.answered} 项，其中 {outcome.changed} 项的改动存为草稿，请另行送审。", "good")
        return redirect(self.get_url(".details_view", id=sheet.id))

    @expose("/judge/", methods=("POST",))
    def judge_view(self) -> Any:
        """Accept the answer to one item, or send it back."""
        sheet = _sheet_within(ADMINISTER)
        fields = clean_fields(request.form)
        row = next((row for row in sheet.rows if str(row.id) == fields.get("row")), None)
        if row is None:
            flash("请从页面上的按钮操作。", "warn")
            return redirect(self.get_url(".details_view", id=sheet.id))
        accepted = fields.get("verdict") == "accept"
        verdict = TaskVerdict.ACCEPTED if accepted else TaskVerdict.RETURNED
        try:
            operations.judge_row(row, verdict, fields.get("note", ""), by=the_officer().id, at=now())
        except RefusedError as refusal:
            db.session.rollback()
            return make_response(self._page(sheet, {f"note-{row.id}": [refusal.message]}, fields), 422)
        db.session.commit()
        flash(f"第{row.position}项已{verdict.value}。", "good")
        return redirect(self.get_url(".details_view", id=sheet.id))

    def _form(self, form: OfficeForm, faults: Faults) -> str:
        return self.render("office/exchange/task_form.html", form=form, faults=faults)

    def _issue(self, form: OfficeForm) -> Any:
        organ = db.session.get_one(Organ, form["organ"].data)
        items = [
            edition.document
            for edition in newest_items([organ.id])
            if not form["items"].data or rules.faults_before_publication(edition)
        ]
        sheet = operations.issue_sheet(
            form["title"].data, organ, items, due_on=form["due_on"].data, note=form["note"].data,
            today=county_day(now()), by=the_officer().id, at=now(),
        )  # fmt: skip
        db.session.commit()
        flash(f"任务单已下达，共 {len(sheet.rows)} 项。请下载后发给承办单位，或请其在本页下载。", "good")
        return redirect(self.get_url(".details_view", id=sheet.id))

    def _page(
        self, sheet: TaskSheet, faults: Faults | None = None, typed: dict[str, str] | None = None
    ) -> str:
        return self.render(
            "office/exchange/task.html",
            sheet=sheet,
            editions={row.id: newest_of(row.document) for row in sheet.rows},
            may_answer=_is_within(sheet, EDIT),
            may_judge=_is_within(sheet, ADMINISTER),
            sees_items=_is_within(sheet, frozenset({Right.EDIT, Right.REVIEW, Right.PUBLISH})),
            waiting=[row for row in sheet.rows if row.answer and row.verdict is None],
            faults=faults or {},
            typed=typed or {},
            **_words(),
        )

    def _preview(self, staged: StagedImport, sheet: TaskSheet, fault: str = "") -> str:
        answers = tasks.read_answers(sheet, _forms(staged), _scope(sheet))
        db.session.rollback()  # what was tried out
        shown = [
            (
                found,
                [
                    field_change(f"{place}-{each.name}", each.label, each.old, each.new)
                    for each in found.change.fields
                ],
            )
            for place, found in enumerate(answers)
            if found.answer or found.change.change == "refused"
        ]
        return self.render(
            "office/exchange/task_preview.html",
            staged=staged,
            sheet=sheet,
            shown=shown,
            answered=sum(found.answer is not None and found.change.change != "refused" for found in answers),
            refused=sum(found.change.change == "refused" for found in answers),
            total=len(answers),
            seen=tasks.answers_mark(answers),
            words=CHANGES,
            fault=fault,
        )


def _words() -> dict[str, Any]:
    today = county_day(now())
    return {
        "state_of": rules.sheet_state,
        "tones": TONES,
        "is_overdue": lambda sheet: rules.is_overdue(sheet, today),
        "is_open": rules.is_open,
        "answered_in": lambda sheet: sum(row.answer is not None for row in sheet.rows),
        "accepted_in": lambda sheet: sum(row.verdict is TaskVerdict.ACCEPTED for row in sheet.rows),
    }


def _is_within(sheet: TaskSheet, rights: frozenset[Right]) -> bool:
    organs = scope_of(the_officer(), rights)
    return organs is None or sheet.organ_id in organs


def _sheet_within(rights: frozenset[Right]) -> TaskSheet:
    sheet = db.session.get(TaskSheet, row_id(request.args.get("id")))
    if sheet is None or not _is_within(sheet, rights):
        abort(404)
    return sheet


def _returned() -> tuple[StagedImport, TaskSheet]:
    """A returned sheet of the officer's organs, and what it answers; or a 404."""
    staged = db.session.get(StagedImport, row_id(request.args.get("id")))
    organs = scope_of(the_officer(), EDIT)
    if staged is None or staged.kind != "sheet" or (organs is not None and staged.organ_id not in organs):
        abort(404)
    number = staged.data["sheet"] if staged.applied_at is None else staged.outcome["sheet"]
    return staged, db.session.get(TaskSheet, number) or abort(404)


def _forms(staged: StagedImport) -> list[Form]:
    return [Form.from_data(data) for data in (staged.data or {}).get("forms", [])]


def _scope(sheet: TaskSheet) -> Scope:
    officer = the_officer()
    organs = scope_of(officer, EDIT)
    site = the_site() or abort(404)
    return Scope(site, officer.id, now(), None if organs is None else frozenset(organs), sheet.organ)
