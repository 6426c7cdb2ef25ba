"""What goes into the index: what the live site shows, and nothing else."""

from collections.abc import Collection, Iterable, Iterator

import search
from installation import search_index, settings


def entries_on_site(document_ids: Collection[int] | None = None) -> Iterator[search.Entry]:
    """Entries of these documents, or of everything, whose page is live: what was kept back is not found either."""
    return _live(search.published_entries(document_ids))


def questions_on_site() -> Iterator[search.Entry]:
    """Entries of every question whose page is live."""
    return _live(search.published_questions())


def rebuild_index() -> int:
    """Make the index anew; how many entries it has.

    Raises: IndexBusyError.
    """
    return search_index().rebuild(entries_on_site())


def _live(entries: Iterable[search.Entry]) -> Iterator[search.Entry]:
    tree = settings().live_tree.resolve()  # one release, even if another goes live in the meantime
    return (entry for entry in entries if (tree / entry.url.strip("/") / "index.html").is_file())
