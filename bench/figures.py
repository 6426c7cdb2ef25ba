"""What is measured, as rows: each with our figures and, where it can do the same, Hugo's."""

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Measured

NOT_PAGES = {".gz", ".br", ".zst"}


@dataclass
class Figures:
    """Runs of one command. Memory is of one more run, which is not timed."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mib: float | None = None
    largest_mib: float | None = None

    def add(self, took: Measured) -> None:
        """One more timed run."""
        self.wall_s.append(round(took.wall_s, 4))
        self.cpu_s.append(round(took.cpu_s, 4))

    def watch(self, took: Measured) -> None:
        """The run in which memory was watched."""
        self.peak_mib, self.largest_mib = round(took.peak_mib, 1), round(took.largest_mib, 1)

    @property
    def wall(self) -> float | None:
        return median(self.wall_s) if self.wall_s else None

    @property
    def cpu(self) -> float | None:
        return median(self.cpu_s) if self.cpu_s else None


@dataclass
class Row:
    """One line of the table. Without figures of ours it is not available yet."""

    name: str
    ours: Figures | None = None
    hugo: Figures | None = None
    note: str = ""
    goal: str = ""

    def ratio(self, figure: str) -> float | None:
        """Ours by Hugo's, of `wall`, `cpu` or `peak_mib`."""
        ours, hugo = getattr(self.ours, figure, None), getattr(self.hugo, figure, None)
        return ours / hugo if ours is not None and hugo else None


@dataclass
class Touched:
    """Files that a change altered, by their bytes; compressed twins are left out."""

    change: str
    added: int
    changed: int
    removed: int
    of: int

    @property
    def total(self) -> int:
        return self.added + self.changed + self.removed


@dataclass
class Result:
    """Everything measured of one corpus."""

    name: str
    items: int
    pages: int = 0
    files: int = 0
    megabytes: float = 0.0
    imports: dict[str, dict[str, float]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    comparison: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For `build/bench.json`."""
        return asdict(self)


def hashes_of(tree: Path) -> dict[str, str]:
    """Every file of a tree with the hash of its bytes, compressed twins left out."""
    return {
        file.relative_to(tree).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in tree.rglob("*")
        if file.suffix not in NOT_PAGES and file.is_file()
    }


def touched(change: str, before: dict[str, str], after: dict[str, str]) -> Touched:
    """What a change did to the files of a site."""
    return Touched(
        change,
        added=sum(1 for file in after if file not in before),
        changed=sum(1 for file in after if file in before and after[file] != before[file]),
        removed=sum(1 for file in before if file not in after),
        of=len(before),
    )
