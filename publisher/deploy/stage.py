"""The stage: what is about to be sent, held by hard links and checked, so that publishing may go on beside it.

The publisher replaces files by renaming; a link taken before keeps the bytes that were checked.
"""

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import brotli

from publisher.deploy.records import Piece, TreeFile

DECODERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".br": brotli.decompress}


class Stage:
    """A folder with what is to be sent next, and nothing else; beside it a scratch folder for the target."""

    def __init__(self, folder: Path, tree: Path):
        self.folder, self.scratch = folder / "tree", folder / "scratch"
        self._tree = tree
        self.folder.mkdir()
        self.scratch.mkdir()

    def take(self, file: TreeFile, twins: Iterable[str]) -> list[Piece] | None:
        """Put a file and these twins on the stage; None if the tree no longer holds the file that was named.

        A twin that is not the file's own (it is just being written, or left behind) is not taken.
        """
        if not self._linked(file.path) or _digest(self.folder / file.path) != file.sha256:
            return None
        pieces = [Piece(file.path, file.sha256, file.size_bytes)]
        for ending in twins:
            path = file.path + ending
            if self._linked(path) and is_twin(self.folder / path, ending, file.sha256):
                size = (self.folder / path).stat().st_size
                pieces.append(Piece(path, file.sha256, size, ending))
            else:
                (self.folder / path).unlink(missing_ok=True)
        return pieces

    def clear(self) -> None:
        """Make room for the next step."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def _linked(self, path: str) -> bool:
        source, place = self._tree / path, self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, place, follow_symlinks=False)
        except FileExistsError:
            return True
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:  # another file system, or one without links
            with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                shutil.copy2(source, place, follow_symlinks=False)
        return place.is_file() and not place.is_symlink()


@contextmanager
def stage(folder: Path, tree: Path) -> Iterator[Stage]:
    """A stage in this folder; both go with the deploy, and what one that died has left there goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield Stage(folder, tree)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_twin(file: Path, ending: str, sha256: str) -> bool:
    """Whether a compressed file holds the text with this hash."""
    try:
        return hashlib.sha256(DECODERS[ending](file.read_bytes())).hexdigest() == sha256
    except (OSError, EOFError, zlib.error, brotli.error):
        return False


def is_plain(file: Path, sha256: str) -> bool:
    """Whether a file has this hash; a link is no file."""
    return file.is_file() and not file.is_symlink() and _digest(file) == sha256


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
