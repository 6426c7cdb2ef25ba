"""The base of every view: closed unless a right opens it, scoped by organ, refusals shown as messages."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, flash, g, redirect, request
from flask_admin import BaseView
from flask_admin.base import Blueprint
from flask_admin.contrib.sqla import ModelView
from flask_admin.contrib.sqla.filters import BaseSQLAFilter
from flask_admin.model.base import ViewArgs
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form

from admin.door import refusal_page
from admin.kept import kept_form, resume_page
from admin.posts import principals
from admin.sign_in import ask_to_sign_in
from admin.signed_in import current_officer, the_officer
from county.errors import NotAllowedError, RefusedError
from county.officers import Officer, Right, organs_for
from database import db

MAX_PAGE = 100_000  # 20 rows each: beyond it nobody has pages, and SQLite no integers
UNSEARCHABLE = re.compile(r"[\x00-\x1f\x7f]")
PAGES = frozenset({"index_view"})


def organs_held(officer: Officer, right: Right) -> set[int] | None:
    """As organs_for, asked of the database once a request; a deputy reviews where those in whose place he stands do."""
    held: dict[tuple[int, Right], set[int] | None] = g.setdefault("organs_held", {})
    key = (officer.id, right)
    if key not in held:
        people = [officer, *(principals(officer) if right is Right.REVIEW else ())]
        each = [organs_for(one, right) for one in people]
        held[key] = None if None in each else {organ for some in each for organ in some or ()}
    return held[key]


def holds(officer: Officer, right: Right) -> bool:
    """Whether the officer holds this right in any organ."""
    organs = organs_held(officer, right)
    return organs is None or bool(organs)


def scope_of(officer: Officer, rights: Iterable[Right]) -> set[int] | None:
    """Organ ids in which the officer holds any of these rights; None stands for all."""
    organs: set[int] = set()
    for right in rights:
        some = organs_held(officer, right)
        if some is None:
            return None
        organs |= some
    return organs


def row_id(text: str | None) -> int:
    """A row id from a request; what can be no id of ours answers 404."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(404)
    return int(text)


class OfficerView(BaseView):
    """A page of the back office. Without rights named it is open to nobody."""

    rights: frozenset[Right] = frozenset()
    everywhere = False  # whether the right must hold for the whole installation
    rights_by_page: dict[str, frozenset[Right]] = {}  # a page that asks for something else than the view does

    def rights_for(self, page: str, **_arguments: Any) -> frozenset[Right]:
        """The rights of which an officer needs one to reach this page of the view."""
        return self.rights_by_page.get(page, self.rights)

    def is_accessible(self) -> bool:
        officer = current_officer()
        return officer is not None and self._is_open_to(officer, self.rights)

    def _is_open_to(self, officer: Officer, rights: frozenset[Right]) -> bool:
        if self.everywhere:
            return any(organs_held(officer, right) is None for right in rights)
        return any(holds(officer, right) for right in rights)

    def _handle_view(self, name: str, **kwargs: Any) -> AnyResponse | None:
        officer = current_officer()
        if officer is None:
            return ask_to_sign_in()
        if not self._is_open_to(officer, self.rights_for(name, **kwargs)):
            return refusal_page(_forbidden())
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Flask-Admin's own would take a TypeError inside the view for a wrong call and call it again."""
        try:
            return fn(self, *args, **kwargs)
        except HTTPException as error:
            db.session.rollback()
            return refusal_page(error)
        except NotAllowedError:
            db.session.rollback()
            return refusal_page(_forbidden())
        except RefusedError as refusal:
            db.session.rollback()
            flash(refusal.message, "error")
            return redirect(self.get_url(".index_view"))
        except (IntegrityError, OperationalError) as error:
            db.session.rollback()
            if request.method != "POST":
                raise
            return _not_taken(error)


def _not_taken(error: Exception) -> AnyResponse:
    """Two officers did the same at the same moment, or the database was busy: nothing was changed."""
    if isinstance(error, IntegrityError):
        return resume_page(
            kept_form(),
            "同一内容刚刚被他人修改，您的操作没有生效。请先查看最新状态，再决定是否重新提交。",
            409,
        )
    return resume_page(kept_form(), "系统正忙，刚才的操作没有完成，内容还在，请稍后再提交一次。", 503)


def _forbidden() -> HTTPException:
    try:
        abort(403)
    except HTTPException as error:
        return error


