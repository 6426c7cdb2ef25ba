"""字段对照: how columns of other people's files become our fields; tried with a preview, then taken in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin import expose

from admin.exchange.answers import uploads
from admin.forms import Faults, Line, OfficeForm, Pick, add_refusal, clean_text, faults_of
from admin.officer_view import OfficerView, row_id
from admin.signed_in import now, the_officer
from content.models import FieldMapping, StagedImport
from county import ledger
from county.errors import RefusedError
from county.officers import Right
from county.organs import Organ
from database import db
from exchange import ImportOptions, staging
from exchange.forms.changes import ChangedSincePreviewError
from exchange.mapped_rows import MOST_ROWS, as_data, rows_of, take_in, try_out
from exchange.mapping import (
    ORDERS,
    TARGETS,
    MappingError,
    check,
    columns_of,
    offered,
    values_in,
    words_for,
    words_of,
)
from installation import settings

KINDS = {
    "services": "政务服务事项", "disclosures": "信息公开", "duties": "公开事项目录", "questions": "咨询答复", "organs": "机构",
    "channels": "栏目", "regions": "行政区划",
}  # fmt: skip
MOST_CONSTANTS = 8


class NewMapping(OfficeForm):
    """A mapping of the columns of a sample file."""

    name = Line("对照名称", longest=100, required=True, hint="例如：某省事项目录。")
    kind = Pick("导入为")


class MappingsView(OfficerView):
    """Mappings, for the whole installation: what they bring in may belong to any organ."""

    rights = frozenset({Right.ADMINISTER})
    everywhere = True
    title = "字段对照"

    def __init__(self) -> None:
        super().__init__(name="字段对照", endpoint="mappings", url="mappings", category="导入导出")

    @expose("/")
    def index_view(self) -> Any:
        """The mappings, and where a new one is begun."""
        return self._index(self._new(), {})

    @expose("/new/", methods=("POST",))
    def create_view(self) -> Any:
        """Begin a mapping from the columns of a file."""
        form = self._new()
        form.validate()
        faults = faults_of(form)
        kind = list(TARGETS)[(form["kind"].data or 1) - 1]
        if not faults and _named(form["name"].data):
            faults["name"] = ["已有同名的对照，请换一个名称。"]
        columns: list[dict[str, Any]] = []
        try:
            if not faults:
                columns = columns_of(_uploaded()[1], kind)
        except RefusedError as refusal:
            add_refusal(faults, refusal)
        if faults:
            return make_response(self._index(form, faults), 422)
        mapping = FieldMapping(
            name=form["name"].data, kind=kind, columns=columns, constants={}, dates="", updated_at=now()
        )
        db.session.add(mapping)
        db.session.flush()
        ledger.record("create", mapping, by=the_officer().id, at=now(), details={"name": mapping.name})
        db.session.commit()
        return redirect(self.get_url(".edit_view", id=mapping.id))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Say which column is which of our fields."""
        mapping = _mapping(request.args.get("id"))
        if request.method == "GET":
            return self._page(mapping)
        try:
            _write(mapping)
            check(mapping)
        except RefusedError as refusal:
            page = self._page(mapping, {refusal.field or "": [refusal.message]})
            db.session.rollback()
            return make_response(page, 422)
        mapping.updated_at = now()
        ledger.record("save", mapping, by=the_officer().id, at=now(), details={"name": mapping.name})
        db.session.commit()
        flash("已保存。可以在下面选一个文件试一试。", "good")
        return redirect(self.get_url(".edit_view", id=mapping.id))

    @expose("/try/", methods=("POST",))
    def try_view(self) -> Any:
        """Read a file and keep it for the preview."""
        mapping = _mapping(request.args.get("id"))
        try:
            check(mapping)
            organ = db.session.get(Organ, row_id(request.form.get("organ")))
            if organ is None:
                raise RefusedError("请选择机构。", "organ")
            name, rows = _uploaded()
        except RefusedError as refusal:
            return make_response(self._page(mapping, {refusal.field or "file": [refusal.message]}), 422)
        staged = staging.stage("rows", name, as_data(rows), organ, by=the_officer().id, at=now())
        db.session.commit()
        missing = "1" if request.form.get("create_missing") else None
        return redirect(self.get_url(".preview_view", id=mapping.id, staged=staged.id, missing=missing))

    @expose("/preview/")
    def preview_view(self) -> Any:
        """What the file would bring in."""
        mapping = _mapping(request.args.get("id"))
        staged = _staged()
        if staged.applied_at is not None:
            return redirect(self.get_url(".edit_view", id=mapping.id))
        return self._preview(mapping, staged)

    @expose("/apply/", methods=("POST",))
    def apply_view(self) -> Any:
        """Take in what was shown."""
        mapping, staged = _mapping(request.args.get("id")), _staged()
        by, seen = the_officer().id, request.form.get("seen", "")
        try:
            report = take_in(staged, mapping, _options(staged), seen, by=by)
        except ChangedSincePreviewError as refusal:
            db.session.rollback()
            return make_response(self._preview(mapping, staged, refusal.message), 409)
        except staging.AppliedAlreadyError as refusal:
            db.session.rollback()
            flash(refusal.message, "warn")
            return redirect(self.get_url(".edit_view", id=mapping.id))
        db.session.commit()
        said = report.as_json()
        flash(
            f"已导入：新增 {said['added']}，改动 {said['changed']}，没有变化 {said['unchanged']}，不能导入 {len(said['refused'])}。",
            "good",
        )
        return redirect(self.get_url(".edit_view", id=mapping.id))

    def _new(self) -> NewMapping:
        form = NewMapping(request.form if request.method == "POST" else None)
        form["kind"].offer(enumerate(KINDS.values(), 1))
        return form

    def _index(self, form: OfficeForm, faults: Faults) -> str:
        found = db.session.scalars(db.select(FieldMapping).order_by(FieldMapping.name)).all()
        return self.render(
            "office/exchange/mappings.html",
            mappings=found,
            kinds=KINDS,
            form=form,
            faults=faults,
            most=MOST_ROWS,
        )

    def _page(self, mapping: FieldMapping, faults: Faults | None = None) -> str:
        constants = [*mapping.constants.items(), ("", "")][:MOST_CONSTANTS]
        organs = db.session.scalars(db.select(Organ).where(Organ.is_active).order_by(Organ.code)).all()
        return self.render(
            "office/exchange/mapping.html",
            mapping=mapping,
            fields=offered(mapping.kind),
            orders=ORDERS,
            kind=KINDS[mapping.kind],
            constants=constants,
            words_of=words_of,
            organs=organs,
            home=the_officer().organ_id,
            faults=faults or {},
            most=MOST_ROWS,
        )

    def _preview(self, mapping: FieldMapping, staged: StagedImport, fault: str = "") -> str:
        trial = try_out(staged, mapping, _options(staged))
        db.session.rollback()  # what was tried out
        names = list(dict.fromkeys(name for _, values in trial.rows for name in values if name != "extra"))
        return self.render(
            "office/exchange/mapping_preview.html",
            mapping=mapping,
            staged=staged,
            said=trial.report.as_json(),
            rows=trial.rows,
            names=names,
            labels={name: words_for(name, mapping.kind) for name in names},
            gaps=_gaps(trial.report.as_json()["gaps"], mapping.kind),
            seen=trial.seen,
            missing=request.args.get("missing"),
            fault=fault,
        )


