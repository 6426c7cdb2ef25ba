"""What many tests begin with: made once a process by the operations that make it, then put back as it was, byte by byte.

What tests only read is made once a run, for all its processes.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from flask import current_app

from config import Settings
from database import db
from tests import server_database


class Beginning(Protocol):
    """A database as it was at one moment."""

    def put_back(self) -> None: ...


_FOUND: dict[str, Beginning] = {}
_UPLOADS: dict[str, dict[Path, bytes]] = {}


def begin_with(name: str, make: Callable[[], object]) -> None:
    """Bring the empty database, and the uploads, to what `make` leaves in them; of one name, every `make` must be the same."""
    uploads = _settings().upload_folder
    if name in _FOUND:
        _leave()
        _FOUND[name].put_back()
        _write(uploads, _UPLOADS[name])
        return
    make()
    db.session.commit()
    _leave()
    _FOUND[name] = File() if db.engine.dialect.name == "sqlite" else Rows()
    _UPLOADS[name] = {file.relative_to(uploads): file.read_bytes() for file in _files(uploads)}


class File:
    """SQLite: the file, read and written while nobody has it open."""

    def __init__(self) -> None:
        self._content = (_settings().home / "zhuanlan.db").read_bytes()

    def put_back(self) -> None:
        (_settings().home / "zhuanlan.db").write_bytes(self._content)


class Rows:
    """PostgreSQL: the rows of each table, and where its sequences stand."""

    def __init__(self) -> None:
        self._rows, self._sequences = server_database.copied(_settings().database_url)

    def put_back(self) -> None:
        server_database.put_back(_settings().database_url, self._rows, self._sequences)


def _leave() -> None:
    """End this process's connections; SQLite then has everything in one file."""
    db.session.remove()
    db.engine.dispose()


def _settings() -> Settings:
    return current_app.extensions["settings"]


def _files(folder: Path) -> Iterable[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def _write(folder: Path, files: dict[Path, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def once_a_run(shared: Path, make: Callable[[Path], object]) -> Path:
    """A folder that the first process of the test run to ask for it fills, and the others find; nobody writes in it afterwards."""
    done = shared.with_suffix(".done")
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(shared, ignore_errors=True)
            shared.mkdir()
            make(shared)
            done.touch()
    return shared
