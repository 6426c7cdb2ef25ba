"""PNG pictures: their chunks of text, and nothing behind the last one."""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from extraction.jpeg import TRAILING, WHOLE
from extraction.markup import DAMAGED
from extraction.pictures import exif_words, xmp_words
from extraction.pieces import CannotReadError, Piece, Unread

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 100_000_000
LARGEST_TEXT = 1_000_000  # bytes, unpacked
TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def read_png(file: BinaryIO) -> Iterator[Piece | Unread]:
    """What the file says beside its picture; the picture itself is not read."""
    for kind, body in chunks(file):
        if kind == b"eXIf":
            yield from exif_words(body)
        elif kind in TEXTS:
            text = _text(kind, body)
            yield from xmp_words(text) if b"<x:xmpmeta" in text else [Piece("图片信息", _decoded(text))]
    yield WHOLE


def chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk; the bodies of the picture itself are passed over.

    Raises: CannotReadError for what is no whole PNG, is too large to be shown, or has something behind it.
    """
    if file.read(8) != SIGNATURE:
        raise CannotReadError(DAMAGED)
    is_first = True
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise CannotReadError(DAMAGED)
        length, kind = struct.unpack(">I4s", head)
        body = file.read(length)
        if len(file.read(4)) < 4 or (kind == b"IHDR") != is_first:
            raise CannotReadError(DAMAGED)
        if is_first:
            _check_size(body)
            is_first = False
        if kind == b"IEND":
            break
        if kind != b"IDAT":
            yield kind, body
    if file.read(1):
        raise CannotReadError(TRAILING)


def _check_size(header: bytes) -> None:
    if len(header) != 13:
        raise CannotReadError(DAMAGED)
    width, height = struct.unpack(">II", header[:8])
    if not 0 < width * height <= MOST_PIXELS:
        raise CannotReadError("图片的尺寸过大，请缩小后上传")


def _text(kind: bytes, body: bytes) -> bytes:
    if kind == b"tEXt":
        return body.replace(b"\0", b" ", 1)
    key, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        return key + b" " + _unpacked(rest[1:])
    flags, rest = rest[:2], rest[2:]
    _language, _, rest = rest.partition(b"\0")
    translated, _, text = rest.partition(b"\0")
    return b" ".join((key, translated, _unpacked(text) if flags[:1] == b"\1" else text))


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, LARGEST_TEXT)
    except zlib.error:
        raise CannotReadError(DAMAGED) from None
    if unpacker.unconsumed_tail:
        raise CannotReadError("图片信息中的文字过多，请用画图等软件另存后上传")
    return text


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("gb18030", "replace")
