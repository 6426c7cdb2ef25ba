"""A cleaned copy shows what the file shows, without what must not be seen, and the programs that made it open it."""

import io
import struct
import zipfile
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from content.inspection import clean, inspect
from content.inspection.copies import clean as cleaned_by
from content.inspection.search import search
from county.privacy import find_personal_data
from tests.county.numbers import ID_NUMBERS, MOBILES
from tests.papers import KIND, docx, exif, jpeg, paragraph, png, row, table, xlsx

ID, MOBILE, OFFICE = "11010519491231002X", "13800138000", "13987654321"
KEY = "5" * 64


def copy_of(content: bytes, suffix: str, *contacts: str) -> bytes:
    copy = io.BytesIO()
    assert cleaned_by(io.BytesIO(content), copy, suffix, contacts).refusal == ""
    return copy.getvalue()


def findings(content: bytes, suffix: str) -> int:
    return len(search(io.BytesIO(content), suffix, KEY).findings)


def real_word() -> bytes:
    document, out = Document(), io.BytesIO()
    document.core_properties.comments = f"制表人 {ID}"
    document.add_heading("低保名单", 1)
    broken = document.add_paragraph("电话")
    for part in ("138", "0013", "8000"):
        broken.add_run(part).bold = part == "0013"
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "张某", ID
    document.sections[0].footer.paragraphs[0].text = f"联系人 {MOBILE}，办公电话 {OFFICE}"
    document.save(out)
    return out.getvalue()


def real_excel() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "电话", "金额"])
    sheet.append(["张某", int(MOBILE), 1250.5])
    sheet.append(["李某", f"{ID}（本人）", 300])
    hidden = book.create_sheet("底表")
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = ID
    hidden["B1"] = f"=VALUE({MOBILE})"
    book.save(out)
    return out.getvalue()


@pytest.mark.row("A-09")
def test_a_word_file_keeps_its_words_and_look_and_loses_every_number():
    assert findings(real_word(), ".docx") >= 4

    copy = copy_of(real_word(), ".docx", OFFICE)

    words = Document(io.BytesIO(copy))
    assert [each.text for each in words.paragraphs] == ["低保名单", "电话138****8000"]
    assert [run.bold for run in words.paragraphs[1].runs][1:] == [False, True, False]
    assert [cell.text for cell in words.tables[0].rows[0].cells] == ["张某", "110*************2X"]
    assert words.sections[0].footer.paragraphs[0].text == f"联系人 138****8000，办公电话 {OFFICE}"
    assert [hit.masked for hit in search(io.BytesIO(copy), ".docx", KEY).findings] == ["139****4321"]


@pytest.mark.row("A-09")
def test_an_excel_file_keeps_its_figures_and_loses_every_number_in_hidden_sheets_too():
    copy = copy_of(real_excel(), ".xlsx")

    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert list(book["Sheet"].values) == [
        ("姓名", "电话", "金额"), ("张某", "138****8000", 1250.5), ("李某", "110*************2X（本人）", 300),
    ]  # fmt: skip
    assert book["底表"]["A1"].value == "110*************2X"
    assert findings(copy, ".xlsx") == 0


def test_a_computed_number_and_the_source_of_a_pivot_become_words():
    sheet = f'<sheetData><row r="1"><c r="A1"><f>B1*1</f><v>{MOBILE}</v></c></row></sheetData>'
    pivot = f'<pivotCacheRecords><r><n v="{MOBILE}"/><n v="5"/></r></pivotCacheRecords>'

    copy = copy_of(xlsx({"一": sheet}, parts={"xl/pivotCache/pivotCacheRecords1.xml": pivot}), ".xlsx")

    assert findings(copy, ".xlsx") == 0
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        assert '<c r="A1" t="str"><v>138****8000</v></c>' in parts.read("xl/worksheets/sheet1.xml").decode()
        assert '<s v="138****8000"/><n v="5"/>' in parts.read("xl/pivotCache/pivotCacheRecords1.xml").decode()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (jpeg((0xE1, exif(f"电话 {MOBILE}", with_place=True)), (0xFE, ID.encode())), ".jpg"),
        (png((b"tEXt", b"Comment\0" + ID.encode()), (b"eXIf", exif("x", with_place=True)[6:])), ".png"),
    ],
    ids=["jpeg", "png"],
)
def test_a_picture_loses_place_words_and_comments_and_stays_whole(content, suffix):
    assert findings(content, suffix) >= 2

    copy = copy_of(content, suffix)

    assert findings(copy, suffix) == 0
    assert len(copy) < len(content)
    assert copy[-12:] == content[-12:]


@pytest.mark.parametrize("way_up", [1, 6, 8])
def test_a_photograph_stays_the_right_way_up(way_up):
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, way_up, 0) + struct.pack(">HHII", 0x8825, 4, 1, 8)
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + entries + b"\0" * 4

    copy = copy_of(jpeg((0xE1, body)), ".jpg")

    assert findings(copy, ".jpg") == 0
    assert (struct.pack(">HHIHH", 0x0112, 3, 1, way_up, 0) in copy) == (way_up != 1)
    assert copy_of(copy, ".jpg") == copy


@given(
    number=ID_NUMBERS | MOBILES,
    cuts=st.lists(st.integers(0, 17), max_size=4),
    before=st.text("abc&<>\"'张", max_size=5),
)
def test_wherever_runs_part_a_number_it_is_masked_and_what_stands_around_it_stays(number, cuts, before):
    ends = sorted({0, len(number), *[cut for cut in cuts if cut < len(number)]})
    runs = [number[start:end] for start, end in pairwise(ends)]
    content = docx(paragraph(f"{before}：", *runs, "。完"))
    if not find_personal_data(number):
        return

    text = Document(io.BytesIO(copy_of(_openable(content), ".docx"))).paragraphs[0].text

    assert text.startswith(f"{before}：")
    assert text.endswith("。完")
    assert not find_personal_data(text)


def test_a_number_of_one_digit_a_cell_is_still_found_after_cleaning():
    content = docx(table(tuple(ID)))
    assert findings(copy_of(content, ".docx"), ".docx") == findings(content, ".docx") == 1


def test_the_copy_is_made_in_the_closed_process_and_a_damaged_file_is_refused(tmp_path: Path):
    file, copy = tmp_path / "a.xlsx", tmp_path / "copy"
    file.write_bytes(xlsx({"一": f"<sheetData>{row(1, MOBILE)}</sheetData>"}))
    assert clean(file, ".xlsx", copy, ()) == ""
    assert inspect(copy, ".xlsx", "6" * 64).findings == []

    file.write_bytes(file.read_bytes()[:200])
    assert "已损坏" in clean(file, ".xlsx", copy, ())


def _openable(content: bytes) -> bytes:
    """The made-up file with what python-docx asks of a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            if name != "[Content_Types].xml":
                made.writestr(name, given.read(name))
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        made.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        made.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{KIND}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
    return out.getvalue()
