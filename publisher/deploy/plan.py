"""The difference between tree and target, and the steps that bring the target to the tree without a broken link."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from publisher.deploy.manifest import Known
from publisher.deploy.records import TreeFile
from publisher.order import PAGES, going_live, is_mark, rank


@dataclass(frozen=True)
class Item:
    """A file of the tree, and the size in bytes of each compressed twin beside it, by its ending."""

    file: TreeFile
    twins: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """Files to put in place, or paths to remove; what is in one step may happen in any order."""

    puts: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be moved. `twins` names, for each file to put, which twins go with it."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    twins: Mapping[str, frozenset[str]]  # of files in added and changed, and of others that only lack twins
    stale_twins: tuple[str, ...]

    @property
    def touched(self) -> set[str]:
        """Every path of a file that will not be certain until the last step is done."""
        twinned = {path[:-3] for path in self.stale_twins}
        return {*self.added, *self.changed, *self.removed, *self.twins, *twinned}

    def steps(self) -> Iterator[Step]:
        """The steps, each to be done before the next begins."""
        blocking = self._blocking()
        first = (*self.stale_twins, *blocking)
        if first:
            yield Step(removes=first)
        marks = tuple(path for path in self.removed if is_mark(path) and path not in blocking)
        for puts in going_live(self._additions(), self.changed):
            if marks and max(map(rank, puts)) > PAGES:
                yield Step(removes=marks)  # a page that came back answers before a list leads to it
                marks = ()
            yield Step(puts=puts)
        done = {*blocking, *(path for path in self.removed if is_mark(path))} - set(marks)
        left = sorted((path for path in self.removed if path not in done), key=rank, reverse=True)
        for _, paths in groupby(left, key=rank):  # what leads to others goes first
            yield Step(removes=tuple(paths))

    def _additions(self) -> list[str]:
        return [*self.added, *(self.twins.keys() - {*self.added, *self.changed})]

    def _blocking(self) -> tuple[str, ...]:
        """Files to be removed where a folder is needed, and files in a folder where a file is needed."""
        files = {*self.added, *self.changed}
        folders = {parent for path in files for parent in parents(path)}
        return tuple(path for path in self.removed if path in folders or files & set(parents(path)))


def difference(known: Mapping[str, Known], items: Mapping[str, Item], doubtful: Collection[str]) -> Plan:
    """What brings a target that holds `known` to `items`. `doubtful` are twins there that are not what they should be."""
    added = tuple(path for path in items if path not in known)
    changed = tuple(
        path for path, item in items.items() if path in known and known[path].sha256 != item.file.sha256
    )
    removed = tuple(path for path in known if path not in items)
    sent = {*added, *changed}
    twins = {path: frozenset(items[path].twins) for path in sent}
    stale = set(doubtful)
    for path, item in items.items():
        there = known[path].twins if path in known else frozenset()
        if path in sent:
            stale |= {path + ending for ending in there}
            continue
        stale |= {path + ending for ending in there - item.twins.keys()}
        if lacking := item.twins.keys() - there:
            twins[path] = frozenset(lacking)
    stale |= {path + ending for path in removed for ending in known[path].twins}
    unchanged = len(items) - len(sent)
    return Plan(added, changed, removed, unchanged, twins, tuple(sorted(stale)))


def parents(path: str) -> list[str]:
    """The folders a file lies in, nearest last."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
