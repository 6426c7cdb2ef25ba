"""What stands in a file, in words: every text it holds, shown or hidden, and where; and copies without some of it.

Files only; no database.
"""

from extraction.pieces import CannotReadError, Piece, Unread
from extraction.reading import CLEANABLE, VERSION, clean, read

__all__ = ["CLEANABLE", "VERSION", "CannotReadError", "Piece", "Unread", "clean", "read"]
