"""What every test may use: settings in a folder of its own, a migrated database, a fixed clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, expect, sync_playwright

from app import MIGRATIONS, create_app
from config import Settings
from county.keys import Keyring
from database import db
from tests import provider
from tests.server_database import ServerDatabase

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)  # noon in the county, a Friday
PATIENCE_MS = 120_000  # how long a browser waits for what a test expects: the machine may be busy
SERVER = os.environ.get("ZHUANLAN_TEST_POSTGRESQL")
SYSTEM_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"

expect.set_options(timeout=PATIENCE_MS)
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


class CompiledTemplates(BytecodeCache):
    """Templates compiled once in a process, not once for each application of a test; a changed source is compiled anew."""

    def __init__(self) -> None:
        self._found: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._found:
            bucket.bytecode_from_string(self._found[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._found[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A program or folder of the machine that is absent skips its tests by name; with CI=true it fails them."""
    if SERVER is not None:
        items[:] = [item for item in items if _asks_a_database(item)]
    missing = {
        "browser": None if shutil.which("chromium") else "install the package chromium",
        "nginx": None if shutil.which("nginx", path=SYSTEM_PATH) else "install the package nginx-light",
        "rsync": None if shutil.which("rsync") else "install the package rsync",
        "provider": None if provider.IS_THERE else provider.CURE,
        "realdata": None
        if os.environ.get("ZHUANLAN_REAL_DATA")
        else "set ZHUANLAN_REAL_DATA to the folder of real input",
    }
    for item in items:
        for marker, cure in missing.items():
            if cure and item.get_closest_marker(marker) and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=cure))


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether it can come out differently on a server: it has a database, and is not marked as about SQLite."""
    has_one = {"settings", "empty_database"} & set(getattr(item, "fixturenames", ()))
    return bool(has_one) and not item.get_closest_marker("sqlite")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of a process: two would quarrel over the event loop."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite brought to the current schema by the migrations, to be copied for each test."""
    file = tmp_path_factory.mktemp("template") / "zhuanlan.db"
    _migrate(Settings(home=file.parent))
    return file


@pytest.fixture(scope="session")
def server_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerDatabase]:
    """The database of this process on the server, emptied after each test."""
    assert SERVER is not None
    home = tmp_path_factory.mktemp("server")
    database = ServerDatabase(SERVER, lambda url: _migrate(Settings(home=home, database_url=url)))
    yield database
    database.drop()


@pytest.fixture(scope="session")
def empty_database() -> Iterator[str]:
    """The address of a database of its own without tables; empty for SQLite in the installation's home."""
    if SERVER is None:
        yield ""
        return
    database = ServerDatabase(SERVER)
    yield database.url
    database.drop()


@pytest.fixture(scope="session")
def template_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of every test's installation: what one has sealed for many can be read in each."""
    folder = tmp_path_factory.mktemp("template") / "keys"
    Keyring.create(folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, template_keys: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an installation with keys and an empty, migrated database."""
    home = tmp_path / "var"
    shutil.copytree(template_keys, home / "keys")
    common = {"home": home, "sample_anchor": date(2026, 11, 20), "public_url": "http://localhost"}
    if SERVER is None:
        shutil.copy(request.getfixturevalue("template_database"), home / "zhuanlan.db")
        yield Settings(**common)
        return
    database: ServerDatabase = request.getfixturevalue("server_database")
    yield Settings(**common, database_url=database.url)
    database.empty()


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Builds applications with the doors named, and closes their connections in the end."""
    made: list[Flask] = []

    def make(*doors: str) -> Flask:
        made.append(create_app(doors, settings))
        made[-1].testing = True
        made[-1].jinja_env.bytecode_cache = COMPILED
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application without doors, its context pushed."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    return Keyring.from_directory(settings.key_folder)


@pytest.fixture
def now() -> datetime:
    return NOON


def _migrate(settings: Settings) -> None:
    app = create_app((), settings)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        db.session.remove()
        db.engine.dispose()
