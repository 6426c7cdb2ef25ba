"""A table as .xlsx and .docx, written as the parts of Office Open XML: the same table gives the same bytes.

Every cell is text. What a spreadsheet could take for a formula is marked as text as well, so that it stays text when
somebody edits the cell or saves the sheet in another format.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import escape

THE_TIME = (1980, 1, 1, 0, 0, 0)  # of every part: what a zip archive can say that is no date
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LEVEL = 1  # of compression: half the time of the usual one for a twentieth more
LONGEST_CELL = 32_000  # characters; Excel takes 32,767
PLAIN, HEAD, TITLE, MARKED = range(4)  # styles of a sheet, by their place in it
PAGE_WIDTH = 13_900  # twentieths of a point: A4 across, less its margins


@dataclass(frozen=True)
class Table:
    """A table with its title and a line below it; `widths` are shares of the whole."""

    title: str
    note: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[tuple[str, ...]]


def xlsx(table: Table) -> bytes:
    """The table as a workbook of one sheet."""
    relation = f'{OFFICE}/officeDocument" Target="xl/workbook.xml'
    return _packed(
        {
            "[Content_Types].xml": _types(
                {
                    "/xl/workbook.xml": "spreadsheetml.sheet.main",
                    "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
                    "/xl/styles.xml": "spreadsheetml.styles",
                }
            ),
            "_rels/.rels": _relations(relation),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="目录" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                f'{OFFICE}/worksheet" Target="worksheets/sheet1.xml', f'{OFFICE}/styles" Target="styles.xml'
            ),
            "xl/styles.xml": STYLES,
            "xl/worksheets/sheet1.xml": _sheet(table),
        }
    )


def docx(table: Table) -> bytes:
    """The table as a document of A4 sheets laid across, its head repeated on each."""
    sizes = _in_page(table.widths)
    head = "".join(
        _word_row(table.columns, sizes, "<w:trPr><w:tblHeader/></w:trPr>", bold="<w:rPr><w:b/></w:rPr>")
    )
    rows = "".join(
        "".join(_word_row(cells, sizes, "<w:trPr><w:cantSplit/></w:trPr>")) for cells in table.rows
    )
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    body = (
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
        f"<w:t>{_clean(table.title)}</w:t></w:r></w:p><w:p><w:r><w:t>{_clean(table.note)}</w:t></w:r></w:p>"
        f'<w:tbl><w:tblPr><w:tblW w:w="{PAGE_WIDTH}" w:type="dxa"/>{BORDERS}<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
        '<w:p/><w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="1469" w:bottom="1134" w:left="1469" w:header="720" w:footer="720" w:gutter="0"/>'
        "</w:sectPr>"
    )
    parts = {
        "/word/document.xml": "wordprocessingml.document.main",
        "/word/styles.xml": "wordprocessingml.styles",
    }
    return _packed(
        {
            "[Content_Types].xml": _types(parts),
            "_rels/.rels": _relations(f'{OFFICE}/officeDocument" Target="word/document.xml'),
            "word/_rels/document.xml.rels": _relations(f'{OFFICE}/styles" Target="styles.xml'),
            "word/styles.xml": WORD_STYLES,
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        }
    )


WORD_STYLES = (
    f'<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/><w:sz w:val="21"/>'
    "</w:rPr></w:rPrDefault></w:docDefaults></w:styles>"
)
STYLES = (
    f'<styleSheet xmlns="{SHEET}"><fonts count="3"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/>'
    '<bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    + "".join(
        f'<xf numFmtId="49" fontId="{font}" fillId="0" borderId="{border}" xfId="0" applyNumberFormat="1"'
        f'{" quotePrefix=" + chr(34) + "1" + chr(34) if is_marked else ""} applyAlignment="1">'
        f'<alignment vertical="top" wrapText="{wrap}"/></xf>'
        for font, border, wrap, is_marked in ((0, 1, 1, 0), (1, 1, 1, 0), (2, 0, 0, 0), (0, 1, 1, 1))
    )
    + "</cellXfs></styleSheet>"
)
BORDERS = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)


def _sheet(table: Table) -> str:
    share = 150 / sum(table.widths)
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width * share:.1f}" customWidth="1"/>'
        for at, width in enumerate(table.widths, 1)
    )
    rows = [
        _sheet_row(1, (table.title,), TITLE),
        _sheet_row(2, (table.note,), PLAIN),
        _sheet_row(3, table.columns, HEAD),
    ]
    rows += [_sheet_row(at, cells, PLAIN) for at, cells in enumerate(table.rows, 4)]
    return (
        f'<worksheet xmlns="{SHEET}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="2"><mergeCell ref="A1:{_letter(len(table.columns))}1"/>'
        f'<mergeCell ref="A2:{_letter(len(table.columns))}2"/></mergeCells>'
        '<pageSetup paperSize="9" orientation="landscape"/></worksheet>'
    )


def _sheet_row(number: int, cells: Iterable[str], style: int) -> str:
    return (
        f'<row r="{number}">'
        + "".join(
            f'<c r="{letter}{number}" s="{MARKED if text.startswith(FORMULA) else style}" t="inlineStr">'
            f'<is><t xml:space="preserve">{_clean(text[:LONGEST_CELL])}</t></is></c>'
            for letter, text in zip(ascii_uppercase, cells, strict=False)
        )
        + "</row>"
    )


def _letter(column: int) -> str:
    return chr(ord("A") + column - 1)


def _word_row(cells: Sequence[str], sizes: Sequence[int], kind: str, *, bold: str = "") -> Iterable[str]:
    begin = f'<w:p><w:r>{bold}<w:t xml:space="preserve">'
    end = "</w:t></w:r></w:p>"
    yield f"<w:tr>{kind}"
    for text, size in zip(cells, sizes, strict=True):
        lines = _clean(text).replace("\n", end + begin)
        yield f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{begin}{lines}{end}</w:tc>'
    yield "</w:tr>"


def _in_page(widths: Sequence[int]) -> list[int]:
    return [PAGE_WIDTH * width // sum(widths) for width in widths]


def _clean(text: str) -> str:
    return str(escape(text if text.isprintable() else NO_XML.sub("", text)))


def _types(parts: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(*targets: str) -> str:
    found = "".join(f'<Relationship Id="rId{at}" Type="{target}"/>' for at, target in enumerate(targets, 1))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, THE_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, XML + text, compresslevel=LEVEL)
    return file.getvalue()
