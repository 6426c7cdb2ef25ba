"""The manifest: path, size and hash of every file of exactly one tree. It lies beside the tree, not in it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Blocked:
    """A page that was kept back, or went live with something blacked out, and why."""

    page: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """What a release holds, and up to which act of the ledger it speaks."""

    release: str
    built_at: str
    watermark: int
    pages: int
    files: dict[str, tuple[int, str]] = field(default_factory=dict)  # path -> bytes, sha256
    blocked: tuple[Blocked, ...] = ()

    @property
    def total_bytes(self) -> int:
        return sum(size for size, _ in self.files.values())


def manifest_file(tree: Path) -> Path:
    """Where the manifest of a tree lies."""
    return tree.with_name(f"{tree.name}.manifest.json")


def describe(tree: Path) -> dict[str, tuple[int, str]]:
    """Path, size in bytes and sha256 of each file below a tree."""
    described = {}
    for file in sorted(tree.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            described[file.relative_to(tree).as_posix()] = (len(content), hashlib.sha256(content).hexdigest())
    return described


def write_manifest(manifest: Manifest, tree: Path) -> Path:
    """Write the manifest beside its tree and return where."""
    file = manifest_file(tree)
    file.write_text(
        json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    return file


def read_manifest(tree: Path) -> Manifest | None:
    """The manifest of a tree, or None where there is none or it cannot be read."""
    try:
        stored: dict[str, Any] = json.loads(manifest_file(tree).read_text(encoding="utf-8"))
        files = {path: (int(size), str(digest)) for path, (size, digest) in stored.pop("files").items()}
        blocked = tuple(Blocked(**each) for each in stored.pop("blocked", ()))
        return Manifest(files=files, blocked=blocked, **stored)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def difference(old: Manifest | None, files: dict[str, tuple[int, str]]) -> tuple[int, int, int]:
    """How many files were added, changed and removed since the old manifest."""
    before = old.files if old else {}
    added = sum(1 for path in files if path not in before)
    changed = sum(1 for path in files if path in before and files[path] != before[path])
    return added, changed, sum(1 for path in before if path not in files)
