import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import sources
from exchange.errors import UnreadableFileError
from exchange.sources import Row, UnreadableRow, plain_cell, read_rows, safe_cell


def file_of(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def values(rows):
    return [row.values for row in rows if isinstance(row, Row)]


def refusals(rows):
    return [(row.line, row.reason) for row in rows if isinstance(row, UnreadableRow)]


def test_a_broken_json_line_is_refused_and_the_others_are_read(tmp_path):
    path = file_of(tmp_path, "a.jsonl", '{"title": "甲"}\n{"title": \n\n[1]\n{"title": "乙"}')

    rows = list(read_rows(path))

    assert values(rows) == [{"title": "甲"}, {"title": "乙"}]
    assert [line for line, _ in refusals(rows)] == [2, 4]


@pytest.mark.parametrize(
    "line",
    [
        b'{"title": "\xb1\xea\xcc\xe2"}',
        b'{"n": NaN}',
        b'{"title": "a", "title": "b"}',
        b"[" * 200_000,
        b'{"n": ' + b"9" * 5000 + b"}",
        b'{"n": 1e999}',
    ],
    ids=["not UTF-8", "no number", "a key twice", "nested", "a giant number", "an endless number"],
)
def test_a_line_that_no_json_reader_agrees_on_is_refused(tmp_path, line):
    rows = list(read_rows(file_of(tmp_path, "a.jsonl", line + b'\n{"title": "next"}\n')))

    assert [number for number, _ in refusals(rows)] == [1]
    assert values(rows) == [{"title": "next"}]


def test_a_line_of_many_megabytes_is_passed_over_without_being_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LONGEST_LINE", 1000)
    path = file_of(tmp_path, "a.jsonl", '{"body": "' + "x" * 3_000_000 + '"}\n{"title": "next"}\n')

    rows = list(read_rows(path))

    assert [number for number, _ in refusals(rows)] == [1]
    assert values(rows) == [{"title": "next"}]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    assert values(read_rows(file_of(tmp_path, "a.jsonl", codecs.BOM_UTF8 + b'{"title": "a"}'))) == [
        {"title": "a"}
    ]
    with pytest.raises(UnreadableFileError, match="UTF-16"):
        list(read_rows(file_of(tmp_path, "b.jsonl", '{"title": "a"}'.encode("utf-16"))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheets_csv_is_read_in_its_encodings(tmp_path, encoding):
    text = '标题,正文\r\n甲,"第一行\n第二行，""引号"""\r\n\r\n乙,\r\n'

    rows = list(read_rows(file_of(tmp_path, "a.csv", text.encode(encoding))))

    assert values(rows) == [{"标题": "甲", "正文": '第一行\n第二行，"引号"'}, {"标题": "乙", "正文": ""}]
    assert [row.line for row in rows] == [2, 5]


def test_a_csv_that_no_encoding_fits_is_refused_as_a_whole(tmp_path):
    with pytest.raises(UnreadableFileError, match="GB 18030"):
        list(read_rows(file_of(tmp_path, "a.csv", b"title\n\xff\xff\xfe")))


def test_csv_cells_without_a_column_are_refused(tmp_path):
    rows = list(read_rows(file_of(tmp_path, "a.csv", "title,body\na,b,c\nd,e\n")))

    assert [line for line, _ in refusals(rows)] == [2]
    assert values(rows) == [{"title": "d", "body": "e"}]


def test_a_csv_needs_its_column_names_once(tmp_path):
    with pytest.raises(UnreadableFileError, match="列名"):
        list(read_rows(file_of(tmp_path, "a.csv", "\n")))
    with pytest.raises(UnreadableFileError, match="不止一次"):
        list(read_rows(file_of(tmp_path, "b.csv", "标题,标题\na,b\n")))


def test_an_unpaired_quote_ends_the_reading_with_a_refusal(tmp_path):
    path = file_of(tmp_path, "a.csv", 'title\na\n"' + "x" * (sources.LONGEST_CELL + 10))

    rows = list(read_rows(path))

    assert values(rows) == [{"title": "a"}]
    assert [line for line, _ in refusals(rows)] == [3]


def test_a_markdown_folder_gives_a_row_per_file(tmp_path):
    (tmp_path / "b").mkdir()
    file_of(tmp_path, "b/二.md", "---\ntitle: 乙\nid: x2\n---\n正文\n")
    file_of(tmp_path, "a.md", "---\ntitle: 甲\npublished_on: 2026-03-01\n---\n\n## 一\n---\n二\n")
    file_of(tmp_path, "c.md", "no front matter")
    file_of(tmp_path, "d.md", "---\ntitle: [\n---\nx")

    rows = list(read_rows(tmp_path))

    assert [(row["id"], row["title"], row["body"]) for row in values(rows)] == [
        ("a", "甲", "## 一\n---\n二"),
        ("x2", "乙", "正文"),
    ]
    assert [row.file for row in rows if isinstance(row, UnreadableRow)] == ["c.md", "d.md"]


def test_front_matter_may_hold_no_references_and_no_objects(tmp_path):
    file_of(tmp_path, "a.md", "---\na: &x [1, 2]\nb: *x\n---\n")
    file_of(tmp_path, "b.md", "---\na: !!python/object/apply:os.system ['touch /tmp/owned']\n---\n")

    assert values(read_rows(tmp_path)) == []


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    outside = file_of(tmp_path, "secret.md", "---\ntitle: 秘密\n---\n")
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "a.md").symlink_to(outside)

    assert values(read_rows(folder)) == []


def test_other_formats_are_refused_with_the_ones_that_are_read(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"\.jsonl"):
        read_rows(file_of(tmp_path, "a.pdf", "x"))
    with pytest.raises(UnreadableFileError, match="找不到"):
        read_rows(tmp_path / "none.csv")


@given(st.text())
def test_a_cell_made_safe_reads_as_before_and_begins_no_formula(text):
    safe = safe_cell(text)

    assert plain_cell(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "'=1", "''+2", "＝1"])
def test_what_a_spreadsheet_would_run_gets_a_quote(text):
    assert safe_cell(text) == f"'{text}"
    assert json.loads(json.dumps(plain_cell(safe_cell(text)))) == text


@pytest.mark.parametrize(
    "number", ["9" * 100_000, "9" + ":9" * 50_000, ".inf", "-.inf", ".nan", "1" * 50 + ".5"]
)
def test_a_number_that_cannot_be_kept_is_refused_with_its_line(tmp_path, number):
    file_of(tmp_path, "a.md", f"---\ntitle: 甲\nn: {number}\n---\n正文")
    file_of(tmp_path, "b.md", "---\ntitle: 乙\nn: 12\n---\n正文")

    rows = list(read_rows(tmp_path))

    [(line, reason)] = refusals(rows)
    assert (line, "数值" in reason) == (3, True)
    assert [row["title"] for row in values(rows)] == ["乙"]


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 1e308 * 10])
def test_what_is_no_finite_number_is_not_storable(number):
    with pytest.raises(ValueError, match="不是能保存的数"):
        sources.storable({"extra": [number]})
