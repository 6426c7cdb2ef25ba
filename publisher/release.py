"""Releases on disk: one builder at a time, fresh folders, and the switch from one to the next in one step."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from publisher.errors import BusyError
from publisher.manifest import Manifest, manifest_file, read_manifest

RELEASE_NAME = re.compile(r"(\d{8}T\d{6}Z)-(\d+)")


@dataclass(frozen=True)
class Release:
    """A release that is kept, with its manifest."""

    name: str
    tree: Path
    manifest: Manifest
    is_live: bool


@contextmanager
def one_builder(site_folder: Path) -> Iterator[None]:
    """Hold the lock of this site; it goes when the process ends, however it ends.

    Raises: BusyError at once if another builder holds it.
    """
    site_folder.mkdir(parents=True, exist_ok=True)
    with (site_folder / "build.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield


def new_tree(site_folder: Path, at: datetime) -> Path:
    """A fresh, empty folder for a release: its UTC time and a number."""
    folder = site_folder / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while (folder / f"{stamp}-{number}").exists():
        number += 1
    tree = folder / f"{stamp}-{number}"
    tree.mkdir()
    for open_folder in (site_folder, folder):
        open_folder.chmod(0o755)
    return tree


def releases(site_folder: Path) -> list[Release]:
    """Complete releases, oldest first. A folder without a manifest is none."""
    live = live_tree(site_folder)
    found = []
    for tree in _folders(site_folder):
        manifest = read_manifest(tree)
        if manifest is not None:
            found.append(Release(tree.name, tree, manifest, tree == live))
    return found


def live_tree(site_folder: Path) -> Path | None:
    """The folder that readers see, or None before the first release."""
    link = site_folder / "current"
    return link.parent / os.readlink(link) if link.is_symlink() else None


def live_manifest(site_folder: Path) -> Manifest | None:
    """What readers see now: its files, and the pages that were kept back; None before the first release."""
    tree = live_tree(site_folder)
    return read_manifest(tree) if tree else None


def switch(site_folder: Path, tree: Path) -> None:
    """Make `tree` what readers see, in one step: a reader meets the old release or the new one, never neither."""
    fresh = site_folder / f".current-{tree.name}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("releases") / tree.name)
    os.replace(fresh, site_folder / "current")
    _sync(site_folder)


def drop_leftovers(site_folder: Path) -> None:
    """Remove what builders that died left behind: folders without a manifest and links not switched to."""
    live = live_tree(site_folder)
    for tree in _folders(site_folder):
        if tree != live and read_manifest(tree) is None:
            drop(tree)
    for link in site_folder.glob(".current-*"):
        link.unlink()


def drop_old(site_folder: Path, keep: int) -> None:
    """Keep the newest `keep` releases, the live one, and always one before it: readers may still be in its files."""
    for release in releases(site_folder)[: -max(2, keep)]:
        if not release.is_live:
            drop(release.tree)


def drop(tree: Path) -> None:
    """Remove a tree and its manifest; the manifest first, so that a half tree never counts as a release."""
    manifest_file(tree).unlink(missing_ok=True)
    shutil.rmtree(tree, ignore_errors=True)


def sync_tree(tree: Path) -> None:
    """Have every file and folder of a tree on the disk, open to a web server, before anything points to it."""
    for folder, _, files in os.walk(tree):
        for name in files:
            (Path(folder) / name).chmod(0o644)
            _sync(Path(folder) / name)
        Path(folder).chmod(0o755)
        _sync(Path(folder))


def sync_beside(tree: Path) -> None:
    """Have a tree's manifest and the folder both lie in on the disk."""
    _sync(manifest_file(tree))
    _sync(tree.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _folders(site_folder: Path) -> list[Path]:
    folder = site_folder / "releases"
    names = (
        (found, each) for each in (folder.iterdir() if folder.is_dir() else ()) if (found := _named(each))
    )
    return [each for _, each in sorted(names)]


def _named(tree: Path) -> tuple[str, int] | None:
    found = RELEASE_NAME.fullmatch(tree.name)
    return (found[1], int(found[2])) if found and tree.is_dir() else None
