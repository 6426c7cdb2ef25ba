"""A disk that is really full, and one that is really read-only: a small file system of the test's own."""

import itertools
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

import publisher
from database import db
from publisher.trees import live_tree
from tests.publisher.conftest import SmallCounty
from tests.publisher.siege.conftest import ROUNDS
from tests.publisher.siege.edits import Office
from tests.publisher.siege.links import dangling
from tests.publisher.siege.wholeness import flaws, manifest, manifest_of, torn

SIZE_MB = 24
BLOCK = 4096
HOME, SITE = "var", "var/site"


@dataclass
class Disk:
    """A file system in memory."""

    place: Path

    def fill(self, *, leaving: int) -> None:
        """Leave so many bytes free."""
        room = os.statvfs(self.place)
        with (self.place / "ballast").open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(BLOCK, room.f_bavail * room.f_frsize - leaving))

    def free(self) -> None:
        (self.place / "ballast").unlink()

    def remount(self, how: str) -> None:
        """Read-only (ro) or writable (rw)."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.place], check=True)


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    """The home of the test's installation, or its folder for the site alone, is a file system of its own."""
    place = tmp_path / getattr(request, "param", HOME)
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", place]
    if subprocess.run(mount, capture_output=True).returncode:
        if os.environ.get("CI"):
            pytest.fail("a test may not mount a file system here")
        pytest.skip("needs the right to mount a file system: run as root")
    yield Disk(place)
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def run(disk: Disk, small_county: SmallCounty, app) -> Callable[..., Result]:
    """`flask site …`, in a county that is published already."""

    def command(*words: str) -> Result:
        result = app.test_cli_runner().invoke(args=["site", *words])
        db.session.rollback()
        return result

    small_county.disclosure("第一号公告", files={"附表.txt": b"one"})
    assert command("build").exit_code == 0
    return command


@pytest.mark.parametrize("command", ["publish", "build"])
def test_on_a_full_disk_the_site_is_left_alone_and_published_once_there_is_room(
    run: Callable[..., Result], small_county: SmallCounty, settings, disk: Disk, command: str
):
    """From no room at all to enough of it, so that every stage comes to be the one that fails."""
    office, said, leaving, status = Office(small_county, random.Random(1)), [], 0, 1
    while status:
        office.change()
        before = manifest()
        disk.fill(leaving=leaving)

        result = run(command)

        disk.free()
        tree = live_tree(settings.site_folder)
        assert tree is not None
        assert torn(tree, before, manifest()) + dangling(tree) == []
        assert run("publish").exit_code == 0
        assert flaws(settings.site_folder, keep=settings.keep_releases) == []
        status, leaving = result.exit_code, leaving + BLOCK * (1 if ROUNDS else 12)
        said += [result.output] if status else []
        assert status in (0, 1)
    assert len(said) > 1
    assert [words for words in said if "磁盘空间不足" not in words or "清理磁盘或扩容" not in words] == []


@pytest.mark.parametrize("disk", [HOME, SITE], indirect=True)
@pytest.mark.parametrize("command", ["publish", "build"])
def test_on_a_read_only_disk_the_site_is_left_alone_and_published_once_it_is_writable(
    run: Callable[..., Result], small_county: SmallCounty, settings, disk: Disk, command: str
):
    before = manifest_of(settings.live_tree)
    small_county.disclosure("第二号公告")
    db.session.close()
    db.engine.dispose()
    disk.remount("ro")

    result = run(command)

    assert manifest_of(settings.live_tree) == before
    assert result.exit_code == 1
    assert "再次运行" in result.output
    db.session.close()
    db.engine.dispose()
    disk.remount("rw")
    assert run("publish").exit_code == 0
    assert flaws(settings.site_folder, keep=settings.keep_releases) == []
    assert "第二号公告" in (settings.live_tree / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("disk", [SITE], indirect=True)
@pytest.mark.parametrize("after", [0, 9], ids="after {} renamings".format)
def test_what_a_disk_that_became_read_only_stopped_on_its_way_is_completed_later(
    run: Callable[..., Result],
    small_county: SmallCounty,
    house,
    settings,
    disk: Disk,
    monkeypatch,
    after: int,
):
    """The publication is certain, and a part of it is in the tree. Negative control tried: `finish` that only tidies."""
    edition = small_county.disclosure("第二号公告", files={"附表.txt": b"two"})
    before = manifest()
    changes = publisher.Changes(documents=frozenset({edition.document_id}))
    prepared = publisher.prepare(house.place, changes, at=small_county.now)
    assert prepared is not None
    db.session.commit()
    replace, left = os.replace, itertools.count(after, -1)

    def last(*names: Path) -> None:
        if next(left) == 0:
            disk.remount("ro")
        replace(*names)

    monkeypatch.setattr(os, "replace", last)
    with pytest.raises(OSError, match="Read-only file system"):
        publisher.carry_out(house.place, prepared, at=small_county.now)
    monkeypatch.undo()
    db.session.rollback()
    tree = live_tree(settings.site_folder)
    assert tree is not None
    assert torn(tree, before, manifest()) + dangling(tree) == []
    assert run("publish").exit_code == 1
    disk.remount("rw")

    assert run("publish").exit_code == 0

    assert flaws(settings.site_folder, keep=settings.keep_releases) == []
    assert "第二号公告" in (settings.live_tree / "index.html").read_text(encoding="utf-8")
