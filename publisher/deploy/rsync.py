"""rsync: a folder on another machine over SSH, or on this one.

What differs is known, so rsync compares nothing by itself; it moves what it is told, and renames at the end of a step.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from publisher.deploy.errors import DeployError
from publisher.deploy.folder import local_folder
from publisher.deploy.records import DeployOptions, Piece

REMOTE = re.compile(
    r"(?P<host>(?:[A-Za-z0-9_][\w.-]*@)?(?:[A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+\])):(?P<path>/.*)", re.ASCII
)
NETWORK_TROUBLE = (
    10,
    12,
    30,
    35,
    255,
)  # exit statuses: socket, broken stream, timeouts, and the remote shell
NO_USE_TRYING = re.compile(
    rb"Permission denied|Host key verification failed|not resolve hostname|command not found"
)
NOT_THERE = re.compile(rb"change_dir.*(?:No such file|Not a directory)")
SILENCE_S = 300  # after so long without a byte the connection counts as broken
ITEMISED = re.compile(r"[<>]f\S+ (.*)")
LISTED = re.compile(r"(\d+) (.*[^/])")


def target(place: str, tree: Path, options: DeployOptions) -> "RsyncTarget":
    """The folder of this name: `/path` or `user@host:/path`.

    Raises: DeployError if the name cannot be read.
    """
    if place.startswith("/"):
        return RsyncTarget(str(local_folder(place, tree)), options)
    found = REMOTE.fullmatch(place)
    if found is None:
        raise DeployError(
            "rsync 目标须写成 rsync:/路径 或 rsync:用户@主机:/路径，主机名不以“-”开头，路径以 / 开头。"
        )
    return RsyncTarget(f"{found['host']}:{found['path'].rstrip('/') or '/'}", options)


class RsyncTarget:
    """A folder that rsync reaches."""

    carries_twins = True

    def __init__(self, place: str, options: DeployOptions):
        self.name = f"rsync:{place}"
        self._place, self._options = place.rstrip("/") + "/", options

    def open(self, scratch: Path) -> None:
        """See that the folder is there, and fetch what notes it has.

        Raises: DeployError if the machine or the folder cannot be reached.
        """
        self._notes, self._list, self._empty = scratch / "notes", scratch / "list", scratch / "empty"
        self._notes.mkdir()
        self._empty.mkdir()
        self._rsync("-r", "--include=/.zhuanlan-*.json", "--exclude=*", self._place, f"{self._notes}/")

    def read(self, name: str) -> bytes | None:
        """The bytes of a note as it was when the target was opened, or None."""
        file = self._notes / name
        return file.read_bytes() if file.is_file() else None

    def write(self, name: str, content: bytes) -> None:
        """Keep a note; readable to nobody else."""
        file = self._notes / name
        file.write_bytes(content)
        self._rsync("--perms", "--chmod=F600", "--ignore-times", str(file), self._place)

    def listing(self) -> dict[str, int]:
        """Every file but those with a dot in front."""
        told = self._rsync("-rn8", "--exclude=.*", "--out-format=%l %n", self._place, f"{self._empty}/")
        return {found[2]: int(found[1]) for line in told.splitlines() if (found := LISTED.fullmatch(line))}

    def same(self, stage: Path, pieces: Sequence[Piece]) -> set[str]:
        """Both sides compare hashes; nothing is moved."""
        paths = [piece.path for piece in pieces]
        told = self._with_list(paths, "-n8", "--checksum", "--out-format=%i %n", f"{stage}/", self._place)
        differing = {found[1] for line in told.splitlines() if (found := ITEMISED.fullmatch(line))}
        return set(paths) - differing

    def send(self, stage: Path, pieces: Sequence[Piece]) -> None:
        """One run of rsync; files are renamed into their places at its end."""
        self._with_list(
            [piece.path for piece in pieces], "--ignore-times", "--times", "--perms", "--chmod=F644", "--no-implied-dirs",
            "--omit-dir-times", "--delay-updates", f"{stage}/", self._place,
        )  # fmt: skip

    def remove(self, paths: Sequence[str]) -> None:
        """What is named and not on our side is removed on the other."""
        shutil.rmtree(self._empty)
        for path in paths:  # rsync complains of folders that only the other side has
            (self._empty / path).parent.mkdir(parents=True, exist_ok=True)
        self._with_list(paths, "--delete-missing-args", f"{self._empty}/", self._place)

    def settle(self) -> None:
        """rsync has no such order; the journal is believed only once the manifest is there."""

    def _with_list(self, paths: Iterable[str], *arguments: str) -> str:
        # With "./" in front no path looks like a comment.
        self._list.write_bytes(b"\0".join(f"./{path}".encode() for path in paths))
        return self._rsync(f"--files-from={self._list}", "--from0", *arguments)

    def _rsync(self, *arguments: str) -> str:
        """Run rsync until it succeeds or there is no use in it; return what it printed.

        Raises: DeployError with the first line of what went wrong.
        """
        command = [
            "rsync", "--protect-args", f"--timeout={SILENCE_S}", f"--rsh={self._options.remote_shell}",
            *arguments[:-2], "--", *arguments[-2:],
        ]  # fmt: skip
        done = _run(command)
        for number in range(self._options.tries - 1):
            if not _is_worth_another_try(done):
                break
            self._options.tell(f"rsync ended with status {done.returncode}; trying again")
            time.sleep(self._options.pause_s * 2**number)
            done = _run(command)
        if done.returncode:
            raise DeployError(_reason(done, self._place))
        return done.stdout.decode(errors="surrogateescape")


def _is_worth_another_try(done: subprocess.CompletedProcess[bytes]) -> bool:
    return done.returncode in NETWORK_TROUBLE and not NO_USE_TRYING.search(done.stderr)


def _reason(done: subprocess.CompletedProcess[bytes], place: str) -> str:
    if NOT_THERE.search(done.stderr):
        return f"部署目标“{place}”不存在或不是文件夹。请先在目标机器上创建该文件夹再运行。"
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["没有说明"]
    return f"rsync 未能完成（状态 {done.returncode}）：{said[0]}。排除原因后再次运行，即可接着完成。"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    except FileNotFoundError:
        raise DeployError("本机没有 rsync，请先安装软件包 rsync。") from None
