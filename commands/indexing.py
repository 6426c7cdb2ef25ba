"""What goes into the index: what the live site shows, and nothing else."""

from collections.abc import Collection, Iterator

import publisher
import search
from installation import search_index


def entries_on_site(document_ids: Collection[int] | None = None) -> Iterator[search.Entry]:
    """Entries of these documents, or of everything, as the site shows them: what it does not show is not found."""
    shown, kept_back = publisher.shown_as_published(document_ids), publisher.kept_back()
    for entry in search.published_entries(document_ids):
        if entry.kind == "question":
            if entry.url not in kept_back:
                yield entry
        elif int(entry.id.rpartition("-")[2]) in shown:
            yield entry
    yield from search.entries_of(publisher.shown_instead(document_ids))


def subjects_kept_back() -> set[tuple[str, int]]:
    """Documents and questions of which the site keeps a page back, by kind and id."""
    return {(row.subject_kind, row.subject_id) for row in publisher.pages_kept_back() if row.subject_kind}


def questions_on_site() -> Iterator[search.Entry]:
    """Entries of every question whose page is live."""
    kept_back = publisher.kept_back()
    return (entry for entry in search.published_questions() if entry.url not in kept_back)


def rebuild_index() -> int:
    """Make the index anew; how many entries it has.

    Raises: IndexBusyError.
    """
    return search_index().rebuild(entries_on_site())
