"""A process with everything imported, which forks a publisher for each order: `python -m tests.publisher.siege.driver`.

Starting one takes seconds, a publisher forked from it milliseconds; so hundreds of them can be killed in a test. An order
is a line of JSON on standard input: a list of publishers to run at once. The answer is a line with what became of each.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import publisher.processes
from app import create_app
from config import Settings
from database import db
from publisher import trees
from publisher.site import templates
from tests.publisher.siege.edits import dressed
from tests.publisher.siege.faults import Calls, counted, dies, nowhere

KILLED = -signal.SIGKILL


def main() -> None:
    """Answer orders until there are none."""
    for name in templates().list_templates(filter_func=lambda name: "/" not in name and "." in name):
        templates().get_template(name)
    for line in sys.stdin:
        running = [start(order) for order in json.loads(line)]
        print(json.dumps([outcome(*each) for each in running]), flush=True)


def start(order: dict[str, Any]) -> tuple[int, int, float]:
    """Fork a publisher; its process, where it writes what it did, and after how long it is to be killed."""
    answer, told = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(answer)
        os.setsid()
        try:
            os.write(told, json.dumps(publish(order)).encode())
        finally:
            os._exit(0)
    os.close(told)
    return process, answer, order.get("killed_after_s", 0)


def outcome(process: int, answer: int, killed_after_s: float) -> dict[str, Any]:
    """What became of a publisher, once he and all he started have ended."""
    if killed_after_s:
        time.sleep(killed_after_s)
        os.kill(process, signal.SIGKILL)
    with os.fdopen(answer, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    return json.loads(said) if said else {"status": os.waitstatus_to_exitcode(status), "said": "", "calls": 0}


def publish(order: dict[str, Any]) -> dict[str, Any]:
    """Run a command as from the shell, and count what it asks of the system."""
    settings = Settings(home=Path(order["home"]), database_url=order["database_url"], public_url="http://localhost",
                        keep_releases=order["keep"])  # fmt: skip
    if order.get("in_processes"):
        publisher.processes.WORTH_IT, publisher.processes.SHARE = 1, 10
    if order.get("own_lock"):
        trees.fcntl = SimpleNamespace(LOCK_EX=0, LOCK_NB=0, flock=lambda *_: None)  # as another machine's
    calls = Calls(settings.site_folder, order.get("dies_at", 0), dies if order.get("dies_at") else nowhere)
    app = create_app((), settings)
    with app.app_context(), dressed(order.get("style", 0)), counted(calls):
        result = app.test_cli_runner().invoke(args=order["command"])
        db.session.remove()
        db.engine.dispose()
    return {
        "status": result.exit_code,
        "said": result.output,
        "calls": len(calls.made),
        "error": repr(result.exception),
    }


if __name__ == "__main__":
    main()
