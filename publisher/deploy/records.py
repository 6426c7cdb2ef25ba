"""What a deploy is given, what it moves, and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.deploy.purge import Purge

MANIFEST = ".zhuanlan-manifest.json"  # web servers answer 404 to names with a dot in front
JOURNAL = ".zhuanlan-journal.json"


@dataclass(frozen=True)
class TreeFile:
    """A file of the live tree as the publisher's manifest has it; `path` is relative, with `/`."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Piece:
    """What is moved in one go: a file, or its compressed twin; `sha256` is that of the text uncompressed."""

    path: str
    sha256: str
    size_bytes: int
    coding: str = ""  # ".gz" or ".br" of a twin


@dataclass(frozen=True)
class DeployOptions:
    """How to deploy. `work_folder` holds locks and hard links; best on the file system of the tree."""

    work_folder: Path
    s3_endpoint: str = ""  # empty: Amazon's own
    remote_shell: str = "ssh -o BatchMode=yes -o ConnectTimeout=15"  # for rsync, as its -e
    purge: Purge | None = None
    compare: bool = False  # look at every file of the target, whatever its manifest says
    take_over: bool = False  # remove from the target what no deploy has put there
    tries: int = 4  # of one step over a network
    pause_s: float = 1.0  # before the second try; doubled before each further one
    tell: Callable[[str], None] = lambda line: None


@dataclass(frozen=True)
class DeployReport:
    """What a deploy did. Files are counted without their compressed twins, bytes with them."""

    target: str
    release: str
    added: int
    changed: int
    removed: int
    unchanged: int
    bytes: int
    seconds: float
    dry_run: bool
    changed_meanwhile: tuple[str, ...] = ()  # not sent, nor what comes after; the next deploy does
    moves: tuple[tuple[str, str], ...] = ()  # "+", "~" or "-", and a path
    purge_failure: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the target now holds the release and the caches in front of it were told."""
        return not self.changed_meanwhile and not self.purge_failure

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        names = (
            "target", "release", "added", "changed", "removed", "bytes", "seconds", "unchanged", "changed_meanwhile",
            "dry_run",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
