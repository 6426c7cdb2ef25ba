"""What every kind of target can do, and which kinds there are."""

import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from publisher.deploy.errors import DeployError
from publisher.deploy.records import DeployOptions, Piece

KINDS = {  # loaded when asked for: only who deploys to S3 storage waits for its library
    "folder": "publisher.deploy.folder",
    "rsync": "publisher.deploy.rsync",
    "s3": "publisher.deploy.s3",
}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def stays_inside(path: str) -> bool:
    """Whether a path names a file below a target, and none that is not ours to touch."""
    parts = path.split("/")
    return not (
        CONTROL.search(path) or "\\" in path or any(not part or part.startswith(".") for part in parts)
    )


class Target(Protocol):
    """A place to deploy to. Methods raise DeployError, and OSError of a local disk."""

    name: str  # the one way to write this target
    carries_twins: bool  # compressed twins and marks that a page is gone; storage has no use for either

    def open(self, scratch: Path) -> None:
        """Make sure that the place is there; `scratch` is empty, and goes with the deploy.

        Raises: DeployError where it is not.
        """
        ...

    def read(self, name: str) -> bytes | None:
        """The bytes of a note kept at the target, or None."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Keep a note at the target, in one step."""
        ...

    def listing(self) -> dict[str, int]:
        """Path and size in bytes of each file there; names with a dot in front are not ours."""
        ...

    def same(self, stage: Path, pieces: Sequence[Piece]) -> set[str]:
        """Paths of the pieces that lie at the target just so; `stage` holds each as it should be."""
        ...

    def send(self, stage: Path, pieces: Sequence[Piece]) -> None:
        """Put each piece in its place; a reader meets the old bytes or the new, never half of either."""
        ...

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files; one that is not there is no fault."""
        ...

    def settle(self) -> None:
        """Return when what was sent would survive a power cut, as far as the place can promise it."""
        ...


def find_target(name: str, tree: Path, options: DeployOptions) -> Target:
    """The target of this name: `folder:/path`, `/path`, `rsync:…` or `s3:…`.

    Raises: DeployError if the name cannot be read.
    """
    kind, separator, place = name.partition(":")
    if name.startswith("/"):
        kind, separator, place = "folder", ":", name
    if not separator or kind not in KINDS or CONTROL.search(name):
        raise DeployError(
            "看不懂部署目标。请写 folder:/路径、rsync:/路径、rsync:用户@主机:/路径 或 s3://存储桶/前缀。"
        )
    return importlib.import_module(KINDS[kind]).target(place, tree, options)