class RecordView(OfficerView, ModelView):
    """A list of records with search, filters and pages, on Flask-Admin's machinery; its pages are our own.

    Only the pages in `pages` exist: there is no delete, no export, no editing in lists unless a view says so.
    """

    model: Any
    _filters: Any
    pages: frozenset[str] = PAGES
    form = Form  # forms are written by hand; nothing is scaffolded from columns
    can_create = can_edit = can_delete = False
    page_size = 20
    column_type_formatters = {bool: lambda _view, value, _name: "是" if value else "否"}
    list_template = "office/list.html"
    search_columns: tuple[Any, ...] = ()
    title = ""
    intro = ""
    new_label = ""
    search_hint = ""

    def __init__(self, model: type[Any], name: str, endpoint: str, category: str | None = None):
        self.title = self.title or name
        super().__init__(model, db, name=name, endpoint=endpoint, url=endpoint, category=category)

    def create_blueprint(self, admin: Any) -> Blueprint:
        """Register the pages named and no other: what is not registered answers 404."""
        self._urls = [route for route in self._urls if route[1] in self.pages]
        return super().create_blueprint(admin)

    def scope(self, query: Any) -> Any:
        """Narrow a query to the rows the officer may see."""
        return query

    def listed(self, query: Any) -> Any:
        """Narrow a query to the rows that have a line of their own in the list."""
        return query

    def loaded(self, query: Any) -> Any:
        """Load with the rows what the list shows of their relations."""
        return query

    def get_query(self) -> Any:
        return self.loaded(self.listed(self.scope(super().get_query())))

    def get_count_query(self) -> Any:
        return self.listed(self.scope(super().get_count_query()))

    def get_one(self, id: Any) -> Any:
        """The row of this id within the officer's scope, or None."""
        text = str(id)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            return None
        return self.scope(super().get_query()).filter(self.model.id == int(text)).first()

    def the_one(self, text: str | None) -> Any:
        """The row of this id, or a 404: for a foreign row just as for one that is not there."""
        return self.get_one(row_id(text)) or abort(404)

    def init_search(self) -> bool:
        return bool(self.search_columns)

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        """Every word has to stand in one of the columns; % and _ are what they are."""
        for word in search.split():
            found = db.or_(*(column.icontains(word, autoescape=True) for column in self.search_columns))
            query, count_query = query.filter(found), count_query.filter(found)
        return query, count_query, joins, count_joins

    def _refresh_filters_cache(self) -> None:
        """Choices are read when the list is shown, not when the application starts."""
        self._filters = self.get_filters()
        self._filter_groups = None
        self._filter_args = {choice.key: (place, choice) for place, choice in enumerate(self._filters or [])}

    def get_filter_arg(self, index: int, flt: Any) -> str:
        return flt.key

    def handle_action(self, return_view: str | None = None) -> Any:
        """Actions on several rows come back to the list, wherever the form says it came from."""
        name = request.form.get("action", "")
        handler = self._actions_data.get(name)
        if handler is None or not self.is_action_allowed(name):
            abort(404)
        handler[0](request.form.getlist("rowid")[: self.page_size])
        return redirect(self.get_url(".index_view"))

    def _get_list_extra_args(self) -> ViewArgs:
        arguments = super()._get_list_extra_args()
        if not 0 <= (arguments.page or 0) <= MAX_PAGE:
            arguments.page = 0
        arguments.search = UNSEARCHABLE.sub("", arguments.search or "")[:100]
        arguments.extra_args = {}
        return arguments

    def _get_list_filter_args(self) -> Any:
        """Filters come from a plain form: an empty choice is no filter, and a wrong one is left out."""
        chosen = []
        for key, (index, condition) in (self._filter_args or {}).items():
            value = UNSEARCHABLE.sub("", request.args.get(f"flt_{key}", ""))[:100]
            if value and condition.validate(value):
                chosen.append((index, str(condition.name), value))
        return chosen

    def _get_filters(self, filters: Any) -> dict[str, Any]:
        return {
            f"flt_{self.get_filter_arg(index, self._filters[index])}": value
            for index, _name, value in filters or []
        }

    def list_filters(self) -> list[dict[str, Any]]:
        """The filters as the list's form shows them: name, label, choices, and what is chosen."""
        return [
            {
                "name": f"flt_{key}",
                "label": condition.name,
                "choices": condition.get_options(self) or [],
                "kind": getattr(condition, "kind", "choice"),
                "chosen": request.args.get(f"flt_{key}", ""),
            }
            for key, (_index, condition) in (self._filter_args or {}).items()
        ]

    def new_url(self) -> str | None:
        """Where a new record is begun; None when the officer may not."""
        return self.get_url(".create_view") if "create_view" in self.pages else None

    def row_url(self, row: Any) -> str | None:
        """The page of a row."""
        if "details_view" in self.pages:
            return self.get_url(".details_view", id=row.id)
        return self.get_url(".edit_view", id=row.id) if "edit_view" in self.pages else None

    @property
    def officer(self) -> Officer:
        """The officer who asks."""
        return the_officer()


class Choice(BaseSQLAFilter):
    """A filter that is a choice of values; what is not among them is no filter."""

    kind = "choice"
    is_broad = False  # it leaves thousands of rows

    def __init__(
        self,
        key: str,
        label: str,
        choices: Callable[[], list[tuple[str, str]]],
        apply: Callable[[Any, str], Any],
        of: Any = None,
    ):
        self.of = of  # the table on which the condition is, where a list asks several apart
        super().__init__(None, label, options=choices)  # type: ignore[arg-type]
        self.key_name = self.key = key
        self._apply = apply

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        return self.options()  # type: ignore[operator,misc]

    def validate(self, value: Any) -> bool:
        return value in {choice for choice, _label in self.get_options(None)}

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return self._apply(query, value)

    def operation(self) -> str:
        return ""


class Typed(Choice):
    """A filter that is typed: a `text` or a `date`, as browsers name their fields; what cannot be read is no filter."""

    def __init__(
        self, key: str, label: str, kind: str, read: Callable[[str], Any], apply: Callable[[Any, Any], Any]
    ):
        super().__init__(key, label, list, apply)
        self.kind, self._read = kind, read

    def validate(self, value: Any) -> bool:
        try:
            self._read(value)
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> Any:
        return self._read(value)
