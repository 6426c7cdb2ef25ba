"""操作记录: the ledger, to be read and never to be changed; filtered, and taken along as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request, stream_with_context
from flask_admin import expose
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from admin.editions.filters import organ_filter
from admin.officer_view import Choice, RecordView, Typed, scope_of
from admin.signed_in import now
from admin.words import SUBJECT_LABELS, VERB_LABELS, detail_words
from content.models import Document, Edition
from county.acts import Act
from county.calendar import COUNTY_ZONE, county_day
from county.officers import Officer, Right
from county.organs import every_organ
from database import db
from exchange.sources import safe_cell

AT_ONCE = 1000  # rows of a file read and sent together
EDITIONS = ("edition", "disclosure_edition", "service_edition")
HEADINGS = ("序号", "时间", "人员", "登录名", "操作", "对象", "对象编号", "机构", "详情", "校验码")
YEARS = (1990, 2200)
LONGEST_NUMBER = 9  # digits of an id


class LedgerView(RecordView):
    """Acts of the organs the officer oversees, newest first."""

    rights = frozenset({Right.READ_LEDGER})
    pages = frozenset({"index_view", "file_view"})
    title = "操作记录"
    intro = "谁在什么时候做了什么。记录只增加，不能修改或删除；每一条都与前一条连成校验链，由 flask ledger verify 核验。"
    search_hint = "姓名或登录名"
    list_template = "office/ledger.html"
    column_list = ("at", "verb")
    column_labels = {"at": "时间", "verb": "操作"}
    column_sortable_list = ()
    column_default_sort = ("id", True)
    search_columns = (Officer.name, Officer.login)
    page_size = 50

    def __init__(self) -> None:
        super().__init__(Act, name="操作记录", endpoint="ledger", category="监督")

    def scope(self, query: Any) -> Any:
        organs = scope_of(self.officer, self.rights)
        return query if organs is None else query.filter(Act.organ_id.in_(organs))

    def loaded(self, query: Any) -> Any:
        return query.options(selectinload(Act.actor))

    def get_filters(self) -> Any:
        return [
            Choice(
                "verb", "操作", lambda: list(VERB_LABELS.items()), lambda query, value: query.filter(Act.verb == value)
            ),
            Choice(
                "subject", "对象", lambda: list(SUBJECT_LABELS.items()),
                lambda query, value: query.filter(Act.subject_kind == value),
            ),
            Typed("record", "对象编号", "text", _record_no, _of_record),
            organ_filter(Act),
            Typed("from", "从", "date", _day, lambda query, day: query.filter(Act.at >= _begin(day))),
            Typed("to", "到", "date", _day, lambda query, day: query.filter(Act.at < _begin(day + timedelta(1)))),
        ]  # fmt: skip

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        """By the person; asked apart, so that a page far back need not join every act before it to somebody."""
        found = [
            db.or_(*(column.icontains(word, autoescape=True) for column in self.search_columns))
            for word in search.split()
        ]
        by_these = Act.actor_id.in_(db.select(Officer.id).where(*found))
        return query.filter(by_these), count_query.filter(by_these), joins, count_joins

    @expose("/file.csv")
    def file_view(self) -> Any:
        """What the filters leave, as a file for spreadsheets; sent as it is read, however long it is."""
        asked = self._get_list_extra_args()
        filters = self._get_list_filter_args()
        _, query = self.get_list(None, None, False, asked.search, filters, execute=False, page_size=0)
        organs = {organ.id: organ.name for organ in every_organ()}
        name = f"ledger-{county_day(now()):%Y%m%d}.csv"
        return Response(
            stream_with_context(_lines(query, organs)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def file_url(self) -> str:
        """The address of the file of what is listed."""
        asked = {name: value for name, value in request.args.items() if name != "page"}
        return self.get_url(".file_view", **asked)

    def render(self, template: str, **kwargs: Any) -> str:
        return super().render(template, titles=_titles(kwargs.get("data", ())), **kwargs)


def _titles(rows: Sequence[Act]) -> dict[tuple[str, int], str]:
    """What the editions among these records are called."""
    ids = {row.subject_id for row in rows if row.subject_kind in EDITIONS}
    if not ids:
        return {}
    found = db.session.execute(db.select(Edition.id, Edition.title).where(Edition.id.in_(ids)))
    return {(kind, row.id): row.title for row in found for kind in EDITIONS}


def _lines(query: Any, organs: dict[int, str]) -> Iterator[str]:
    """The file in pieces: the rows are read a few at a time, each time those before the last.

    The query's session is its own by now, as the request's is gone; between pieces it holds no connection, for the
    reader may be slow.
    """
    yield "\ufeff" + _csv([HEADINGS])
    last = None
    while True:
        some = query.filter(Act.id < last) if last is not None else query
        rows = some.limit(AT_ONCE).all()
        piece, last = _csv(_cells(row, organs) for row in rows), rows[-1].id if rows else None
        query.session.close()
        yield piece
        if len(rows) < AT_ONCE:
            return


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _cells(act: Act, organs: dict[int, str]) -> Sequence[Any]:
    return (
        act.chain_no or "",
        act.at.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        act.actor.name if act.actor else "系统或群众",
        act.actor.login if act.actor else "",
        VERB_LABELS.get(act.verb, act.verb),
        SUBJECT_LABELS.get(act.subject_kind, act.subject_kind),
        act.subject_id,
        organs.get(act.organ_id or 0, ""),
        "；".join(f"{name}：{value}" for name, value in detail_words(act.details)),
        act.seal or "",
    )


def _record_no(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def _of_record(query: Any, number: str) -> Any:
    """Acts on the record of this id, or on a document of this number and its editions."""
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
        return query.filter(Act.subject_id == int(number))
    documents = db.select(Document.id).where(Document.number == number)
    editions = db.select(Edition.id).where(Edition.document_id.in_(documents))
    return query.filter(
        db.or_(
            db.and_(Act.subject_kind == "document", Act.subject_id.in_(documents)),
            db.and_(Act.subject_kind.in_(EDITIONS), Act.subject_id.in_(editions)),
        )
    )


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(text)
    return day


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, COUNTY_ZONE)
