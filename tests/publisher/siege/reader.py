"""A reader who follows links as long as he is let: `python -m tests.publisher.siege.reader TREE STOP HOW SEED`.

The rule he holds the site to: **whoever has just read a page may follow every link on it.** A site may move on while a
reader holds an old page, so a missing target alone proves nothing. The reader reads page A, misses a target X, and reads
A again: if A is still the very same, then A linked to X at the moment X was missing, and no safe order of publication
ever shows that. If A has changed, he follows the links of the new A. The pages that every reader knows by heart (home,
site map, feed, page 404) must be there at any moment.
"""

import json
import os
import random
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from tests.publisher.siege.links import PAGES, ROOTS, file_at, links_of, plain, unpacked

STEPS = 25  # pages before he begins anew at home
TRIES = 50


@dataclass
class Reader:
    """What he saw."""

    tree: Path
    read: Callable[[Path], bytes]
    chance: random.Random
    pages: int = 0
    links: int = 0
    moved_on: int = 0  # links he could not follow from a page that had changed meanwhile
    faults: list[str] = field(default_factory=list)

    def walk(self) -> None:
        """From a page known by heart, link by link."""
        address = self.chance.choice(ROOTS[:2])
        for _ in range(STEPS):
            links = self.follow(address)
            onward = [target for target in sorted(links) if target.endswith(("/", *PAGES))]
            if not onward:
                return
            address = self.chance.choice(onward)

    def follow(self, address: str) -> set[str]:
        """Read a page and try every link on it; the links of the page, none if it went meanwhile."""
        for _ in range(TRIES):
            content = self.content(address)
            if content is None:
                if address in ROOTS:
                    self.faults.append(f"{address} is missing")
                return set()
            self.pages += 1
            links = links_of(address, content.decode())
            missing = [target for target in links if not self.is_there(target)]
            if not missing:
                return links
            if self.content(address) == content:
                self.faults += [f"{address} -> {target}" for target in missing]
                return links - set(missing)
            self.moved_on += 1
        self.faults.append(f"{address} never came to rest")
        return set()

    def is_there(self, address: str) -> bool:
        self.links += 1
        return (self.tree / file_at(address)).is_file()

    def content(self, address: str) -> bytes | None:
        try:
            return self.read(self.tree / file_at(address))
        except FileNotFoundError:
            return None


class Visitor(Reader):
    """A reader who asks a web server, at the port that stands in place of a tree; he takes compressed pages."""

    def is_there(self, address: str) -> bool:
        self.links += 1
        return self.ask("HEAD", address)[0] in (200, 301, 410)  # there, led on, or a notice of withdrawal

    def content(self, address: str) -> bytes | None:
        status, packed = self.ask("GET", address)
        if status == 404:
            return None
        content = zlib.decompress(packed, wbits=31) if packed[:2] == b"\x1f\x8b" else packed
        return content if status in (200, 301, 410) else b"status %d" % status

    def ask(self, method: str, address: str) -> tuple[int, bytes]:
        connection = self.connection = getattr(self, "connection", None) or HTTPConnection(
            f"127.0.0.1:{self.tree}"
        )
        connection.request(method, quote(address), headers={"Host": "localhost", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def main(tree: str, stop: str, how: str, seed: str) -> None:
    """Walk until the file `stop` appears, then say what was seen, as JSON."""
    os.nice(5)  # publishers go first
    kind = Visitor if how == "web" else Reader
    reader = kind(Path(tree), unpacked if how == "unpacked" else plain, random.Random(seed))
    while not Path(stop).exists():
        reader.walk()
    print(json.dumps({"pages": reader.pages, "links": reader.links, "moved_on": reader.moved_on,
                      "faults": sorted(set(reader.faults))}))  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
