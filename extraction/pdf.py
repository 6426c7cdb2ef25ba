"""PDF files: the words of every page (also below a black bar), notes, form fields, bookmarks and properties."""

import ctypes
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2
from pypdfium2 import raw

from extraction.markup import DAMAGED
from extraction.pdf_structure import check_inactive, metadata_words
from extraction.pieces import CannotReadError, Piece, Unread

MOST_PAGES = 2_000
LEAST_WORDS = 10  # signs on a page that is more than a picture
MANY_OUTLINES = 200  # drawn shapes on a page without words: letters turned into curves
MOST_OBJECTS = 20_000  # of a page, looked through for pictures
UNKNOWN_SIGNS = 0.2  # share of signs of which the file does not say what they are
LONGEST_NOTE = 20_000  # bytes
PRIVATE = range(0xE000, 0xF900)
LOCKED = "文件设有密码或使用限制，请取消后重新导出上传"
PACKED = "文件内嵌有其他文件，请取出后单独上传"


def read_pdf(file: BinaryIO) -> Iterator[Piece | Unread]:
    """Every text of a PDF file, page by page."""
    data = file.read()
    check_inactive(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise CannotReadError(LOCKED if error.err_code == raw.FPDF_ERR_PASSWORD else DAMAGED) from None
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise CannotReadError(LOCKED)
    if raw.FPDFDoc_GetAttachmentCount(document):
        raise CannotReadError(PACKED)
    if not 0 < len(document) <= MOST_PAGES:
        raise CannotReadError(DAMAGED if not len(document) else f"超过{MOST_PAGES}页，请拆分成几个文件后上传")
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        yield Piece(f"文件属性 {key}", value)
    yield from metadata_words(data)
    for bookmark in document.get_toc():
        yield Piece("书签", bookmark.get_title())
    for number in range(len(document)):
        yield from _page(document, number)


def _page(document: pypdfium2.PdfDocument, number: int) -> Iterator[Piece | Unread]:
    place = f"第{number + 1}页"
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise CannotReadError(DAMAGED) from None
    try:
        text = text_page.get_text_range()
        yield Piece(place, text)
        if not _is_readable(text) and _shows_something(page):
            yield Unread(place)
        yield from _notes(page, place)
    finally:
        text_page.close()
        page.close()


def _is_readable(text: str) -> bool:
    signs = [sign for sign in text if not sign.isspace()]
    unknown = sum(sign == "\ufffd" or ord(sign) in PRIVATE or sign < " " for sign in signs)
    return len(signs) >= LEAST_WORDS and unknown <= UNKNOWN_SIGNS * len(signs)


def _shows_something(page: pypdfium2.PdfPage) -> bool:
    """Whether there is a picture on the page, words in curves, or signs that nobody can name."""
    shapes = 0
    for count, thing in enumerate(page.get_objects(max_depth=3)):
        kind = raw.FPDFPageObj_GetType(thing)
        shapes += kind == raw.FPDF_PAGEOBJ_PATH
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING) or shapes > MANY_OUTLINES:
            return True
        if kind == raw.FPDF_PAGEOBJ_TEXT and count > LEAST_WORDS:
            return True
        if count > MOST_OBJECTS:
            return True
    return False


def _notes(page: pypdfium2.PdfPage, place: str) -> Iterator[Piece]:
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_FILEATTACHMENT:
                raise CannotReadError(PACKED)
            said = [_string(note, key) for key in (b"Contents", b"T", b"Subj", b"RC", b"V", b"DV", b"TU")]
            yield Piece(f"{place}的批注或表单", "；".join(filter(None, said)))
            yield from _link(page, note, place)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _string(note: Any, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < length <= LONGEST_NOTE:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _link(page: pypdfium2.PdfPage, note: Any, place: str) -> Iterator[Piece]:
    link = raw.FPDFAnnot_GetLink(note)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action:
        return
    length = raw.FPDFAction_GetURIPath(page.pdf, action, None, 0)
    if 1 < length <= LONGEST_NOTE:
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFAction_GetURIPath(page.pdf, action, buffer, length)
        yield Piece(f"{place}的链接", buffer.value.decode("utf-8", "replace"))
