"""What a publication did and how long it took, as commands and the back office tell it."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Blocked:
    """A page that was kept back, or went live with something blacked out, and why."""

    page: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What a publication did: counts of files against what was live before, seconds in all and by stage."""

    release: str
    pages: int
    files: int
    bytes: int
    seconds: float
    added: int
    changed: int
    removed: int
    blocked: tuple[Blocked, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return asdict(self)

    @classmethod
    def of(
        cls,
        name: str,
        files: Mapping[str, tuple[str | None, int]],
        blocked: Iterable[tuple[str, str]],
        watch: "Stopwatch",
    ) -> "Report":
        """The report of files made where nothing was before."""
        return cls(
            release=name,
            pages=sum(path.endswith(".html") for path in files),
            files=len(files),
            bytes=sum(size for _, size in files.values()),
            seconds=watch.seconds,
            added=len(files),
            changed=0,
            removed=0,
            blocked=tuple(Blocked(page, reason) for page, reason in blocked),
            stages=watch.stages,
        )


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._began = self._last = time.monotonic()

    def stage(self, name: str) -> None:
        """What went on until now was this stage."""
        now = time.monotonic()
        self.stages[name] = round(self.stages.get(name, 0) + now - self._last, 4)
        self._last = now

    def split(self, stage: str, part: str, seconds: float) -> None:
        """So many seconds of a stage were a part of their own."""
        self.stages[part] = round(seconds, 4)
        self.stages[stage] = round(self.stages[stage] - seconds, 4)

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 3)
