"""What differs between two texts, word for word: Chinese by characters, numbers and foreign words whole.

Two steps. Clauses that stand once in either text and in the same order are held to be the same ("patience"); what lies
between them is compared by characters. Both are bounded by counts, never by a clock: equal texts give equal answers.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, groupby
from typing import Literal, NamedTuple

Kind = Literal["same", "gone", "new"]
CLAUSE = re.compile(r"\n|[^\n，。；：！？]*[，。；：！？]?")
CHARACTER = re.compile(
    r"第[〇零一二三四五六七八九十百千]+[编章节条款项]|[〇零一二三四五六七八九十百千]+|[0-9][0-9.,%]*|[A-Za-z]+|\s|."
)
LARGEST_SQUARE = 400 * 400  # characters of one gap: beyond it the old is gone and the new is new
MOST_SQUARES = 12_000_000  # of all gaps together
LEAST_ISLAND = (
    2  # characters: what is the same between two changes and shorter than this came together by chance
)
LEAST_ALIKE = 0.2  # of the longer side; below it two pieces are not each other's edition


class Piece(NamedTuple):
    """A run of text that is in both, only in the old, or only in the new."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Gap:
    """Clauses between two that are the same."""

    old: Sequence[str]
    new: Sequence[str]


def compare(old: str, new: str) -> list[Piece]:
    """The pieces of both texts, in order: the same and the gone make up the old, the same and the new the new one.

    500,000 characters take well under a second.
    """
    left = MOST_SQUARES
    found: list[Piece] = []
    for part in _by_clauses(CLAUSE.findall(old), CLAUSE.findall(new)):
        if isinstance(part, Piece):
            found.append(part)
            continue
        words_old, words_new = (CHARACTER.findall("".join(words)) for words in (part.old, part.new))
        head, tail = _shared_ends(words_old, words_new)
        middle = Gap(words_old[head : len(words_old) - tail], words_new[head : len(words_new) - tail])
        square = len(middle.old) * len(middle.new)
        is_small = square <= min(LARGEST_SQUARE, left)
        left -= square if is_small else 0
        found.append(Piece("same", "".join(words_old[:head])))
        found += _by_characters(middle) if is_small else _replaced("".join(middle.old), "".join(middle.new))
        found.append(Piece("same", "".join(words_old[len(words_old) - tail :])))
    return _joined([piece for piece in found if piece.text])


def _by_clauses(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece | Gap]:
    """What is the same, and what is left between."""
    waiting: list[Gap | Piece] = [Gap(old, new)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Piece) or not (part.old and part.new):
            yield part
            continue
        head, tail = _shared_ends(part.old, part.new)
        if head or tail:
            middle = Gap(part.old[head : len(part.old) - tail], part.new[head : len(part.new) - tail])
            ends = part.old[:head], part.old[len(part.old) - tail :]
            waiting += [Piece("same", "".join(ends[1])), middle, Piece("same", "".join(ends[0]))]
            continue
        held = _anchors(part.old, part.new)
        if not held:
            yield part
            continue
        waiting += reversed(list(_between(part, held)))


def _between(part: Gap, held: list[tuple[int, int]]) -> Iterator[Piece | Gap]:
    """The gaps between clauses that are held to be the same, and these."""
    here, there = 0, 0
    for place_old, place_new in held:
        yield Gap(part.old[here:place_old], part.new[there:place_new])
        yield Piece("same", part.old[place_old])
        here, there = place_old + 1, place_new + 1
    yield Gap(part.old[here:], part.new[there:])


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many are the same at the beginning, and how many of the rest at the end."""
    most = min(len(old), len(new))
    head = next((place for place in range(most) if old[place] != new[place]), most)
    most -= head
    tail = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return head, tail


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what stands once in both: the longest row of them that keeps its order."""
    once_old, once_new = (
        {word for word, count in Counter(words).items() if count == 1} for words in (old, new)
    )
    places = {word: place for place, word in enumerate(new) if word in once_new}
    pairs = [(place, places[word]) for place, word in enumerate(old) if word in once_old and word in places]
    ends: list[int] = []  # for each length, the smallest place in the new text at which such a row ends
    last: list[int] = []
    before: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [number]
    row, step = [], last[-1] if last else None
    while step is not None:
        row.append(pairs[step])
        step = before[step]
    return row[::-1]


def _by_characters(part: Gap) -> list[Piece]:
    words_old, words_new = part.old, part.new
    matcher = SequenceMatcher(None, words_old, words_new, autojunk=False)
    found: list[tuple[str, str, str]] = [
        (kind, "".join(words_old[a:b]), "".join(words_new[c:d])) for kind, a, b, c, d in matcher.get_opcodes()
    ]
    alike = sum(len(words) for kind, words, _ in found if kind == "equal")
    if alike < LEAST_ALIKE * max(_length(words_old), _length(words_new)):
        return _replaced("".join(words_old), "".join(words_new))
    return list(chain.from_iterable(_gathered(found)))


def _gathered(found: list[tuple[str, str, str]]) -> Iterator[list[Piece]]:
    """Changes beside each other as one, with what is the same between them only by chance."""
    gone, new = "", ""
    for place, (kind, words_old, words_new) in enumerate(found):
        is_island = 0 < place < len(found) - 1 and len(words_old) < LEAST_ISLAND and "\n" not in words_old
        if kind == "equal" and not is_island:
            yield [*_replaced(gone, new), Piece("same", words_old)]
            gone = new = ""
        else:
            gone, new = gone + words_old, new + words_new
    yield _replaced(gone, new)


def _replaced(old: str, new: str) -> list[Piece]:
    return [Piece("gone", old)] * bool(old) + [Piece("new", new)] * bool(new)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece; of a change what is gone comes first."""
    found: list[Piece] = []
    for is_same, run in groupby(pieces, lambda piece: piece.kind == "same"):
        texts = list(run)
        kinds: tuple[Kind, ...] = ("same",) if is_same else ("gone", "new")
        whole = [Piece(kind, "".join(piece.text for piece in texts if piece.kind == kind)) for kind in kinds]
        found += [piece for piece in whole if piece.text]
    return found


def _length(words: Sequence[str]) -> int:
    return sum(map(len, words))
