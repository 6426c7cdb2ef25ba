"""Lists whose rows are written by a plain form: organs, channels, coding rules."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_admin import expose

from admin.forms import Faults, OfficeForm, add_refusal, faults_of
from admin.officer_view import RecordView
from admin.signed_in import now
from county import ledger
from county.errors import RefusedError
from database import db


class WrittenView(RecordView):
    """A record view with a page to begin a row and one to change it."""

    pages = frozenset({"index_view", "create_view", "edit_view"})
    form_class: type[OfficeForm]
    fixed: tuple[str, ...] = ()  # fields that are given once

    def prepare(self, form: OfficeForm, row: Any | None) -> None:
        """Offer the records that may be chosen."""

    def begin(self, form: OfficeForm) -> Any:
        """A new row of what was typed."""
        return self.model()

    def check(self, form: OfficeForm, row: Any) -> None:
        """Raises: RefusedError when the row cannot be kept like this."""

    def follow(self, row: Any) -> None:
        """Owe what must follow."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Begin a row."""
        return self._write(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Change a row."""
        return self._write(self.the_one(request.args.get("id")))

    def _write(self, row: Any | None) -> Any:
        form = (
            self.form_class(request.form, obj=row) if request.method == "POST" else self.form_class(obj=row)
        )
        self.prepare(form, row)
        for name in self.fixed if row is not None else ():
            del form[name]
        if request.method == "GET":
            return self._page(form, row, {})
        form.validate()
        faults = faults_of(form)
        if not faults:
            try:
                return self._save(form, row)
            except RefusedError as refusal:
                db.session.rollback()
                add_refusal(faults, refusal)
        return make_response(self._page(form, row, faults), 422)

    def _save(self, form: OfficeForm, row: Any | None) -> Any:
        verb = "create" if row is None else "save"
        row = self.begin(form) if row is None else row
        with db.session.no_autoflush:
            for field in form:
                setattr(row, field.name, field.data)
            self.check(form, row)
        db.session.add(row)
        db.session.flush()
        ledger.record(verb, row, by=self.officer.id, at=now(), details={"name": str(row)[:100]})
        self.follow(row)
        db.session.commit()
        flash("已保存。", "good")
        return redirect(self.get_url(".index_view"))

    def _page(self, form: OfficeForm, row: Any | None, faults: Faults) -> str:
        return self.render("office/record_form.html", form=form, row=row, faults=faults)
