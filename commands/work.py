"""`flask work`: takes the errands that are owed and pays them."""

import logging
import signal
import time
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from commands.errands import PAY, companions
from county import ledger
from database import db

log = logging.getLogger("zhuanlan.work")
PAUSE_S = 0.3


@click.command("work")
@click.option("--once", is_flag=True, help="Pay what is owed now, then end.")
@with_appcontext
def work_command(once: bool) -> None:
    """Do the errands that are owed: publishing and indexing.

    Example: flask work --once
    """
    stop = Stop()
    while not stop.asked:
        if not pay_next() and once:
            break
        if not once and not stop.asked:
            time.sleep(PAUSE_S)


class Stop:
    """Whether somebody asked the worker to end; it finishes the errand at hand first."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def pay_next() -> bool:
    """Pay one errand and its companions; False when none is due. What fails is postponed and stays visible."""
    errand = ledger.take_next(datetime.now(UTC))
    if errand is None:
        db.session.rollback()
        return False
    batch = [errand, *companions(errand, datetime.now(UTC))]
    db.session.commit()
    try:
        PAY[errand.kind](batch)
    except Exception as error:
        db.session.rollback()
        log.exception("errand %s of kind %s failed", errand.id, errand.kind)
        for one in batch:
            ledger.postpone(one, f"{type(error).__name__}: {error}", at=datetime.now(UTC))
    else:
        for one in batch:
            ledger.settle(one, at=datetime.now(UTC))
    db.session.commit()
    return True
