"""find: from a citizen's text to results. Nothing a citizen types is an operator, a wildcard or a pattern.

Two kinds of hits. Those that **hold all terms** come first; each is verified against the stored text, so `total` is exact.
Where they are none, or few and the query is a sentence, the closest of the others follow, marked `partial`.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from markupsafe import Markup

from search import analysis, excerpt, ranking
from search.analysis import Query
from search.ranking import Ranked
from search.reading import Snapshot
from search.schema import FACETS
from search.whoosh_index import WhooshIndex

MOST_PER_PAGE = 50
MOST_PARTIAL = 50  # partial hits that are offered at all
FEW = 10  # with fewer whole hits than this a sentence gets partial ones too
Sort = Literal["relevance", "date"]


@dataclass(frozen=True)
class Hit:
    """One result. `snippet` is plain text; `snippet_html` and `title_html` are safe to print as they are."""

    id: str
    kind: str
    title: str
    url: str
    organ: str
    published_on: date | None
    snippet: str
    score: float  # BM25; the order also looks at titles and numbers
    partial: bool  # holds only some of the terms
    validity: str = ""
    title_html: Markup = field(default=Markup(), repr=False)
    snippet_html: Markup = field(default=Markup(), repr=False)


@dataclass(frozen=True)
class Results:
    """A page of results. `total` counts the hits that hold all terms, `partial_total` the closest others on offer."""

    total: int
    took_ms: float
    results: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # field: (code, hits), most first
    partial: bool = False  # the hits on offer hold only some of the terms
    partial_total: int = 0
    page: int = 1
    per_page: int = 10
    notice: str = ""  # for the citizen, in Chinese, where something is to be said

    @property
    def pages(self) -> int:
        """Number of pages there are, 0 where nothing was found."""
        return -(-(self.total + self.partial_total) // self.per_page)

    def as_json(self) -> dict[str, Any]:
        """The form that `flask search find --json` and the programming interface promise."""
        return {
            "total": self.total,
            "took_ms": self.took_ms,
            "partial": self.partial,
            "results": [
                {
                    "id": hit.id,
                    "kind": hit.kind,
                    "title": hit.title,
                    "url": hit.url,
                    "organ": hit.organ,
                    "published_on": hit.published_on and hit.published_on.isoformat(),
                    "snippet": hit.snippet,
                    "score": hit.score,
                    "partial": hit.partial,
                }
                for hit in self.results
            ],
        }


def find(
    index: WhooshIndex,
    text: str,
    *,
    kind: str | None = None,
    organ: str | None = None,
    channel: str | None = None,
    year: int | str | None = None,
    page: int = 1,
    per_page: int = 10,
    sort: Sort = "relevance",
) -> Results:
    """Search for what a citizen typed, among entries of a kind, organ, channel (with all below it) and year.

    Any text and any numbers are answered. `sort="date"` puts the newest first, partial hits last as ever.
    Raises: IndexDamagedError where there is no sound index.
    """
    started = time.perf_counter()
    query, per_page, page = analysis.read_query(text), min(max(1, per_page), MOST_PER_PAGE), max(1, page)
    if query.is_empty:
        return Results(0, _since(started), page=page, per_page=per_page, notice="请输入要查找的文字或编号。")
    snapshot = index.snapshot()
    allowed = _allowed(snapshot, {"kind": kind, "organ": organ, "channel": channel, "year": year})
    whole = _that_hold_all(snapshot, query, allowed)
    some = _that_hold_some(snapshot, query, allowed, whole)
    ranked = [(hit, False) for hit in _sorted(snapshot, ranking.rank(snapshot, query, whole), sort)]
    ranked += [(hit, True) for hit in _sorted(snapshot, some, sort)]
    shown = ranked[(page - 1) * per_page : page * per_page]
    hits = [_hit(snapshot, query, hit, partial) for hit, partial in shown]
    return Results(
        total=len(whole),
        took_ms=_since(started),
        results=hits,
        facets=_facets(snapshot, whole or [hit.number for hit in some]),
        partial=bool(some) and not whole,
        partial_total=len(some),
        page=page,
        per_page=per_page,
        notice=_notice(query, found=bool(ranked), shown=bool(shown)),
    )


def _allowed(snapshot: Snapshot, filters: dict[str, int | str | None]) -> list[int]:
    allowed = snapshot.live
    for name, value in filters.items():
        if value is not None and value != "":
            allowed = snapshot.narrowed(allowed, name, [analysis.clean(str(value))])
    return allowed


def _that_hold_all(snapshot: Snapshot, query: Query, allowed: list[int]) -> list[int]:
    """Documents of which every needle is a part: candidates by pairs, then a look at the text."""
    candidates = snapshot.numbered(snapshot.narrowed(allowed, "pairs", query.pairs_of_needles))
    if all(len(needle) == 2 and needle.isalnum() for needle in query.needles):
        return list(candidates)  # a pair that is listed is there
    tests = query.tests
    return [number for number in candidates if _holds(snapshot, number, tests)]


def _holds(snapshot: Snapshot, number: int, tests: list[re.Pattern[bytes]]) -> bool:
    head = snapshot.text("head_text", number)
    missing = [test for test in tests if not test.search(head)]
    if not missing:
        return True
    body = snapshot.text("body_text", number)
    return all(test.search(body) for test in missing)


def _that_hold_some(snapshot: Snapshot, query: Query, allowed: list[int], whole: list[int]) -> list[Ranked]:
    if whole and (len(whole) >= FEW or not query.is_sentence):
        return []
    near = ranking.closest(snapshot, query, allowed, MOST_PARTIAL + len(whole))
    return ranking.rank(snapshot, query, [number for number in near if number not in {*whole}][:MOST_PARTIAL])


def _sorted(snapshot: Snapshot, ranked: list[Ranked], sort: Sort) -> list[Ranked]:
    return sorted(ranked, key=lambda hit: -snapshot.day(hit.number)) if sort == "date" else ranked


def _facets(snapshot: Snapshot, numbers: Iterable[int]) -> dict[str, list[tuple[str, int]]]:
    found = snapshot.set_of(numbers)
    counted: dict[str, list[tuple[str, int]]] = {}
    for name in FACETS:
        counts: dict[str, int] = {}
        for segment, part in zip(snapshot.segments, found, strict=True):
            for value in segment.values(name) if part else ():
                if hits := (segment.bits(name, value) & part).bit_count():
                    counts[value] = counts.get(value, 0) + hits
        counted[name] = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
    return counted


def _hit(snapshot: Snapshot, query: Query, ranked: Ranked, partial: bool) -> Hit:
    shown = snapshot.shown(ranked.number)
    terms = [*query.needles, *query.words] if partial else [*query.needles]
    passage = _passage(snapshot, ranked.number, terms, shown["summary"])
    day = shown["published_on"]
    return Hit(
        id=shown["id"],
        kind=shown["kind"],
        title=shown["title"],
        url=shown["url"],
        organ=shown["organ"],
        published_on=date.fromordinal(day) if day else None,
        snippet=passage.text,
        score=round(ranked.score, 3),
        partial=partial,
        validity=shown["validity"],
        title_html=excerpt.mark_all(shown["title"], terms).html,
        snippet_html=passage.html,
    )


def _passage(snapshot: Snapshot, number: int, terms: list[str], summary: str) -> excerpt.Excerpt:
    """From the body; where that holds no term or is empty, from the summary."""
    body, folded = (snapshot.text(column, number).decode() for column in ("body_shown", "body_text"))
    passage = excerpt.best_passage(body, folded, terms)
    if passage.marks or not summary:
        return passage
    return excerpt.best_passage(summary, analysis.fold(summary), terms)


def _notice(query: Query, *, found: bool, shown: bool) -> str:
    if not found:
        return "没有找到相关内容，请换一个说法或减少条件再试。"
    if not shown:
        return "没有这一页，请返回前面的页。"
    return f"输入较长，只按前{analysis.LONGEST_QUERY}个字中的主要内容查找。" if query.is_cut else ""


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
