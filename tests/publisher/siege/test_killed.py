"""kill -9 at any moment of a publication: the site is whole at once, and as the database says after the next one.

Each round: an officer changes something, a publisher is killed while he brings it to the site, the tree is looked at as
he left it, the next publisher comes, and the tree is looked at again. Two readers follow links all the while.
"""

import itertools
import random
from pathlib import Path

import pytest

from publisher.building import FreshTree
from publisher.draft import draft_of
from publisher.freeze import stock_freezer
from publisher.nginx import configuration
from publisher.pages import every_address, page_at
from publisher.site import create_site
from publisher.touching import Changes
from tests.publisher.siege.conftest import ROUNDS, Siege
from tests.publisher.siege.driver import KILLED
from tests.publisher.siege.links import HOME, dangling
from tests.publisher.siege.reader import Reader
from tests.publisher.siege.wholeness import is_twin, manifest, paths_of, torn
from tests.publisher.web_server import Nginx, free_port

COMMANDS = (["site", "publish"], ["site", "build"])


def check_round(siege: Siege, folder: Path, **order: object) -> bool:
    """One round; whether the publisher was killed before he was done."""
    before = manifest()
    ended = siege.publish(**order)
    assert ended["status"] in (0, KILLED), ended
    assert siege.harm(before) == [], order

    following = siege.publish()

    assert following["status"] == 0, (order, following)
    assert siege.remains() == [], order
    assert siege.differs_from_a_build(folder) == [], order
    return ended["status"] == KILLED


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_killed_before_any_call_to_the_system(siege: Siege, tmp_path: Path, command: list[str]):
    """Calls spread evenly over all that a publisher makes for each kind of change; with enough rounds, all of them."""
    changes = (*siege.office.kinds, siege.office.restyle)
    rounds, killed = max(1, (ROUNDS or 8) // len(changes)), 0
    with siege.readers():
        for change in changes if ROUNDS else (changes[0], changes[-1]):
            siege.change(change)
            calls = siege.publish(command=command)["calls"]
            for number in sorted(
                {1 + (2 * at + 1) * calls // (2 * rounds) for at in range(min(rounds, calls))}
            ):
                siege.change(change)
                killed += check_round(
                    siege, tmp_path / f"{change.__name__}{number}", command=command, dies_at=number
                )

    assert killed
    assert [reader["faults"] for reader in siege.seen] == [[], []], siege.seen
    assert min(reader["pages"] for reader in siege.seen) > 20


def test_killed_at_random_moments(siege: Siege, tmp_path: Path):
    """Negative control: `test_frozen_flask_in_place_does_not_stand_the_siege`."""
    chance, killed, rounds = random.Random(20261120), 0, ROUNDS or 4
    seconds = dict.fromkeys(map(tuple, COMMANDS), 1.0)
    with siege.readers():
        for number in itertools.count():
            if number >= rounds and killed:  # on a quick machine the first may all be done in time
                break
            siege.change(siege.office.restyle if number % 9 == 5 else None)
            command = COMMANDS[number % 3 == 2]
            moment = chance.uniform(0.02, seconds[tuple(command)])
            order = {"command": command, "killed_after_s": moment, "in_processes": number % 2 == 0}
            was_killed = check_round(siege, tmp_path / str(number), **order)
            seconds[tuple(command)] *= 1.1 if was_killed else 0.8
            killed += was_killed

    print(f"{killed} of {number} killed", siege.seen)
    assert [reader["faults"] for reader in siege.seen] == [[], []], siege.seen


@pytest.mark.nginx
@pytest.mark.sqlite  # the two above are in both rounds; this one is about who reads
def test_killed_while_readers_come_through_a_web_server(siege: Siege, tmp_path: Path, settings):
    port, chance, rounds = free_port(), random.Random(1), max(2, ROUNDS // 4)
    text = configuration(
        tree=settings.live_tree, public_url="http://localhost", upstream="127.0.0.1:9", port=port,
        redirects_file=tmp_path / "none.map",
    )  # fmt: skip
    nginx = Nginx(tmp_path / "nginx", text, port).start()
    try:
        with siege.readers(port=port):
            for number in range(rounds):
                siege.change(siege.office.restyle if number % 9 == 2 else None)
                order = {"command": COMMANDS[number % 2], "killed_after_s": chance.uniform(0.1, 1)}
                check_round(siege, tmp_path / str(number), **order)
    finally:
        nginx.stop()

    assert [reader["faults"] for reader in siege.seen] == [[], []], siege.seen
    assert min(reader["pages"] for reader in siege.seen) > 20


@pytest.mark.sqlite  # it writes files only
def test_frozen_flask_in_place_does_not_stand_the_siege(siege: Siege, tmp_path: Path, house):
    """The same looks at the tree and the same reader see what plain Frozen-Flask leaves when it is stopped half-way."""
    before, tree = manifest(), siege.tree
    for twin in filter(is_twin, paths_of(tree)):  # it makes none
        (tree / twin).unlink()
    siege.change(siege.office.announce)
    (tmp_path / "scrap").mkdir()
    draft = draft_of(house.place, Changes(everything=True), FreshTree(tmp_path / "scrap", None).keep)
    addresses = {url: page_at(draft.source, url) for url in every_address(draft.source)}
    freezer = stock_freezer(create_site(addresses.get, draft.rendering.press), list(addresses), tree)

    for page in freezer.freeze_yield():  # home comes first, the page it leads to later
        if page.url == HOME:
            break

    assert dangling(tree)
    assert torn(tree, before, manifest())
    reader = Reader(siege.site / "current", Path.read_bytes, random.Random(1))
    reader.follow(HOME)
    assert reader.faults
    assert siege.remains()
