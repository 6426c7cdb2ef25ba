"""The passage of a text that answers a query best, with the places that match marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from search import analysis

WIDTH = 120  # characters
LEAD = 40  # at most so many before the first match, to begin with a sentence
MOST_PLACES = 60  # of one term that are weighed
SENTENCE_ENDS = "。！？；\n"


@dataclass(frozen=True)
class Excerpt:
    """A piece of a text as shown, and the ranges (start, end) in it that match, rising and apart."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def html(self) -> Markup:
        """The text with <mark> around what matches; all else is escaped."""
        parts, at = [], 0
        for start, end in self.marks:
            parts += [escape(self.text[at:start]), Markup("<mark>{}</mark>").format(self.text[start:end])]
            at = end
        return Markup("").join([*parts, escape(self.text[at:])])


def best_passage(shown: str, folded: str, terms: Sequence[str]) -> Excerpt:
    """The WIDTH characters of `shown` (clean) with the most of the folded `terms`; `folded` is fold(shown)."""
    places = _places(folded, terms)
    if not places:
        return _cut(shown, 0, ())
    first = _best_start(places)
    near = [(start, end) for start, end, _ in places if first <= start < first + WIDTH]
    ranges = analysis.shown_ranges(shown, _apart(near))
    return _cut(shown, _sentence_start(shown, ranges[0][0]), ranges)


def mark_all(shown: str, terms: Sequence[str]) -> Excerpt:
    """A short text, whole, with the places that match; for titles."""
    shown = analysis.clean(shown)
    ranges = _apart((start, end) for start, end, _ in _places(analysis.fold(shown), terms))
    return Excerpt(shown, tuple(analysis.shown_ranges(shown, ranges)))


def _places(folded: str, terms: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where terms stand (start, end, which term), in rising order."""
    places = []
    for which, term in enumerate(terms):
        at = folded.find(term)
        for _ in range(MOST_PLACES):
            if at < 0:
                break
            places.append((at, at + len(term), which))
            at = folded.find(term, at + len(term))
    return sorted(places)


def _best_start(places: list[tuple[int, int, int]]) -> int:
    """Start of the window that holds the most different terms, long ones counting more; the first of equals."""
    best, best_start, begin = 0, places[0][0], 0
    inside: dict[int, int] = {}
    worth = {which: end - start for start, end, which in places}
    for start, _, which in places:
        inside[which] = inside.get(which, 0) + 1
        while places[begin][0] < start - WIDTH + LEAD:
            inside[places[begin][2]] -= 1
            begin += 1
        value = sum(worth[term] for term, count in inside.items() if count)
        if value > best:
            best, best_start = value, places[begin][0]
    return best_start


def _apart(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in rising order, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _sentence_start(shown: str, at: int) -> int:
    begin = max(0, at - LEAD)
    ends = [shown.rfind(mark, begin, at) for mark in SENTENCE_ENDS]
    return max(ends) + 1 if max(ends) >= 0 else begin


def _cut(shown: str, begin: int, ranges: Iterable[tuple[int, int]]) -> Excerpt:
    end = min(len(shown), begin + WIDTH)
    head, tail = "…" if begin else "", "…" if end < len(shown) else ""
    piece = shown[begin:end]
    body = "".join(" " if character.isspace() else character for character in piece)
    shift = len(head) - begin
    marks = ((start + shift, min(stop, end) + shift) for start, stop in ranges if start < end)
    return Excerpt(f"{head}{body}{tail}", tuple(marks))
