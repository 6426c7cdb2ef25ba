"""The reading process: for each file a fork of its own gives up what it does not need, reads, and says what it found.

Run as `python -m content.inspection.child`: a line of JSON for each file comes in (what is asked, its path, suffix and
hash; for a cleaned copy where that goes and the contacts of offices), a line goes out. It ends when nobody asks for a while, or when who asked is gone.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from content.inspection.copies import clean
from content.inspection.report import TOO_MUCH
from content.inspection.search import search
from extraction import CannotReadError
from extraction.tables import read_tables

MEMORY_BYTES = 256 * 1024 * 1024  # of addresses, which is more than is ever in use
ROOM_BYTES = 1_000_000  # that a copy may be larger than twice its file
CPU_S = 10
PATIENCE_S = 20  # of the clock, for one file
IDLE_S = 10
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


Task = Callable[[BinaryIO, str, str], dict[str, Any]]


def _searched(file: BinaryIO, suffix: str, key: str) -> dict[str, Any]:
    return search(file, suffix, key).as_data()


def _tables(file: BinaryIO, suffix: str, _key: str) -> dict[str, Any]:
    try:
        return asdict(read_tables(file, suffix))
    except CannotReadError as refusal:
        return {"refusal": refusal.reason}


TASKS: dict[str, Task] = {"search": _searched, "tables": _tables}


def serve() -> None:
    """Answer for one file after the other."""
    _leave_network()
    while select.select([sys.stdin], [], [], IDLE_S)[0] and (line := sys.stdin.readline()):
        task, path, suffix, key, *copy = json.loads(line)
        work = (
            partial(_copy, Path(path), suffix, *copy)
            if copy
            else partial(_read, TASKS[task], Path(path), suffix, key)
        )
        sys.stdout.write(_ask_a_fork(work) + "\n")
        sys.stdout.flush()


def _ask_a_fork(work: Callable[[], dict[str, Any]]) -> str:
    """What the fork said; if it says nothing, the file was too much for it."""
    said, saying = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(said)
        _say(work, saying)
    os.close(saying)
    answer = _all_of(said)
    os.close(said)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if answer and status == 0:
        return answer.decode()
    return json.dumps({"refusal": TOO_MUCH})


def _all_of(said: int) -> bytes | None:
    """What comes until the other end is closed; None when it takes too long."""
    parts = []
    while select.select([said], [], [], PATIENCE_S)[0]:
        part = os.read(said, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _say(work: Callable[[], dict[str, Any]], saying: int) -> None:
    """The fork: it never returns."""
    try:
        found = work()
        with os.fdopen(saying, "w") as answer:
            json.dump(found, answer)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _read(task: Task, path: Path, suffix: str, key: str) -> dict[str, Any]:
    with path.open("rb") as file:
        _give_up_rights(0)
        return task(file, suffix, key)


def _copy(path: Path, suffix: str, place: str, contacts: Sequence[str]) -> dict[str, Any]:
    with path.open("rb") as file, Path(place).open("wb") as written:
        _give_up_rights(2 * path.stat().st_size + ROOM_BYTES)
        return clean(file, written, suffix, contacts).as_data()


def _give_up_rights(most_written: int) -> None:
    """Little memory and time, and nothing to write but a copy."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(limit, (most, most))


def _leave_network() -> None:
    """Where the system allows it."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and sys.platform == "linux":
        unshare(CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET)


if __name__ == "__main__":
    serve()
