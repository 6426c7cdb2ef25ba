"""The calls by which a publisher changes the disk and the database, counted: one of them fails, or is the last.

Reading is not counted: what a publisher reads, it has read before it changes anything.
"""

import errno
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

CALLS = (
    "open", "write", "fsync", "sync", "link", "symlink", "replace", "mkdir", "rmdir", "unlink", "chmod", "fchmod",
)  # fmt: skip
COMMIT, COPY = "commit", "copyfile"
DATABASE_SAYS = {
    errno.ENOSPC: "database or disk is full",
    errno.EROFS: "attempt to write a readonly database",
    errno.EIO: "disk I/O error",
}
Act = Callable[[str, str], None]  # before a call: its name, and the path it is about


def nowhere(_call: str, _path: str) -> None:
    """Nothing happens."""


class Made(NamedTuple):
    """A call that was made: about which path, and of a renaming the name before."""

    call: str
    path: str
    source: str = ""


class Calls:
    """Counts, and lets the call with the number `at` meet its fate; 0 is none."""

    def __init__(self, folder: Path, at: int = 0, fate: Act = nowhere):
        self.folder, self.at, self.fate = str(folder), at, fate
        self.made: list[Made] = []
        self._open: dict[int, str] = {}

    @property
    def is_met(self) -> bool:
        """Whether the call with that number was made at all."""
        return 0 < self.at <= len(self.made)

    def meet(
        self, call: str, path: str, *, source: str = "", half: Callable[[], object] | None = None
    ) -> None:
        """A call is about to be made; of one that can be made by half, the half is made before it fails."""
        self.made.append(Made(call, path, source))
        if len(self.made) == self.at:
            if half:
                half()
            self.fate(call, path)

    def about(self, call: str, given: tuple[Any, ...], named: dict[str, Any]) -> str | None:
        """The path a call is about, or None if the call is none of a publisher's changes to this folder."""
        if call == "sync":
            return self.folder
        if call in ("write", "fsync", "fchmod"):
            return self._open.get(given[0])
        if call == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR):
            return None
        if named.get("dir_fd") is not None:
            return str(given[0])
        path = os.fspath(given[1] if call in ("link", "symlink", "replace", COPY) else given[0])
        return path if isinstance(path, str) and path.startswith(self.folder) else None

    def opened(self, handle: int, path: object) -> None:
        if str(path).startswith(self.folder):
            self._open[handle] = str(path)

    def closed(self, handle: int) -> None:
        self._open.pop(handle, None)


@contextmanager
def counted(calls: Calls) -> Iterator[Calls]:
    """Count every call made inside."""
    real = {name: getattr(os, name) for name in (*CALLS, "close")}
    copyfile = shutil.copyfile

    def wrapped(name: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            path = calls.about(name, given, named)
            if path is not None:
                half = None
                if name == "write":
                    half = lambda: real["write"](given[0], given[1][: len(given[1]) // 2])  # noqa: E731
                source = os.fspath(given[0]) if name == "replace" else ""
                calls.meet(name, path, source=source, half=half)
            result = real[name](*given, **named)
            if name == "open":
                calls.opened(result, given[0])
            return result

        return call

    def closed(handle: int) -> None:
        calls.closed(handle)
        real["close"](handle)

    def copied(source: Any, target: Any, **named: Any) -> Any:
        if calls.about(COPY, (source, target), {}):
            half = lambda: Path(target).write_bytes(Path(source).read_bytes()[:7])  # noqa: E731
            calls.meet(COPY, str(target), half=half)
        return copyfile(source, target, **named)

    def committed(_connection: object) -> None:
        calls.meet(COMMIT, "database")

    for name in CALLS:
        setattr(os, name, wrapped(name))
    os.close, shutil.copyfile = closed, copied
    event.listen(Engine, "commit", committed)
    try:
        yield calls
    finally:
        event.remove(Engine, "commit", committed)
        shutil.copyfile = copyfile
        for name, function in real.items():
            setattr(os, name, function)


def dies(_call: str, _path: str) -> None:
    """The process is gone, as by kill -9 or a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def fails_with(number: int) -> Act:
    """The call fails as on a full, read-only or broken disk; so does the database."""

    def fate(call: str, path: str) -> None:
        if call == COMMIT:
            raise OperationalError("COMMIT", None, sqlite3.OperationalError(DATABASE_SAYS[number]))
        raise OSError(number, os.strerror(number), path)

    return fate
