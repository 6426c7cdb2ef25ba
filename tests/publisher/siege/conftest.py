"""Publishers in processes of their own, to be killed, and readers that never stop reading."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from database import db
from publisher.trees import live_tree
from tests.beginnings import begin_with
from tests.publisher.conftest import PublishingHouse, SmallCounty, found_small_county, the_county
from tests.publisher.siege.edits import Office, dressed
from tests.publisher.siege.links import dangling
from tests.publisher.siege.wholeness import Manifest, flaws, manifest, manifest_of, torn

ROOT = Path(__file__).parents[3]
KEEP = 5
ROUNDS = int(os.environ.get("ZHUANLAN_TEST_ROUNDS") or 0)  # 0: what fits into the suite


@pytest.fixture(scope="session")
def driver() -> Iterator[subprocess.Popen[str]]:
    """The process from which publishers are forked, one for all tests."""
    command = [sys.executable, "-m", "tests.publisher.siege.driver"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:  # fmt: skip
        yield process
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Siege:
    """A site with its office, publishers in other processes, and what is to hold after each of them."""

    house: PublishingHouse
    office: Office
    settings: Settings
    driver: subprocess.Popen[str]
    style: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)  # by readers

    @property
    def site(self) -> Path:
        return self.settings.site_folder

    @property
    def tree(self) -> Path:
        found = live_tree(self.site)
        assert found is not None
        return found

    def run(self, *orders: dict[str, Any]) -> list[dict[str, Any]]:
        """Publishers at once, each given what `driver.publish` reads; what became of each."""
        common = {
            "home": str(self.settings.home), "database_url": self.settings.database_url, "keep": KEEP,
            "style": self.style, "command": ["site", "publish"],
        }  # fmt: skip
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        db.session.rollback()
        self.driver.stdin.write(json.dumps([common | order for order in orders]) + "\n")
        self.driver.stdin.flush()
        return json.loads(self.driver.stdout.readline())

    def change(self, change: Callable[[], None] | None = None) -> None:
        """Do this at the office, or the next kind of change; a new look comes with a new style sheet."""
        if change is None:
            self.office.change()
            return
        self.office.done += 1
        change()
        self.style += change == self.office.restyle
        db.session.commit()

    def publish(self, **order: Any) -> dict[str, Any]:
        return self.run(order)[0]

    def harm(self, before: Manifest) -> list[str]:
        """What is wrong with the tree although a publisher may have died at work; nothing may be."""
        return torn(self.tree, before, manifest()) + dangling(self.tree)

    def remains(self) -> list[str]:
        """What is wrong after the next publisher has been at work; nothing may be."""
        return flaws(self.site, keep=KEEP) + dangling(self.tree)

    def differs_from_a_build(self, folder: Path) -> list[str]:
        """Where the live tree is not what a full build of the same database writes."""
        with dressed(self.style):
            self.house.build(out=folder)
        built, live = manifest_of(folder), manifest_of(self.tree)
        return sorted(path for path in built.keys() | live.keys() if built.get(path) != live.get(path))

    @contextmanager
    def readers(self, *, port: int | None = None) -> Iterator[None]:
        """Two readers at work all the time: one is sent the files, the other the twins; or two visitors of a server."""
        stop, tree = self.settings.home / "readers.stop", self.site / "current"
        ways = [("web", port), ("web", port)] if port else [("plain", tree), ("unpacked", tree)]
        with self._reader(stop, *ways[0], "1") as one, self._reader(stop, *ways[1], "2") as other:
            try:
                yield
            finally:
                stop.touch()
                self.seen = [json.loads(reader.communicate()[0]) for reader in (one, other)]
                stop.unlink()

    def _reader(self, stop: Path, how: str, tree: object, seed: str) -> subprocess.Popen[str]:
        words = ["-m", "tests.publisher.siege.reader", str(tree), str(stop), how, seed]
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def siege_county(app, settings: Settings, now: datetime) -> SmallCounty:
    """A county with something of every kind, and one list that is longer than a page."""

    def make() -> None:
        found_small_county(now)
        _furnish(the_county(settings, now))

    begin_with(f"siege county {now}", make)
    return the_county(settings, now)


def _furnish(small_county: SmallCounty) -> None:
    for number in range(24):
        small_county.disclosure(f"第{number}号动态", channel="ghjh")
    small_county.disclosure("供水管网改造公告", files={"附表.pdf": b"%PDF-1.4 small table"})
    small_county.question(document=small_county.service().document)


@pytest.fixture
def siege(
    siege_county: SmallCounty, house: PublishingHouse, settings: Settings, driver: subprocess.Popen[str]
) -> Siege:
    """A published county under siege."""
    siege = Siege(house, Office(siege_county, random.Random(20261120)), settings, driver)
    assert siege.publish(command=["site", "build"])["status"] == 0
    return siege
