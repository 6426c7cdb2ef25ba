"""An emblem is a picture and nothing else."""

import struct
import zlib

import pytest

from county.emblems import MOST_BYTES, PNG, clean_emblem
from county.errors import RefusedError

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"'


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 8, height: int = 8, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\7" * width for _ in range(height)))
    return PNG + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "hostile",
    [
        b"<script>alert(1)</script>",
        b"<style>@import url(http://evil)</style>",
        b'<path d="M0 0" onload="x()"/>',
        b"<foreignObject><p>x</p></foreignObject>",
        b'<image href="http://evil/x.png"/>',
        b'<use xlink:href="http://evil/x.svg#a"/>',
        b'<rect fill="url(http://evil/#a)" style="fill:url(http://evil)"/>',
        b'<a href="javascript:alert(1)"><rect/></a>',
        b'<animate attributeName="href" values="javascript:x"/>',
    ],
)
def test_nothing_that_runs_or_loads_is_left_in_an_svg(hostile):
    suffix, cleaned = clean_emblem(HEAD + b">" + hostile + b'<circle cx="4" cy="4" r="3" fill="#fff"/></svg>')

    assert suffix == ".svg"
    assert b"circle" in cleaned
    for word in (b"script", b"style", b"onload", b"evil", b"foreign", b"javascript", b"animate"):
        assert word not in cleaned


def test_references_within_the_picture_stay():
    _, cleaned = clean_emblem(
        HEAD + b'><defs><path id="a" d="M0 0h9"/></defs><use xlink:href="#a" fill="url(#b)"/></svg>'
    )

    assert b'href="#a"' in cleaned
    assert b'fill="url(#b)"' in cleaned


@pytest.mark.parametrize(
    "unfit",
    [
        b"", b"GIF89a", b"<html></html>", HEAD + b">", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + b"/>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>', PNG, png()[:-14], png(2000, 2),
        HEAD + b'><path d="' + b"M0 0" * MOST_BYTES + b'"/></svg>',
    ],
)  # fmt: skip
def test_what_is_no_small_picture_is_refused(unfit):
    with pytest.raises(RefusedError) as refused:
        clean_emblem(unfit)
    assert refused.value.field == "emblem"


def test_a_png_loses_what_says_who_made_it_where():
    suffix, cleaned = clean_emblem(png(extra=chunk(b"tEXt", b"Author\0Zhang") + chunk(b"eXIf", b"gps")))

    assert (suffix, cleaned) == (".png", png())
