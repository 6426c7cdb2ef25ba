"""What stands in a file is found wherever the formats let it stand, and its place is said."""

import io
from pathlib import Path

import pytest

from content.inspection import Inspection, inspect
from content.inspection.search import search
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
    scanned_pdf,
    stream,
    table,
    xlsx,
)

ID = "11010519491231002X"
MOBILE = "13800138000"
MASKED = {ID: "110*************2X", MOBILE: "138****8000"}
KEY = "5" * 64


def found(content: bytes, suffix: str) -> Inspection:
    return search(io.BytesIO(content), suffix, KEY)


def places(content: bytes, suffix: str) -> list[str]:
    return [finding.place for finding in found(content, suffix).findings]


@pytest.mark.row("A-09")
@pytest.mark.parametrize("number", [ID, MOBILE], ids=["identity", "mobile"])
@pytest.mark.parametrize(
    ("where", "place"),
    [
        (lambda n: docx(paragraph("名单") + paragraph(f"张某 {n}")), "正文第2段"),
        (lambda n: docx(paragraph(n[:3], n[3:9], n[9:])), "正文第1段"),
        (lambda n: docx(table(("姓名", "号码"), ("张某", n))), "正文第1张表第2行"),
        (lambda n: docx(paragraph(n, mark="vanish")), "正文第1段（含隐藏文字）"),
        (
            lambda n: docx(f"<w:p><w:del><w:r><w:delText>{n}</w:delText></w:r></w:del></w:p>"),
            "正文第1段（含修订中删除的文字）",
        ),
        (
            lambda n: docx(
                parts={"word/comments.xml": f"<w:comments xmlns:w='w'>{paragraph(n)}</w:comments>"}
            ),
            "批注第1段",
        ),
        (
            lambda n: docx(parts={"word/header1.xml": f"<w:hdr xmlns:w='w'>{paragraph(n)}</w:hdr>"}),
            "页眉第1段",
        ),
        (lambda n: docx(parts={"word/footnotes.xml": f"<w:f xmlns:w='w'>{paragraph(n)}</w:f>"}), "脚注第1段"),
        (lambda n: docx(f'<w:p><wp:docPr xmlns:wp="p" descr="户主 {n}"/></w:p>'), "正文第1段"),
        (lambda n: docx(parts={"docProps/core.xml": f"<p><keywords>{n}</keywords></p>"}), "文件属性"),
        (lambda n: docx(parts={"word/charts/chart1.xml": f"<c><v>{n}</v></c>"}), None),
    ],
    ids=[
        "paragraph",
        "runs",
        "table",
        "hidden",
        "deleted",
        "comment",
        "header",
        "footnote",
        "picture",
        "properties",
        "chart",
    ],
)
def test_a_number_in_a_word_file_is_found_and_its_place_is_said(where, place, number):
    result = found(where(number), ".docx")

    assert result.refusal == ""
    assert [finding.masked for finding in result.findings] == [MASKED[number]]
    assert place is None or result.findings[0].place == place


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (xlsx({"公示": f"<sheetData>{row(1, '姓名', '电话')}{row(2, '张某', int(MOBILE))}</sheetData>"}), "工作表“公示”B2"),
        (xlsx({"公示": '<sheetData><row r="2"><c r="D2"><v>1.3800138E10</v></c></row></sheetData>'}), "工作表“公示”D2"),
        (
            xlsx({"名单": f"<sheetData>{row(3, ID)}</sheetData>"}, states={"名单": "hidden"}),
            "工作表“名单”（隐藏的工作表）A3",
        ),
        (
            xlsx({"底": f"<sheetData>{row(3, ID)}</sheetData>"}, states={"底": "veryHidden"}),
            "工作表“底”（深度隐藏的工作表）A3",
        ),
        (
            xlsx({"表": f'<cols><col min="2" max="3" hidden="1"/></cols><sheetData>{row(5, "x", ID)}</sheetData>'}),
            "工作表“表”B5（隐藏的列）",
        ),
        (xlsx({"表": f"<sheetData>{row(5, ID, hidden=True)}</sheetData>"}), "工作表“表”A5（隐藏的行）"),
        (xlsx({"表": f"<sheetData>{row(9, *ID)}</sheetData>"}), "工作表“表”A9"),
        (xlsx({"表": f"<sheetData/><headerFooter><oddHeader>{ID}</oddHeader></headerFooter>"}), "工作表“表”的页眉、提示等"),
        (xlsx({"表": "<sheetData/>"}, parts={"xl/sharedStrings.xml": f"<sst><si><t>{ID}</t></si></sst>"}), "文件中残留的文字（已不在表中）"),
        (
            xlsx({"表": "<sheetData/>"}, parts={"xl/pivotCache/pivotCacheRecords1.xml": f'<r><s v="{ID}"/></r>'}),
            "数据透视表的源数据",
        ),
        (
            xlsx(
                {"表": "<sheetData/>"},
                parts={"xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships {RELATIONS}><Relationship Id="c" Type="{KIND}/comments" Target="../comments1.xml"/></Relationships>',
                "xl/comments1.xml": f"<comments><comment><text><r><t>{ID[:6]}</t></r><r><rPr><sz/></rPr><t>{ID[6:]}</t></r></text></comment></comments>"},
            ),
            "工作表“表”的批注",
        ),
        (xlsx({ID: "<sheetData/>"}), "工作表名称"),
    ],
    ids=["number", "float", "hidden-sheet", "very-hidden-sheet", "hidden-column", "hidden-row", "boxes", "header", "leftover", "pivot", "comment", "name"],
)  # fmt: skip
def test_a_number_in_an_excel_file_is_found_and_its_place_is_said(content, place):
    assert places(content, ".xlsx") == [place]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (pdf("An empty page", f"call {MOBILE}"), "第2页"),
        (pdf("Some words here", title=f"List {ID}"), "文件属性 Title"),
        (
            pdf("Some words here", extra={100: stream(f'<x:xmpmeta xmlns:x="x"><d>{ID}</d></x:xmpmeta>'.encode(), "/Type /Metadata /Subtype /XML")}),
            "文件属性",
        ),
    ],
    ids=["page", "title", "xmp"],
)  # fmt: skip
def test_a_number_in_a_pdf_is_found_and_its_place_is_said(content, place):
    assert places(content, ".pdf") == [place]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (jpeg((0xE1, exif(f"户主 {ID}"))), ".jpg"),
        (jpeg((0xFE, ID.encode())), ".jpg"),
        (jpeg((0xE1, f"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta d='1'><t>{ID}</t></x:xmpmeta>".encode())), ".jpg"),
        (png((b"tEXt", b"Comment\0" + ID.encode())), ".png"),
        (png((b"eXIf", exif(ID)[6:])), ".png"),
        (packed({"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"<P><TextObject><TextCode>{ID}</TextCode></TextObject></P>"}), ".ofd"),
    ],
    ids=["exif", "comment", "xmp", "png-text", "png-exif", "ofd"],
)  # fmt: skip
def test_a_number_beside_a_picture_or_on_a_page_of_ofd_is_found(content, suffix):
    assert [finding.masked for finding in found(content, suffix).findings] == [MASKED[ID]]


def test_a_picture_that_says_where_it_was_taken_is_found():
    result = found(jpeg((0xE1, exif("山", with_place=True))), ".jpg")

    assert [finding.kind for finding in result.findings] == ["location"]


@pytest.mark.parametrize(
    ("content", "suffix", "unread"),
    [
        (scanned_pdf(), ".pdf", ["第1页"]),
        (jpeg(), ".jpg", ["图片内容"]),
        (png(), ".png", ["图片内容"]),
        (docx(), ".docx", []),
        (docx(parts={"word/media/image1.png": png(size=(1000, 800))}), ".docx", ["内嵌的图片（1张）"]),
        (
            docx(parts={"word/embeddings/oleObject1.bin": b"\xd0\xcf"}),
            ".docx",
            ["内嵌的文件 oleObject1.bin"],
        ),
        (pdf("A page of words, as it should be"), ".pdf", []),
    ],
    ids=["scan", "jpeg", "png", "nothing", "picture", "object", "words"],
)
def test_what_holds_no_text_to_be_searched_is_named(content, suffix, unread):
    assert found(content, suffix).unread == unread


def test_a_file_within_a_file_is_searched_too():
    inner = xlsx({"数据": f"<sheetData>{row(1, ID)}</sheetData>"})

    assert places(docx(parts={"word/embeddings/数据.xlsx": inner}), ".docx") == [
        "内嵌的文件 数据.xlsx 的工作表“数据”A1"
    ]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (docx(paragraph("第11010500号文件，经费13800元，2026年11月20日")), ".docx"),
        (docx('<w:p><wp:posOffset xmlns:wp="p">13800</wp:posOffset><wp:posOffset xmlns:wp="p">138000</wp:posOffset></w:p>'), ".docx"),
        (xlsx({"预算": f"<sheetData>{row(1, 1380, 138000)}<row><c r='A2'><v>0.13800138000</v></c></row></sheetData>"}), ".xlsx"),
        (pdf("Budget 2026: 13800 yuan, document 110105"), ".pdf"),
    ],
    ids=["docx", "positions", "xlsx", "pdf"],
)  # fmt: skip
def test_what_names_nobody_is_no_finding(content, suffix):
    result = found(content, suffix)

    assert result.findings == []
    assert result.refusal == ""


def test_the_number_itself_leaves_the_reading_process_only_masked(tmp_path: Path):
    file = tmp_path / "名单.docx"
    file.write_bytes(docx(paragraph(f"张某 {ID}")))

    result = inspect(file, ".docx", KEY)

    assert [finding.masked for finding in result.findings] == [MASKED[ID]]
    assert ID not in str(result.as_data())
