"""Attachments are what they say they are, or they are refused with the cure."""

import io
import zipfile
from pathlib import Path

import pytest

from content.files import FileRefusedError, readable_name, store

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
LIMIT = 1024 * 1024


def package(*members: str, body: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in members:
            packed.writestr(member, body)
    return out.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
OFD = package("OFD.xml", "Doc_0/Document.xml")


def keep(contents: bytes, name: str, folder: Path, max_bytes: int = LIMIT):
    return store(io.BytesIO(contents), name, folder, max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("通知.pdf", PDF),
        ("图.PNG", PNG),
        ("照片.jpeg", b"\xff\xd8\xff\xe0rest"),
        ("表.docx", DOCX),
        ("a.xlsx", XLSX),
        ("b.ofd", OFD),
    ],
)
def test_a_file_that_is_what_it_says_is_stored_under_its_hash(name, contents, tmp_path):
    kept = keep(contents, name, tmp_path)

    assert (tmp_path / kept.stored_name).read_bytes() == contents
    assert kept.stored_name.startswith(kept.sha256[:2] + "/")
    assert kept.display_name == name
    assert kept.size_bytes == len(contents)
    assert list((tmp_path / ".incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("假.pdf", b"<html><script>alert(1)</script>"),
        ("半.pdf", PDF[:20]),
        ("假.png", PDF),
        ("假.jpg", PNG),
        ("假.docx", XLSX),
        ("假.xlsx", DOCX),
        ("假.ofd", DOCX),
        ("纯.docx", package("readme.txt")),
        ("坏.docx", b"PK\x03\x04 not a package"),
        ("宏.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("宏.xlsx", package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("爬.docx", package("[Content_Types].xml", "word/document.xml", "../../etc/passwd")),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("页.html", b"<html></html>"),
        ("页.pdf.html", PDF),
        ("老.doc", b"\xd0\xcf\x11\xe0"),
        ("包.zip", package("a.txt")),
        ("程.exe", b"MZ"),
        ("无后缀", PDF),
        ("空.pdf", b""),
    ],
)
def test_an_upload_that_lies_about_itself_is_refused_and_leaves_nothing(name, contents, tmp_path):
    with pytest.raises(FileRefusedError) as refused:
        keep(contents, name, tmp_path)

    assert name in refused.value.message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_over_the_limit_is_refused_with_the_limit_named(tmp_path):
    with pytest.raises(FileRefusedError, match="1 MB"):
        keep(PDF + b" " * LIMIT, "大.pdf", tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_of_exactly_the_limit_is_kept(tmp_path):
    contents = PDF[:-6] + b" " * (LIMIT - len(PDF)) + PDF[-6:]

    assert keep(contents, "刚好.pdf", tmp_path).size_bytes == LIMIT


def test_a_document_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path):
    bomb = package("[Content_Types].xml", "word/document.xml", body=b"0" * 8_000_000)

    with pytest.raises(FileRefusedError, match="体积异常"):
        keep(bomb, "炸弹.docx", tmp_path)


def test_the_same_contents_sent_twice_are_one_file(tmp_path):
    first, second = keep(PDF, "一.pdf", tmp_path), keep(PDF, "二.pdf", tmp_path)

    assert first.stored_name == second.stored_name
    assert len(list(tmp_path.rglob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/通知.pdf", "通知.pdf"),
        ("C:\\文件\\通知.pdf", "通知.pdf"),
        ("通\u202efdp.exe", "通fdp.exe"),
        ("...", "附件"),
        ("a\nb.pdf", "ab.pdf"),
    ],
)
def test_a_shown_name_has_no_folders_and_nothing_hidden(given, shown):
    assert readable_name(given) == shown


def test_a_very_long_name_is_cut_and_keeps_its_suffix():
    assert len(readable_name("很" * 400 + ".pdf")) <= 150
    assert readable_name("很" * 400 + ".pdf").endswith(".pdf")
