"""Text broken into lines by the width of its characters: a Chinese one is twice a Latin one. Pure."""

import unicodedata
from functools import lru_cache

NOT_FIRST = frozenset("，。、；：？！）》」』”’%）,.;:?!)]}")  # may not begin a line
NOT_LAST = frozenset("（《「『“‘([{")  # may not end one
LATIN = 0.58  # of the width of a Chinese character


def width_of(text: str) -> float:
    """The width of a text in Chinese characters, rather too much than too little."""
    return sum(_width(letter) for letter in text)


def wrapped(text: str, widest: float) -> list[str]:
    """The text in lines of at most `widest` Chinese characters, with no closing mark at the head of a line.

    A closing mark may stand half a character beyond the edge rather than alone.
    """
    lines, line, width = [], "", 0.0
    for letter in " ".join(text.split()):
        step = _width(letter)
        if line and width + step > widest and not (letter in NOT_FIRST and width < widest + 0.5):
            carried = line[-1] if line[-1] in NOT_LAST and len(line) > 1 else ""
            lines.append(line.removesuffix(carried).rstrip())
            line, width = carried, width_of(carried)
        line, width = line + letter, width + step
    return [*lines, line.rstrip()] if line.strip() else lines


def balanced(text: str, widest: float) -> list[str]:
    """The text in as few lines as it takes, of about one length, so that no single character is left over."""
    lines = wrapped(text, widest)
    if len(lines) < 2:
        return lines
    evenly = wrapped(text, min(widest, width_of(text) / len(lines) + 1))
    return evenly if len(evenly) == len(lines) else lines


@lru_cache(maxsize=10_000)
def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in "WFA" else LATIN
