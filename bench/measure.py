"""One command measured with everything it starts: time, CPU, and the memory of all its processes together."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROC = Path("/proc")
SAMPLE_S = 0.02
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True)
class Measured:
    """What a command took. `cpu_s` is user and system time of all its processes; memory is in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float  # all processes at one moment, pages that they share counted once; 0 where not watched
    largest_mib: float  # the largest of them, by the kernel's own count
    status: int
    output: str
    errors: str


def run(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path, with_memory: bool = False
) -> Measured:
    """Run a command to its end in a session of its own.

    `with_memory` watches every process of that session, which itself takes time: measure time without it.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
        watch = Watch(process.pid)
        if with_memory:
            watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        if with_memory:
            watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measured(
            wall_s=wall,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mib=watch.peak_kib / 1024,
            largest_mib=usage.ru_maxrss / 1024,
            status=process.returncode,
            output=_text_of(output),
            errors=_text_of(errors),
        )


class Watch(threading.Thread):
    """Looks at the memory of all processes of a session, every 20 ms."""

    def __init__(self, session: int):
        super().__init__(daemon=True)
        self.session = session
        self.peak_kib = 0
        self._ended = threading.Event()
        self._others: set[str] = set()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self.peak_kib = max(self.peak_kib, self._memory_kib())

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()
        self.join()

    def _memory_kib(self) -> int:
        """Of one process what is resident; of several their proportional shares, which takes longer to read."""
        members = [pid for pid in os.listdir(PROC) if pid.isdigit() and self._is_member(pid)]
        if len(members) == 1:
            return _resident_kib(members[0])
        return sum(map(_share_kib, members))

    def _is_member(self, pid: str) -> bool:
        if pid in self._others:
            return False
        try:
            fields = (PROC / pid / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return False
        if int(fields[3]) == self.session:
            return True
        self._others.add(pid)
        return False


def _resident_kib(pid: str) -> int:
    try:
        return int((PROC / pid / "statm").read_text().split()[1]) * PAGE_KIB
    except (OSError, IndexError):
        return 0


def _share_kib(pid: str) -> int:
    try:
        lines = (PROC / pid / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _text_of(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")
