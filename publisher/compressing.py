"""Compressed twins for a tree that was built: made when it is live already, each of them whole or not there."""

import os
from dataclasses import replace
from pathlib import Path

from publisher.journal import staged_name
from publisher.order import twin_suffixes
from publisher.processes import Progress, in_processes
from publisher.records import Prepared
from publisher.report import Report, Stopwatch
from publisher.trees import Place, drop_staging, make_newer, one_more_name, own_folder, write
from publisher.twins import twins, unpacked

SHARE = 200  # files
WORTH_IT = 3  # shares; with fewer, starting processes costs more than it gains
Job = tuple[Path, Path | None, Path, list[str]]


def expect_twins(tree: Path) -> None:
    """Make the folder in which the twins of a tree will be written: as long as it is there, the tree lacks some."""
    own_folder(_staging(tree))


def expect_no_twins(tree: Path) -> None:
    """The tree has its twins, or is not to have any."""
    drop_staging(_staging(tree))


def lacks_twins(tree: Path) -> bool:
    """Whether whoever built a tree was interrupted before it had all of its twins."""
    return _staging(tree).is_dir()


def compressed(place: Place, done: Prepared, report: Report) -> Report:
    """Give a tree that was built, and is live already, its compressed twins; the report with the seconds it took."""
    if done.new_tree is None:
        return report
    watch = Stopwatch()
    compress(place.site_folder / "releases" / done.new_tree, done.tree_before)
    return replace(report, stages={**report.stages, "compress": watch.seconds})


def compress(tree: Path, old: Path | None, *, progress: Progress | None = None) -> None:
    """Give every text file of a tree its compressed twins, taking those of the old tree where the bytes are the same.

    They are on the disk before they get their names: web servers send them rather than the files themselves.
    """
    staging = _staging(tree)
    staging.mkdir(parents=True, exist_ok=True)
    paths = [file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()]
    todo = [path for path in paths if twin_suffixes(path) and not path.endswith(twin_suffixes(path))]
    shares = [todo[start : start + SHARE] for start in range(0, len(todo), SHARE)]
    jobs: list[Job] = [(tree, old, staging, share) for share in shares]
    cores = len(os.sched_getaffinity(0))
    many = len(jobs) >= WORTH_IT and cores > 1
    made: list[tuple[Path, Path]] = []
    for number, some in enumerate(in_processes(cores, _written, jobs) if many else map(_written, jobs), 1):
        made += some
        if progress:
            progress(number, len(jobs))
    if made:
        os.sync()
    for staged, twin in made:
        os.replace(staged, twin)
    expect_no_twins(tree)


def _staging(tree: Path) -> Path:
    return tree.parents[1] / "staging" / tree.name


def _written(job: Job) -> list[tuple[Path, Path]]:
    tree, old, staging, paths = job
    made = []
    for path in paths:
        file = tree / path
        content = file.read_bytes()
        if old is not None and _takes_twins(old / path, file, content):
            continue
        for suffix, packed in twins(content, file.suffix).items():
            staged = staging / f"{staged_name(path)}{suffix}"
            write(staged, packed)
            if old is not None:
                make_newer([staged], old / f"{path}{suffix}")
            made.append((staged, file.with_name(file.name + suffix)))
    return made


def _takes_twins(before: Path, file: Path, content: bytes) -> bool:
    """Take the twins of the same file in the tree before; false if it has none, or one that says something else."""
    if not before.is_file() or not before.samefile(file):
        return False
    beside = [(before.with_name(before.name + suffix), suffix) for suffix in twin_suffixes(file.name)]
    found = [(twin, suffix) for twin, suffix in beside if twin.is_file()]
    if not found or any(unpacked(twin) != content for twin, _ in found):
        return False
    for twin, suffix in found:
        place = file.with_name(file.name + suffix)
        if not place.exists():
            one_more_name(twin, place)
    return True
