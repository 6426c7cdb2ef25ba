"""build: the whole site into a fresh tree, checked, and switched to in one step."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from publisher.compressing import expect_no_twins, expect_twins
from publisher.draft import Draft, draft_of, wanted_files
from publisher.errors import PublishError
from publisher.journal import is_in_step
from publisher.manifest import FileChange, file_changes, live_files
from publisher.models import PublicationKind
from publisher.page import GONE
from publisher.processes import Progress, without_collection
from publisher.records import Prepared, check_size, enter, new_publication, newest_publication, remember
from publisher.report import Report, Stopwatch
from publisher.touching import Changes
from publisher.trees import (
    Place,
    everything_synced,
    keep_bytes,
    live_tree,
    make_newer,
    new_tree,
    one_more_name,
    open_new_folder,
    write_new,
)


class FreshTree:
    """A tree in the making. What the old tree has with the same bytes gets one more name and is not written again."""

    def __init__(self, tree: Path, old: Path | None):
        self.tree, self.old = tree, old
        self._root = f"{tree}/"
        self._folders = {str(tree)}  # those that are there

    def keep(self, path: str, content: bytes) -> None:
        """Write a file of the tree."""
        if self.old is not None and _is_same(self.old / path, content):
            self._new(path, partial(one_more_name, self.old / path))
            return
        self._new(path, partial(write_new, content=content))
        if self.old is not None:
            make_newer([self.tree / path], self.old / path)

    def link(self, path: str, source: Path) -> None:
        """Take a file that exists already into the tree."""
        self._new(path, partial(one_more_name, source))

    def remove(self, path: str) -> None:
        """A page that was rendered and then judged unfit."""
        (self.tree / path).unlink(missing_ok=True)
        folder = (self.tree / path).parent
        with suppress(OSError):  # something else is in its folder
            folder.rmdir()
            self._folders.discard(str(folder))

    def _new(self, path: str, make: Callable[[str], None]) -> None:
        target = self._root + path
        folder = os.path.dirname(target)
        if folder not in self._folders:
            open_new_folder(folder)
            self._folders.add(folder)
        try:
            make(target)
        except FileExistsError:  # rendered before, and judged
            os.unlink(target)
            make(target)


def _is_same(file: Path, content: bytes) -> bool:
    try:
        return file.read_bytes() == content
    except OSError:
        return False


def prepare_build(
    place: Place, *, at: datetime, accept_fewer: bool = False, progress: Progress | None = None
) -> Prepared:
    """Prepare a publication of the whole site in a tree of its own.

    Raises: PublishError; OSError of the disk. The live site is then as it was.
    """
    with without_collection():
        return _prepare_build(place, at, accept_fewer, progress)


def _prepare_build(place: Place, at: datetime, accept_fewer: bool, progress: Progress | None) -> Prepared:
    watch, before = Stopwatch(), newest_publication()
    publication = new_publication(PublicationKind.BUILD, before, at=at, public_url=place.public_url)
    old = live_tree(place.site_folder)
    tree = new_tree(place.site_folder, publication.tree)
    fresh = FreshTree(tree, old if before and old and old.is_dir() else None)
    try:
        expect_twins(tree)
        draft = draft_of(place, Changes(everything=True), fresh.keep, progress=progress, watch=watch)
        live = live_files(None)
        wanted = {path: given for path, given in wanted_files(draft).items() if given[0] is not None}
        _complete(fresh, draft, place, wanted)
        rows = file_changes({**dict.fromkeys(live, (None, 0)), **wanted}, live)
        if before and is_in_step(place.site_folder, before):
            _keep_old_bytes(place, old, rows)
        watch.stage("write")
        with everything_synced():
            enter(publication, rows, live)
            check_size(publication, before, accept_fewer=accept_fewer)
            remember(publication, draft, rows)
        watch.stage("record")
    except BaseException:
        shutil.rmtree(tree, ignore_errors=True)
        expect_no_twins(tree)
        raise
    return Prepared(publication, rows, watch, old)


def build_into(folder: Path, place: Place, *, name: str, progress: Progress | None = None) -> Report:
    """Build the whole site into an empty folder; nothing live changes and nothing is written down.

    Raises: PublishError when the folder is not empty, or where the live site has its own; OSError.
    """
    watch, folder = Stopwatch(), folder.resolve()
    if folder.is_relative_to(place.site_folder.resolve()):
        raise PublishError(f"目录 {folder} 在公开网站自己的目录里，请换一个目录。")
    if folder.exists() and any(folder.iterdir()):
        raise PublishError(f"目录 {folder} 不是空的，请换一个目录或先清空。")
    folder.mkdir(parents=True, exist_ok=True)
    fresh = FreshTree(folder, None)
    with without_collection():
        draft = draft_of(place, Changes(everything=True), fresh.keep, progress=progress, watch=watch)
    wanted = {path: given for path, given in wanted_files(draft).items() if given[0] is not None}
    _complete(fresh, draft, place, wanted)
    watch.stage("write")
    blocked = sorted((page, reason) for page, (reason, _, _) in draft.kept_back.items())
    return Report.of(name, wanted, blocked, watch)


def _complete(
    fresh: FreshTree, draft: Draft, place: Place, wanted: dict[str, tuple[str | None, int]]
) -> None:
    """Files to download and marks beside notices; what was written of pages that are not shown goes."""
    for path in draft.attached:
        fresh.link(path, place.upload_folder / path.removeprefix("files/"))
    for path in wanted:
        if path.endswith(f"/{GONE}"):
            fresh.keep(path, b"")
    for outcome in draft.rendering.outcomes.values():
        if outcome.sha256 is None:
            fresh.remove(outcome.path)


def _keep_old_bytes(place: Place, old: Path | None, rows: list[FileChange]) -> None:
    for row in rows:
        if old is not None and row.old_sha256 is not None:
            keep_bytes(place.site_folder, old / row.path, row.old_sha256)
