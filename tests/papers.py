"""Small files as offices hand them in, made part by part: PDF, Word, Excel, pictures."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(*pages: str, title: str = "", extra: Mapping[int, bytes] | None = None, catalog: str = "") -> bytes:
    """A PDF with a page for each text (Latin letters and digits). `extra` are further objects by number, from 100."""
    kids = " ".join(f"{10 + 2 * place} 0 R" for place in range(len(pages)))
    objects: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: f"<< /Title ({title}) >>".encode(),
    }
    for place, text in enumerate(pages):
        drawn = zlib.compress(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode())
        number = 10 + 2 * place
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        objects[number + 1] = stream(drawn, "/Filter /FlateDecode")
    return _assembled(objects | dict(extra or {}))


def stream(body: bytes, head: str = "") -> bytes:
    """A stream object of a PDF."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head.encode(), len(body), body)


def scanned_pdf() -> bytes:
    """A PDF whose one page is a picture."""
    picture = stream(
        zlib.compress(b"\x80" * 400),
        "/Type /XObject /Subtype /Image /Width 20 /Height 20 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /XObject << /I 7 0 R >> >> >>"
    return _assembled({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        5: page,
        6: stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
        7: picture,
    })  # fmt: skip


def _assembled(objects: Mapping[int, bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, last = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    info = b"/Info 4 0 R" if 4 in objects else b""
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (last, info, start)
    return bytes(out)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return out.getvalue()


def docx(body: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file: `body` is the inside of its body, `parts` are further parts by their names."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **(parts or {})})


def paragraph(*runs: str, mark: str = "") -> str:
    """A paragraph of Word, each run by itself."""
    look = f"<w:rPr><w:{mark}/></w:rPr>" if mark else ""
    return f"<w:p>{''.join(f'<w:r>{look}<w:t>{escape(run)}</w:t></w:r>' for run in runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of Word."""
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def xlsx(
    sheets: Mapping[str, str],
    *,
    states: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An Excel file: for each sheet its title and the inside of the sheet; `parts` are further parts by their names."""
    listed, relations, made = "", "", {"[Content_Types].xml": "<Types/>"}
    for number, (title, inside) in enumerate(sheets.items(), 1):
        state = (states or {}).get(title, "visible")
        listed += f'<sheet name="{escape(title)}" sheetId="{number}" state="{state}" r:id="r{number}"/>'
        relations += (
            f'<Relationship Id="r{number}" Type="{KIND}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        made[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {X}>{inside}</worksheet>"
    made["xl/workbook.xml"] = f"<workbook {X} {R}><sheets>{listed}</sheets></workbook>"
    made["xl/_rels/workbook.xml.rels"] = f"<Relationships {RELATIONS}>{relations}</Relationships>"
    return packed({**made, **(parts or {})})


def row(number: int, *cells: str | int, first: str = "A", hidden: bool = False) -> str:
    """A row of a sheet; a text stands in the cell itself."""
    said = ""
    for place, cell in enumerate(cells):
        name = f"{chr(ord(first) + place)}{number}"
        said += (
            f'<c r="{name}"><v>{cell}</v></c>'
            if isinstance(cell, int)
            else f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        )
    look = ' hidden="1"' if hidden else ""
    return f'<row r="{number}"{look}>{said}</row>'


def png(*chunks: tuple[bytes, bytes], behind: bytes = b"", size: tuple[int, int] = (1, 1)) -> bytes:
    """A PNG with these further chunks."""
    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    made = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, made)) + behind


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, body = chunk
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG with these segments in front of its picture."""
    frame = (0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    said = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in (*segments, frame)
    )
    return b"\xff\xd8" + said + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"


def exif(description: str, *, with_place: bool = False) -> bytes:
    """The body of a JPEG segment with a description, and perhaps the place where the picture was taken."""
    text = description.encode() + b"\0"
    entries = [struct.pack("<HHII", 0x010E, 2, len(text), 8 + 2 + 12 * (1 + with_place) + 4)]
    if with_place:
        entries.append(struct.pack("<HHII", 0x8825, 4, 1, 8))
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + b"\0" * 4 + text
