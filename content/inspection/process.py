"""The reading process from outside: started when a file is to be looked into, and again when it has ended."""

import atexit
import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from content.inspection.report import TOO_MUCH, Inspection
from extraction.grids import Grid, Tables

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40  # the reading process has less for a file
COMMAND = [sys.executable, "-m", "content.inspection.child"]


class ReadingProcess:
    """One reading process at a time; who forks does not share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def inspect(self, file: Path, suffix: str, sha256: str) -> Inspection:
        """Look into a stored file. Whatever the file does to the process that reads it, there is an answer."""
        return Inspection.from_data(self._answer("search", file, suffix, sha256))

    def tables(self, file: Path, suffix: str) -> Tables | str:
        """The tables of a file that is to be imported, or why it cannot be read."""
        answer = self._answer("tables", file, suffix, "")
        if "refusal" in answer:
            return answer["refusal"]
        grids = [
            Grid(grid["place"], [(number, cells) for number, cells in grid["rows"]])
            for grid in answer["grids"]
        ]
        return Tables(grids, answer["lines"])

    def clean(self, file: Path, suffix: str, copy: Path, contacts: Sequence[str]) -> str:
        """Have a cleaned copy of a stored file written; why there is none, or nothing."""
        return self._answer("clean", file, suffix, "", str(copy.resolve()), list(contacts))["refusal"]

    def _answer(self, task: str, file: Path, suffix: str, key: str, *copy: Any) -> dict[str, Any]:
        question = json.dumps([task, str(file.resolve()), suffix, key, *copy]).encode() + b"\n"
        with self._lock:
            for _ in range(2):  # it may just have ended because nobody asked
                answer = self._ask(question)
                if answer:
                    return json.loads(answer)
                self.end()
        return {"refusal": TOO_MUCH}

    def _ask(self, question: bytes) -> bytes:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - for the type checker
        try:
            process.stdin.write(question)
            process.stdin.flush()
        except OSError:
            return b""
        if not select.select([process.stdout], [], [], PATIENCE_S)[0]:
            return b""
        answer = process.stdout.readline()
        return answer if answer.endswith(b"\n") else b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.end()
            self._owner = os.getpid()
            self._process = subprocess.Popen(  # noqa: S603  a fixed program
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                cwd=ROOT, env=_environment(),
            )  # fmt: skip
        return self._process

    def end(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._owner == os.getpid():
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)


def _close(stream: object) -> None:
    try:
        stream.close()  # type: ignore[attr-defined]
    except OSError:  # what was still to be written has nobody to read it
        return


def _environment() -> dict[str, str]:
    """No settings and no secrets go along."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return kept | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


_READING = ReadingProcess()
atexit.register(_READING.end)
inspect = _READING.inspect
tables = _READING.tables
clean = _READING.clean
