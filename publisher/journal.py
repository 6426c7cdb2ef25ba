"""Changing the live tree in place: files are staged beside it, and then renamed into it in a safe order.

What is to be done is a publication's rows; once they are committed the publication is certain, for everything it needs
lies on the disk. Carrying it out may be repeated from the start as often as it is interrupted.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from database import db
from publisher.errors import PublishError
from publisher.models import Publication, PublicationFile
from publisher.order import TWIN_SUFFIXES
from publisher.trees import keep_bytes, live_tree, open_folders_to, switch, sync, write
from publisher.twins import twins

MANY = 200  # from so many files on, the whole file system is synced once


class Staging:
    """Files of one publication, written beside the tree under names made from their paths."""

    def __init__(self, site_folder: Path, name: str, live: Mapping[str, str]):
        self.folder = site_folder / "staging" / name
        self.live = live  # path -> sha256
        self.folder.mkdir(parents=True, exist_ok=True)

    def keep(self, path: str, content: bytes) -> None:
        """Stage a page or asset with its compressed twins, unless the live tree has the same bytes."""
        staged = self.folder / staged_name(path)
        if self.live.get(path) == hashlib.sha256(content).hexdigest():
            drop_staged(staged)
            return
        drop_staged(staged)
        write(staged, content)
        for suffix, packed in twins(content, Path(path).suffix).items():
            write(staged.with_name(staged.name + suffix), packed)

    def link(self, path: str, source: Path) -> None:
        """Stage a file that exists already, as one more name of it where the file system can."""
        staged = self.folder / staged_name(path)
        staged.unlink(missing_ok=True)
        try:
            os.link(source, staged)
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(source, staged)
        if staged.stat().st_mode & 0o044 != 0o044:
            staged.chmod(staged.stat().st_mode | 0o044)

    def sync(self) -> None:
        """Have everything staged on the disk."""
        files = list(self.folder.iterdir())
        if len(files) > MANY:
            os.sync()
            return
        for file in files:
            sync(file)
        sync(self.folder)
        sync(self.folder.parent)

    def discard(self) -> None:
        """Give up what was staged."""
        shutil.rmtree(self.folder, ignore_errors=True)


def staged_name(path: str) -> str:
    """The name under which a file is staged."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]


def drop_staged(staged: Path) -> None:
    """Remove a staged file and its twins."""
    for suffix in ("", *TWIN_SUFFIXES):
        staged.with_name(staged.name + suffix).unlink(missing_ok=True)


def make_room(site_folder: Path, tree: Path, rows: Iterable[PublicationFile]) -> None:
    """Do beforehand what needs room on the disk: the folders of new files, and second names of what is replaced."""
    for row in rows:
        target = tree / row.path
        if row.new_sha256 is not None:
            if target.is_dir():
                raise PublishError(f"文件 {row.path} 与现有目录同名，不能发布。")
            open_folders_to(target, tree)
        if row.old_sha256 is not None:
            keep_bytes(site_folder, target, row.old_sha256)


def carry_out(site_folder: Path, publication: Publication) -> None:
    """Make the live tree what a prepared publication says. May be repeated; the caller then marks it as live."""
    tree = site_folder / "releases" / publication.tree
    live = live_tree(site_folder)
    if live is None or live.name != publication.tree:
        switch(site_folder, publication.tree)
        return
    staging = site_folder / "staging" / publication.name
    folders = set()
    for row in files_of(publication):
        target = tree / row.path
        if row.new_sha256 is None:
            _remove(target, tree)
        else:
            _put(staging / staged_name(row.path), target)
            folders.add(target.parent)
    for folder in folders:
        sync(folder)


def files_of(publication: Publication) -> list[PublicationFile]:
    """The files of a publication in the order of going live."""
    chosen = db.select(PublicationFile).where(PublicationFile.publication_id == publication.id)
    return list(db.session.scalars(chosen.order_by(PublicationFile.position)))


def _put(staged: Path, target: Path) -> None:
    """Rename a staged file into the tree. A twin that would be stale goes first: the web server prefers twins."""
    if not staged.exists():
        return  # done before an interruption
    names = [
        (staged.with_name(staged.name + suffix), target.with_name(target.name + suffix))
        for suffix in TWIN_SUFFIXES
    ]
    for twin, place in names:
        if not twin.exists():
            place.unlink(missing_ok=True)
    for twin, place in names:
        if twin.exists():
            os.replace(twin, place)
    os.replace(staged, target)


def _remove(target: Path, tree: Path) -> None:
    for suffix in TWIN_SUFFIXES:
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    target.unlink(missing_ok=True)
    folder = target.parent
    while folder != tree:
        try:
            folder.rmdir()
        except OSError:  # something is still in it
            return
        folder = folder.parent
