"""Word and Excel files of the kind before 2007 (.doc, .xls) and WPS files: their numbers as far as they stand in plain sight.

Nothing of ours takes such a file apart: what is found blocks, what is not found is for a person to look at.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from extraction.markup import DAMAGED
from extraction.pieces import CannotReadError, Piece, Unread

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR_BYTES = 512
LARGEST = 60_000_000
# A number of eleven digits or more as these files keep their texts: a byte a sign, or two.
RUNS = (
    (re.compile(rb"[0-9][0-9Xx \-]{10,40}"), "ascii"),
    (re.compile(rb"[0-9]\0(?:[0-9Xx \-]\0){10,40}"), "utf-16-le"),
)
MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros", "VBA"))
ENTRY_BYTES = 128  # of the directory, at a multiple of which the name of each stream stands
WHOLE = Unread("全文（旧版格式）")


def read_old_office(file: BinaryIO) -> Iterator[Piece | Unread]:
    """The long numbers in the file, and that a person has to look through it.

    Raises: CannotReadError for a damaged file and for one with macros.
    """
    content = file.read(LARGEST + 1)
    if not content.startswith(SIGNATURE) or len(content) < 3 * SECTOR_BYTES or len(content) > LARGEST:
        raise CannotReadError(DAMAGED)
    if any(_has_stream(content, name) for name in MACROS):
        raise CannotReadError("含有宏，请另存为不含宏的 docx 或 xlsx 文件后上传")
    for pattern, encoding in RUNS:
        numbers = "；".join(run.decode(encoding) for run in pattern.findall(content))
        if numbers:
            yield Piece("文件中的文字", numbers)
    yield WHOLE


def _has_stream(content: bytes, name: bytes) -> bool:
    """Whether a stream of this very name stands in the directory of the file."""
    whole = name + b"\0\0"
    place = content.find(whole)
    while place >= 0:
        if place % ENTRY_BYTES == 0 and place >= SECTOR_BYTES:
            return True
        place = content.find(whole, place + 1)
    return False
