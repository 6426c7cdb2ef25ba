"""Trees on disk: one publisher at a time, fresh folders, the switch from one to the next, and bytes kept for rollback."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from publisher.errors import BusyError

RELEASE_NAME = re.compile(r"\d{8}T\d{6}Z-\d+")
LOOK_AGAIN_S = 0.02
MANY = 200  # from so many files and folders on, everything is synced at once
StrPath = str | os.PathLike[str]
SHOWS = "shows"  # beside the trees, a link whose target is the name of the publication that is live
FOLDERS_MADE = "folders"  # among staged files: which folders were made for them, a line each
FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a web server of another account reads them
CLOSED = ("staging", "kept")  # what is not public yet, or not any more


@dataclass(frozen=True)
class Place:
    """Where an installation keeps its site, and how it is known to the public."""

    site_folder: Path
    upload_folder: Path
    public_url: str
    read_back_url: str = ""  # where publications are looked at as readers see them; empty: nowhere
    keep: int = 20  # publications that can be taken back


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
    return own_folder(site_folder / "releases" / name)


def own_folder(folder: Path) -> Path:
    """Make a folder for this publisher alone.

    Raises: BusyError if another one, who holds the lock of another machine, made it at the same moment.
    """
    folder.parent.mkdir(exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        raise BusyError from None
    folder.chmod(FOLDER_MODE)
    return folder


def live_tree(site_folder: Path) -> Path | None:
    """The folder that readers see, or None before the first one."""
    link = site_folder / "current"
    return link.parent / os.readlink(link) if link.is_symlink() else None


def switch(site_folder: Path, name: str) -> None:
    """Make a tree what readers see, in one step: a reader meets the old one or the new one, never neither."""
    _point(site_folder / "current", Path("releases") / name)


def shown_publication(site_folder: Path) -> str:
    """The name of the publication that the live tree was last brought to in full, or nothing before the first one."""
    link = site_folder / SHOWS
    return os.readlink(link) if link.is_symlink() else ""


def note_shown(site_folder: Path, name: str) -> None:
    """Note beside the live tree which publication it shows now."""
    _point(site_folder / SHOWS, Path(name))


def _point(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}-{target.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, link)
    sync(link.parent)


def drop_leftovers(site_folder: Path, *, trees: Collection[str], staged: Collection[str]) -> None:
    """Remove what publishers that died left behind: trees nobody knows, links not switched to, staged files."""
    live = live_tree(site_folder)
    for tree in _inside(site_folder / "releases"):
        if RELEASE_NAME.fullmatch(tree.name) and tree.name not in trees and tree != live:
            shutil.rmtree(tree, ignore_errors=True)
    for link in (*site_folder.glob(".current-*"), *site_folder.glob(f".{SHOWS}-*")):
        link.unlink()
    for folder in _inside(site_folder / "staging"):
        if folder.name not in staged:
            drop_staging(folder)


def drop_staging(folder: Path) -> None:
    """Remove staged files, and the folders that were made in the tree for files that then did not come."""
    with suppress(OSError):
        for made in reversed((folder / FOLDERS_MADE).read_text(encoding="utf-8").splitlines()):
            with suppress(OSError):  # something is in it
                (folder.parent.parent / made).rmdir()
    shutil.rmtree(folder, ignore_errors=True)
    folder.unlink(missing_ok=True) if folder.is_file() else None


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def keep_bytes(site_folder: Path, file: Path, sha256: str) -> None:
    """Keep the bytes of a file by their hash, as one more name of the file itself where the file system can."""
    kept = kept_file(site_folder, sha256)
    if kept.exists() or not file.is_file():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, kept)
    except OSError:  # no hard links here; a copy by halves must not get the name
        staged = site_folder / "staging" / sha256
        staged.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, staged)
        sync(staged)
        os.replace(staged, kept)


def one_more_name(source: StrPath, target: StrPath) -> None:
    """Give a file one more name, or a copy where the file system cannot; the web server may read it."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)
    mode = os.stat(target).st_mode
    if mode & 0o044 != 0o044:
        os.chmod(target, mode | 0o044)


def make_newer(fresh: Sequence[Path], target: Path) -> None:
    """Give files another second than what they replace: web servers tell editions apart by second and size."""
    with suppress(FileNotFoundError):
        old = int(target.stat().st_mtime)
        for file in fresh:
            if file.exists() and int(file.stat().st_mtime) <= old:
                os.utime(file, (old + 1, old + 1))


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


def open_folders_to(file: StrPath, tree: StrPath) -> None:
    """Make the folders in which a file of a tree lies, and open them to the web server."""
    for folder in missing_folders(file, tree):
        with suppress(FileExistsError):  # another process made it meanwhile
            os.mkdir(folder)
        os.chmod(folder, FOLDER_MODE)


def open_new_folder(folder: str) -> None:
    """Make a folder that mostly is not there yet, and those above it, and open them to the web server."""
    try:
        os.mkdir(folder)
        os.chmod(folder, FOLDER_MODE)
    except FileExistsError:
        return  # another process made it
    except FileNotFoundError:
        open_new_folder(os.path.dirname(folder))
        open_new_folder(folder)


def missing_folders(file: StrPath, tree: StrPath) -> list[str]:
    """The folders that have to be made for a file of a tree, the outermost first."""
    missing, folder, top = [], os.path.dirname(file), str(tree).rstrip("/")
    while folder != top and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing[::-1]


def write(file: StrPath, content: bytes) -> None:
    """Write a file that a web server of another account may read; what stood there goes."""
    _write(file, content, os.O_TRUNC)


def write_new(file: StrPath, content: bytes) -> None:
    """Write a file that a web server of another account may read.

    Raises: FileExistsError.
    """
    _write(file, content, os.O_EXCL)


def _write(file: StrPath, content: bytes, flag: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | flag, FILE_MODE)
    try:
        os.fchmod(handle, FILE_MODE)
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


@contextmanager
def everything_synced() -> Iterator[None]:
    """Have all that was written before on the disk at the end, and something else done meanwhile."""
    with ThreadPoolExecutor(1) as beside:
        syncing = beside.submit(os.sync)
        yield
        syncing.result()


def sync(path: Path) -> None:
    """Have a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Collection[Path]) -> None:
    """Have files and folders on the disk; those that are gone meanwhile are of no interest."""
    if len(paths) > MANY:
        os.sync()
        return
    for path in paths:
        with suppress(FileNotFoundError):
            sync(path)
