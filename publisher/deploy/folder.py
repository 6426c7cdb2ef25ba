"""A folder on this machine, as a web server reads it."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from publisher.deploy.errors import DeployError
from publisher.deploy.records import DeployOptions, Piece
from publisher.deploy.stage import is_plain, is_twin

INCOMING = ".zhuanlan-incoming"  # where bytes arrive before they are renamed into their place
SECOND_NS = 10**9


def target(place: str, tree: Path, options: DeployOptions) -> "FolderTarget":
    """The folder of this name."""
    return FolderTarget(local_folder(place, tree))


def local_folder(place: str, tree: Path) -> Path:
    """The folder to deploy to.

    Raises: DeployError if it is not there, or lies in the live tree or around it.
    """
    folder = Path(place)
    if not folder.is_absolute():
        raise DeployError(f"部署目标“{place}”须写成以 / 开头的完整路径。")
    if not folder.is_dir():
        raise DeployError(f"部署目标“{place}”不存在或不是文件夹。请先创建该文件夹（或挂载磁盘）再运行。")
    folder = folder.resolve()
    if folder.is_relative_to(tree) or tree.is_relative_to(folder):
        raise DeployError(f"部署目标“{place}”与正在发布的网站文件夹重叠，请另选一个文件夹。")
    return folder


class FolderTarget:
    """Files are written beside the tree and renamed into it."""

    carries_twins = True

    def __init__(self, root: Path):
        self.name = f"folder:{root}"
        self._root, self._incoming = root, root / INCOMING

    def open(self, scratch: Path) -> None:
        """Nothing is to be prepared."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a note, or None."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Keep a note; readable to nobody else."""
        fresh = self._root / f"{name}.new"
        with fresh.open("wb") as opened:
            fresh.chmod(0o600)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(fresh, self._root / name)

    def listing(self) -> dict[str, int]:
        """Every file but those with a dot in front; a link counts as a file of no size."""
        found = {}
        for folder, folders, files in os.walk(self._root):
            linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            folders[:] = [name for name in folders if not name.startswith(".") and name not in linked]
            for name in (*files, *linked):
                if not name.startswith("."):
                    path = Path(folder, name)
                    size = -1 if path.is_symlink() else path.stat().st_size
                    found[path.relative_to(self._root).as_posix()] = size
        return found

    def same(self, stage: Path, pieces: Sequence[Piece]) -> set[str]:
        """Read each file there; a twin is read uncompressed."""
        return {piece.path for piece in pieces if self._is_same(piece)}

    def _is_same(self, piece: Piece) -> bool:
        there = self._root / piece.path
        if piece.coding:
            return not there.is_symlink() and is_twin(there, piece.coding, piece.sha256)
        return is_plain(there, piece.sha256)

    def send(self, stage: Path, pieces: Sequence[Piece]) -> None:
        """Copy each piece and rename it into its place."""
        self._incoming.mkdir(exist_ok=True)
        self._incoming.chmod(0o700)
        for piece in pieces:
            fresh, place = self._incoming / "file", self._root / piece.path
            shutil.copyfile(stage / piece.path, fresh)
            fresh.chmod(0o644)
            self._set_time(fresh, (stage / piece.path).stat().st_mtime_ns, place)
            self._make_folders(place.parent)
            _drop_empty_folders(place)  # one that a crash has left behind
            os.replace(fresh, place)

    def _set_time(self, fresh: Path, time_ns: int, place: Path) -> None:
        """The time of the file in the tree, so that all web servers give one page the same tag.

        A web server makes the tag of seconds and size: other bytes of the same size must not have the same second.
        """
        with suppress(OSError):
            before_s = place.lstat().st_mtime_ns // SECOND_NS
            if before_s >= time_ns // SECOND_NS:
                time_ns = (before_s + 1) * SECOND_NS
        os.utime(fresh, ns=(time_ns, time_ns))

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files, and folders that are empty then."""
        for path in paths:
            file = self._root / path
            with suppress(FileNotFoundError, NotADirectoryError):
                file.unlink()
            for folder in file.parents:
                if folder == self._root:
                    break
                try:
                    folder.rmdir()
                except OSError:
                    break

    def settle(self) -> None:
        """Have everything on the disk."""
        shutil.rmtree(self._incoming, ignore_errors=True)
        os.sync()


def _drop_empty_folders(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        for each in folder.iterdir():
            _drop_empty_folders(each)
        with suppress(OSError):
            folder.rmdir()
