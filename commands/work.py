"""`flask work`: takes the errands that are owed and pays them."""

import fcntl
import logging
import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import InterfaceError, OperationalError

import publisher
from commands.clock import tick
from commands.disk import disk_trouble, is_of_disk
from commands.errands import PAY, PUBLISHING, companions
from commands.output import BUSY, fail
from commands.seeing import NotSeenError
from county import bell, ledger
from county.bell import Bell
from database import db
from installation import settings

log = logging.getLogger("zhuanlan.work")
PAUSE_S = 0.5  # for what became due without a ring
TICK_S = 1.0
HELD_FOR = timedelta(seconds=15)  # until it is asked again whether the site may be published
PAUSE_AFTER_TROUBLE_S = 1.0
TRIES_OF_ONE_ROUND = 5  # a round of --once ends; each try waits for a locked database first


@click.command("work")
@click.option("--once", is_flag=True, help="Pay what is owed now, then end.")
@with_appcontext
def work_command(once: bool) -> None:
    """Do the errands that are owed: publishing and indexing. One worker at a time: a second ends with status 75.

    Example: flask work --once
    """
    with only_worker(), Bell(settings().home / bell.NAME) as the_bell:
        if not the_bell.is_hung:
            log.warning("%s takes no sockets: what is owed is seen %s s later", settings().home, PAUSE_S)
        work(Stop(the_bell), once=once)


@contextmanager
def only_worker() -> Iterator[None]:
    """Hold the worker's lock, which the system gives back when the process ends, however it ends."""
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    with (home / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail("Another worker is at work in this installation.", BUSY)
        yield


def work(stop: "Stop", *, once: bool) -> None:
    """Pay errands until asked to stop, or (once) until none is due. A database that does not answer is asked again."""
    troubles, is_clear, clock = 0, False, Clock()
    while not stop.asked:
        try:
            if not is_clear:
                release_claims()
            is_clear = True
            clock.look(time.monotonic())
            paid, troubles = pay_next(), 0
        except (OperationalError, InterfaceError) as error:
            db.session.rollback()
            troubles, is_clear = troubles + 1, False  # what we had claimed is taken again
            log.warning("the database does not answer: %s", error.orig)
            if once and troubles >= TRIES_OF_ONE_ROUND:
                fail("The database does not answer; what is owed stays owed.")
            stop.wait(PAUSE_AFTER_TROUBLE_S)
            continue
        if once and not paid:
            return
        if not paid:
            stop.wait(PAUSE_S)


def release_claims() -> None:
    """Take back what a worker claimed and never settled: we hold the lock, so it is not at work."""
    released = ledger.release_claims(at=datetime.now(UTC))
    db.session.commit()
    if released:
        log.warning("%s errands of a worker that ended are taken up again", released)


class Clock:
    """Has what happens by the clock done, once in TICK_S. A failure there holds up no errand."""

    def __init__(self) -> None:
        self._next = -math.inf

    def look(self, seconds: float) -> None:
        """Do what is due, if at this second of any steady clock it is time to ask again.

        Raises: OperationalError, InterfaceError if the database does not answer.
        """
        if seconds < self._next:
            return
        self._next = seconds + TICK_S
        try:
            tick(datetime.now(UTC))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            db.session.rollback()
            log.exception("what is due by the clock could not be done")


class Stop:
    """Whether somebody asked the worker to end; it finishes the errand at hand first."""

    def __init__(self, the_bell: Bell) -> None:
        self.asked = False
        self._bell = the_bell
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def wait(self, seconds: float) -> None:
        """Pause until the bell rings, as it does for an errand and when asked to end."""
        if not self.asked:
            self._bell.wait(seconds)

    def _ask(self, *_: object) -> None:
        self.asked = True
        self._bell.strike()


def pay_next() -> bool:
    """Pay one errand and its companions; False when none is due. What fails is postponed and stays visible."""
    now = datetime.now(UTC)
    errand = ledger.take_next(now, kinds=PUBLISHING) or ledger.take_next(
        now
    )  # readers wait for the first kind
    if errand is None:
        db.session.rollback()
        return False
    batch = [errand, *companions(errand, datetime.now(UTC))]
    db.session.commit()
    try:
        PAY[errand.kind](batch)
    except publisher.HeldError:
        _put_off(batch)
    except (publisher.BusyError, publisher.LostError) as error:
        _put_off(batch, error.message)
    except Exception as error:
        db.session.rollback()
        _again(batch, error)
    else:
        for one in batch:
            ledger.settle(one, at=datetime.now(UTC))
    db.session.commit()
    return True


def _put_off(batch: list[ledger.Errand], why: str | None = None) -> None:
    """Take these up again in a while, as often as it needs: nothing is wrong with them."""
    db.session.rollback()
    for one in batch:
        one.last_error = why or one.last_error
        ledger.put_off(one, at=datetime.now(UTC), until=datetime.now(UTC) + HELD_FOR)


def _again(batch: list[ledger.Errand], error: Exception) -> None:
    """Try these again, a few times; as long as the disk is full or read-only, however long it takes the operator."""
    what = f"errand {batch[0].id} of kind {batch[0].kind}"
    if isinstance(error, OSError) and is_of_disk(error):
        log.warning("%s waits for the disk: %s", what, error)
        _put_off(batch, disk_trouble(error))
        return
    if not isinstance(error, NotSeenError):  # the world is slow; nothing is wrong with the program
        log.error("%s failed", what, exc_info=error)
    for one in batch:
        ledger.postpone(one, f"{type(error).__name__}: {error}", at=datetime.now(UTC))
