"""verify: the live tree against its manifest, and both against what the database would render now."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publisher.draft import draft_of, wanted_files
from publisher.errors import PublishError
from publisher.manifest import live_files
from publisher.order import TWIN_SUFFIXES
from publisher.processes import Progress
from publisher.records import newest_publication
from publisher.report import Stopwatch
from publisher.touching import Changes
from publisher.trees import Place, live_tree
from publisher.twins import unpacked


@dataclass(frozen=True)
class Difference:
    """One way in which the live site is not what it should be."""

    path: str
    kind: (
        str  # missing, damaged, unknown, twin: of the tree; stale, absent, surplus: of what the database says
    )
    words: str


@dataclass(frozen=True)
class Verdict:
    """What was looked at, and everything that was not as it should be."""

    release: str
    files: int
    differences: tuple[Difference, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return {**asdict(self), "verified": not self.differences}


WORDS = {
    "missing": "清单中有，公开目录中没有",
    "damaged": "内容与清单不符",
    "unknown": "公开目录中有，清单中没有",
    "twin": "压缩副本与原文件不符",
    "stale": "内容不是数据库当前的样子",
    "absent": "数据库应有此页，公开目录中没有",
    "surplus": "数据库已无此页，公开目录中仍有",
}


def verify(place: Place, *, progress: Progress | None = None) -> Verdict:
    """Read every file of the live tree and render every page anew; name each difference.

    Raises: PublishError when there is no site.
    """
    watch, newest, tree = Stopwatch(), newest_publication(), live_tree(place.site_folder)
    if newest is None or tree is None:
        raise PublishError("网站还没有生成，请先运行 flask site build。")
    listed = live_files(None)
    found = [Difference(path, kind, WORDS[kind]) for path, kind in _of_tree(tree, listed)]
    draft = draft_of(place, Changes(everything=True), _forget, progress=progress)
    wanted = {path: sha256 for path, (sha256, _) in wanted_files(draft).items() if sha256 is not None}
    for path in sorted(wanted.keys() | listed.keys()):
        if path not in listed:
            found.append(Difference(path, "absent", WORDS["absent"]))
        elif path not in wanted:
            found.append(Difference(path, "surplus", WORDS["surplus"]))
        elif wanted[path] != listed[path][0]:
            found.append(Difference(path, "stale", WORDS["stale"]))
    return Verdict(newest.name, len(listed), tuple(found), watch.seconds)


def _of_tree(tree: Path, listed: dict[str, tuple[str, int]]) -> Iterator[tuple[str, str]]:
    there = {file.relative_to(tree).as_posix(): file for file in sorted(tree.rglob("*")) if not file.is_dir()}
    for path, (sha256, size) in sorted(listed.items()):
        file = there.get(path)
        if file is None or not file.is_file():
            yield path, "missing"
        elif file.stat().st_size != size or sha256_of(file) != sha256:
            yield path, "damaged"
    for path, file in there.items():
        if path in listed:
            continue
        plain = path[:-3]
        if path.endswith(TWIN_SUFFIXES) and plain in listed and plain in there:
            if unpacked(file) != there[plain].read_bytes():
                yield path, "twin"
        else:
            yield path, "unknown"


def sha256_of(file: Path) -> str:
    """The hash of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _forget(_path: str, _content: bytes) -> None:
    return
