"""The Whoosh index: the only code that writes it, and the way to read it.

Any number of processes may read while one writes. A write adds files and then switches the manifest (search/seal.py); who
reads looks at the manifest at every search, a few kilobytes, and so sees a commit at once and never half of one.

    <directory>/manifest              sealed: what is in force
    <directory>/lock                  held by the process that writes
    <directory>/g-<random>/           the files of one generation, of which the manifest names some
"""

import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from whoosh.codec.base import Segment
from whoosh.index import _DEF_INDEX_NAME as NAME
from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from search import seal
from search.entries import Entry
from search.errors import IndexBusyError, IndexDamagedError
from search.reading import ReadSegment, Snapshot
from search.schema import CODEC, SCHEMA, fields_of
from search.seal import DraftStorage, Manifest, SealedStorage

LOOKS = 20  # at a manifest that is switched while its files are being opened


class WhooshIndex:
    """The index in a folder, sealed with `key` (32 random bytes that stay on this installation).

    `wait`: seconds that a writer waits for another one. May be shared by threads and may outlive a fork.
    """

    def __init__(self, directory: Path | str, key: bytes, *, wait: float = 30.0):
        if len(key) < 16:
            raise ValueError("the key must have at least 16 bytes")
        self.directory = Path(directory)
        self.wait = wait
        self._key = key
        self._reading = Lock()
        self._seen: tuple[int, bytes] | None = None  # process, sealed manifest
        self._manifest = Manifest("", {})
        self._snapshot = Snapshot([], [])

    def __reduce__(self):
        raise TypeError("an index holds a key and is never pickled")

    def snapshot(self) -> Snapshot:
        """The index as last committed; it stays as it is while it is used.

        Raises: IndexDamagedError; then the caller may `rebuild`.
        """
        with self._reading:
            return self._current()[1]

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Write a new index of `entries` beside the old one and switch to it; how many entries it has.

        Of entries with the same id the last one counts. Raises: IndexBusyError.
        """
        with self._writing():
            folder = self.directory / f"g-{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            late: dict[str, Entry] = {}
            FileIndex.create(start := DraftStorage(folder, {}), SCHEMA)
            files = _write(start, [], _once(entries, late))
            if late:
                self._switch(Manifest(folder.name, files))
                self._replace(late, late.values())
            else:
                self._switch(Manifest(folder.name, files))
            return len(self.snapshot())

    def put(self, entries: Iterable[Entry]) -> None:
        """Add entries, or replace those with the same id; of equal ids among `entries` the last counts.

        Visible when this returns. Raises: IndexBusyError, IndexDamagedError.
        """
        by_id = {entry.id: entry for entry in entries}
        if by_id:
            with self._writing():
                self._replace(by_id, by_id.values())

    def remove(self, ids: Iterable[str]) -> None:
        """Take entries out, by id; an id that is not there does no harm. Raises: IndexBusyError, IndexDamagedError."""
        if ids := set(ids):
            with self._writing():
                self._replace(ids, ())

    def _replace(self, ids: Iterable[str], entries: Iterable[Entry]) -> None:
        with self._reading:
            manifest, snapshot = self._current()
        gone = [number for id_ in ids for number in snapshot.numbers("id", id_)]
        entries = list(entries)
        if gone or entries:
            seal.sweep(self.directory / manifest.folder, {*manifest.files})
            draft = DraftStorage(self.directory / manifest.folder, manifest.files)
            files = _write(draft, gone, entries)
            self._switch(replace(manifest, files=files, commit=manifest.commit + 1))

    def _switch(self, manifest: Manifest) -> None:
        seal.switch_to(self.directory, manifest, self._key)
        seal.sweep(self.directory, {manifest.folder, seal.MANIFEST, "lock"})
        seal.sweep(self.directory / manifest.folder, {*manifest.files})

    def _current(self) -> tuple[Manifest, Snapshot]:
        """The manifest in force and its snapshot, opened anew where it changed or where this process is a fork."""
        for _ in range(LOOKS):
            data = seal.read_manifest(self.directory)
            if self._seen == (os.getpid(), data):
                return self._manifest, self._snapshot
            manifest = Manifest.unsealed(data, self._key)
            try:
                self._snapshot = self._open(manifest)
            except FileNotFoundError:
                if data == seal.read_manifest(self.directory):
                    raise IndexDamagedError("索引文件不全") from None
                continue
            self._manifest, self._seen = manifest, (os.getpid(), data)
            return manifest, self._snapshot
        raise IndexBusyError(0)

    def _open(self, manifest: Manifest) -> Snapshot:
        storage = SealedStorage(self.directory / manifest.folder, manifest.files)
        try:
            segments: list[Segment] = TOC.read(storage, NAME, schema=SCHEMA).segments
        finally:
            storage.close_files()
        same_process = self._seen is not None and self._seen[0] == os.getpid()
        known = {segment.id: segment for segment in self._snapshot.segments} if same_process else {}
        return Snapshot(
            [known.get(segment.segment_id()) or ReadSegment(storage, segment) for segment in segments],
            [list(segment.deleted_docs()) for segment in segments],
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock of the only writer; it falls when the process dies."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.directory / "lock", flags, 0o600)
        try:
            _wait_for(lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB), self.wait)
            yield
        finally:
            os.close(descriptor)


def _write(draft: DraftStorage, gone: list[int], entries: Iterable[Entry]) -> dict[str, tuple[int, str]]:
    """One commit into a draft: documents `gone` by number, `entries` added; the files of the new manifest."""
    # Our own lock is held, and a compound segment would be read into memory whole by every reader.
    writer = SegmentWriter(FileIndex(draft, SCHEMA), _lk=False, compound=False, codec=CODEC)
    try:
        for number in gone:
            writer.delete_document(number)
        for entry in entries:
            writer.add_document(**fields_of(entry))
        writer.commit()
    except BaseException:
        with suppress(Exception):
            writer.cancel()
        seal.sweep(Path(draft.folder), {*draft.sealed})
        raise
    finally:
        draft.close_files()
    return draft.settle()


def _once(entries: Iterable[Entry], late: dict[str, Entry]) -> Iterator[Entry]:
    """Each entry the first time its id comes up; the last of further ones is left in `late`."""
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            late[entry.id] = entry
        else:
            seen.add(entry.id)
            yield entry


def _wait_for(attempt: Callable[[], None], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except BlockingIOError:
            if time.monotonic() > until:
                raise IndexBusyError(seconds) from None
            time.sleep(0.02)
