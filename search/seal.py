"""The keyed manifest of the index, and the storages that let Whoosh see only what it names.

Whoosh's files are pickles: whoever can change one can run code in whoever reads it. So a manifest lists every file with
size and SHA-256 and is itself sealed with an HMAC; a file is hashed through the very handle that Whoosh then reads, before
it reads. The manifest is also the only switch: files are synced first, then the manifest is replaced in one step.
A manifest from elsewhere fails for its key. What remains is a person who may write in this folder *while* a process has
verified files open; the folder is 0700 for that reason.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from search.errors import IndexDamagedError

FORMAT = 1  # raise it when the schema or the analysis changes: an older index is then rebuilt
MANIFEST = "manifest"
FILE_NAME = re.compile(r"[A-Za-z0-9_.]{1,100}")


@dataclass(frozen=True)
class Manifest:
    """What the index consists of at one moment."""

    folder: str  # of this generation, beside the manifest
    files: dict[str, tuple[int, str]]  # name: size, SHA-256 in hex
    commit: int = 0  # counts the writes within the generation
    format: int = field(default=FORMAT)

    def sealed(self, key: bytes) -> bytes:
        payload = json.dumps(asdict(self), sort_keys=True).encode()
        return _mac(payload, key).encode() + b"\n" + payload

    @classmethod
    def unsealed(cls, data: bytes, key: bytes) -> Self:
        """Raises: IndexDamagedError where the seal does not fit or the format is another."""
        mac, _, payload = data.partition(b"\n")
        if not hmac.compare_digest(mac, _mac(payload, key).encode()):
            raise IndexDamagedError("清单的签名不符，索引可能被改动或来自别处")
        values = json.loads(payload)
        if values.get("format") != FORMAT:
            raise IndexDamagedError("索引的格式已更新")
        files = {name: (size, digest) for name, (size, digest) in values["files"].items()}
        return cls(folder=values["folder"], files=files, commit=values["commit"])


def read_manifest(directory: Path) -> bytes:
    """The sealed manifest, unchecked. Raises: IndexDamagedError where there is none."""
    try:
        return (directory / MANIFEST).read_bytes()
    except OSError:
        raise IndexDamagedError(f"{directory} 中没有可读的索引") from None


def switch_to(directory: Path, manifest: Manifest, key: bytes) -> None:
    """Make `manifest` the one in force, durably and in one step. Its files must be synced."""
    beside = directory / f"{MANIFEST}.new"
    with open(beside, "wb", opener=_private) as stream:
        stream.write(manifest.sealed(key))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(directory / MANIFEST)
    sync(directory)


class SealedStorage(FileStorage):
    """A folder of which only the files of a manifest exist, each checked when it is opened."""

    def __init__(self, folder: Path | str, files: dict[str, tuple[int, str]]):
        super().__init__(str(folder), readonly=True)
        self.sealed = files
        self._opened: list[IO[bytes]] = []

    def list(self) -> list[str]:
        return [*self.sealed]

    def __iter__(self) -> Iterator[str]:
        return iter(self.list())

    def file_exists(self, name: str) -> bool:
        return name in self.sealed

    def file_length(self, name: str) -> int:
        return self.sealed[name][0]

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        """Open a file of the manifest for reading.

        Raises: IndexDamagedError where it is not what the manifest says; FileNotFoundError where it is gone.
        """
        if name not in self.sealed or not FILE_NAME.fullmatch(name):
            raise IndexDamagedError(f"清单中没有文件 {name}")
        stream = open(self._fpath(name), "rb")  # noqa: SIM115 - close_files closes it
        self._opened.append(stream)
        if _measure(stream) != self.sealed[name]:
            raise IndexDamagedError(f"文件 {name} 与清单不符")
        stream.seek(0)
        return StructFile(stream, name=name, **kwargs)

    def close_files(self) -> None:
        """Close every file opened here. Whoosh leaves some open when it fails."""
        while self._opened:
            self._opened.pop().close()


class DraftStorage(SealedStorage):
    """A sealed folder plus the files of a write under way. Old files are kept until the manifest is switched."""

    def __init__(self, folder: Path | str, files: dict[str, tuple[int, str]]):
        super().__init__(folder, files)
        self.readonly = False
        self.created: set[str] = set()
        self.dropped: set[str] = set()

    def list(self) -> list[str]:
        return sorted((self.sealed.keys() | self.created) - self.dropped)

    def file_exists(self, name: str) -> bool:
        return name in self.created or super().file_exists(name)

    def file_length(self, name: str) -> int:
        return os.path.getsize(self._fpath(name)) if name in self.created else super().file_length(name)

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        if name not in self.created:
            return super().open_file(name, **kwargs)
        own = FileStorage.open_file(self, name, **kwargs)
        self._opened.append(own.raw_file())
        return own

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **kwargs: Any) -> StructFile:
        self.created.add(name)
        created = super().create_file(name, excl, mode, **kwargs)
        self._opened.append(created.raw_file())
        return created

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe)
        self.created.discard(oldname)
        self.created.add(newname)

    def delete_file(self, name: str) -> None:
        self.dropped.add(name)

    def settle(self) -> dict[str, tuple[int, str]]:
        """Sync what was written; the files that the new manifest must name."""
        settled = {name: mark for name, mark in self.sealed.items() if name not in self.dropped}
        for name in self.created - self.dropped:
            with open(self._fpath(name), "rb") as stream:
                os.fsync(stream.fileno())
                settled[name] = _measure(stream)
        sync(Path(self.folder))
        return settled


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, keep: set[str]) -> None:
    """Remove what is not to be kept in a folder: left by a writer that was killed, or superseded."""
    for path in folder.iterdir():
        if path.name in keep:
            continue
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                sweep(path, set())
                path.rmdir()
            else:
                path.unlink()


def _measure(stream: Any) -> tuple[int, str]:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return os.fstat(stream.fileno()).st_size, digest


def _mac(payload: bytes, key: bytes) -> str:
    return hmac.new(key, b"zhuanlan search manifest v1\n" + payload, hashlib.sha256).hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
