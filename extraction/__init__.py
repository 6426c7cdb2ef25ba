"""What stands in a file, in words: every text it holds, shown or hidden, and where. Files only; no database."""

from extraction.pieces import CannotReadError, Piece, Unread
from extraction.reading import VERSION, read

__all__ = ["VERSION", "CannotReadError", "Piece", "Unread", "read"]
