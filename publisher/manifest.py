"""The files of the live tree as rows: together they are the manifest; and what a publication changes in them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from database import db
from publisher.models import LiveFile
from publisher.order import going_live
from publisher.page import GONE


class FileChange(NamedTuple):
    """A file that a publication adds, changes or removes, from hash to hash; None is no file."""

    position: int  # in the order of going live
    path: str
    old_sha256: str | None
    new_sha256: str | None
    size_bytes: int


def file_changes(
    wanted: Mapping[str, tuple[str | None, int]], live: Mapping[str, tuple[str, int]]
) -> list[FileChange]:
    """What differs from the live tree, in the order in which it goes live; removals last."""
    differs = {
        path for path, (sha256, _) in wanted.items() if sha256 != (live[path][0] if path in live else None)
    }
    removed = sorted(path for path in differs if wanted[path][0] is None)
    new = differs - set(removed)
    added = {path for path in new if path not in live and not path.endswith(f"/{GONE}")}
    stages = going_live(added, new - added)
    ordered = [path for stage in stages for path in stage] + removed
    return [
        FileChange(position, path, live[path][0] if path in live else None, *wanted[path])
        for position, path in enumerate(ordered)
    ]


def live_files(paths: Iterable[str] | None) -> dict[str, tuple[str, int]]:
    """Hash and size of files of the live tree: of these paths, or of all."""
    query = db.select(LiveFile.path, LiveFile.sha256, LiveFile.size_bytes)
    if paths is None:
        return {row.path: (row.sha256, row.size_bytes) for row in db.session.execute(query)}
    found: dict[str, tuple[str, int]] = {}
    ordered = sorted(set(paths))
    for start in range(0, len(ordered), 500):
        some = query.where(LiveFile.path.in_(ordered[start : start + 500]))
        found |= {row.path: (row.sha256, row.size_bytes) for row in db.session.execute(some)}
    return found
