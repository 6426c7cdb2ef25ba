"""Many publishers at once: one works, the others wait or are turned away, and the site is what the database says."""

from pathlib import Path

import pytest

from commands.output import BUSY
from publisher import building, trees
from publisher import publishing as steps
from publisher.trees import one_publisher
from tests.publisher.siege.conftest import ROUNDS, Siege
from tests.publisher.siege.wholeness import manifest, manifest_of

RIVALS = 20


def test_of_twenty_publishers_each_is_done_or_turned_away(siege: Siege, tmp_path: Path):
    """Negative control tried: no lock; some of the twenty then end otherwise."""
    commands = (["site", "publish"], ["site", "build"], ["work", "--once"])
    for number in range(5 if ROUNDS else 1):
        siege.office.change()

        with siege.readers():
            ended = siege.run(*({"command": commands[n % 3 if n % 7 == 0 else 0]} for n in range(RIVALS)))

        assert {each["status"] for each in ended} <= {0, BUSY}, ended
        assert 0 in {each["status"] for each in ended}
        assert [reader["faults"] for reader in siege.seen] == [[], []]
        assert siege.publish()["status"] == 0
        assert siege.remains() == []
        assert siege.differs_from_a_build(tmp_path / str(number)) == []


def test_publishers_that_do_not_see_each_others_lock_do_no_harm(siege: Siege, tmp_path: Path):
    """As two machines on one database and one shared folder: some fail and say so, but the site stays whole."""
    for number in range(10 if ROUNDS else 1):
        siege.office.change()
        before = manifest()

        ended = siege.run(*({"own_lock": True} for _ in range(4)))

        assert {each["status"] for each in ended} <= {0, 1, BUSY}, ended
        assert not [
            each["error"]
            for each in ended
            if each["error"] not in ("None", "SystemExit(1)", "SystemExit(75)")
        ]
        assert siege.harm(before) == []
        assert siege.publish()["status"] == 0 or siege.publish(command=["site", "build"])["status"] == 0
        assert siege.remains() == []
        assert siege.differs_from_a_build(tmp_path / str(number)) == []


@pytest.mark.parametrize(("slow", "step"), [("build", (building, "enter")), ("publish", (steps, "enter"))])
def test_a_slow_publisher_never_overwrites_what_went_live_meanwhile(
    siege: Siege, app, monkeypatch, slow, step
):
    """Another machine publishes while ours is about to write its publication down. Negative control tried: `follows`
    made unique by its own name.
    """
    module, name = step
    enter, newer = getattr(module, name), []

    def late(*given: object) -> None:
        newer.append(siege.publish(own_lock=True)["status"])
        enter(*given)

    siege.office.change()
    monkeypatch.setattr(module, name, late)
    result = app.test_cli_runner().invoke(args=["site", slow])

    assert (newer, result.exit_code) == ([0], BUSY), result.output
    monkeypatch.undo()
    assert siege.publish()["status"] == 0
    assert siege.remains() == []


def test_a_second_machine_with_a_disk_of_its_own_builds_there_and_harms_neither(
    siege: Siege, settings, tmp_path: Path
):
    """What goes live on one tree is not taken for live on another."""
    other = {"home": str(tmp_path / "other"), "database_url": settings.database, "own_lock": True}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "uploads").symlink_to(settings.upload_folder)
    (tmp_path / "other" / "keys").symlink_to(settings.key_folder)
    siege.office.change()

    assert siege.publish(**other)["status"] == 0  # there was no site there: it is built
    there = manifest_of(tmp_path / "other" / "site" / "current")

    assert there == manifest()
    refused = siege.publish()
    assert (refused["status"], "flask site build" in refused["said"]) == (1, True)
    assert siege.publish(command=["site", "build"])["status"] == 0
    assert manifest_of(siege.tree) == there
    assert siege.remains() == []


def test_the_command_is_turned_away_where_the_worker_waits(siege: Siege, app, settings, monkeypatch):
    """75 for who may come again; the worker publishes as soon as the other is done."""
    siege.office.change()
    holder = one_publisher(settings.site_folder)
    holder.__enter__()
    assert siege.publish()["status"] == BUSY
    waits: list[float] = []

    def released(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            holder.__exit__(None, None, None)

    monkeypatch.setattr(trees.time, "sleep", released)
    assert app.test_cli_runner().invoke(args=["work", "--once"]).exit_code == 0

    assert len(waits) == 3
    assert siege.remains() == []
