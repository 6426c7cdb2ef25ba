"""A page of the site: its address, what it shows, and what its head says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from publisher.facts import FileFacts

GONE = "gone"  # marks, beside a notice, that its address is to answer with 410


@dataclass(frozen=True)
class Link:
    """A place to go, with the number of entries behind it where that helps."""

    name: str
    url: str
    count: int | None = None
    is_here: bool = False
    below: "tuple[Link, ...]" = ()


@dataclass(frozen=True)
class Page:
    """One page. `view` is a frozen record for its template; `document_id` is the document it is the page of."""

    url: str
    template: str
    title: str
    view: Any = None
    section: str = ""
    trail: tuple[Link, ...] = ()
    description: str = ""
    meta: tuple[tuple[str, str], ...] = ()  # of the column, the same on many pages
    detail: tuple[tuple[str, str], ...] = ()  # of this page alone
    document_id: int | None = None
    contacts: tuple[str, ...] = ()  # declared contacts of offices, exempt from the check for personal data
    changed_on: date | None = None
    beside: tuple[str, ...] = ()  # titles of other documents that stand on this one's page
    is_indexed: bool = True  # in the site map, and open to search engines
    files: tuple[FileFacts, ...] = ()  # to download from here; they go live with the page
    about: tuple[Mapping[str, Any], ...] = ()  # nodes of schema.org; addresses in them without the site's
    feed: str = ""  # address of the feed of the column the page stands in, where it has one of its own
    is_for_print: bool = False  # taken along on paper, so with its address as a code
    make: Callable[[Any], bytes] | None = None  # of a file that no template makes: from its view to its bytes
    is_gone: bool = False  # its address answers with 410 where the web server can

    @property
    def file(self) -> str:
        return file_of(self.url)


@dataclass(frozen=True)
class Column:
    """What the page tags say of the column a list or detail page stands in (standards §1.1)."""

    name: str
    description: str
    keywords: str
    kind: str
    trail: tuple[Link, ...] = field(default=())

    @property
    def meta(self) -> tuple[tuple[str, str], ...]:
        return (
            ("ColumnName", self.name),
            ("ColumnDescription", self.description or self.name),
            ("ColumnKeywords", self.keywords or self.name),
            ("ColumnType", self.kind),
        )


def file_of(url: str) -> str:
    """The file below the tree that answers at this address."""
    return (url + "index.html" if url.endswith("/") else url).lstrip("/")


def address_of(path: str) -> str:
    """The address at which a file of the tree answers."""
    return f"/{path.removesuffix('index.html')}" if f"/{path}".endswith("/index.html") else f"/{path}"
