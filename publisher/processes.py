"""Rendering everything on every core: processes that each take their share of the addresses."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence

from database import db
from publisher.pages import DETAIL
from publisher.rendering import Outcome, Rendering

SHARE = 120  # addresses at a time: their bodies are read in one query and then forgotten
WORTH_IT = 600  # addresses; with fewer, starting processes costs more than it gains
Progress = Callable[[int, int], None]

_rendering: Rendering | None = None  # what a forked process inherits


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


def _is_document(url: str) -> bool:
    return DETAIL.fullmatch(url) is not None and not url.startswith("/hudong/")


def _forked(rendering: Rendering, shares: list[Sequence[str]], cores: int) -> Iterator[list[Outcome]]:
    """No connection may be open across a fork: closing it in the child would drop the parent's locks."""
    global _rendering
    db.session.close()
    db.engine.dispose()
    _rendering = rendering
    gc.collect()
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(cores) as pool:
            yield from pool.imap_unordered(_take, shares)
    finally:
        gc.unfreeze()
        _rendering = None


def _take(urls: Sequence[str]) -> list[Outcome]:
    assert _rendering is not None
    return _Share(_rendering)(urls)
