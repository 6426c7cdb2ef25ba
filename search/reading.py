"""Reading an index: segments that never change, and the snapshot of one commit over them.

Sets of documents are integers, one bit a document: AND, OR and counting cost nothing in Python that way, where Whoosh's own
matchers step through postings one by one. Lists of postings are read whole and kept, up to a limit; a segment lives on in
the next snapshot, so an update does not cool what was read.
"""

import weakref
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from threading import RLock
from typing import Any, NamedTuple

from whoosh.codec.base import PerDocumentReader, Segment, TermsReader
from whoosh.reading import TermNotFound

from search.schema import SCHEMA
from search.seal import SealedStorage

POSTINGS_KEPT = 1_000_000  # a segment; 8 bytes each
BITS_IN_BYTE = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


class Postings(NamedTuple):
    """Documents that have a term, rising, and its weight in each."""

    numbers: "array[int]"
    weights: "array[float]"


class ReadSegment:
    """One segment of the index. Numbers of documents count from 0 within it."""

    def __init__(self, storage: SealedStorage, segment: Segment):
        files = SealedStorage(storage.folder, storage.sealed)
        weakref.finalize(self, files.close_files)
        codec = segment.codec()
        self.id: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self._terms: TermsReader = codec.terms_reader(files, segment)
        self._documents: PerDocumentReader = codec.per_document_reader(files, segment)
        self._lock = RLock()  # files have one position
        self._postings: dict[tuple[str, str], Postings] = {}
        self._bits: dict[tuple[str, str], int] = {}
        self._values: dict[str, list[str]] = {}
        self._columns: dict[str, Any] = {}
        self._kept = 0
        if self.count:  # all files are opened, and so checked, now: later they may be superseded
            self._columns = {name: self._opened(name) for name, kind in SCHEMA.items() if kind.column_type}
            self._documents.stored_fields(0)
        self.lengths = array("I", self._columns.get("length", ()))
        self.total_length = sum(self.lengths)
        self.days = array("I", self._columns.get("day", ()))

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term; empty where no document has it."""
        with self._lock:
            key = field, term
            found = self._postings.pop(key, None)
            if found is None:
                found = self._read_postings(field, term)
                self._kept += len(found.numbers)
            self._postings[key] = found
            while self._kept > POSTINGS_KEPT and len(self._postings) > 1:
                oldest = next(iter(self._postings))
                self._kept -= len(self._postings.pop(oldest).numbers)
                self._bits.pop(oldest, None)
            return found

    def bits(self, field: str, term: str) -> int:
        """The documents that have a term, as a set of bits."""
        numbers = self.postings(field, term).numbers
        with self._lock:
            if (field, term) not in self._bits:
                self._bits[field, term] = bits_of(numbers, self.count)
            return self._bits[field, term]

    def values(self, field: str) -> list[str]:
        """All terms of a field."""
        with self._lock:
            if field not in self._values:
                self._values[field] = list(self._lexicon(field))
            return self._values[field]

    def text(self, column: str, number: int) -> bytes:
        """What a text column holds of a document, in UTF-8."""
        with self._lock:
            return self._columns[column][number]

    def shown(self, number: int) -> dict[str, Any]:
        """What is shown of a document."""
        with self._lock:
            return self._documents.stored_fields(number)["shown"]

    def _opened(self, column: str) -> Any:
        return self._documents.column_reader(column, SCHEMA[column].column_type)

    def _lexicon(self, field: str) -> Iterator[str]:
        if field in self._terms.indexed_field_names():
            for name, term in self._terms.terms_from(field, b""):
                if name != field:
                    return
                yield term.decode()

    def _read_postings(self, field: str, term: str) -> Postings:
        found = Postings(array("I"), array("f"))
        try:
            matcher = self._terms.matcher(field, term.encode(), SCHEMA[field].format)
        except TermNotFound:
            return found
        while not matcher._atend:  # block by block: three calls a posting would take ten times as long
            matcher._read_ids()
            matcher._read_weights()
            found.numbers.extend(matcher._ids)
            found.weights.extend(matcher._weights)
            matcher._next_block()
        return found


class Snapshot:
    """The index at one commit. Numbers of documents count through all segments."""

    def __init__(self, segments: list[ReadSegment], deleted: list[Iterable[int]]):
        self.segments = segments
        self.starts = [0, *accumulate(segment.count for segment in segments)]
        gone = (bits_of(numbers, segment.count) for segment, numbers in zip(segments, deleted, strict=True))
        self.live = [(1 << segment.count) - 1 & ~bits for segment, bits in zip(segments, gone, strict=True)]
        self.count = sum(bits.bit_count() for bits in self.live)
        total = sum(segment.total_length for segment in segments)
        self.mean_length = max(1.0, total / max(1, self.starts[-1]))

    def __len__(self) -> int:
        return self.count

    def numbers(self, field: str, term: str) -> list[int]:
        """The live documents that have a term."""
        return list(self.numbered(self.bits(field, term)))

    def bits(self, field: str, term: str) -> list[int]:
        """The live documents that have a term: a set of bits for each segment."""
        return self.narrowed(self.live, field, [term])

    def narrowed(self, bits: list[int], field: str, terms: Iterable[str]) -> list[int]:
        """Those of a set that have all the terms."""
        for term in terms:
            if not any(bits):
                break
            bits = [
                part and part & segment.bits(field, term)
                for segment, part in zip(self.segments, bits, strict=True)
            ]
        return bits

    def numbered(self, bits: list[int]) -> Iterator[int]:
        """The documents of a set, in rising order."""
        for start, part in zip(self.starts, bits, strict=False):
            yield from (start + number for number in members(part))

    def set_of(self, numbers: Iterable[int]) -> list[int]:
        """Documents as sets of bits, one for each segment."""
        local: list[list[int]] = [[] for _ in self.segments]
        for number in numbers:
            at = bisect_right(self.starts, number) - 1
            local[at].append(number - self.starts[at])
        return [bits_of(part, segment.count) for part, segment in zip(local, self.segments, strict=True)]

    def place(self, number: int) -> tuple[ReadSegment, int]:
        """Segment of a document and its number there."""
        at = bisect_right(self.starts, number) - 1
        return self.segments[at], number - self.starts[at]

    def text(self, column: str, number: int) -> bytes:
        segment, local = self.place(number)
        return segment.text(column, local)

    def shown(self, number: int) -> dict[str, Any]:
        segment, local = self.place(number)
        return segment.shown(local)

    def day(self, number: int) -> int:
        segment, local = self.place(number)
        return segment.days[local]


def bits_of(numbers: Iterable[int], count: int) -> int:
    """Numbers below `count` as a set of bits."""
    packed = bytearray((count + 7) // 8)
    for number in numbers:
        packed[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(packed, "little")


def members(bits: int) -> Iterator[int]:
    """The numbers of a set of bits, in rising order."""
    for index, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            yield from (index * 8 + bit for bit in BITS_IN_BYTE[byte])