def _write(mapping: FieldMapping) -> None:
    """The mapping as it was typed.

    Raises: MappingError naming what cannot be read.
    """
    form = request.form
    mapping.columns = [
        {
            **column,
            "field": clean_text(form.get(f"field-{place}", "")),
            "prefix": clean_text(form.get(f"prefix-{place}", "")).strip()[:100],
            "values": values_in(clean_text(form.get(f"values-{place}", ""))),
        }
        for place, column in enumerate(mapping.columns)
    ]
    constants: dict[str, str] = {}
    for place in range(MOST_CONSTANTS):
        name, text = (clean_text(form.get(f"{part}-{place}", "")).strip() for part in ("constant", "text"))
        if bool(name) != bool(text):
            raise MappingError("固定值的字段和内容要一起填写。", "constants")
        if name:
            constants[name] = text[:500]
    mapping.constants = constants
    mapping.dates = form.get("dates", "")
    mapping.keeps_others = bool(form.get("keeps_others"))


@contextmanager
def _kept(stream: Any, name: str) -> Iterator[Path]:
    """A file sent in, under its suffix, as long as it is read."""
    limit = settings().upload_max_mb * 1024 * 1024
    folder = settings().upload_folder / ".incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=Path(name).suffix.lower()) as copy:
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise RefusedError(f"文件超过了 {settings().upload_max_mb} MB 的上限，请拆分。", "file")
        copy.write(content)
        copy.flush()
        yield Path(copy.name)


def _uploaded() -> tuple[str, list[Any]]:
    [(name, stream), *more] = list(uploads("file"))
    if more:
        raise RefusedError("一次只选一个文件。", "file")
    with _kept(stream, name) as path:
        try:
            return name, rows_of(path, name)
        except RefusedError as refusal:
            raise RefusedError(refusal.message.replace(path.name, name), "file") from None


def _named(name: str) -> FieldMapping | None:
    return db.session.scalar(db.select(FieldMapping).where(FieldMapping.name == name))


def _mapping(text: str | None) -> FieldMapping:
    return db.session.get(FieldMapping, row_id(text)) or abort(404)


def _staged() -> StagedImport:
    staged = db.session.get(StagedImport, row_id(request.args.get("staged")))
    if staged is None or staged.kind != "rows":
        abort(404)
    return staged


def _options(staged: StagedImport) -> ImportOptions:
    """Rows come in as by the command: what only imports made, imports may change again."""
    return ImportOptions(
        at=now(),
        organ_id=staged.organ_id,
        create_missing=bool(request.args.get("missing")),
        uploads=settings().upload_folder,
    )


def _gaps(gaps: list[dict[str, Any]], kind: str) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for gap in gaps:
        counts[gap["field"]] = counts.get(gap["field"], 0) + 1
    return [(words_for(name, kind), count) for name, count in sorted(counts.items())]
