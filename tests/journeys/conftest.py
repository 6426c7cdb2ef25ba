"""A town that is really served: the sample county, published, behind the production server, with a worker beside it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from app import create_app
from config import Settings
from county import sign_in
from county.officers import Officer
from database import db
from demo import prepare
from tests.conftest import PATIENCE_MS

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}


@dataclass
class Town:
    """Where the town is served, and its database for what no page shows."""

    url: str
    app: Flask
    home: Path

    def link_for(self, login: str) -> str:
        """A one-time sign-in link of this officer."""
        with self.app.app_context():
            officer = db.session.scalar(db.select(Officer).where(Officer.login == login))
            token = sign_in.make_link(officer, by=None, at=datetime.now(UTC))
            db.session.commit()
        return f"{self.url}/admin/sign-in/{token}"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, empty_database: str) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("town") / "var"
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "ZHUANLAN_HOME": str(home), "ZHUANLAN_PUBLIC_URL": url, "HOST": "127.0.0.1",
                   "PORT": str(port), "WEB_CONCURRENCY": "1",
                   "ZHUANLAN_DATABASE_URL": empty_database}  # fmt: skip
    app = create_app((), Settings.from_environment(environment))
    with app.app_context():
        prepare()
        db.session.remove()
        db.engine.dispose()
    commands = (["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"], ["flask", "work"])
    with (home / "log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            for words in commands
        ]
        try:
            _wait_for(url, processes[0])
            yield Town(url, app, home)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(PATIENCE_MS / 1000)


@pytest.fixture
def open_page(browser: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """Opens a page of a person of their own; any error the browser reports, CSP included, fails the test."""
    contexts: list[BrowserContext] = []
    reported: list[str] = []

    def open_one(*, javascript: bool = True, size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(
            base_url=town.url, java_script_enabled=javascript, viewport=size or DESKTOP, locale="zh-CN"
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note_error(message, reported))
        page.on("pageerror", lambda error: reported.append(str(error)))
        page.on("request", lambda request: _note_foreign(request.url, town.url, reported))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert reported == []


def shot(page: Page, name: str) -> None:
    """Leave a picture of the whole page for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def _note_error(message: ConsoleMessage, reported: list[str]) -> None:
    """A refused form answers 4xx, which the browser reports too; anything else is a fault of ours."""
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        reported.append(message.text)


def _note_foreign(asked: str, ours: str, reported: list[str]) -> None:
    if not asked.startswith((ours, "data:", "blob:")):
        reported.append(f"third-party request: {asked}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=10).close()  # noqa: S310
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")
