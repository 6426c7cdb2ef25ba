"""What stands in the Whoosh index, and how an Entry is written into it.

The text is kept in the index, twice: folded, to verify hits exactly and to find passages; and as shown, packed, for
excerpts. A callable into the database instead would save disk, but every verification would be a query, index and database
could disagree in mid-update, and the endpoint could not search while the database is away.

No positions are stored (they triple the index and phrases through them are slow); the frequency of a term goes in as its
weight, terms of the title counting TITLE_WEIGHT times, so that one list of postings serves as BM25 over both fields.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import CompressedBytesColumn, NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence

from search import analysis
from search.entries import Entry

TITLE_WEIGHT = 3
FACETS = ("kind", "organ", "channel", "year", "validity")


class TermsField(FieldType):
    """Takes terms with weights as they are; no analyser of Whoosh's, whose token objects cost four times the time."""

    def __init__(self) -> None:
        super().__init__(Existence(), None)

    def index(
        self, value: Mapping[str, float], **kwargs: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        yield from ((term.encode(), 1, float(weight), b"") for term, weight in value.items())


SCHEMA = Schema(
    id=TermsField(),
    kind=TermsField(),
    organ=TermsField(),
    channel=TermsField(),
    year=TermsField(),
    validity=TermsField(),
    number=TermsField(),
    title=TermsField(),  # pairs of the title
    pairs=TermsField(),  # of everything
    words=TermsField(),  # of everything
    length=COLUMN(NumericColumn("I")),  # number of pairs, the title's weighted
    day=COLUMN(NumericColumn("I")),  # ordinal of published_on, 0: none
    title_text=COLUMN(VarBytesColumn()),  # folded
    head_text=COLUMN(VarBytesColumn()),  # folded: title, numbers, organ, summary
    body_text=COLUMN(VarBytesColumn()),  # folded
    body_shown=COLUMN(CompressedBytesColumn()),
    shown=STORED(),
)
# Postings are always read whole, so blocks are large.
CODEC = W3Codec(blocklimit=4096, compression=1)


def fields_of(entry: Entry) -> dict[str, Any]:
    """The values of one Whoosh document."""
    body, title = analysis.clean(entry.body), analysis.fold(entry.title)
    lines = (entry.title, entry.number, entry.document_no, entry.organ_name, entry.summary)
    head, folded = "\n".join(map(analysis.fold, lines)), analysis.fold(body)
    pairs = _weighted(analysis.pairs, title, head, folded)
    return {
        "id": {entry.id: 1},
        "kind": _given([entry.kind]),
        "organ": _given([entry.organ_code]),
        "channel": _given(entry.channel_codes),
        "year": _given([str(entry.year or "")]),
        "validity": _given([entry.validity]),
        "number": _given(analysis.number_key(number) for number in (entry.number, entry.document_no)),
        "title": dict.fromkeys(analysis.pairs(title), 1),
        "pairs": pairs,
        "words": _weighted(analysis.words, title, head, folded),
        "length": max(1, pairs.total()),
        "day": entry.published_on.toordinal() if entry.published_on else 0,
        "title_text": title.encode(),
        "head_text": head.encode(),
        "body_text": folded.encode(),
        "body_shown": body.encode(),
        "shown": _shown(entry),
    }


def _weighted(terms: Any, title: str, head: str, body: str) -> Counter[str]:
    """Counts over head and body; the title is in the head once and is added for the rest of its weight."""
    counts: Counter[str] = terms(head) + terms(body)
    for term, count in terms(title).items():
        counts[term] += (TITLE_WEIGHT - 1) * count
    return counts


def _given(values: Iterable[str]) -> dict[str, float]:
    return {analysis.clean(value): 1 for value in values if value}


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": analysis.clean(entry.title),
        "url": entry.url,
        "organ_code": entry.organ_code,
        "organ": analysis.clean(entry.organ_name),
        "validity": entry.validity,
        "summary": analysis.clean(entry.summary),
        "published_on": entry.published_on.toordinal() if entry.published_on else 0,
    }
