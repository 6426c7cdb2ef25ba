"""plan: what publishing now would add, change and remove, why, and what would become public. Touches nothing."""

import difflib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from content.addresses import document_address
from content.models import Edition
from content.rules import plain_text
from publisher.candidates import candidates_of
from publisher.errors import PublishError
from publisher.models import PublicationFile
from publisher.page import address_of
from publisher.pages import Changes
from publisher.publication import (
    Blocked,
    Draft,
    Place,
    Stopwatch,
    file_changes,
    fingerprint,
    live_files,
    newest_publication,
    wanted_files,
)
from publisher.publishing import draft_of
from publisher.trees import live_tree

LONGEST_DIFFERENCE = 60  # lines of one page
SHOWN = 200  # pages whose differences are worked out


@dataclass(frozen=True)
class PlannedFile:
    """A file of the site that would change: how, because of what, and the difference in words."""

    path: str
    change: str  # added, changed, removed
    reason: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()


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
    watch, before = Stopwatch(), newest_publication()
    goes_through_all = before is None or before.is_held or before.fingerprint != fingerprint(place.public_url)
    if goes_through_all and not alone:
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
        everything=goes_through_all,
    )


def preview(place: Place, edition: Edition, *, at: datetime) -> bytes:
    """The page of an edition, byte for byte as publishing it at this moment would write it.

    Raises: PublishError with the reason if it may not be shown.
    """
    pages: dict[str, bytes] = {}
    chosen = candidates_of({edition.document_id: edition.id}, at)
    draft = draft_of(place, Changes(), pages.__setitem__, candidates=chosen)
    head = draft.source.head(edition.document_id)
    if head is None or head.edition_id != edition.id:
        address = document_address(edition.kind, edition.document_id)
        reason, _ = draft.rendering.kept_back.get(address, ("页面不能生成", None))
        raise PublishError(reason)
    return pages[draft.rendering.outcomes[head.url].path]


def _render_again(draft: Draft, rows: Sequence[PublicationFile], pages: dict[str, bytes]) -> None:
    draft.rendering.keep = pages.__setitem__
    changed = {row.path for row in rows}
    outcomes = draft.rendering.outcomes.values()
    urls = [outcome.url for outcome in outcomes if outcome.path in changed and outcome.is_page]
    for _ in draft.rendering.render(urls):
        pass


def _forget(_path: str, _content: bytes) -> None:
    return


def _planned(
    row: PublicationFile, draft: Draft, pages: Mapping[str, bytes], tree: Path | None
) -> PlannedFile:
    change = "removed" if row.new_sha256 is None else "changed" if row.old_sha256 else "added"
    reason = tuple(sorted(draft.touched.pages.get(address_of(row.path), ())))
    return PlannedFile(row.path, change, reason, _difference(row, pages, tree) if tree else ())


def _difference(row: PublicationFile, pages: Mapping[str, bytes], tree: Path) -> tuple[str, ...]:
    """The lines of readable text that come and go."""
    if not row.path.endswith((".html", ".xml")):
        return ()
    file = tree / row.path
    old = _lines(file.read_text(encoding="utf-8")) if row.old_sha256 and file.is_file() else []
    new = _lines(pages[row.path].decode()) if row.new_sha256 and row.path in pages else []
    changed = itertools.islice(
        difflib.unified_diff(old, new, n=0, lineterm=""), 2, None
    )  # after its two heads
    lines = (f"{line[0]} {line[1:]}" for line in changed if line[0] in "+-")
    return tuple(itertools.islice(lines, LONGEST_DIFFERENCE))


def _lines(text: str) -> list[str]:
    return [line for each in plain_text(text).splitlines() if (line := each.strip())]


def _becoming_public(draft: Draft) -> tuple[str, ...]:
    source = draft.source
    new = [
        head for head in source.documents() if head.id not in source.shown_before and head.id in source.work
    ]
    return tuple(f"{head.url} {head.title}" for head in sorted(new, key=lambda head: head.id))
