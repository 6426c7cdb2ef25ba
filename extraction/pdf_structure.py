"""What the bytes of a PDF say that a reading program does not tell: scripts and other orders, and the XMP block."""

import re
import zlib
from collections.abc import Iterator

from extraction.pictures import xmp_words
from extraction.pieces import CannotReadError, Piece

STREAM = re.compile(rb"\bstream\r?\n")
END = b"endstream"
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
ORDERS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|GoToE|GoToR|SubmitForm|ImportData|Movie|Sound|Rendition)"
    rb"(?=[\s/<>\[\](){}%]|\Z)"
)
LARGEST_PART = 20_000_000  # bytes of one part, unpacked
LARGEST_WHOLE = 60_000_000
LONGEST_HEAD = 2_000  # bytes of the dictionary in front of a stream
ACTIVE = "含有脚本、内嵌文件或其他会自动运行的内容，请用“打印为 PDF”另存后上传"
TOO_LARGE = "解开后内容过多，无法检查，请重新导出 PDF"


def check_inactive(data: bytes) -> None:
    """Raises: CannotReadError for scripts, programs to start, embedded files, dynamic forms and the like."""
    unpacked, plain, end = 0, [], 0
    for head, body, begin, stop in _streams(data):
        plain.append(data[end:begin])
        end = stop
        if b"/ObjStm" in head:
            objects = _unpacked(head, body)
            unpacked += len(objects)
            if unpacked > LARGEST_WHOLE:
                raise CannotReadError(TOO_LARGE)
            plain.append(objects)
    plain.append(data[end:])
    if any(ORDERS.search(_plain_names(part)) for part in plain):
        raise CannotReadError(ACTIVE)


def metadata_words(data: bytes) -> Iterator[Piece]:
    """The words of every XMP block."""
    for head, body, _begin, _stop in _streams(data):
        if b"/Metadata" in head and b"/XML" in head:
            yield from xmp_words(_unpacked(head, body), "文件属性")


def _streams(data: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Dictionary and body of each stream, and where the body lies."""
    place = 0
    while found := STREAM.search(data, place):
        end = data.find(END, found.end())
        if end < 0:
            return
        head = data[max(place, found.start() - LONGEST_HEAD) : found.start()].rpartition(b"obj")[2]
        yield _plain_names(head), data[found.end() : end], found.end(), end
        place = end + len(END)


def _plain_names(part: bytes) -> bytes:
    """Names may be written with escapes: /J#61vaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part) if b"#" in part else part


def _unpacked(head: bytes, body: bytes) -> bytes:
    if b"/Filter" not in head:
        return body
    if b"/FlateDecode" not in head and b"/Fl" not in head:
        raise CannotReadError("用了不常见的压缩方式，请用“打印为 PDF”另存后上传")
    unpacker = zlib.decompressobj()
    try:
        part = unpacker.decompress(body, LARGEST_PART)
    except zlib.error:
        return b""  # damaged: no reading program gets more out of it
    if unpacker.unconsumed_tail:
        raise CannotReadError(TOO_LARGE)
    return part
