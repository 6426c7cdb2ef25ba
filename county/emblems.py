"""The emblem (徽标) of a site: an SVG or PNG of an officer, checked and with nothing left in it but the picture."""

import re
import struct
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from county.errors import RefusedError

MOST_BYTES = 20 * 1024  # every reader loads it
MOST_PIXELS = 512
PNG = b"\x89PNG\r\n\x1a\n"
KEPT_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
SPACE = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset(
    ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "title", "desc",
     "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use")
)  # fmt: skip
ATTRIBUTES = frozenset(
    ("id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points",
     "viewBox", "preserveAspectRatio", "transform", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width",
     "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-opacity", "opacity",
     "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod", "clip-path",
     "clip-rule", "clipPathUnits", "mask", "href")
)  # fmt: skip
REFERENCE = re.compile(r"url\s*\(\s*(?!['\"]?#)", re.IGNORECASE)
UNFIT = "徽标应是 SVG 或 PNG 图片。"


def clean_emblem(content: bytes) -> tuple[str, bytes]:
    """The suffix and the cleaned bytes of an emblem: no script, no outer address, no data about its maker.

    Raises: RefusedError naming what is wrong with it.
    """
    suffix, cleaned = (
        (".png", _clean_png(content)) if content.startswith(PNG) else (".svg", _clean_svg(content))
    )
    if len(cleaned) > MOST_BYTES:
        raise RefusedError(
            f"徽标有 {len(cleaned) // 1024 + 1} KB，不能超过 {MOST_BYTES // 1024} KB，请缩小尺寸或简化图形。",
            "emblem",
        )
    return suffix, cleaned


def _clean_svg(content: bytes) -> bytes:
    if (
        len(content) > 20 * MOST_BYTES
        or b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
        or b"\0" in content
    ):
        raise RefusedError(UNFIT + "SVG 文件不能含有文档类型声明，也不能过大。", "emblem")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  without a document type there are no entities
    except (ElementTree.ParseError, ValueError, LookupError):
        raise RefusedError(UNFIT, "emblem") from None
    if root.tag != f"{{{SPACE}}}svg" or not (
        root.get("viewBox") or (root.get("width") and root.get("height"))
    ):
        raise RefusedError(UNFIT + "SVG 文件须写明 viewBox 或者宽和高。", "emblem")
    if not root.get("viewBox"):
        sizes = [re.sub(r"[^\d.]", "", root.get(side, "")) for side in ("width", "height")]
        root.set("viewBox", f"0 0 {sizes[0]} {sizes[1]}")
    _clean_element(root)
    ElementTree.register_namespace("", SPACE)
    return ElementTree.tostring(root, encoding="utf-8")


def _clean_element(element: ElementTree.Element) -> None:
    """Take out whatever is no picture: scripts, styles, foreign elements, handlers, addresses."""
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2]
        is_address = local == "href" and not value.strip().startswith("#")
        if local not in ATTRIBUTES or is_address or REFERENCE.search(value):
            del element.attrib[name]
        elif local != name:  # xlink:href
            del element.attrib[name]
            element.set(local, value)
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.removeprefix(f"{{{SPACE}}}") not in ELEMENTS:
            element.remove(child)
        else:
            _clean_element(child)


def _clean_png(content: bytes) -> bytes:
    kept, has_end = [PNG], False
    for name, data in _chunks(content):
        if name == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
            if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
                raise RefusedError(f"徽标的宽和高不能超过 {MOST_PIXELS} 像素。", "emblem")
        if name in KEPT_CHUNKS:
            kept.append(
                struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            )
        has_end = has_end or name == b"IEND"
    if not has_end or len(kept) < 4:
        raise RefusedError("徽标的 PNG 文件不完整，请重新导出。", "emblem")
    return b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        yield content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        at += 12 + size
