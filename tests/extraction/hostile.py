"""Files made to harm who reads them: bombs, scripts, loops, lies about sizes, damaged parts. The same in every run."""

import random
import struct
import zlib
from collections.abc import Iterator

from tests.papers import (
    KIND,
    RELATIONS,
    docx,
    exif,
    jpeg,
    packed,
    paragraph,
    pdf,
    png,
    row,
    stream,
    table,
    xlsx,
)

ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{}]>'
LAUGHS = ENTITY.format("".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)))
FETCHES = ENTITY.format('<!ENTITY e SYSTEM "file:///etc/passwd">')
ORDERS = (
    "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
    "/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>",
    "/OpenAction << /S /Launch /F (cmd.exe) >>",
    "/AA << /WC << /S /JavaScript /JS (1) >> >>",
    "/AcroForm << /XFA (x) >>",
    "/OpenAction << /S /SubmitForm /F (http://example.org/) >>",
    "/OpenAction << /S /ImportData /F (x) >>",
    "/OpenAction << /S /GoToE /T (x) >>",
    "/Names << /JavaScript << /Names [(x) << /S /JavaScript /JS (1) >>] >> >>",
    "/OpenAction << /S /Rendition /R (x) >>",
)
Named = tuple[str, bytes, str]  # what it is, the bytes, the suffix


def refused() -> Iterator[Named]:
    """What must not be kept at all."""
    yield from _bombs()
    yield from _markup()
    yield from _active_office()
    yield from _pdfs()
    yield from _pictures()


