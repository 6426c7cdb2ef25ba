"""How Chinese text becomes terms: the only place that knows, for documents and queries alike.

Two kinds of terms. **Pairs** (every two neighbouring letters or digits) lose nothing: any run of two or more characters
of a text is found through its pairs. **Words** (by rjieba) lose a little, so they serve ranking only. Document numbers,
index numbers and item codes are kept whole besides.

`fold` works character by character, so that every place in a folded text can be traced to the text shown, and a browser
can do the same. Variants (full width, brackets, hyphens) are settled there; traditional characters can be added there.
"""

import importlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import add

LONGEST_QUERY = 200  # characters; more is cut and said
MOST_NEEDLES = 24
SENTENCE = 6  # characters from which a query without spaces counts as one
RUN = re.compile(r"[^\W_]+")
NUMBER_FORM = "{} ?(?:\\(|<|〈|{{) ?{} ?(?:\\)|>|〉|}}) ?(?:第 ?)?{} ?号"  # issuer, year, serial
DOCUMENT_NUMBER = re.compile(
    NUMBER_FORM.format(r"([\u3400-\u9fff]{1,20})", r"((?:19|20)\d\d)", r"(?<!\d)(\d{1,6})")
)
CODE = re.compile(r"[0-9a-z]+(?:[-/_.][0-9a-z]+)+")  # index numbers, item codes, dates
COUNTRY = "中华人民共和国"
BRACKETS = dict(zip("〔［【〖[（〕］】〗]）", "((((((" + "))))))", strict=True))
HYPHENS = dict.fromkeys("‐‑‒–−", "-")


@cache
def _cutter() -> Callable[[str], list[str]]:
    """What splits text into words. Its dictionary costs 0.1 s and 120 MB when imported: only who needs words pays."""
    return importlib.import_module("rjieba").cut


class _Fold(dict[int, str]):
    """Table for str.translate, filled as characters come up: NFKC and lower case of each, invisible ones dropped."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isspace():
            folded = " "
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs"):
            folded = ""
        else:
            variants = BRACKETS | HYPHENS
            plain = variants.get(character) or unicodedata.normalize("NFKC", character).lower()
            folded = "".join(variants.get(part, part) for part in plain)
        self[code] = folded
        return folded


class _Clean(dict[int, str | None]):
    """Table for str.translate: keeps what can be shown and stored, drops control characters and half characters."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kept = character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
        self[code] = character if kept else " " if character.isspace() else None
        return self[code]


_FOLD = _Fold()
_CLEAN = _Clean()


def clean(text: str) -> str:
    """The text as it may be shown: composed (NFC), without control characters other than line ends."""
    return unicodedata.normalize("NFC", text).translate(_CLEAN)


def fold(text: str) -> str:
    """The text as it is compared: half width, lower case, one kind of bracket, hyphen and space."""
    return clean(text).translate(_FOLD)


def shown_ranges(shown: str, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges (start, end) in fold(shown) as ranges in `shown`, which must be clean."""
    codes = [ord(character) for character in shown]
    if all(len(_FOLD[code]) == 1 for code in set(codes)):
        return list(ranges)
    ends = list(accumulate(len(_FOLD[code]) for code in codes))
    return [(bisect_right(ends, start), bisect_right(ends, end - 1) + 1) for start, end in ranges]


def pairs(folded: str) -> Counter[str]:
    """Every pair of neighbouring letters or digits of a folded text, counted. Punctuation and space part them."""
    counts: Counter[str] = Counter()
    for run in RUN.findall(folded):
        counts.update(map(add, run, run[1:]))
    return counts


def words(folded: str) -> Counter[str]:
    """Words of two characters or more and whole document numbers of a folded text, counted; for ranking only."""
    counts = Counter(word for word in _cutter()(folded) if len(word) > 1 and word[0].isalnum())
    counts.update(_document_number(match) for match in DOCUMENT_NUMBER.finditer(folded))
    return counts


def squeeze(folded: str) -> str:
    """Letters and digits only: how titles are compared, so that 《》 and spaces do not matter."""
    return "".join(RUN.findall(folded))


def number_key(number: str) -> str:
    """The form in which a document number, index number or item code is compared as a whole."""
    folded = fold(number).replace(" ", "")
    match = DOCUMENT_NUMBER.fullmatch(folded)
    return _document_number(match) if match else folded


@dataclass(frozen=True)
class Query:
    """A citizen's text, read: nothing in it is an operator."""

    needles: tuple[str, ...]  # each must be a part of the folded text for a document to hold all terms
    whole: str  # squeezed
    numbers: frozenset[str]  # number keys that the text may mean
    pairs: tuple[str, ...]
    words: tuple[str, ...]
    is_cut: bool  # longer than LONGEST_QUERY or MOST_NEEDLES

    @property
    def tests(self) -> list[re.Pattern[bytes]]:
        """Each finds one needle in a folded text in UTF-8; a document number also where it is set with spaces."""
        return [re.compile(_as_pattern(needle).encode()) for needle in self.needles]

    @property
    def is_sentence(self) -> bool:
        """Several terms or a long one that is no number: then what holds only some of it may be meant as well."""
        first = self.needles[0] if self.needles else ""
        return len(self.needles) > 1 or (len(first) >= SENTENCE and first.isalnum() and not first.isascii())

    @property
    def is_empty(self) -> bool:
        return not self.needles

    @property
    def pairs_of_needles(self) -> list[str]:
        """The pairs that a document which holds all needles has for certain."""
        return list(dict.fromkeys(pair for needle in self.needles for pair in pairs(needle)))


def read_query(text: str) -> Query:
    """Read what a citizen typed. Any text will do; one without a letter or digit gives an empty query."""
    folded = " ".join(fold(text[:LONGEST_QUERY]).split())
    needles = list(dict.fromkeys(_needles(folded)))
    kept = tuple(needles[:MOST_NEEDLES])
    return Query(
        needles=kept,
        whole=squeeze(folded),
        numbers=frozenset(_numbers_meant(folded)) if kept else frozenset(),
        pairs=tuple(pairs(folded)),
        words=tuple(words(folded)),
        is_cut=len(text) > LONGEST_QUERY or len(needles) > len(kept),
    )


def _needles(folded: str) -> Iterator[str]:
    rest = folded
    for pattern, key in ((DOCUMENT_NUMBER, _document_number), (CODE, re.Match.group)):
        for match in pattern.finditer(rest):
            if pattern is DOCUMENT_NUMBER or any(character.isdigit() for character in match[0]):
                yield key(match)
                rest = rest.replace(match[0], " ")
    yield from RUN.findall(rest)


def _numbers_meant(folded: str) -> Iterator[str]:
    """The whole text as a number, codes in it, and document numbers whose issuer may begin at any character."""
    yield number_key(folded)
    yield from CODE.findall(folded)
    for match in DOCUMENT_NUMBER.finditer(folded):
        number = _document_number(match)
        yield from (number[start:] for start in range(len(match[1])))


def _as_pattern(needle: str) -> str:
    number = DOCUMENT_NUMBER.fullmatch(needle)
    return NUMBER_FORM.format(*number.groups()) if number else re.escape(needle)


def _document_number(match: re.Match[str]) -> str:
    return f"{match[1]}({match[2]}){match[3]}号"
