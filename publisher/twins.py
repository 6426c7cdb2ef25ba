"""Compressed twins of text files, which a web server sends without compressing anything itself."""

import zlib

import brotli

PACKED = frozenset((".html", ".css", ".js", ".json", ".xml", ".svg", ".txt"))
LEAST_BYTES = 512  # below, a twin saves no packet
GZIP_LEVEL, BROTLI_QUALITY = 6, 5


def twins(content: bytes, suffix: str) -> dict[str, bytes]:
    """The twins of a file by their suffix (.gz, .br), as far as they are smaller; the same content gives the same bytes."""
    if suffix not in PACKED or len(content) < LEAST_BYTES:
        return {}
    packer = zlib.compressobj(GZIP_LEVEL, wbits=31)  # a gzip header without a time
    packed = {
        ".gz": packer.compress(content) + packer.flush(),
        ".br": brotli.compress(content, quality=BROTLI_QUALITY),
    }
    return {name: twin for name, twin in packed.items() if len(twin) < len(content)}
