"""Whether what lies on the disk is what the database says: the tree, and everything around it."""

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli

from database import db
from publisher.journal import is_in_step
from publisher.models import LiveFile, Publication, PublicationFile, PublicationState
from publisher.records import newest_publication, trees_in_use
from publisher.trees import live_tree
from publisher.twins import LEAST_BYTES, PACKED

TWINS = (".gz", ".br")
BESIDE = {"build.lock", "deploy", "redirects.map", "current", "shows", "releases", "staging", "kept"}
Manifest = dict[str, str]  # path -> sha256


def manifest() -> Manifest:
    """What the database says of the live tree, or of the one that a prepared publication is about to make."""
    db.session.rollback()
    return {row.path: row.sha256 for row in db.session.execute(db.select(LiveFile.path, LiveFile.sha256))}


def manifest_of(tree: Path) -> Manifest:
    """What a tree holds, without the compressed twins."""
    return {path: digest((tree / path).read_bytes()) for path in paths_of(tree) if not is_twin(path)}


def paths_of(tree: Path) -> list[str]:
    """Every file of a tree."""
    return sorted(file.relative_to(tree).as_posix() for file in tree.rglob("*") if not file.is_dir())


def torn(tree: Path, before: Manifest, after: Manifest) -> list[str]:
    """Files of a tree that are neither as they were nor as they are to be, compressed twins included."""
    faults = [
        f"{path} is gone" for path in sorted(before.keys() & after.keys()) if not (tree / path).is_file()
    ]
    for path in paths_of(tree):
        known = {before.get(plain(path)), after.get(plain(path))} - {None}
        if digest(shown(tree / path)) not in known:
            faults.append(f"{path} is neither as it was nor as it is to be")
    return faults


def flaws(site_folder: Path, *, keep: int) -> list[str]:
    """Everything in a site folder that is not as the database says, or that should have been tidied away."""
    said, tree = manifest(), live_tree(site_folder)
    assert tree is not None
    found = manifest_of(tree)
    return [
        *(f"{path} is not as the manifest says" for path in sorted(said.keys() | found.keys()) if said.get(path) != found.get(path)),
        *(f"{path} is stale" for path in filter(is_twin, paths_of(tree)) if digest(shown(tree / path)) != said.get(plain(path))),
        *(f"{path} has no twins" for path in said if _wants_twins(tree / path) and not all((tree / f"{path}{twin}").is_file() for twin in TWINS)),
        *(f"{folder} is empty" for folder in tree.rglob("*") if folder.is_dir() and not any(folder.iterdir())),
        *leftovers(site_folder, keep=keep),
    ]  # fmt: skip


def leftovers(site_folder: Path, *, keep: int) -> Iterator[str]:
    """What nobody needs any more, and what is claimed but not finished."""
    newest = newest_publication()
    if newest is None or newest.state is not PublicationState.LIVE:
        yield "the newest publication is not live"
    elif not is_in_step(site_folder, newest):
        yield "the tree is noted as showing another publication"
    yield from (f"{name} is left over" for name in sorted(set(os.listdir(site_folder)) - BESIDE))
    yield from (f"staging/{name} is left over" for name in _names(site_folder / "staging"))
    trees = set(trees_in_use())
    yield from (
        f"releases/{name} is left over" for name in _names(site_folder / "releases") if name not in trees
    )
    oldest = db.session.scalar(
        db.select(Publication.id).order_by(Publication.id.desc()).offset(keep).limit(1)
    )
    replaced = db.select(PublicationFile.old_sha256).where(PublicationFile.publication_id > (oldest or 0))
    needed = set(db.session.scalars(replaced))
    for file in (site_folder / "kept").rglob("*"):
        if file.is_file() and digest(file.read_bytes()) != file.name:
            yield f"kept/{file.name} holds other bytes"
        if file.is_file() and file.name not in needed:
            yield f"kept/{file.name} is of use to no publication"


def is_twin(path: str) -> bool:
    """Whether a file is the compressed form of another."""
    return path.endswith(TWINS) and not path.startswith("files/")


def _wants_twins(file: Path) -> bool:
    return "/files/" not in file.as_posix() and file.suffix in PACKED and file.stat().st_size >= LEAST_BYTES


def plain(path: str) -> str:
    """The file whose twin this is, or itself."""
    return path[:-3] if is_twin(path) else path


def shown(file: Path) -> bytes:
    """What a browser sees of a file; of a damaged twin, nothing."""
    content = file.read_bytes()
    try:
        if file.suffix == ".gz":
            return zlib.decompress(content, wbits=31)
        return brotli.decompress(content) if file.suffix == ".br" else content
    except (zlib.error, brotli.error):
        return b"damaged"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []
