"""Writing an edition: the form, its rows and uploads, preview, saving, and what to do when somebody was faster."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from admin.editions.filters import channel_choices
from admin.editions.keeping import WRITABLE, Merge
from admin.editions.looking import LookingView
from admin.editions.masking import masked, personal_data_typed
from admin.editions.rows import Typed, edit_rows
from admin.editions.uploads import look_into, referred, take_uploads
from admin.forms import OfficeForm, Pick, Rows, add_refusal, faults_of
from admin.officer_view import row_id, scope_of
from admin.signed_in import now
from content import operations, rules
from content.errors import Fault, StaleVersionError
from content.files import StoredFile
from content.models import Attachment, Channel, Document, Edition, EditionState, KeptText
from county.errors import RefusedError
from county.officers import Officer, Right, check_may, may
from county.organs import Organ
from county.regions import the_site
from database import db


class WritingView(LookingView):
    """The pages on which editions are begun and written."""

    form_template = "office/editions/form.html"
    typed_values: Callable[[OfficeForm, Edition | None], dict[str, Any]]  # what the form says, for save_draft

    def form_files(self, form: OfficeForm) -> list[StoredFile]:
        """Every file the form attaches."""
        rows = form["attachments"].filled()
        return [file for row in rows if (file := referred(row["reference"], row["display_name"]))]

    def last_values(self, form: OfficeForm, files: list[Attachment]) -> dict[str, Any]:
        """Values that can only be saved once their files are attachments."""
        return {}

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Begin a document."""
        return self._write(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Write on a draft."""
        edition = self.the_one(request.args.get("id"))
        check_may(self.officer, Right.EDIT, edition.document.organ_id)
        if edition.state not in WRITABLE and request.method == "GET":
            flash(
                f"稿件目前是“{rules.STATE_LABELS[edition.state]}”，不能修改；已发布的请“另起新稿”。", "warn"
            )
            return redirect(self.get_url(".details_view", id=edition.id))
        return self._write(edition)

    def _write(self, edition: Edition | None) -> AnyResponse:
        if request.method == "GET":
            return self._begun(edition)
        typed: Typed = MultiDict(request.form.items(multi=True))
        faults = take_uploads(typed)
        command = typed.get("_rows", "")
        if command:
            typed = edit_rows(
                typed, command, {field.name for field in self.form_class() if isinstance(field, Rows)}
            )
            return self._page(self.prepared(self.form_class(typed), edition), edition, faults=faults)
        if "_mask" in typed:
            typed = masked(typed, edition)
            flash("已按规定遮盖，还没有保存；请看一遍，再点“保存草稿”。", "good")
            return self._page(self.prepared(self.form_class(typed), edition), edition, faults=faults)
        form = self.prepared(self.form_class(typed), edition)
        form.validate()
        faults |= faults_of(form)
        if not faults:
            try:
                return self._saved(form, edition)
            except StaleVersionError as refusal:
                db.session.rollback()
                return self._overtaken(form, edition, refusal)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return self._page(form, edition, faults=faults, status=422)

    def _begun(self, edition: Edition | None) -> AnyResponse:
        kept, others = self.arrived(edition)
        if kept is not None and "kept" in request.args:
            form = self.prepared(self.form_class(self.typed_before(kept)), edition)
            return self._page(form, edition, others=others)
        return self._page(self._opened(edition), edition, kept=kept, others=others)

    def _saved(self, form: OfficeForm, edition: Edition | None) -> AnyResponse:
        saved = self.saved_as(form, edition)
        operations.forget(self.place_of(edition), self.officer, at=now())
        db.session.commit()
        flash("草稿已保存。", "good")
        if "_submit" in request.form:
            try:
                look_into(saved)
                operations.submit(saved, by=self.officer.id, at=now())
                db.session.commit()
                flash("已送审，等待审核员审核。", "good")
            except RefusedError:
                db.session.rollback()
                flash("内容已保存，但还不能送审：请先补齐下面列出的内容。", "warn")
        return redirect(self.get_url(".details_view", id=saved.id))

    def saved_as(self, form: OfficeForm, edition: Edition | None) -> Edition:
        """Write what the form says; the caller commits, or does not."""
        return self._create(form) if edition is None else self._save(form, edition)

    def _create(self, form: OfficeForm) -> Edition:
        organ, channel = self._filing(form, None)
        site = the_site()
        if site is None:
            raise RefusedError("尚未设置网站，请系统管理员先完成初始化。")
        check_may(self.officer, Right.EDIT, organ.id)
        by, at = self.officer.id, now()
        values = self.typed_values(form, None)
        edition = operations.create_document(
            self.kind, organ=organ, channel=channel, site_id=site.id, values=values, by=by, at=at
        )
        files = operations.attach(edition, self.form_files(form), by=by, at=at)
        last = self.last_values(form, files)
        if any(last.values()):
            operations.save_draft(edition, last, by=by, at=at)
        return edition

    def _save(self, form: OfficeForm, edition: Edition) -> Edition:
        by, at = self.officer.id, now()
        version = row_id(form["version"].data)
        if version != edition.version:
            raise StaleVersionError
        values = self.typed_values(form, edition)
        files = operations.attach(edition, self.form_files(form), by=by, at=at)
        values |= self.last_values(form, files)
        operations.save_draft(edition, values, by=by, at=at, version=version)
        if "organ" in form:
            organ, channel = self._filing(form, edition.document)
            operations.file_document(edition.document, organ=organ, channel=channel, by=by, at=at)
        return edition

    def _filing(self, form: OfficeForm, document: Document | None) -> tuple[Organ, Channel | None]:
        """Organ and channel chosen; an officer files only under organs for which he writes."""
        if form["organ"].data is None:
            raise Fault(f"请选择{form['organ'].label.text}。", "organ")
        organ = db.session.get_one(Organ, form["organ"].data)
        if document is None or document.organ_id != organ.id:
            check_may(self.officer, Right.EDIT, organ.id)
        chosen = form["channel"].data if "channel" in form else None
        return organ, db.session.get(Channel, chosen) if chosen else None

    def _opened(self, edition: Edition | None) -> OfficeForm:
        if edition is not None:
            return self.prepared(self.form_class(data=self.shown_values(edition)), edition)
        form = self.prepared(self.form_class(), None)
        form["organ"].propose(self.officer.organ)
        _fill_in(form, request.args)
        return form

    def prepared(self, form: OfficeForm, edition: Edition | None) -> OfficeForm:
        """Offer the organs and channels that may be chosen; what is live is moved by those who publish."""
        document = edition.document if edition else None
        if document and not self._may_file(document):
            for name in ("organ", "channel"):
                if name in form:
                    del form[name]
            return form
        organs = scope_of(self.officer, (Right.EDIT,))
        form["organ"].offer_organs(organs, document and document.organ, in_use=True)
        if "channel" in form:
            rows = [(int(value), label) for value, label in channel_choices()]
            _offer(form["channel"], rows, document and document.channel)
        return form

    def _may_file(self, document: Document) -> bool:
        is_live = any(edition.state is EditionState.PUBLISHED for edition in document.editions)
        return not is_live or may(self.officer, Right.PUBLISH, document.organ_id)

    def _overtaken(
        self, form: OfficeForm, edition: Edition | None, refusal: StaleVersionError
    ) -> AnyResponse:
        if edition is None:
            abort(409)
        merge = self.merged(form, edition)
        return self._page(form, edition, faults={"": [refusal.message]}, merge=merge, status=409)

    def _page(
        self,
        form: OfficeForm,
        edition: Edition | None,
        *,
        faults: Mapping[str, list[str]] | None = None,
        merge: Merge | None = None,
        kept: KeptText | None = None,
        others: Sequence[Officer] = (),
        status: int = 200,
    ) -> AnyResponse:
        for field in form:
            if isinstance(field, Rows) and field.name != "attachments":
                field.offer_blank()
        page = self.render(
            self.form_template,
            form=form,
            edition=edition,
            groups=[
                (heading, [form[name] for name in names if name in form]) for heading, names in self.groups
            ],
            faults=faults or {},
            personal_data=personal_data_typed(form, edition),
            merge=merge,
            kept=kept,
            others=others,
            referred=referred,
        )
        return make_response(page, status)


def _fill_in(form: OfficeForm, given: Mapping[str, str]) -> None:
    """Begin with what a list of missing things says; what is not among the choices is left alone."""
    form["title"].data = given.get("title", "")[:300] or form["title"].data
    for name in ("organ", "channel"):
        if name in form and given.get(name) in {choice.value for choice in form[name].offered}:
            form[name].data = int(given[name]) if given[name] else None


def _offer(field: Any, rows: Any, present: Any) -> None:
    """Offer these records, and the one that is chosen already even where it is no longer in use."""
    assert isinstance(field, Pick)  # noqa: S101 - for the type checker
    rows = [(value, label) for value, label in rows]
    if present is not None and present.id not in {value for value, _label in rows}:
        rows.append((present.id, present.name))
    field.offer(rows)
