"""The search page and its programming interface. Search goes on while the database is away: only names of filters need it."""

import json
import logging
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy.exc import DBAPIError

from content import queries as content
from county.organs import organs_in_use
from database import db
from endpoint.pages import render
from installation import search_index
from search import IndexDamagedError, Results, find

LOG = logging.getLogger("zhuanlan.endpoint")
KINDS = {"disclosure": "政府信息", "service": "办事指南", "question": "问答"}
FILTERS = {"kind": "类别", "organ": "单位", "channel": "栏目", "year": "年份"}
SORTS = (("relevance", "按相关程度"), ("date", "按日期从新到旧"))
LAST_PAGE = 1_000_000
WINDOW = 2


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    text: str
    filters: dict[str, str]
    sort: str
    page: int

    def url(self, page: int) -> str:
        """The address of another page of the same search."""
        given = {
            "q": self.text,
            **self.filters,
            "sort": self.sort if self.sort != SORTS[0][0] else "",
            "page": page,
        }
        return "/svc/search?" + urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True)
class Option:
    """A value of a filter."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter with the values that would find something."""

    key: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Step:
    """A place in the pager; without an address a gap."""

    name: str
    url: str | None
    is_here: bool = False


@dataclass(frozen=True)
class Pager:
    """The pages of this search, in the words of the pager of the site."""

    previous_url: str | None
    next_url: str | None
    steps: tuple[Step, ...]


def show() -> Response:
    """The search page, with results once something was asked."""
    asked = _asked()
    view = {"asked": asked, "kinds": KINDS, "sorts": SORTS}
    try:
        results = _find(asked) if asked.text.strip() else None
    except IndexDamagedError as error:
        LOG.error("search is not available: %s", error)
        response = render(
            "search.html", status=503, **view, results=None, filters=(), pager=None, is_away=True
        )
        response.headers["Retry-After"] = "60"
        return response
    filters = _filters(results, asked) if results else ()
    pager = _pager(results, asked) if results else None
    return render("search.html", **view, results=results, filters=filters, pager=pager, is_away=False)


def answer() -> Response:
    """The same as JSON, in the form of `flask search find --json`."""
    try:
        document, status = _find(_asked()).as_json(), 200
    except IndexDamagedError as error:
        LOG.error("search is not available: %s", error)
        document, status = {"error": {"status": 503, "message": "检索暂时不能使用，请稍后再试。"}}, 503
    return Response(
        json.dumps(document, ensure_ascii=False) + "\n", status=status, mimetype="application/json"
    )


def _asked() -> Asked:
    given = request.args
    page = given.get("page", "1")
    number = min(int(page[:9]), LAST_PAGE) if page.isascii() and page.isdigit() else 1
    filters = {key: value[:100] for key in FILTERS if (value := given.get(key, "").strip())}
    sort = given.get("sort", "")
    return Asked(
        given.get("q", "")[:1000], filters, "date" if sort == "date" else "relevance", max(1, number)
    )


def _find(asked: Asked) -> Results:
    return find(
        search_index(),
        asked.text,
        kind=asked.filters.get("kind"),
        organ=asked.filters.get("organ"),
        channel=asked.filters.get("channel"),
        year=asked.filters.get("year"),
        page=asked.page,
        sort="date" if asked.sort == "date" else "relevance",
    )


def _filters(results: Results, asked: Asked) -> tuple[Filter, ...]:
    names = {"kind": KINDS, **_names_of_places()}
    filters = []
    for key, label in FILTERS.items():
        chosen = asked.filters.get(key, "")
        found = dict(results.facets.get(key, []))
        if chosen:
            found.setdefault(chosen, 0)
        values = sorted(found, reverse=True) if key == "year" else list(found)
        options = [
            Option(value, f"{names.get(key, {}).get(value, value)}（{found[value]}）", value == chosen)
            for value in values
        ]
        filters.append(Filter(key, label, tuple(options)))
    return tuple(filters)


def _names_of_places() -> dict[str, dict[str, str]]:
    """Names of organs and channels; while the database is away their codes stand alone."""
    try:
        return {
            "organ": {organ.code: organ.name for organ in organs_in_use()},
            "channel": {channel.code: channel.name for channel in content.channels()},
        }
    except DBAPIError:
        db.session.rollback()
        LOG.error("the database is away; filters of a search have no names")
        return {}


def _pager(results: Results, asked: Asked) -> Pager:
    here, last = asked.page, results.pages
    near = {1, last, *range(max(1, here - WINDOW), min(last, here + WINDOW) + 1)}
    steps: list[Step] = []
    before = 0
    for number in sorted(near):
        if number - before > 1:
            steps.append(Step("", None))
        steps.append(Step(str(number), asked.url(number), number == here))
        before = number
    return Pager(
        previous_url=asked.url(here - 1) if here > 1 else None,
        next_url=asked.url(here + 1) if here < last else None,
        steps=tuple(steps) if last > 1 and here <= last else (),
    )
