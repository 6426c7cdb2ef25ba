"""Cleaned copies: a file without what cameras and programs write into it, and with the words of it changed by who asks.

What can be seen stays as it is: the picture, its colours and the way it lies; the layout of an office file.
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import BinaryIO

from extraction.excel import whole
from extraction.jpeg import EXIF, START_OF_SCAN, segments
from extraction.markup import DAMAGED
from extraction.package import Package, is_markup
from extraction.pieces import CannotReadError
from extraction.png import SIGNATURE, TEXTS, chunks

Change = Callable[
    [str], list[tuple[int, int, str]]
]  # of a text: what stands from where to where, and what instead
SHOWS_THE_PICTURE = (0xE0, 0xE2, 0xEE)  # segments that say its size, its colours and how they are coded
ORIENTATION = 0x0112
TOKEN = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
TEXT_ENDS = re.compile(
    r"</(?:\w+:)?(?:p|si|is|c|comment|text|row|tr|title|subject|creator|keywords|description)>"
)
VALUE = re.compile(r'(="|=\')([^"\'<]+)')
NUMBER_CELL = re.compile(
    r"""(<c\b(?![^>]*\bt="(?!n"))[^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([\d.Ee+]+)</v>"""
)
COPY_BYTES = 1 << 16


def clean_jpeg(file: BinaryIO, copy: BinaryIO) -> None:
    """The picture without comments and without what EXIF and XMP say, but for which way up it is."""
    copy.write(b"\xff\xd8")
    orientation = 1
    for marker, body in segments(file):
        if body.startswith(EXIF):
            orientation = _orientation(body[len(EXIF) :]) or orientation
        elif marker in SHOWS_THE_PICTURE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            _put_segment(copy, marker, body)
    if orientation != 1:
        entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
        _put_segment(copy, 0xE1, EXIF + b"MM\0*\0\0\0\x08" + struct.pack(">H", 1) + entry + b"\0" * 4)
    copy.write(bytes((0xFF, START_OF_SCAN)))
    while part := file.read(COPY_BYTES):
        copy.write(part)


def clean_png(file: BinaryIO, copy: BinaryIO) -> None:
    """The picture without its texts, without EXIF and without the time it was changed."""
    for _ in chunks(file):
        pass  # whole, and nothing behind it
    file.seek(len(SIGNATURE))
    copy.write(SIGNATURE)
    while head := file.read(8):
        length, kind = struct.unpack(">I4s", head)
        body = file.read(length + 4)  # with its check sum
        if kind not in (*TEXTS, b"eXIf", b"tIME"):
            copy.write(head + body)


def clean_package(file: BinaryIO, copy: BinaryIO, change: Change) -> None:
    """An office file with the words of every part changed, hidden ones and its properties too.

    Raises: CannotReadError.
    """
    package = Package(file)
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as cleaned:
        for name in package.names:
            body = package.head(name, package.size(name))
            cleaned.writestr(name, _changed_markup(body, change) if is_markup(name) else body)


def _changed_markup(body: bytes, change: Change) -> bytes:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotReadError(DAMAGED) from None
    text = NUMBER_CELL.sub(lambda cell: _as_words(cell, change), text)
    tokens = [token for token in TOKEN.findall(text) if not token.startswith("<!--")]
    group: list[int] = []
    for place, token in enumerate(tokens):
        if not token.startswith("<"):
            group.append(place)
            continue
        if token.count('"') >= 2 or token.count("'") >= 2:
            tokens[place] = _changed_tag(token, change)
        if TEXT_ENDS.match(token):
            _change_together(tokens, group, change)
            group = []
    _change_together(tokens, group, change)
    return "".join(tokens).encode()


def _as_words(cell: re.Match[str], change: Change) -> str:
    """A cell whose number is to be changed holds words from then on, and no formula."""
    digits = whole(cell[2])
    if not change(digits):
        return cell[0]
    begin = cell[1].replace(' t="n"', "")
    return f'{begin} t="str"><v>{digits}</v>'


def _changed_tag(tag: str, change: Change) -> str:
    changed = VALUE.sub(lambda value: value[1] + _changed(value[2], change), tag)
    return (
        f"<s{changed[2:]}" if changed != tag and tag.startswith("<n ") else changed
    )  # of a pivot: a number, then words


def _changed(raw: str, change: Change) -> str:
    text = unescape(raw)
    changes = change(text)
    return escape(_applied(text, changes)) if changes else raw


def _change_together(tokens: list[str], group: list[int], change: Change) -> None:
    """Change a text that programs have parted into runs; what takes the place of a number stands where it began."""
    texts = [unescape(tokens[place]) for place in group]
    for start, end, instead in reversed(change("".join(texts))):
        begins = 0
        for number, text in enumerate(texts):
            first, last = max(start - begins, 0), min(end - begins, len(text))
            if first < last:
                texts[number] = text[:first] + (instead if begins + first == start else "") + text[last:]
            begins += len(text)
        for place, text in zip(group, texts, strict=True):
            tokens[place] = escape(text, quote=False)


def _applied(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, instead in reversed(changes):
        text = text[:start] + instead + text[end:]
    return text


def _put_segment(copy: BinaryIO, marker: int, body: bytes) -> None:
    copy.write(bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body)


def _orientation(data: bytes) -> int:
    for tag, number in _short_entries(data):
        if tag == ORIENTATION and 1 <= number <= 8:
            return number
    return 0


def _short_entries(data: bytes) -> Iterator[tuple[int, int]]:
    """Tag and number of the entries of the first directory that hold a small number."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 10:
        return
    place = struct.unpack(order + "I", data[4:8])[0]
    if place + 2 > len(data):
        return
    count = struct.unpack(order + "H", data[place : place + 2])[0]
    for at in range(place + 2, min(place + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, length = struct.unpack(order + "HHI", data[at : at + 8])
        if (kind, length) == (3, 1):
            yield tag, struct.unpack(order + "H", data[at + 8 : at + 10])[0]
