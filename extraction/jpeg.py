"""JPEG pictures: the segments in front of the picture, and nothing behind it."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from extraction.markup import DAMAGED
from extraction.pictures import exif_words, xmp_words
from extraction.pieces import CannotReadError, Piece, Unread

START_OF_SCAN, END_OF_IMAGE, COMMENT = 0xDA, 0xD9, 0xFE
EXIF, XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TRAILING = "图片末尾附有其他数据，请用画图等软件另存后上传"
WHOLE = Unread("图片内容")


def read_jpeg(file: BinaryIO) -> Iterator[Piece | Unread]:
    """What the file says beside its picture; the picture itself is not read."""
    for marker, body in segments(file):
        if marker == COMMENT:
            yield Piece("照片信息", body.decode("utf-8", "replace"))
        elif body.startswith(EXIF):
            yield from exif_words(body[len(EXIF) :])
        elif body.startswith(XMP):
            yield from xmp_words(body[len(XMP) :])
        elif 0xE0 <= marker <= 0xEF:
            yield Piece("照片信息", body.decode("utf-8", "replace"))
    yield WHOLE


def segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment up to the picture.

    Raises: CannotReadError for what is no whole JPEG.
    """
    if file.read(2) != b"\xff\xd8":
        raise CannotReadError(DAMAGED)
    has_frame = False
    while True:
        head = file.read(2)
        while head[:1] == b"\xff" and head[1:] == b"\xff":
            head = b"\xff" + file.read(1)
        if len(head) < 2 or head[0] != 0xFF:
            raise CannotReadError(DAMAGED)
        if head[1] in (START_OF_SCAN, END_OF_IMAGE):
            if not has_frame or head[1] == END_OF_IMAGE:
                raise CannotReadError(DAMAGED)
            return
        length = struct.unpack(">H", file.read(2).rjust(2, b"\0"))[0]
        body = file.read(max(0, length - 2))
        if length < 2 or len(body) < length - 2:
            raise CannotReadError(DAMAGED)
        has_frame = has_frame or head[1] in FRAMES
        yield head[1], body
