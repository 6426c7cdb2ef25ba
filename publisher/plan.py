"""plan: what publishing now would add, change and remove, why, and what would become public. Touches nothing."""

import difflib
import html
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from content.addresses import document_address
from content.models import Edition
from content.rules import plain_text
from publisher.candidates import candidates_of
from publisher.draft import Draft, draft_of, page_ahead, wanted_files
from publisher.errors import PublishError
from publisher.manifest import FileChange, file_changes, live_files
from publisher.page import address_of
from publisher.publishing import goes_through_all
from publisher.report import Blocked, Stopwatch
from publisher.touching import Changes
from publisher.trees import Place, live_tree

LONGEST_DIFFERENCE = 60  # lines of one page
SHOWN = 200  # pages whose differences are worked out
MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
TITLE = re.compile(r"<title>([^<]*)</title>")


@dataclass(frozen=True)
class PlannedFile:
    """A file of the site that would change: how, because of what, and the difference in words."""

    path: str
    change: str  # added, changed, removed
    reason: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()  # at most LONGEST_DIFFERENCE lines, each begun with + or -
    title: str = ""  # of a page


@dataclass(frozen=True)
class Plan:
    """What a publication would do. `public` names documents that readers cannot see today."""

    files: tuple[PlannedFile, ...]
    added: int
    changed: int
    removed: int
    public: tuple[str, ...]
    blocked: tuple[Blocked, ...]
    seconds: float
    everything: bool = False  # publishing would go through the whole site: after an upgrade, after a rollback

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return asdict(self)


def make_plan(
    place: Place,
    changes: Changes,
    *,
    candidates: Mapping[int, int] | None = None,
    at: datetime | None = None,
    alone: bool = False,
    differences: bool = True,
) -> Plan:
    """What publishing these changes would do; `candidates` are editions taken for live from `at` on (document: edition).

    `alone`: nothing but what these records touch, although publishing would now go through the whole site as well.
    """
    watch, everything = Stopwatch(), goes_through_all(place, changes)
    if everything and not alone:
        changes = Changes(everything=True)
    pages: dict[str, bytes] = {}
    whole = live_files(None) if changes.everything else None
    keep = pages.__setitem__ if whole is None else _forget  # of a whole site only what changed is kept
    draft = draft_of(place, changes, keep, candidates=candidates_of(candidates or {}, at))
    wanted = wanted_files(draft)
    if whole is not None:
        wanted |= dict.fromkeys(whole.keys() - wanted.keys(), (None, 0))
    rows = file_changes(wanted, whole if whole is not None else live_files(wanted))
    tree = live_tree(place.site_folder) if differences else None
    if whole is not None and differences:
        _render_again(draft, rows[:SHOWN], pages)
    files = tuple(
        _planned(row, draft, pages, tree if number < SHOWN else None) for number, row in enumerate(rows)
    )
    return Plan(
        files=files,
        added=sum(each.change == "added" for each in files),
        changed=sum(each.change == "changed" for each in files),
        removed=sum(each.change == "removed" for each in files),
        public=_becoming_public(draft),
        blocked=tuple(Blocked(page, reason) for page, (reason, _, _) in sorted(draft.kept_back.items())),
        seconds=watch.seconds,
        everything=everything,
    )


def preview(place: Place, edition: Edition, *, at: datetime) -> bytes:
    """The page of an edition, byte for byte as publishing it at this moment would write it.

    Raises: PublishError with the reason if it may not be shown.
    """
    pages: dict[str, bytes] = {}
    chosen = candidates_of({edition.document_id: edition.id}, at)
    address = document_address(edition.kind, edition.document_id)
    rendering = page_ahead(place, pages.__setitem__, address, chosen)
    head = rendering.source.head(edition.document_id)
    if head is None or head.edition_id != edition.id:
        reason, _ = rendering.kept_back.get(address, ("页面不能生成", None))
        raise PublishError(reason)
    return pages[rendering.outcomes[head.url].path]


def _render_again(draft: Draft, rows: Sequence[FileChange], pages: dict[str, bytes]) -> None:
    draft.rendering.keep = pages.__setitem__
    changed = {row.path for row in rows}
    outcomes = draft.rendering.outcomes.values()
    urls = [outcome.url for outcome in outcomes if outcome.path in changed and outcome.is_page]
    for _ in draft.rendering.render(urls):
        pass


def _forget(_path: str, _content: bytes) -> None:
    return


def _planned(row: FileChange, draft: Draft, pages: Mapping[str, bytes], tree: Path | None) -> PlannedFile:
    change = "removed" if row.new_sha256 is None else "changed" if row.old_sha256 else "added"
    reason = tuple(sorted(draft.touched.pages.get(address_of(row.path), ())))
    if tree is None or not row.path.endswith((".html", ".xml")):
        return PlannedFile(row.path, change, reason)
    file = tree / row.path
    old = file.read_text(encoding="utf-8") if row.old_sha256 and file.is_file() else ""
    new = pages[row.path].decode() if row.new_sha256 and row.path in pages else ""
    return PlannedFile(row.path, change, reason, _difference(old, new), _title(new or old))


def _title(page: str) -> str:
    """What the page is called, without the name of the site after it."""
    found = TITLE.search(page)
    return html.unescape(found[1]).rpartition(" - ")[0] or html.unescape(found[1]) if found else ""


def _difference(old: str, new: str) -> tuple[str, ...]:
    """The lines of readable text that come and go: of what a page says, or of its frame if that is all."""
    said = [found[1] if (found := MAIN.search(page)) else page for page in (old, new)]
    old, new = said if said[0] != said[1] else (old, new)
    changed = difflib.unified_diff(_lines(old), _lines(new), n=0, lineterm="")
    lines = (f"{line[0]} {line[1:]}" for line in itertools.islice(changed, 2, None) if line[0] in "+-")
    return tuple(itertools.islice(lines, LONGEST_DIFFERENCE))


def _lines(page: str) -> list[str]:
    """The readable text; a label and what it labels are one line, and so is a row of a table."""
    for end, joint in (("</dt>", "："), ("</th>", "　"), ("</td>", "　")):
        page = page.replace(end, joint)
    return [line for each in plain_text(page).splitlines() if (line := each.strip())]


def _becoming_public(draft: Draft) -> tuple[str, ...]:
    source = draft.source
    new = [
        head for head in source.documents() if head.id not in source.shown_before and head.id in source.work
    ]
    return tuple(f"{head.url} {head.title}" for head in sorted(new, key=lambda head: head.id))
