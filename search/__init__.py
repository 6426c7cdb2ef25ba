"""Search over what is published. A library: `find`, and the index that `put`, `remove` and `rebuild` keep."""

from search.entries import Entry
from search.errors import IndexBusyError, IndexDamagedError
from search.published import entries_of, published_entries, published_questions
from search.query import Hit, Results, find
from search.whoosh_index import WhooshIndex

__all__ = [
    "Entry",
    "Hit",
    "IndexBusyError",
    "IndexDamagedError",
    "Results",
    "WhooshIndex",
    "entries_of",
    "find",
    "published_entries",
    "published_questions",
]
