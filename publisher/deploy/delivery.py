"""deploy: only the difference, in an order in which no reader follows a link to nothing, completed if interrupted."""

import fcntl
import hashlib
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from publisher.deploy.errors import DeployError, TargetBusyError
from publisher.deploy.manifest import (
    UNSURE,
    Journal,
    Known,
    read_journal,
    read_manifest,
    write_journal,
    write_manifest,
)
from publisher.deploy.plan import Item, Plan, Step, difference
from publisher.deploy.purge import addresses_of
from publisher.deploy.records import JOURNAL, DeployOptions, DeployReport, Piece, TreeFile
from publisher.deploy.stage import Stage, stage
from publisher.deploy.target import CONTROL, Target, find_target, stays_inside
from publisher.headers import ATTACHED
from publisher.order import TWIN_SUFFIXES, is_mark

NAMED = 5  # foreign files that a refusal names


def deploy(
    tree: Path, files: Sequence[TreeFile], target: str, *, release: str, dry_run: bool, options: DeployOptions
) -> DeployReport:
    """Bring the target to these files of the tree; publishing may go on beside it.

    What can no longer be sent as `files` has it is not sent, nor is what might lead to it; the report names it and
    the next deploy completes it.

    Raises: DeployError with the cure; TargetBusyError at once if another deploy to the target is at work; OSError
    of a local disk. After any of them, and after a crash, the next deploy completes the work.
    """
    started = time.monotonic()
    tree = tree.resolve()  # `current` may be switched while we work
    options.work_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = find_target(target, tree, options)
    with _only_one(options.work_folder, place.name) as work_folder, stage(work_folder, tree) as held:
        place.open(held.scratch)
        items = _items(tree, files, place)
        delivery = _Delivery(place, items, held, options, release)
        plan = delivery.plan()
        if not dry_run:
            delivery.carry_out(plan)
    done = plan.touched if dry_run else delivery.done
    return DeployReport(
        target=place.name, release=release, added=len(done.intersection(plan.added)),
        changed=len(done.intersection(plan.changed)), removed=len(done.intersection(plan.removed)),
        unchanged=plan.unchanged, dry_run=dry_run,
        bytes=_planned_bytes(plan, items) if dry_run else delivery.bytes,
        seconds=round(time.monotonic() - started, 2),
        changed_meanwhile=tuple(sorted(delivery.changed_meanwhile)), moves=_moves(plan),
        purge_failure=delivery.purge_failure,
    )  # fmt: skip


@dataclass
class _Delivery:
    """One deploy to one target."""

    target: Target
    items: Mapping[str, Item]
    stage: Stage
    options: DeployOptions
    release: str
    bytes: int = 0
    done: set[str] = field(default_factory=set)
    changed_meanwhile: list[str] = field(default_factory=list)
    purge_failure: str = ""
    _held: dict[str, Known] = field(default_factory=dict)  # what lies at the target, step by step
    _left: Journal | None = None  # by a deploy before us
    _is_described: bool = False  # by a manifest that can be read

    def plan(self) -> Plan:
        """What is to be done, from what the target says of itself and, where that is in doubt, from a look at it."""
        self._left, known = read_journal(self.target), read_manifest(self.target)
        self._is_described = known is not None
        doubtful: set[str] = set()
        if self.options.compare or known is None or not self._journal.is_readable:
            known, doubtful = self._looked_at_all(known)
        elif self._journal.paths:
            known, doubtful = self._looked_at(known, self.target.listing(), self._journal.paths)
        self._held = dict(known)
        return difference(known, self.items, doubtful)

    @property
    def _journal(self) -> Journal:
        return self._left or Journal()

    def _looked_at_all(self, described: Mapping[str, Known] | None) -> tuple[dict[str, Known], set[str]]:
        """As `_looked_at`, of every file there; what no deploy has put there stays, unless it may be removed.

        Raises: DeployError if it cannot be told what a deploy has put there.
        """
        known, listed = described or {}, self.target.listing()
        ours = {*known, *self._journal.paths, *self.items}
        foreign = listed.keys() - ours - _twins_in(listed, self.items, ours)
        if self.options.take_over:
            return self._looked_at(known, listed, ours | foreign)
        if foreign and (described is None or not self._journal.is_readable):
            raise DeployError(_foreign_files(sorted(foreign)))
        return self._looked_at(known, listed, ours)

    def _looked_at(
        self, known: Mapping[str, Known], listed: Mapping[str, int], unsure: Collection[str]
    ) -> tuple[dict[str, Known], set[str]]:
        """What lies there after a look at the paths in doubt, and twins that are not what they should be."""
        twins = _twins_in(listed, self.items, unsure)
        there = {path: size for path, size in listed.items() if path in unsure and path not in twins}
        same = self._same({**there, **{path: listed[path] for path in twins}})
        found = {path: one for path, one in known.items() if path not in unsure}
        for path, size in there.items():
            endings = frozenset(ending for ending in TWIN_SUFFIXES if path + ending in twins & same)
            found[path] = Known(self.items[path].file.sha256 if path in same else UNSURE, size, endings)
        return found, twins - same

    def _same(self, there: Mapping[str, int]) -> set[str]:
        """Paths, of files and twins, that lie at the target as they lie in the tree."""
        pieces: list[Piece] = []
        for path in there:
            item = self.items.get(path)
            if item and there[path] == item.file.size_bytes:
                twins = [ending for ending, size in item.twins.items() if there.get(path + ending) == size]
                pieces += self.stage.take(item.file, twins) or []
        same = self.target.same(self.stage.folder, pieces) if pieces else set()
        self.stage.clear()
        return same

    def carry_out(self, plan: Plan) -> None:
        """Move what is to be moved; then have the target say what it holds; then tell the caches."""
        purge = self._addresses_to_purge(plan)
        journal_lies = self._left is not None
        if plan.touched or self._journal.paths or not self._is_described or self.options.compare:
            write_journal(self.target, self.release, plan.touched | self._journal.paths, purge)
            journal_lies = True
            for step in plan.steps():
                self._do(step, plan)
                if self.changed_meanwhile:
                    return
            self.target.settle()
            write_manifest(self.target, self.release, self._held)
            if purge:
                write_journal(self.target, self.release, (), purge)
        if purge and self.options.purge:
            self.options.tell(f"purging {len(purge)} addresses")
            self.purge_failure = self.options.purge.send(self.release, purge)
        if journal_lies and not self.purge_failure:
            self.target.remove([JOURNAL])

    def _addresses_to_purge(self, plan: Plan) -> list[str]:
        if self.options.purge is None:
            return []
        marked = [path for path in plan.added if is_mark(path)]
        return sorted({*self._journal.purge, *addresses_of([*plan.changed, *plan.removed, *marked])})

    def _do(self, step: Step, plan: Plan) -> None:
        if step.removes:
            self.options.tell(f"removing {len(step.removes)} files")
            self.target.remove(step.removes)
            for path in step.removes:
                self._note_removed(path)
            self.done.update(step.removes)
            return
        pieces = self._staged(step.puts, plan)
        self.options.tell(f"sending {len(pieces)} files")
        self.target.send(self.stage.folder, pieces)
        self.stage.clear()
        self.done.update(piece.path for piece in pieces)
        self.bytes += sum(piece.size_bytes for piece in pieces)

    def _note_removed(self, path: str) -> None:
        twinned = self._held.get(path[:-3])
        if path not in self._held and twinned is not None:
            self._held[path[:-3]] = replace(twinned, twins=twinned.twins - {path[-3:]})
        self._held.pop(path, None)

    def _staged(self, paths: Sequence[str], plan: Plan) -> list[Piece]:
        """The pieces of a step on the stage; what the tree no longer holds is noted and left out."""
        pieces: list[Piece] = []
        for path in paths:
            file, there = self.items[path].file, self._held.get(path)
            taken = self.stage.take(file, plan.twins[path])
            if taken is None:
                self.changed_meanwhile.append(path)
                continue
            is_there = there is not None and there.sha256 == file.sha256
            before = there.twins if there and is_there else frozenset()
            twins = before | {piece.coding for piece in taken if piece.coding}
            self._held[path] = Known(file.sha256, file.size_bytes, twins)
            pieces += taken[1:] if is_there else taken
        return pieces


