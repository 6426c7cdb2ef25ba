"""Pictures: how large they are, and the words and places that cameras and programs write into them (EXIF, XMP)."""

import re
import struct
from collections.abc import Iterator

from extraction.pieces import Piece

LARGE = 300_000  # pixels from which a picture within a file may be a scan, and no emblem or icon
MOST_ENTRIES = 500  # of one directory of EXIF
LONGEST_VALUE = 20_000  # bytes
GPS, SUB_DIRECTORY = 0x8825, 0x8769
TEXTS = {1: "ascii", 2: "utf-8", 7: "utf-8"}  # types of EXIF that may hold words
XP_TAGS = range(
    0x9C9B, 0x9CA0
)  # title, comment, author, key words and subject as Windows writes them, in UTF-16
TAGS = re.compile(r"<[^<>]{0,2000}>")
GPS_IN_XMP = re.compile(r"\bGPS(?:Latitude|Longitude)\b")
LOCATION = "拍摄地点（GPS）"


def is_large(head: bytes) -> bool:
    """Whether a picture, by its first bytes, may be a scan; one whose size is not plain may be."""
    size = _png_size(head) or _jpeg_size(head)
    return size is None or size[0] * size[1] >= LARGE


def _png_size(head: bytes) -> tuple[int, int] | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    return None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    place = 2 if head.startswith(b"\xff\xd8") else len(head)
    while place + 9 <= len(head) and head[place] == 0xFF:
        marker, length = head[place + 1], struct.unpack(">H", head[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def exif_words(data: bytes) -> Iterator[Piece]:
    """The words of an EXIF block (a TIFF directory and those below it), and whether it says where the picture was taken."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return
    waiting, done = [struct.unpack(order + "I", data[4:8])[0]], set()
    while waiting and len(done) < 8:
        place = waiting.pop()
        if place in done:
            continue
        done.add(place)
        for tag, value, below in _entries(data, order, place):
            if tag == GPS:
                yield Piece("照片信息", LOCATION)
            elif tag == SUB_DIRECTORY:
                waiting.append(below)
            elif value:
                yield Piece("照片信息", value)


def _entries(data: bytes, order: str, place: int) -> Iterator[tuple[int, str, int]]:
    """Tag, words and number of each entry of the directory."""
    if place + 2 > len(data):
        return
    count = min(struct.unpack(order + "H", data[place : place + 2])[0], MOST_ENTRIES)
    for at in range(place + 2, min(place + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, length, number = struct.unpack(order + "HHII", data[at : at + 12])
        start = number if length > 4 else at + 8
        raw = data[start : start + min(length, LONGEST_VALUE)] if kind in TEXTS else b""
        yield tag, _text(tag, raw), number


def _text(tag: int, raw: bytes) -> str:
    if tag in XP_TAGS:
        return raw.decode("utf-16-le", "replace").strip("\0")
    raw = re.sub(rb"^(?:ASCII\0\0\0|UNICODE\0|\0{8})", b"", raw)
    try:
        return raw.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace").strip("\0 ")


def xmp_words(data: bytes, place: str = "照片信息") -> Iterator[Piece]:
    """The words of an XMP block, attributes too."""
    text = data.decode("utf-8", "replace")
    if GPS_IN_XMP.search(text):
        yield Piece(place, LOCATION)
    values = re.findall(r'(?<!xmlns)[:\s][A-Za-z]+="([^"]{1,2000})"', text)
    yield Piece(place, "；".join([*TAGS.sub("；", text).split(), *values]))
