"""Trees on disk: one publisher at a time, fresh folders, the switch from one to the next, and bytes kept for rollback."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from publisher.errors import BusyError

RELEASE_NAME = re.compile(r"\d{8}T\d{6}Z-\d+")
LOOK_AGAIN_S = 0.02
FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a web server of another account reads them
CLOSED = ("staging", "kept")  # what is not public yet, or not any more


@contextmanager
def one_publisher(site_folder: Path, *, wait_s: float = 0) -> Iterator[None]:
    """Hold the lock of this site; it goes when the process ends, however it ends.

    Raises: BusyError if another publisher still holds it after `wait_s` seconds.
    """
    open_folder(site_folder)
    for name in CLOSED:
        close_folder(site_folder / name)
    ends = time.monotonic() + wait_s
    with _opened(site_folder / "build.lock") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= ends:
                    raise BusyError from None
                time.sleep(LOOK_AGAIN_S)
        yield


def new_tree(site_folder: Path, name: str) -> Path:
    """A fresh, empty folder for a tree."""
    open_folder(site_folder / "releases")
    tree = site_folder / "releases" / name
    tree.mkdir()
    tree.chmod(FOLDER_MODE)
    return tree


def live_tree(site_folder: Path) -> Path | None:
    """The folder that readers see, or None before the first one."""
    link = site_folder / "current"
    return link.parent / os.readlink(link) if link.is_symlink() else None


def switch(site_folder: Path, name: str) -> None:
    """Make a tree what readers see, in one step: a reader meets the old one or the new one, never neither."""
    fresh = site_folder / f".current-{name}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("releases") / name)
    os.replace(fresh, site_folder / "current")
    sync(site_folder)


def drop_leftovers(site_folder: Path, keep: Iterable[str]) -> None:
    """Remove what publishers that died left behind: trees nobody knows, links not switched to, staged files."""
    kept = {*keep, *([live.name] if (live := live_tree(site_folder)) else [])}
    folder = site_folder / "releases"
    for tree in folder.iterdir() if folder.is_dir() else ():
        if RELEASE_NAME.fullmatch(tree.name) and tree.name not in kept:
            shutil.rmtree(tree, ignore_errors=True)
    for link in site_folder.glob(".current-*"):
        link.unlink()
    staging = site_folder / "staging"
    for staged in staging.iterdir() if staging.is_dir() else ():
        if staged.name not in kept:
            shutil.rmtree(staged, ignore_errors=True)


def keep_bytes(site_folder: Path, file: Path, sha256: str) -> None:
    """Keep the bytes of a file by their hash, as one more name of the file itself."""
    kept = kept_file(site_folder, sha256)
    if not kept.exists() and file.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, kept)
        except FileExistsError:
            return


def kept_file(site_folder: Path, sha256: str) -> Path:
    """Where bytes are kept for rollback."""
    return site_folder / "kept" / sha256[:2] / sha256


def open_folder(folder: Path) -> None:
    """Make a folder, and open it to the web server."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o777 != FOLDER_MODE:
        folder.chmod(FOLDER_MODE)


def close_folder(folder: Path) -> None:
    """Make a folder into which no other account looks."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o777 != 0o700:
        folder.chmod(0o700)


def _opened(file: Path) -> BinaryIO:
    """A file for locking, which no other account can open and so keep locked."""
    lock = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "rb+")
    os.fchmod(lock.fileno(), 0o600)
    return lock


def open_folders_to(file: Path, tree: Path) -> None:
    """Make the folders in which a file of a tree lies, and open them to the web server."""
    missing = []
    folder = file.parent
    while folder != tree and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(FOLDER_MODE)


def write(file: Path, content: bytes) -> None:
    """Write a new file that a web server of another account may read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    try:
        os.fchmod(handle, FILE_MODE)
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Have a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
