"""plan: what publishing now would add, change and remove, why, and what would become public. Touches nothing."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from content.models import Edition
from content.rules import plain_text
from publisher.models import PublicationFile
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

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return asdict(self)


def make_plan(
    place: Place, changes: Changes, *, candidates: Mapping[int, int] | None = None, differences: bool = True
) -> Plan:
    """What publishing these changes would do; `candidates` are editions taken for live (document: edition).

    Raises: PublishError when there is no site.
    """
    watch, before = Stopwatch(), newest_publication()
    if before is None or before.is_held or before.fingerprint != fingerprint(place.public_url):
        changes = Changes(everything=True)
    pages: dict[str, bytes] = {}
    whole = live_files(None) if changes.everything else None
    keep = (
        pages.__setitem__ if whole is None else _forget
    )  # of a whole site only what changed is rendered again
    draft = draft_of(place, changes, keep, candidates=dict(candidates or {}))
    wanted = wanted_files(draft)
    if whole is not None:
        wanted |= dict.fromkeys(whole.keys() - wanted.keys(), (None, 0))
    rows = file_changes(wanted, whole if whole is not None else live_files(wanted))
    tree = live_tree(place.site_folder)
    if whole is not None and differences:
        draft.rendering.keep = pages.__setitem__
        changed = {row.path for row in rows[:SHOWN]}
        outcomes = draft.rendering.outcomes.values()
        list(
            draft.rendering.render(
                [outcome.url for outcome in outcomes if outcome.path in changed and outcome.is_page]
            )
        )
    files = tuple(
        _planned(row, draft, pages, tree if differences and number < SHOWN else None)
        for number, row in enumerate(rows)
    )
    return Plan(
        files=files,
        added=sum(each.change == "added" for each in files),
        changed=sum(each.change == "changed" for each in files),
        removed=sum(each.change == "removed" for each in files),
        public=_becoming_public(draft),
        blocked=tuple(Blocked(page, reason) for page, (reason, _, _) in sorted(draft.kept_back.items())),
        seconds=watch.seconds,
    )


def preview(place: Place, edition: Edition) -> bytes | None:
    """The page of an edition, byte for byte as publishing it now would write it; None if it may not be shown."""
    pages: dict[str, bytes] = {}
    draft = draft_of(place, Changes(), pages.__setitem__, candidates={edition.document_id: edition.id})
    head = draft.source.head(edition.document_id)
    if head is None or head.edition_id != edition.id:
        return None
    return pages.get(draft.rendering.outcomes[head.url].path)


def _forget(_path: str, _content: bytes) -> None:
    return


def _planned(
    row: PublicationFile, draft: Draft, pages: Mapping[str, bytes], tree: Path | None
) -> PlannedFile:
    change = "removed" if row.new_sha256 is None else "changed" if row.old_sha256 else "added"
    url = f"/{row.path.removesuffix('index.html') if row.path.endswith('/index.html') else row.path}"
    reason = tuple(sorted(draft.touched.pages.get("/" if row.path == "index.html" else url, ())))
    return PlannedFile(row.path, change, reason, _difference(row, pages, tree) if tree else ())


def _difference(row: PublicationFile, pages: Mapping[str, bytes], tree: Path) -> tuple[str, ...]:
    """The lines of readable text that come and go."""
    if not row.path.endswith((".html", ".xml")):
        return ()
    file = tree / row.path
    old = _lines(file.read_text(encoding="utf-8")) if row.old_sha256 and file.is_file() else []
    new = _lines(pages[row.path].decode()) if row.path in pages else []
    found = [line for line in difflib.ndiff(old, new) if line.startswith(("+ ", "- "))] if old and new else []
    lines = found if old and new else [f"+ {line}" for line in new] or [f"- {line}" for line in old]
    return tuple(lines[:LONGEST_DIFFERENCE])


def _lines(text: str) -> list[str]:
    return [line for each in plain_text(text).splitlines() if (line := each.strip())]


def _becoming_public(draft: Draft) -> tuple[str, ...]:
    source = draft.source
    new = [
        head for head in source.documents() if head.id not in source.shown_before and head.id in source.work
    ]
    return tuple(f"{head.url} {head.title}" for head in sorted(new, key=lambda head: head.id))
