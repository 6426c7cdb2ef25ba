"""build: the whole site into a fresh tree, checked, and switched to in one step."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from publisher.compressing import expect_no_twins, expect_twins
from publisher.errors import PublishError
from publisher.journal import is_in_step
from publisher.models import PublicationFile, PublicationKind
from publisher.pages import Changes
from publisher.processes import Progress
from publisher.publication import (
    Draft,
    Place,
    Report,
    Stopwatch,
    check_size,
    enter,
    file_changes,
    live_files,
    new_publication,
    newest_publication,
    remember,
    wanted_files,
)
from publisher.publishing import Prepared, draft_of
from publisher.rendering import GONE
from publisher.trees import keep_bytes, live_tree, new_tree, one_more_name, open_folders_to, write


class FreshTree:
    """A tree in the making. What the old tree has with the same bytes gets one more name and is not written again."""

    def __init__(self, tree: Path, old: Path | None):
        self.tree, self.old = tree, old
        self._folders: set[Path] = set()

    def keep(self, path: str, content: bytes) -> None:
        """Write a file of the tree."""
        target = self.tree / path
        self._open(target)
        target.unlink(missing_ok=True) if target.exists() else None
        if self.old is not None and _is_same(self.old / path, content):
            one_more_name(self.old / path, target)
        else:
            write(target, content)

    def link(self, path: str, source: Path) -> None:
        """Take a file that exists already into the tree."""
        target = self.tree / path
        self._open(target)
        one_more_name(source, target)

    def remove(self, path: str) -> None:
        """A page that was rendered and then judged unfit."""
        (self.tree / path).unlink(missing_ok=True)
        with suppress(OSError):  # something else is in its folder
            (self.tree / path).parent.rmdir()

    def _open(self, target: Path) -> None:
        if target.parent not in self._folders:
            open_folders_to(target, self.tree)
            self._folders.add(target.parent)


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
        os.sync()
        watch.stage("write")
        enter(publication, rows, live)
        check_size(publication, before, accept_fewer=accept_fewer)
        remember(publication, draft, rows)
        watch.stage("record")
    except BaseException:
        shutil.rmtree(tree, ignore_errors=True)
        expect_no_twins(tree)
        raise
    return Prepared(publication, rows, watch)


def build_into(folder: Path, place: Place, *, name: str, progress: Progress | None = None) -> Report:
    """Build the whole site into an empty folder; nothing live changes and nothing is written down.

    Raises: PublishError when the folder is not empty; OSError.
    """
    watch, folder = Stopwatch(), folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise PublishError(f"目录 {folder} 不是空的，请换一个目录或先清空。")
    folder.mkdir(parents=True, exist_ok=True)
    fresh = FreshTree(folder, None)
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


def _keep_old_bytes(place: Place, old: Path | None, rows: list[PublicationFile]) -> None:
    for row in rows:
        if old is not None and row.old_sha256 is not None:
            keep_bytes(place.site_folder, old / row.path, row.old_sha256)