@contextmanager
def _only_one(work_folder: Path, target: str) -> Iterator[Path]:
    """Hold the lock of a target, which goes when the process ends, however it ends; gives a folder of its own."""
    folder = work_folder / hashlib.sha256(target.encode()).hexdigest()[:16]
    with folder.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TargetBusyError from None
        yield folder


def _items(tree: Path, files: Sequence[TreeFile], target: Target) -> dict[str, Item]:
    """What the target is to hold, with the twins that lie in the tree.

    Raises: DeployError for a path that could lead out of the target.
    """
    paths = {file.path for file in files}
    items = {}
    for file in files:
        _check_path(file.path)
        if target.carries_twins:
            items[file.path] = Item(file, _twins_of(tree, file.path, paths))
        elif not is_mark(file.path):
            items[file.path] = Item(file)
    return items


def _twins_of(tree: Path, path: str, paths: Collection[str]) -> dict[str, int]:
    twins = {}
    for ending in () if path.startswith(ATTACHED) else TWIN_SUFFIXES:
        with suppress(OSError):
            if path + ending not in paths:
                twins[ending] = os.stat(tree / (path + ending)).st_size
    return twins


def _twins_in(listed: Collection[str], items: Collection[str], of: Collection[str]) -> set[str]:
    """The listed paths that are compressed twins of the files named, and not files in their own right."""
    return {
        path for path in listed
        if path.endswith(TWIN_SUFFIXES) and path not in items and path[:-3] in of and not path.startswith(ATTACHED)
    }  # fmt: skip


def _check_path(path: str) -> None:
    if not stays_inside(path):
        raise DeployError(
            f"文件路径“{CONTROL.sub('?', path)}”不能部署：其中有控制字符、反斜杠或以点开头的名称。"
        )


def _foreign_files(paths: Sequence[str]) -> str:
    named = "、".join(paths[:NAMED]) + ("等" if len(paths) > NAMED else "")
    return (
        f"目标中没有可读的部署清单，却已有 {len(paths)} 个不属于本网站的文件（{named}），没有改动任何文件。"
        "请核对目标是否写对；确实可以删除这些文件，请加 --take-over 再运行。"
    )


def _planned_bytes(plan: Plan, items: Mapping[str, Item]) -> int:
    files = sum(items[path].file.size_bytes for path in (*plan.added, *plan.changed))
    return files + sum(items[path].twins[ending] for path, ends in plan.twins.items() for ending in ends)


def _moves(plan: Plan) -> tuple[tuple[str, str], ...]:
    signs = (("+", plan.added), ("~", plan.changed), ("-", plan.removed))
    return tuple((sign, path) for sign, paths in signs for path in sorted(paths))
