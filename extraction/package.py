"""Files that are a zip of parts (docx, xlsx, ofd), opened with limits."""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, BinaryIO

from extraction.markup import DAMAGED, Walker, walk
from extraction.pieces import CannotReadError

MOST_PARTS = 5_000
MOST_MARKUP_BYTES = 60_000_000  # of XML, unpacked; what is more would take a reader minutes
TOO_LARGE = "解开后内容过多，无法检查，请拆分成几个文件后上传"
MARKUP = (".xml", ".rels", ".vml")
# What a document of an office may point to on another machine without fetching it when it is opened.
ONLY_FOLLOWED_ON_A_CLICK = ("/hyperlink",)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Relation:
    """What a part points to: another part, or (`is_outside`) an address elsewhere."""

    kind: str
    target: str
    is_outside: bool


class Package:
    """The parts of one file by their names."""

    def __init__(self, file: BinaryIO):
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN:
            raise CannotReadError(DAMAGED) from None
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        if len(members) > MOST_PARTS or len({member.filename for member in members}) < len(members):
            raise CannotReadError(DAMAGED)
        self.names = [member.filename for member in members]
        self._sizes = {member.filename: member.file_size for member in members}
        if sum(size for name, size in self._sizes.items() if is_markup(name)) > MOST_MARKUP_BYTES:
            raise CannotReadError(TOO_LARGE)

    def walk(self, name: str, walker: Walker) -> None:
        """Have the walker hear one part; a part that is not there is silent."""
        if name in self._sizes:
            self.visit(name, lambda stream: walk(stream, walker))

    def visit(self, name: str, read: Callable[[IO[bytes]], None]) -> None:
        """Have a part read."""
        try:
            with self._zip.open(name) as stream:
                read(stream)
        except BROKEN:
            raise CannotReadError(DAMAGED) from None

    def head(self, name: str, length: int) -> bytes:
        """The first bytes of a part."""
        try:
            with self._zip.open(name) as stream:
                return stream.read(length)
        except BROKEN:
            raise CannotReadError(DAMAGED) from None

    def size(self, name: str) -> int:
        """Bytes of a part, unpacked."""
        return self._sizes[name]

    def relations(self, name: str) -> Mapping[str, Relation]:
        """What the part points to, by the ids it uses for them.

        Raises: CannotReadError for what an office program would fetch from elsewhere on opening.
        """
        folder, _, last = name.rpartition("/")
        heard = _Relations(folder)
        self.walk(posixpath.join(folder, "_rels", f"{last}.rels"), heard)
        return heard.found

    def all_relations(self) -> Iterator[tuple[str, Relation]]:
        """Every part that points to something, with what it points to."""
        for name in self.names:
            folder, _, last = name.rpartition("/")
            if last.endswith(".rels") and posixpath.basename(folder) == "_rels":
                owner = posixpath.join(posixpath.dirname(folder), last.removesuffix(".rels"))
                yield from ((owner, relation) for relation in self.relations(owner).values())


def is_markup(name: str) -> bool:
    """Whether a part is XML by its name."""
    return name.lower().endswith(MARKUP)


class _Relations(Walker):
    def __init__(self, folder: str):
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if is_outside and not kind.endswith(ONLY_FOLLOWED_ON_A_CLICK):
            raise CannotReadError(
                "含有从其他地方载入的内容（链接的图片、模板或数据），请改为嵌入或删除后上传"
            )
        if not is_outside:
            target = posixpath.normpath(posixpath.join(self._folder, target)).lstrip("/")
        self.found[attributes.get("Id", "")] = Relation(kind, target, is_outside)
