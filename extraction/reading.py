"""A file read by its kind."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from extraction.cleaning import Change, clean_jpeg, clean_package, clean_png
from extraction.excel import read_excel
from extraction.jpeg import read_jpeg
from extraction.ofd import read_ofd
from extraction.old_office import read_old_office
from extraction.pdf import read_pdf
from extraction.pieces import Budget, Piece, Unread
from extraction.png import read_png
from extraction.word import read_word

VERSION = 2  # of what is seen in a file and looked for; a file looked at by an older one is looked at again
READERS: dict[str, Callable[[BinaryIO], Iterator[Piece | Unread]]] = {
    ".docx": read_word,
    ".xlsx": read_excel,
    ".doc": read_old_office,
    ".xls": read_old_office,
    ".wps": read_old_office,
    ".ofd": read_ofd,
    ".pdf": read_pdf,
    ".jpg": read_jpeg,
    ".png": read_png,
}


CLEANABLE = (".docx", ".xlsx", ".jpg", ".png")


def clean(file: BinaryIO, copy: BinaryIO, suffix: str, change: Change) -> None:
    """Write a copy that shows the same, with its words changed, or of a picture without what it says beside itself.

    Raises: CannotReadError for a damaged file.
    """
    if suffix == ".jpg":
        clean_jpeg(file, copy)
    elif suffix == ".png":
        clean_png(file, copy)
    else:
        clean_package(file, copy, change)


def read(file: BinaryIO, suffix: str) -> Iterator[Piece | Unread]:
    """Every text in the file with its place, and every part that holds none to be read.

    Raises: CannotReadError for a damaged file, for one that holds scripts, links that load from elsewhere or other
    active parts, and for one with more text than anybody reads.
    """
    budget = Budget()
    for found in READERS[suffix](file):
        if isinstance(found, Piece):
            budget.spend(len(found.text))
        yield found
