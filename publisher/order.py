"""In which order files go live, so that no reader ever follows a link to nothing."""

import re
from collections.abc import Iterable

ASSETS, PAGES, LISTS, COLUMNS, HOME, CHROME = range(6)
TWIN_SUFFIXES = (".gz", ".br")
MARK = "gone"  # an empty file beside the notice of a withdrawn document
COLUMN_NAMES = ("xxgk", "zwfw", "hudong", "dzjc")
DETAIL = re.compile(r"(?:xxgk|zwfw|hudong)/\d+/")
FRONT = re.compile(r"404\.html|index\.html|robots\.txt|(?:.*/)?feed\.xml|sitemap[^/]*\.xml|sitemaps?/.*")


def rank(path: str) -> int:
    """The stage in which a file of the tree goes live: 0 first, 5 last; a compressed twin goes with its file.

    Assets and attachments, then pages of one document, lists, columns, what names the newest of
    all of them, and last the file in which the endpoint reads the names of assets.
    """
    path = plain(path)
    if path == "assets/chrome.json":
        return CHROME
    first, _, rest = path.partition("/")
    if first in ("assets", "files"):
        return ASSETS
    if FRONT.fullmatch(path):
        return HOME
    if path == "map.html" or (first in COLUMN_NAMES and rest == "index.html"):
        return COLUMNS
    return LISTS if first in COLUMN_NAMES and not DETAIL.match(path) else PAGES


def going_live(added: Iterable[str], changed: Iterable[str]) -> list[tuple[str, ...]]:
    """Paths in stages, each to be live before the next begins; removals come after all of them.

    New pages come before changed ones: no live page leads to them yet, and the page of a document may already
    lead to a list that is as new as itself. Within a stage a page comes before the mark that it is gone.
    """
    stages: dict[tuple[int, int], list[str]] = {}
    for is_changed, paths in ((0, added), (1, changed)):
        for path in paths:
            stage = rank(path)
            place = (stage, 0) if stage in (ASSETS, CHROME) else (1 + is_changed, stage)
            stages.setdefault(place, []).append(path)
    return [tuple(sorted(stages[place], key=_page_before_mark)) for place in sorted(stages)]


def plain(path: str) -> str:
    """The file a compressed twin belongs to, or the path itself."""
    if path.endswith(TWIN_SUFFIXES) and not path.startswith("files/"):
        return path[:-3]
    return path


def is_mark(path: str) -> bool:
    """Whether this is the mark that the page beside it is gone."""
    return path.endswith(f"/{MARK}")


def twin_suffixes(path: str) -> tuple[str, ...]:
    """The suffixes of the compressed twins a file may have; a file to download has none."""
    return () if path.startswith("files/") else TWIN_SUFFIXES


def _page_before_mark(path: str) -> tuple[bool, str]:
    return is_mark(path), path
