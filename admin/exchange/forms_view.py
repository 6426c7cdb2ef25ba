"""附录表式: the forms of appendix 1 as files of Word and Excel, out and in (B-21 … B-24, B-30)."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose
from sqlalchemy.orm import selectinload

from admin.editions.listing import EDITORIAL
from admin.editions.versions import FieldChange, field_change
from admin.exchange.answers import download, uploads
from admin.officer_view import OfficerView, holds, row_id, scope_of
from admin.signed_in import now, the_officer
from content.models import Document, ServiceEdition, StagedImport
from county.errors import RefusedError
from county.officers import Right
from county.organs import Organ
from county.regions import Site, the_site
from database import db
from exchange import staging
from exchange.errors import UnreadableFileError
from exchange.forms.changes import ChangedSincePreviewError, ItemChange, Scope, mark_of, preview
from exchange.forms.choosing import newest_items
from exchange.forms.files import FORMATS, MOST_FORMS, archive, forms_from, item_file
from installation import settings

EDIT = frozenset({Right.EDIT})
CHANGES = {
    "added": ("新增", "good"),
    "changed": ("有改动", "wait"),
    "unchanged": ("没有变化", "off"),
    "refused": ("不能导入", "warn"),
}


class FormsView(OfficerView):
    """Forms of the organs of which the officer may see items; only editors bring them in."""

    rights = EDITORIAL
    rights_by_page = {"upload_view": EDIT, "preview_view": EDIT, "apply_view": EDIT}
    title = "附录表式"

    def __init__(self) -> None:
        super().__init__(name="附录表式", endpoint="forms", url="forms", category="导入导出")

    @expose("/")
    def index_view(self) -> Any:
        """Where forms are fetched and brought in."""
        return self._index()

    @expose("/item/")
    def item_view(self) -> Any:
        """The form of one edition as a file."""
        query = (
            db.select(ServiceEdition)
            .join(Document, Document.id == ServiceEdition.document_id)
            .where(ServiceEdition.id == row_id(request.args.get("id")))
            .options(selectinload(ServiceEdition.document))
        )
        organs = scope_of(the_officer(), EDITORIAL)
        if organs is not None:
            query = query.where(Document.organ_id.in_(organs))
        edition = db.session.scalar(query) or abort(404)
        return download(*item_file(edition, _format(), _site().region.code, at=now()))

    @expose("/organ/")
    def organ_view(self) -> Any:
        """The catalogue of an organ and the forms of all its items, in an archive."""
        organ = _organ_within(scope_of(the_officer(), EDITORIAL), request.args.get("id"))
        editions = newest_items([organ.id])
        return download(*archive(organ.name, editions, _format(), _site().region.code, at=now()))

    @expose("/upload/", methods=("POST",))
    def upload_view(self) -> Any:
        """Read forms and keep them for the preview."""
        officer = the_officer()
        organ = _organ_within(scope_of(officer, EDIT), request.form.get("organ"))
        try:
            forms, names = [], []
            for name, stream in uploads():
                names.append(name)
                forms += forms_from(
                    stream, name, settings().upload_folder, max_bytes=settings().upload_max_mb * 1024 * 1024
                )
            if len(forms) > MOST_FORMS:
                raise UnreadableFileError(f"一次最多导入{MOST_FORMS}个事项，请分几次导入。")
        except RefusedError as refusal:
            return make_response(self._index(refusal.message), 422)
        staged = staging.stage_forms("、".join(names), forms, organ, by=officer.id, at=now())
        db.session.commit()
        return redirect(self.get_url(".preview_view", id=staged.id))

    @expose("/preview/")
    def preview_view(self) -> Any:
        """What would change, or what became of it."""
        return self._preview(_staged_within(request.args.get("id")))

    @expose("/apply/", methods=("POST",))
    def apply_view(self) -> Any:
        """Write what the preview showed."""
        staged = _staged_within(request.args.get("id"))
        try:
            changes = staging.apply_forms(staged, _scope(staged), request.form.get("seen", ""))
        except ChangedSincePreviewError as refusal:
            db.session.rollback()
            return make_response(self._preview(staged, refusal.message), 409)
        except staging.AppliedAlreadyError as refusal:
            db.session.rollback()
            flash(refusal.message, "warn")
            return redirect(self.get_url(".preview_view", id=staged.id))
        db.session.commit()
        counts = staging.counts_of(changes)
        flash(
            f"已导入：新增 {counts['added']} 个，改动 {counts['changed']} 个，都存为草稿，送审后才会公开。",
            "good",
        )
        return redirect(self.get_url(".preview_view", id=staged.id))

    def _index(self, fault: str = "") -> str:
        officer = the_officer()
        return self.render(
            "office/exchange/forms.html",
            organs=_organs(scope_of(officer, EDITORIAL)),
            own=_organs(scope_of(officer, EDIT)) if holds(officer, Right.EDIT) else [],
            home=officer.organ_id,
            latest=staging.latest("forms", scope_of(officer, EDIT)) if holds(officer, Right.EDIT) else [],
            fault=fault,
            most=MOST_FORMS,
        )

    def _preview(self, staged: StagedImport, fault: str = "") -> str:
        if staged.applied_at is not None:
            return self.render("office/exchange/forms_done.html", staged=staged, words=CHANGES)
        changes = preview(staging.forms_of(staged), _scope(staged))
        db.session.rollback()  # what was tried out
        return self.render(
            "office/exchange/forms_preview.html",
            staged=staged,
            changes=changes,
            counts=staging.counts_of(changes),
            seen=mark_of(changes),
            shown=list(_shown(changes)),
            words=CHANGES,
            fault=fault,
        )


def _shown(changes: Sequence[ItemChange]) -> Iterator[tuple[ItemChange, list[FieldChange]]]:
    """What is to be looked at: each item with its fields, word by word."""
    for place, change in enumerate(changes):
        if change.change != "unchanged":
            yield (
                change,
                [
                    field_change(f"{place}-{each.name}", each.label, each.old, each.new)
                    for each in change.fields
                ],
            )


def _format() -> str:
    chosen = request.args.get("format", FORMATS[0])
    return chosen if chosen in FORMATS else abort(404)


def _site() -> Site:
    return the_site() or abort(404)


def _scope(staged: StagedImport) -> Scope:
    officer = the_officer()
    organs = scope_of(officer, EDIT)
    return Scope(_site(), officer.id, now(), None if organs is None else frozenset(organs), staged.organ)


def _staged_within(text: str | None) -> StagedImport:
    """An import of the officer's organs, or a 404."""
    staged = db.session.get(StagedImport, row_id(text))
    organs = scope_of(the_officer(), EDIT)
    if staged is None or staged.kind != "forms" or (organs is not None and staged.organ_id not in organs):
        abort(404)
    return staged


def _organ_within(organs: set[int] | None, text: str | None) -> Organ:
    organ = db.session.get(Organ, row_id(text))
    if organ is None or (organs is not None and organ.id not in organs):
        abort(404)
    return organ


def _organs(organs: set[int] | None) -> list[Organ]:
    query = db.select(Organ).where(Organ.is_active).order_by(Organ.code)
    return list(db.session.scalars(query if organs is None else query.where(Organ.id.in_(organs))))
