"""Working on every core: processes that each take their share, and none of which outlives its publisher."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import TypeVar

from database import db
from publisher.errors import PublishError
from publisher.pages import DETAIL
from publisher.rendering import Outcome, Rendering

SHARE = 120  # addresses at a time: their bodies are read in one query and then forgotten
WORTH_IT = 600  # addresses; with fewer, starting processes costs more than it gains
WORKER_LOST = "一个生成进程意外结束，可能是内存不足；请检查后再次发布。"
Progress = Callable[[int, int], None]
Given = TypeVar("Given")
Result = TypeVar("Result")

_inherited: list[Rendering] = []  # what a forked process finds


def render_all(rendering: Rendering, urls: Sequence[str], progress: Progress | None = None) -> list[Outcome]:
    """Render every address, in as many processes as there are cores if there is enough to do."""
    shares = [urls[start : start + SHARE] for start in range(0, len(urls), SHARE)]
    cores = len(os.sched_getaffinity(0))
    done: list[Outcome] = []
    for outcomes in (
        _forked(rendering, shares, cores)
        if len(urls) >= WORTH_IT and cores > 1
        else map(_Share(rendering), shares)
    ):
        done += outcomes
        if progress:
            progress(len(done), len(urls))
    return done


class _Share:
    """Renders one share of the addresses."""

    def __init__(self, rendering: Rendering):
        self.rendering = rendering

    def __call__(self, urls: Sequence[str]) -> list[Outcome]:
        source = self.rendering.source
        source.load_bodies([int(url.split("/")[2]) for url in urls if _is_document(url)])
        outcomes = list(self.rendering.render(urls))
        source.forget_bodies()
        return outcomes

    def with_seconds(self, urls: Sequence[str]) -> tuple[list[Outcome], float, float]:
        """The same with the seconds that checking and that catalogues as files took."""
        checked, catalogued = self.rendering.checked_s, self.rendering.catalogued_s
        outcomes = self(urls)
        return outcomes, self.rendering.checked_s - checked, self.rendering.catalogued_s - catalogued


def _is_document(url: str) -> bool:
    return DETAIL.fullmatch(url) is not None and not url.startswith("/hudong/")


def _forked(rendering: Rendering, shares: list[Sequence[str]], cores: int) -> Iterator[list[Outcome]]:
    """No connection may be open across a fork: closing it in the child would drop the parent's locks.

    The caller's transaction ends here; its records stay known to the session.
    """
    known = list(db.session)
    db.session.close()
    db.session.add_all(known)
    db.engine.dispose()
    _inherited[:] = [rendering]
    gc.freeze()
    try:
        for outcomes, checked, catalogued in in_processes(cores, _take, shares):
            rendering.checked_s += checked / cores
            rendering.catalogued_s += catalogued / cores
            yield outcomes
    finally:
        gc.unfreeze()
        _inherited.clear()


@contextmanager
def without_collection() -> Iterator[None]:
    """Read many records that all stay, without looking through them for garbage again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _take(urls: Sequence[str]) -> tuple[list[Outcome], float, float]:
    return _Share(_inherited[0]).with_seconds(urls)


def in_processes(cores: int, work: Callable[[Given], Result], shares: Sequence[Given]) -> Iterator[Result]:
    """What `work` makes of each share, in order, by forked processes.

    Raises: PublishError when a process was killed; what `work` raises.
    """
    pool = ProcessPoolExecutor(cores, mp_context=get_context("fork"), initializer=_begin)
    try:
        yield from pool.map(work, shares)
    except BrokenProcessPool:
        raise PublishError(WORKER_LOST) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """End when the publisher ends, however it ends: a process left behind would keep the lock of the site."""
    gc.enable()
    Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)
