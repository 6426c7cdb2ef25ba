"""Processes that share the work of a publisher neither outlive him nor leave him waiting for ever."""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from county import ledger
from county.ledger import Errand
from database import db
from publisher import processes
from publisher.errors import PublishError
from publisher.processes import in_processes

PATIENCE_S = 60  # never reached by what works
PUBLISHER = """
import os, sys, time
from publisher.processes import in_processes

def work(number):
    os.write(1, b"x")
    time.sleep(600)

list(in_processes(2, work, [1, 2, 3]))
"""


def killed(_share: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_no_process_outlives_a_publisher_that_was_killed():
    """It would hold the lock of the site for ever. Negative control tried: a plain ProcessPoolExecutor."""
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER], stdout=subprocess.PIPE, start_new_session=True
    )
    assert publisher.stdout is not None
    assert os.read(publisher.stdout.fileno(), 1) == b"x"  # at work

    publisher.kill()
    publisher.wait()

    try:
        assert _is_closed_in_time(publisher.stdout.fileno()), "somebody still holds what the publisher held"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(publisher.pid, signal.SIGKILL)
        publisher.stdout.close()


def _is_closed_in_time(handle: int) -> bool:
    ends = time.monotonic() + PATIENCE_S
    while select.select([handle], [], [], max(0, ends - time.monotonic()))[0]:
        if not os.read(handle, 100):
            return True
    return False


def test_a_process_that_is_killed_ends_the_publication_with_a_sentence():
    """Negative control tried: a Pool of multiprocessing waits for ever."""
    with pytest.raises(PublishError, match="内存不足"):
        list(in_processes(2, killed, [1, 2, 3]))


@pytest.mark.parametrize("command", [("work", "--once"), ("site", "publish")], ids=" ".join)
def test_what_was_rendered_in_processes_is_owed_no_more(small_county, app, monkeypatch, command):
    """Seen failing: forking closed the session, the errand was lost to it, and the worker ended with an exception."""
    monkeypatch.setattr(processes, "WORTH_IT", 1)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["site", "build"]).exit_code == 0
    ledger.owe("publish_site", "all", at=small_county.now)
    db.session.commit()

    result = runner.invoke(args=command)

    assert result.exit_code == 0, result.output
    assert set(db.session.scalars(db.select(Errand.state))) == {"settled"}
