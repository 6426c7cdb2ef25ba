"""What reading a file gives: pieces of text with their places, and parts that hold no text to be read."""

from bisect import bisect_right
from dataclasses import dataclass

MOST_SIGNS = 4_000_000  # characters of text in one file
TOO_MUCH = "文字过多，无法检查，请拆分成几个文件后上传"


class CannotReadError(Exception):
    """The file cannot be read, or holds what no published file may hold. `reason` names the cure, in Chinese."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together, and its place as an editor would look for it.

    `cells` are the beginnings within the text of parts with a place of their own, in order.
    """

    place: str
    text: str
    cells: tuple[tuple[int, str], ...] = ()

    def place_of(self, start: int) -> str:
        """The place of what begins at text[start]."""
        index = bisect_right(self.cells, start, key=lambda cell: cell[0])
        return f"{self.place}{self.cells[index - 1][1]}" if index else self.place


@dataclass(frozen=True, slots=True)
class Unread:
    """A part in which no text can be searched, such as a scanned page."""

    place: str


class Budget:
    """How much text may still come out of one file."""

    def __init__(self, signs: int = MOST_SIGNS):
        self._left = signs

    def spend(self, signs: int) -> None:
        """Raises: CannotReadError when the file holds more text than anybody reads."""
        self._left -= signs
        if self._left < 0:
            raise CannotReadError(TOO_MUCH)
