"""The list of editions at any size: ids by an index that holds what lists ask for, then the rows of one page."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import defer, joinedload, selectinload

from admin.editions.acts import seen_mark
from admin.editions.filters import in_scope
from admin.editions.undoing import waiting
from admin.officer_view import RecordView, scope_of
from content.models import Document, DocumentKind, Edition
from county.officers import Right
from database import db

EDITORIAL = frozenset({Right.EDIT, Right.REVIEW, Right.PUBLISH, Right.FORCE})
COLUMNS = {"title": Edition.title, "updated_at": Edition.updated_at}


class ListedView(RecordView):
    """Documents of one kind, one row each. Conditions on the document are asked apart: no row is joined to be counted."""

    kind: DocumentKind

    def get_list(
        self, page: int | None, sort_column: Any, sort_desc: bool, search: str | None, filters: Any,
        execute: bool = True, page_size: int | None = None,
    ) -> tuple[int, list[Any]]:  # fmt: skip
        """How many rows there are, and those of this page."""
        wanted = self._wanted(search or "", filters)
        name, is_last_first = (sort_column, sort_desc) if sort_column in COLUMNS else ("updated_at", True)
        order = [COLUMNS[name], Edition.id]
        size = page_size or self.page_size
        ids = wanted.order_by(*(column.desc() for column in order) if is_last_first else order)
        ids = ids.limit(size).offset((page or 0) * size)
        if search:  # what has to be looked through is looked through once
            found = db.session.execute(ids.add_columns(db.func.count().over())).all()
            if found or not page:
                return (found[0][1] if found else 0), self._rows([row[0] for row in found])
        count = db.session.scalar(db.select(db.func.count()).select_from(wanted.subquery())) or 0
        return count, self._rows(list(db.session.scalars(ids)))

    def render(self, template: str, **given: Any) -> str:
        """With the mark of what each row showed: what changed since is not acted upon."""
        return (
            super().render(template, seen_mark=seen_mark, undo=waiting(self.endpoint), **given)
            if "data" in given
            else super().render(template, **given)
        )

    def _wanted(self, search: str, filters: Any) -> Select[Any]:
        """The ids of the editions that are rows of the list, have these words, and pass the filters."""
        query = db.select(Edition.id).where(Edition.kind == self.kind, Edition.is_listed)
        documents, is_narrowed = db.select(Document.id).where(Document.kind == self.kind), False
        many = documents
        organs = scope_of(self.officer, EDITORIAL)
        if organs is not None:
            documents, is_narrowed = documents.where(in_scope(self.officer, organs)), True
        for index, _name, value in filters or []:
            condition = self._filters[index]
            if condition.is_broad:  # the index of the list is gone through, not thousands of documents
                many = condition.apply(many, condition.clean(value))
                query = query.where((Edition.document_id + 0).in_(many))
            elif condition.of is Document:
                documents, is_narrowed = condition.apply(documents, condition.clean(value)), True
            else:
                query = condition.apply(query, condition.clean(value))
        if is_narrowed:
            query = query.where(Edition.document_id.in_(documents))
        for word in search.split():
            query = query.where(_has(word, self.kind))
        return query

    def _rows(self, ids: list[int]) -> list[Any]:
        document = joinedload(self.model.document)
        query = db.select(self.model).where(self.model.id.in_(ids)).options(
            document.options(joinedload(Document.organ), joinedload(Document.channel)),
            selectinload(self.model.review_steps),  # what waits for whom is part of what was seen
            *(defer(column) for column in (self.model.body, self.model.body_html, self.model.extra, self.model.summary)),
        )  # fmt: skip
        found = {row.id: row for row in db.session.scalars(query)} if ids else {}
        return [found[key] for key in ids if key in found]


def _has(word: str, kind: DocumentKind) -> Any:
    numbered = db.select(Document.id).where(
        Document.kind == kind, Document.number.icontains(word, autoescape=True)
    )
    return db.or_(Edition.title.icontains(word, autoescape=True), Edition.document_id.in_(numbered))
