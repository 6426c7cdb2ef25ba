"""XML as it comes along: nothing is kept, nothing is fetched, and no document type is taken."""

from collections.abc import Mapping
from functools import cache
from typing import IO
from xml.parsers import expat

from extraction.pieces import CannotReadError

CHUNK_BYTES = 64 * 1024
DEEPEST = 200  # elements within each other
DAMAGED = "文件已损坏，请用原来的软件重新保存后上传"
ENTITIES = "内部含有不正常的定义，请用原来的软件重新保存后上传"


class Walker:
    """Hears the elements and the words of one part; a reader of a format is a subclass."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; `name` and the names of its attributes are without prefix."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Character data."""


def walk(stream: IO[bytes], walker: Walker) -> None:
    """Have the walker hear a part from its beginning to its end.

    Raises: CannotReadError for what is no XML, declares a document type (entities live there) or is nested too deep.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise CannotReadError(DAMAGED)
        if attributes:
            attributes = {_local(key): value for key, value in attributes.items()}
        walker.start(_local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        walker.end(_local(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = walker.words
    parser.StartDoctypeDeclHandler = _refuse_doctype
    _feed(parser, stream)


def check(stream: IO[bytes]) -> None:
    """Raises: CannotReadError for what is no XML or declares a document type. Nothing else is looked at."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    _feed(parser, stream)


def _feed(parser: expat.XMLParserType, stream: IO[bytes]) -> None:
    try:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise CannotReadError(DAMAGED) from None


@cache
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise CannotReadError(ENTITIES)
