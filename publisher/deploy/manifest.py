"""What lies at a target, as the target itself tells: a manifest, written last, and a journal while a deploy is on.

The manifest speaks of a target on which nothing is under way. The journal names each path that a deploy is about
to touch; as long as it lies there, those paths are looked at and not believed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publisher.deploy.records import JOURNAL, MANIFEST
from publisher.deploy.target import Target, stays_inside
from publisher.order import TWIN_SUFFIXES

FORMAT = 1
UNSURE = ""  # in place of a hash: something lies there, and it is not known what


@dataclass(frozen=True)
class Known:
    """A file at the target and the endings of the compressed twins beside it."""

    sha256: str
    size_bytes: int
    twins: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Journal:
    """Paths a deploy may have touched, and addresses of which the caches in front are still to be told."""

    paths: frozenset[str] = frozenset()
    purge: tuple[str, ...] = ()
    is_readable: bool = True


def read_manifest(target: Target) -> dict[str, Known] | None:
    """What the manifest says, or None where there is none or it cannot be read."""
    try:
        stored = json.loads(target.read(MANIFEST) or b"")
        if stored["format"] != FORMAT:
            return None
        known = {
            str(path): Known(str(digest), int(size), frozenset(map(str, twins)))
            for path, (digest, size, *twins) in stored["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    # What it names is removed when the site no longer has it: it must not speak of other folders.
    fits = all(stays_inside(path) and one.twins <= set(TWIN_SUFFIXES) for path, one in known.items())
    return known if fits else None


def write_manifest(target: Target, release: str, files: Mapping[str, Known]) -> None:
    """Have the target say what it holds."""
    listed = {
        path: [known.sha256, known.size_bytes, *sorted(known.twins)] for path, known in sorted(files.items())
    }
    target.write(MANIFEST, _dumped({"format": FORMAT, "release": release, "files": listed}))


def read_journal(target: Target) -> Journal | None:
    """The journal of a deploy that did not come to its end, or None after one that did."""
    content = target.read(JOURNAL)
    if content is None:
        return None
    try:
        stored = json.loads(content)
        return Journal(frozenset(map(str, stored["paths"])), tuple(map(str, stored["purge"])))
    except (ValueError, KeyError, TypeError):
        return Journal(is_readable=False)


def write_journal(target: Target, release: str, paths: Iterable[str], purge: Iterable[str]) -> None:
    """Name what is about to be touched, before it is."""
    target.write(JOURNAL, _dumped({"release": release, "paths": sorted(paths), "purge": sorted(purge)}))


def _dumped(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