def damaged() -> Iterator[Named]:
    """Honest files, cut off or with bytes changed: to be refused or read, never to crash or hang who reads them."""
    chance = random.Random(8)
    honest: list[tuple[bytes, str]] = [
        (docx(paragraph("words of a paragraph") + table(("a", "b"), ("c", "d"))), ".docx"),
        (xlsx({"one": f"<sheetData>{row(1, 'a', 5)}</sheetData>", "two": "<sheetData/>"}), ".xlsx"),
        (pdf("One page of words", "Another page of words", title="A title"), ".pdf"),
        (jpeg((0xE1, exif("a mountain", with_place=True))), ".jpg"),
        (png((b"tEXt", b"Comment\0words"), (b"zTXt", b"C\0\0" + zlib.compress(b"words"))), ".png"),
        (packed({"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": "<P/>"}), ".ofd"),
    ]  # fmt: skip
    for content, suffix in honest:
        for place in range(40):
            spoilt = bytearray(content)
            if place % 4 == 0:
                spoilt = spoilt[: chance.randrange(8, len(spoilt))]
            else:
                for _ in range(1 + place // 4):
                    spoilt[chance.randrange(4, len(spoilt))] = chance.randrange(256)
            yield f"damaged-{suffix[1:]}-{place}", bytes(spoilt), suffix


def _bombs() -> Iterator[Named]:
    zeros = "0" * 70_000_000
    yield "bomb-document", docx(paragraph(zeros)), ".docx"
    yield "bomb-beside", docx(parts={"customXml/item1.xml": f"<x>{zeros}</x>"}), ".docx"
    yield "bomb-sheet", xlsx({"a": f"<sheetData>{row(1, zeros)}</sheetData>"}), ".xlsx"
    yield (
        "bomb-page-ofd",
        packed({"OFD.xml": "<x/>", "Doc_0/Pages/Page_0/Content.xml": f"<x>{zeros}</x>"}),
        ".ofd",
    )
    yield "words-without-end", docx("".join(paragraph("字" * 50_000) for _ in range(100))), ".docx"
    cell = '<c t="s"><v>0</v></c>'
    cells = f"<row>{cell * 200}</row>" * 500
    strings = f"<sst><si><t>{'长' * 30_000}</t></si></sst>"
    yield "one-string-everywhere", xlsx({"a": f"<sheetData>{cells}</sheetData>"}, parts={"xl/sharedStrings.xml": strings}), ".xlsx"  # fmt: skip
    yield "parts-without-end", docx(parts={f"word/x{n}.xml": "<x/>" for n in range(5_100)}), ".docx"
    inner = docx(paragraph("words"))
    for _ in range(6):
        inner = docx(parts={"word/embeddings/inner.docx": inner})
    yield "files-within-files", inner, ".docx"
    objects = stream(zlib.compress(b"0 " * 40_000_000, 9), "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    yield "bomb-objects-pdf", pdf("words of a page", extra={100: objects}), ".pdf"
    words = stream(zlib.compress(b"<x:xmpmeta>" + b"a " * 30_000_000, 9), "/Type /Metadata /Subtype /XML /Filter /FlateDecode")  # fmt: skip
    yield "bomb-xmp-pdf", pdf("words of a page", extra={100: words}), ".pdf"
    yield "bomb-text-png", png((b"zTXt", b"C\0\0" + zlib.compress(b"a" * 50_000_000, 9))), ".png"
    yield "giant-png", png(size=(60_000, 60_000)), ".png"


def _markup() -> Iterator[Named]:
    places = {
        ".docx": ("word/document.xml", "word/comments.xml", "word/settings.xml", "docProps/core.xml", "customXml/i.xml"),
        ".xlsx": ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "docProps/app.xml", "xl/drawings/d.xml"),
        ".ofd": ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"),
    }  # fmt: skip
    harms = {
        "laughs": f"{LAUGHS}<x>&j;</x>",
        "fetches": f"{FETCHES}<x>&e;</x>",
        "deep": "<x>" * 50_000,
        "open": "<x><y>",
        "binary": "\x00\x01\x02",
        "two-roots": "<x/><y/>",
        "encoding": '<?xml version="1.0" encoding="utf-7"?><x/>',
    }
    for suffix, names in places.items():
        for name in names:
            for harm, body in harms.items():
                yield f"{harm}-{name}", _with_part(suffix, name, body), suffix


def _with_part(suffix: str, name: str, body: str) -> bytes:
    if suffix == ".docx":
        return docx(parts={name: body})
    if suffix == ".xlsx":
        return xlsx({"a": "<sheetData/>"}, parts={name: body})
    return packed({"OFD.xml": "<x/>", "Doc_0/Document.xml": "<x/>", name: body})


def _active_office() -> Iterator[Named]:
    for kind in ("attachedTemplate", "image", "oleObject", "frame", "subDocument", "video"):
        rels = f'<Relationships {RELATIONS}><Relationship Id="a" Type="{KIND}/{kind}" Target="http://example.org/x" TargetMode="External"/></Relationships>'
        yield f"loads-{kind}", docx(parts={"word/_rels/document.xml.rels": rels}), ".docx"
        yield f"loads-{kind}-late", docx(parts={"word/_rels/settings.xml.rels": rels}), ".docx"
    for order in ("DDEAUTO c:\\\\cmd.exe", " dde excel x"):
        yield (
            f"order-{order[:4].strip()}",
            docx(f"<w:p><w:r><w:instrText>{order}</w:instrText></w:r></w:p>"),
            ".docx",
        )
        yield f"sheet-order-{order[:4].strip()}", xlsx({"a": f'<sheetData><row><c r="A1"><f>{order}</f></c></row></sheetData>'}), ".xlsx"  # fmt: skip
    yield "sheet-link", xlsx({"a": ""}, parts={"xl/externalLinks/externalLink1.xml": '<x><ddeLink ddeService="cmd"/></x>'}), ".xlsx"  # fmt: skip


def _pdfs() -> Iterator[Named]:
    for number, order in enumerate(ORDERS):
        yield f"order-{number}", pdf("words of a page", catalog=order), ".pdf"
        hidden = stream(
            zlib.compress(f"101 0 << {order} >>".encode()), "/Type /ObjStm /N 1 /First 6 /Filter /FlateDecode"
        )
        yield f"packed-order-{number}", pdf("words of a page", extra={100: hidden}), ".pdf"
    yield "no-pages", pdf(), ".pdf"
    loop = b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"
    yield (
        "pages-in-a-circle",
        pdf(extra={2: b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>", 100: loop}),
        ".pdf",
    )
    yield "script-behind", pdf("words of a page") + b"<script>alert(1)</script>/JavaScript \n%%EOF\n", ".pdf"


def _pictures() -> Iterator[Named]:
    page = b"<html><script>alert(1)</script></html>"
    yield "page-behind-png", png(behind=page), ".png"
    yield "zip-behind-png", png(behind=packed({"a.txt": "a"})), ".png"
    yield "two-headers-png", png((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))), ".png"
    yield "long-chunk-png", png()[:-12] + b"\x7f\xff\xff\xffIDAT", ".png"
    yield "no-frame-jpeg", b"\xff\xd8\xff\xda\x00\x02", ".jpg"
    yield "page-jpeg", b"\xff\xd8\xff" + page, ".jpg"
    yield "short-segment-jpeg", b"\xff\xd8\xff\xe1\x00\x00", ".jpg"
