"""The tables of a file as they are handed on: rows of text with their places."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Grid:
    """A table: its place, and its rows, each with its number. A cell that is part of the one above it is None."""

    place: str
    rows: list[tuple[int, list[str | None]]] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """What a file holds: its tables, and the lines that stand outside them."""

    grids: list[Grid] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
