"""What a power cut may take: nothing that was promised. The calls of a publisher are watched as a disk would see them.

A kill loses no call that was made; a power cut loses what was not synced. So: what gets a name in the live tree is on the
disk before; when a publication is certain, everything it needs is on the disk; when it counts as live, so is the tree.
"""

import os
import random
from pathlib import Path

from database import db
from tests.publisher.siege.edits import Office
from tests.publisher.siege.faults import COMMIT, COPY, Calls, counted


class Disk(Calls):
    """Remembers what would be lost now: contents by their path, and names by their folder."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.contents: set[str] = set()
        self.names: set[str] = set()
        self.faults: list[str] = []

    def meet(self, call: str, path: str, *, source: str = "", half: object = None) -> None:
        super().meet(call, path, source=source)
        if call in ("write", COPY):
            self.contents.add(path)
        elif call == "fsync":
            self.contents.discard(path)
            self.names.discard(path)
        elif call == "sync":
            self.contents.clear()
            self.names.clear()
        elif call == "replace":
            if source in self.contents:
                self.faults.append(f"{path} gets its name before it is on the disk")
            self.names |= {os.path.dirname(path)}
        elif _changes_something(call, path):
            self.names.add(os.path.dirname(path))
        elif call == COMMIT:
            self.faults += [
                f"{path} is not on the disk" for path in self.contents | self.names if self.matters(path)
            ]

    def matters(self, path: str) -> bool:
        """Whether a loss there would break a promise: old bytes only serve rollback, and leftovers nobody."""
        around = (self.folder, f"{self.folder}/staging", f"{self.folder}/releases")
        return os.path.exists(path) and path not in around and not path.startswith(f"{self.folder}/kept")


def _changes_something(call: str, path: str) -> bool:
    if call in ("link", "mkdir", "symlink"):
        return not os.path.lexists(path)
    if call == "rmdir":
        return os.path.isdir(path) and not os.listdir(path)
    return call == "unlink" and os.path.lexists(path)


def test_nothing_is_promised_before_it_is_on_the_disk(siege_county, app, settings):
    """Negative controls tried: staged files, new folders, or folders of removed files not synced."""
    run = app.test_cli_runner().invoke
    office = Office(siege_county, random.Random(1))
    assert run(args=["site", "build"]).exit_code == 0
    for change in (*office.kinds, office.restyle):
        change()
        db.session.commit()
        command = "build" if change == office.restyle else "publish"

        with counted(Disk(settings.site_folder)) as disk:
            assert run(args=["site", command]).exit_code == 0

        assert disk.faults == [], change
