"""Colours of a site: whether text can be read on them, and what follows from the one a county chooses. Pure."""

import re

from county.errors import RefusedError

LEAST_CONTRAST = 4.5  # WCAG 2.2 success criterion 1.4.3
WHITE, BLACK, INK = "#ffffff", "#000000", "#1c2529"
DARK_PAPER = "#12191c"
HEX = re.compile(r"#[0-9a-f]{6}")


def check_colour(colour: str) -> None:
    """Raises: RefusedError unless this is a colour such as #0e5264 on which white text can be read."""
    if not HEX.fullmatch(colour):
        raise RefusedError("主色应写成井号加六位十六进制数，例如 #0e5264。", "colour")
    found = contrast(colour, WHITE)
    if found < LEAST_CONTRAST:
        raise RefusedError(
            f"白色文字在主色上的对比度只有 {found:.1f}:1，低于 {LEAST_CONTRAST}:1，视力不好的人看不清，请换深一些的颜色。",
            "colour",
        )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21.

    Source: WCAG 2.2, contrast ratio and relative luminance.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(colour: str) -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties that follow from a main colour, on white paper and on dark."""
    soft, dark_soft = mix(colour, WHITE, 0.91), mix(colour, DARK_PAPER, 0.78)
    on_white = {
        "brand": colour,
        "deep": mix(colour, BLACK, 0.3),
        "soft": soft,
        "band": mix(colour, WHITE, 0.955),
        "line": mix(colour, WHITE, 0.83),
        "link": readable_on(soft, colour, BLACK, 5.5),
    }
    on_dark = {
        "soft": dark_soft,
        "band": mix(colour, DARK_PAPER, 0.88),
        "line": mix(colour, "#3a464b", 0.8),
        "link": readable_on(dark_soft, colour, WHITE, 7),
        "deep": readable_on(dark_soft, colour, WHITE, 9),
    }
    return on_white, on_dark


def readable_on(paper: str, colour: str, towards: str, least: float) -> str:
    """The colour, moved towards black or white as far as it must be for this contrast."""
    for step in range(21):
        found = mix(colour, towards, step / 20)
        if contrast(found, paper) >= least:
            return found
    return towards


def mix(one: str, other: str, share: float) -> str:
    """The first colour with this share (0 to 1) of the other."""
    parts = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    parts = (part / 255 for part in _parts(colour))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
