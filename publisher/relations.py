"""How disclosures hang together: what interprets, answers or replaces what, and the editions a document had before."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from content import published


class Relations:
    """Relations and past editions by document: all read at once, or those of the work, and of others when asked for."""

    def __init__(self, work: Collection[int], *, whole: bool, candidates: Collection[int] = ()):
        self._whole = whole
        self._work = set(work)
        self._links: dict[int, list[Any]] = defaultdict(list)
        self._past: dict[int, list[Any]] = defaultdict(list)
        self._read: set[int] = set()
        if whole:
            self._keep(published.links())
            self._keep_past(published.past_editions())
            for document in candidates:
                self._past.pop(document, None)
            self._keep_past(published.past_editions(candidates))

    def expect(self, documents: Collection[int]) -> None:
        """These will be asked for: they are read together."""
        self._work |= set(documents)

    def of(self, document: int) -> list[Any]:
        """Relations from and to a document, of whatever edition: `document_id`, `edition_id`, `kind`, `target_id`."""
        self._load(document)
        return self._links.get(document, [])

    def past(self, document: int, before: int) -> list[Any]:
        """Editions that were public before this one, oldest first: `edition_id`, `published_at`."""
        self._load(document)
        return [row for row in self._past.get(document, ()) if row.edition_id < before]

    def _load(self, document: int) -> None:
        if self._whole or document in self._read:
            return
        wanted = {document} if document not in self._work else self._work - self._read
        self._read |= wanted
        for key in wanted:
            self._links.pop(key, None)
        self._keep(published.links(wanted), wanted)
        self._keep_past(published.past_editions(wanted))

    def _keep(self, rows: Iterable[Any], wanted: Collection[int] | None = None) -> None:
        for row in rows:
            for end in {row.document_id, row.target_id}:
                if wanted is None or end in wanted:
                    self._links[end].append(row)

    def _keep_past(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self._past[row.document_id].append(row)
