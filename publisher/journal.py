"""Changing the live tree in place: files are staged beside it, and then renamed into it in a safe order.

What is to be done is a publication's rows; once they are committed the publication is certain, for everything it needs
lies on the disk. Carrying it out may be repeated from the start as often as it is interrupted.
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from database import db
from publisher.errors import LostError, PublishError
from publisher.manifest import FileChange
from publisher.models import FIRST, Publication, PublicationFile, PublicationState
from publisher.order import TWIN_SUFFIXES, twin_suffixes
from publisher.trees import (
    FOLDERS_MADE,
    drop_staging,
    keep_bytes,
    live_tree,
    make_newer,
    missing_folders,
    note_shown,
    one_more_name,
    open_folder,
    open_folders_to,
    own_folder,
    shown_publication,
    switch,
    sync_all,
    write,
)
from publisher.twins import twins


class Staging:
    """Files of one publication, written beside the tree under names made from their paths."""

    def __init__(self, site_folder: Path, name: str, live: Mapping[str, str]):
        self.site_folder = site_folder
        self.folder = own_folder(site_folder / "staging" / name)
        self.live = live  # path -> sha256
        self._above_new: set[Path] = set()  # folders in which folders were made

    def keep(self, path: str, content: bytes) -> None:
        """Stage a page or asset with its compressed twins, unless the live tree has the same bytes."""
        staged = self.folder / staged_name(path)
        drop_staged(staged)
        if self.live.get(path) == hashlib.sha256(content).hexdigest():
            return
        write(staged, content)
        for suffix, packed in twins(content, Path(path).suffix).items():
            write(staged.with_name(staged.name + suffix), packed)

    def link(self, path: str, source: Path) -> None:
        """Stage a file that exists already, as one more name of it where the file system can."""
        staged = self.folder / staged_name(path)
        staged.unlink(missing_ok=True)
        one_more_name(source, staged)

    def make_room(self, tree: Path, rows: Iterable[FileChange]) -> None:
        """Do beforehand what needs room on the disk: folders of new files, second names of what is replaced."""
        missing: dict[Path, None] = {}
        for row in rows:
            target = tree / row.path
            if row.new_sha256 is not None:
                if target.is_dir():
                    raise PublishError(f"文件 {row.path} 与现有目录同名，不能发布。")
                missing |= dict.fromkeys(map(Path, missing_folders(target, tree)))
            if row.old_sha256 is not None:
                keep_bytes(self.site_folder, target, row.old_sha256)
        if missing:
            names = [folder.relative_to(self.site_folder).as_posix() for folder in missing]
            write(self.folder / FOLDERS_MADE, "\n".join(names).encode())
        for folder in missing:
            open_folder(folder)
            self._above_new.add(folder.parent)

    def sync(self) -> None:
        """Have everything staged on the disk, and the folders that were made for it."""
        sync_all([*self.folder.iterdir(), self.folder, self.folder.parent, *self._above_new])

    def discard(self) -> None:
        """Give up what was staged."""
        drop_staging(self.folder)


def staged_name(path: str) -> str:
    """The name under which a file is staged."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]


def drop_staged(staged: Path) -> None:
    """Remove a staged file and its twins."""
    for file in (staged, *_beside(staged, TWIN_SUFFIXES)):
        file.unlink(missing_ok=True)


def carry_out(site_folder: Path, publication: Publication) -> None:
    """Make the live tree what a prepared publication says. May be repeated; the caller then marks it as live.

    Raises: LostError when what it needs is not on the disk.
    """
    tree = site_folder / "releases" / publication.tree
    live = live_tree(site_folder)
    if not tree.is_dir():
        raise LostError(publication.name)
    if live is None or live.name != publication.tree:
        switch(site_folder, publication.tree)
    if publication.tree != publication.name:  # a tree of its own is complete
        staging = site_folder / "staging" / publication.name
        sync_all({_changed(row, staging, tree) for row in files_of(publication)})
    note_shown(site_folder, publication.name)


def is_in_step(site_folder: Path, newest: Publication) -> bool:
    """Whether the live tree shows the newest publication: not after a backup was put back, or beside another database."""
    live = live_tree(site_folder)
    return (
        newest.state is PublicationState.LIVE
        and live is not None
        and (live.name, shown_publication(site_folder)) == (newest.tree, newest.name)
    )


def may_be_finished(site_folder: Path, prepared: Publication) -> bool:
    """Whether the live tree shows what a prepared publication follows, or that one already."""
    return (shown_publication(site_folder) or FIRST) in (prepared.follows, prepared.name)


def _changed(row: FileChange, staging: Path, tree: Path) -> Path:
    """Carry out one row; the folder that is to be synced."""
    target, suffixes = tree / row.path, twin_suffixes(row.path)
    if row.new_sha256 is None:
        return _remove(target, tree, suffixes)
    open_folders_to(target, tree)
    if not _put(staging / staged_name(row.path), target, row.new_sha256, suffixes):
        raise LostError(staging.name)
    return target.parent


def files_of(publication: Publication) -> list[FileChange]:
    """The files of a publication in the order of going live."""
    row = PublicationFile
    columns = (row.position, row.path, row.old_sha256, row.new_sha256, row.size_bytes)
    chosen = db.select(*columns).where(row.publication_id == publication.id).order_by(row.position)
    return [FileChange(*found) for found in db.session.execute(chosen)]


def _put(staged: Path, target: Path, sha256: str, suffixes: Sequence[str]) -> bool:
    """Rename a staged file and its twins into the tree; false if there is none, and the tree has other bytes.

    Web servers prefer twins: the old ones go before the file, the new ones come after it.
    """
    if staged.exists():
        if suffixes:
            make_newer([staged, *_beside(staged, suffixes)], target)
        for place in _beside(target, suffixes):
            place.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            os.replace(staged, target)
    elif not _has_bytes(target, sha256):
        return False
    for twin, place in zip(_beside(staged, suffixes), _beside(target, suffixes), strict=True):
        with suppress(FileNotFoundError):  # it has none, or it was there before an interruption
            os.replace(twin, place)
    return True


def _remove(target: Path, tree: Path, suffixes: Sequence[str]) -> Path:
    """Remove a file with its twins, and folders in which nothing is left; the folder that remains."""
    for place in (*_beside(target, suffixes), target):
        place.unlink(missing_ok=True)
    folder = target.parent
    while folder != tree:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass  # removed before an interruption
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                break
            raise
        folder = folder.parent
    return folder


def _beside(file: Path, suffixes: Sequence[str]) -> list[Path]:
    return [file.with_name(file.name + suffix) for suffix in suffixes]


def _has_bytes(file: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False
