"""The order of hits: first by how the title and the numbers answer, then by BM25 over pairs and words.

Source of the constants: half of the public test queries over 575 laws, chosen by kind of formula, not by query.
"""

import heapq
import math
import re
from dataclasses import dataclass

from search import analysis
from search.analysis import Query
from search.entries import REPEALED
from search.reading import Postings, ReadSegment, Snapshot, members

SATURATION = 2.0  # BM25 k1
LENGTH_SHARE = 0.5  # BM25 b
WORD_SHARE = 0.5  # of a word beside a pair
MOST_TERMS = 40  # scored of a query: the rarest
MOST_PASSAGES_SEEN = 200  # hits whose body is looked at for the whole query

EXACT_TITLE, WHOLE_IN_TITLE, OWN_NUMBER, TERMS_IN_TITLE, WHOLE_IN_BODY, OTHER = range(6)


@dataclass(frozen=True)
class Ranked:
    """A document and its BM25 score."""

    number: int
    score: float


def rank(snapshot: Snapshot, query: Query, numbers: list[int]) -> list[Ranked]:
    """Documents in the order in which they are shown.

    Exact title, query as a whole in the title (short titles first), own number, all terms in the title, whole query in the
    body, others; among equals what is in force before what is repealed, then the score, then the newer.
    """
    scores = _scores(snapshot, query, snapshot.set_of(numbers))
    tiers = _tiers(snapshot, query, numbers, scores)
    repealed = _repealed(snapshot, numbers)

    def key(number: int) -> tuple[int, bool, int, float, int, int]:
        tier, title_length = tiers[number]
        return tier, number in repealed, title_length, -scores.get(number, 0.0), -snapshot.day(number), number

    return [Ranked(number, scores.get(number, 0.0)) for number in sorted(numbers, key=key)]


def closest(snapshot: Snapshot, query: Query, allowed: list[int], most: int) -> list[int]:
    """Documents that hold some of the query: those with its number, then by score; at most `most`."""
    scores = _scores(snapshot, query, allowed)
    best = heapq.nlargest(most, scores, key=lambda number: (scores[number], -number))
    own = [number for number in _with_own_number(snapshot, query) if number in scores]
    return list(dict.fromkeys([*own, *best]))[:most]


def _scores(snapshot: Snapshot, query: Query, wanted: list[int]) -> dict[int, float]:
    """BM25 of the wanted documents (sets of bits), for those that hold any term."""
    masks = [_mask(bits, segment.count) for segment, bits in zip(snapshot.segments, wanted, strict=True)]
    scores: dict[int, float] = {}
    for weight, field, term in _rarest(snapshot, query):
        for start, segment, mask in zip(snapshot.starts, snapshot.segments, masks, strict=False):
            if mask is not None:
                postings = segment.postings(field, term)
                _add(scores, start, segment, mask, postings, weight, snapshot.mean_length)
    return scores


def _rarest(snapshot: Snapshot, query: Query) -> list[tuple[float, str, str]]:
    """(weight, field, term) of the terms worth scoring."""
    weighed = []
    for field, terms, share in (("pairs", query.pairs, 1.0), ("words", query.words, WORD_SHARE)):
        for term in terms:
            having = sum(len(segment.postings(field, term).numbers) for segment in snapshot.segments)
            if having:
                rarity = math.log(1 + (snapshot.starts[-1] - having + 0.5) / (having + 0.5))
                weighed.append((share * rarity, field, term))
    return heapq.nlargest(MOST_TERMS, weighed)


def _add(
    scores: dict[int, float],
    start: int,
    segment: ReadSegment,
    mask: bytearray,
    postings: Postings,
    weight: float,
    mean_length: float,
) -> None:
    lengths, gain = segment.lengths, weight * (SATURATION + 1)
    fixed, per_length = SATURATION * (1 - LENGTH_SHARE), SATURATION * LENGTH_SHARE / mean_length
    for number, frequency in zip(*postings, strict=True):
        if mask[number]:
            norm = frequency + fixed + per_length * lengths[number]
            scores[start + number] = scores.get(start + number, 0.0) + gain * frequency / norm


def _mask(bits: int, count: int) -> bytearray | None:
    """One byte a document, quicker to ask than one bit; None for an empty set."""
    if not bits:
        return None
    mask = bytearray(count)
    for number in members(bits):
        mask[number] = 1
    return mask


def _tiers(
    snapshot: Snapshot, query: Query, numbers: list[int], scores: dict[int, float]
) -> dict[int, tuple[int, int]]:
    """Tier of each document, and the length that counts within it: the title's where it has the whole query."""
    own = set(_with_own_number(snapshot, query))
    tiers = {number: (OWN_NUMBER if number in own else OTHER, 0) for number in numbers}
    titled = snapshot.narrowed(snapshot.set_of(numbers), "title", query.pairs_of_needles)
    for number in snapshot.numbered(titled):
        tier, length = _title_tier(query, snapshot.text("title_text", number).decode())
        if tier < tiers[number][0]:
            tiers[number] = tier, length
    if len(query.needles) > 1:
        others = [number for number in numbers if tiers[number][0] == OTHER]
        pattern = re.compile(r"[\W_]{0,6}".join(map(re.escape, query.needles)))
        for number in heapq.nlargest(MOST_PASSAGES_SEEN, others, key=lambda number: scores.get(number, 0.0)):
            if pattern.search(snapshot.text("body_text", number).decode()):
                tiers[number] = WHOLE_IN_BODY, 0
    return tiers


def _title_tier(query: Query, title: str) -> tuple[int, int]:
    squeezed = analysis.squeeze(title)
    if query.whole in (squeezed, squeezed.removeprefix(analysis.COUNTRY)):
        return EXACT_TITLE, len(squeezed)
    if query.whole in squeezed:
        return WHOLE_IN_TITLE, len(squeezed)
    return (TERMS_IN_TITLE if all(needle in title for needle in query.needles) else OTHER), 0


def _with_own_number(snapshot: Snapshot, query: Query) -> list[int]:
    return [number for key in sorted(query.numbers) for number in snapshot.numbers("number", key)]


def _repealed(snapshot: Snapshot, numbers: list[int]) -> set[int]:
    wanted = snapshot.set_of(numbers)
    parts = (snapshot.narrowed(wanted, "validity", [value]) for value in REPEALED)
    return {number for part in parts for number in snapshot.numbered(part)}
