"""A form as a Word file: 小四号仿宋_GB2312, the table as printed (B-30)."""

import io
import re
from copy import deepcopy
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt

from exchange.forms.sheet import Paper, Sheet, Table

FONT = "仿宋_GB2312"
SIZE = Pt(12)  # 小四
TITLE_SIZE = Pt(16)
MARGIN = Cm(2.4)
SHORT_SIDE, LONG_SIDE = Cm(21), Cm(29.7)
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def word_file(paper: Paper, *, at: datetime) -> bytes:
    """The form as the bytes of a `.docx`."""
    document = _blank()
    for number, sheet in enumerate(paper.sheets):
        _lay(document, sheet, is_first=number == 0)
        _write(document, sheet)
    properties = document.core_properties
    properties.author, properties.comments, properties.title = (
        "",
        "",
        NO_XML.sub("", paper.sheets[0].heading)[:250],
    )
    properties.created = properties.modified = at.replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blank() -> WordDocument:
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, SIZE  # type: ignore[attr-defined]
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)  # type: ignore[attr-defined]
    return document


def _lay(document: WordDocument, sheet: Sheet, *, is_first: bool) -> None:
    section = document.sections[0] if is_first else document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE if sheet.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (
        (LONG_SIDE, SHORT_SIDE) if sheet.is_wide else (SHORT_SIDE, LONG_SIDE)
    )
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN


def _write(document: WordDocument, sheet: Sheet) -> None:
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(NO_XML.sub("", sheet.heading))
    run.bold, run.font.size = True, TITLE_SIZE
    heading.paragraph_format.space_after = Pt(6)
    for line in sheet.lines:
        document.add_paragraph(NO_XML.sub("", line))
    width = (LONG_SIDE if sheet.is_wide else SHORT_SIDE) - MARGIN * 2
    _write_table(document, sheet.table, width)
    if sheet.foot:
        foot = document.add_paragraph()
        foot.paragraph_format.space_before = Pt(6)
        foot.add_run(NO_XML.sub("", sheet.foot)).font.size = Pt(9)


def _write_table(document: WordDocument, given: Table, width: int) -> None:
    """Rows are copies of one: python-docx looks for each cell from the beginning of the table."""
    sizes = [Emu(width * share // sum(given.widths)) for share in given.widths]
    table = document.add_table(rows=1, cols=len(sizes))
    table.style, table.autofit = "Table Grid", False
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    for cell, size in zip(table.rows[0].cells, sizes, strict=True):
        cell.width = size
    model = deepcopy(table.rows[0]._tr)
    table._tbl.remove(table.rows[0]._tr)
    for number, texts in enumerate(given.rows):
        row = deepcopy(model)
        for cell, text in zip(row.tc_lst, texts, strict=True):
            _fill(cell, text)
        if given.has_head and number == 0:
            row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        table._tbl.append(row)


def _fill(cell: OxmlElement, text: str) -> None:  # pyright: ignore[reportInvalidTypeForm, reportGeneralTypeIssues]
    """A paragraph for each line."""
    first = cell.p_lst[0]
    for number, line in enumerate(NO_XML.sub("", text).split("\n")):
        paragraph = first if number == 0 else cell.add_p()
        if line:
            paragraph.add_r().add_t(line)
