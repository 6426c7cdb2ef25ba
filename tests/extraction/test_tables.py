"""Tables of files that are to be imported: as people read them, with limits, whatever the file does."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from content import inspection
from extraction.grids import Tables
from extraction.tables import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, read_tables
from tests.extraction.hostile import damaged, refused
from tests.papers import docx, paragraph, table


def book(*cells) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("甲")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for row, column, value in cells:
            sheet.write(row, column, value, day if isinstance(value, date) else None)
    return out


def test_cells_are_read_as_people_see_them():
    found = read_tables(
        book(
            (0, 0, "甲"), (0, 1, 20), (0, 2, 1.5), (0, 3, True), (1, 1, date(2026, 3, 15)), (2, 0, "=1+1"),
            (3, 0, 990123456789),
        ),
        ".xlsx",
    )  # fmt: skip

    [grid] = found.grids
    assert grid.place == "工作表“甲”"
    assert [cells for _, cells in grid.rows] == [
        ["甲", "20", "1.5", "是"],
        ["", "2026-03-15"],
        ["0"],
        ["990123456789"],
    ]


def test_a_cell_at_the_far_end_is_one_row_and_not_a_million():
    found = read_tables(book((0, 0, "a"), (1_048_575, 0, "b")), ".xlsx")

    assert [number for number, _ in found.grids[0].rows] == [1, 1_048_576]


def test_merged_cells_boxes_and_lines_outside_of_a_word_table_are_told_apart():
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r>{}</w:r></w:p></w:tc>"
    top, below = (
        cell.format('<w:vMerge w:val="restart"/>', "<w:t>甲</w:t>"),
        cell.format("<w:vMerge/>", "<w:t>甲</w:t>"),
    )
    old_box = '<w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar>'
    body = f"<w:tbl><w:tr>{top}{cell.format('', old_box)}</w:tr><w:tr>{below}{cell.format('', '<w:t>乙</w:t>')}</w:tr></w:tbl>"

    found = read_tables(io.BytesIO(docx(body + paragraph("表外一行"))), ".docx")

    assert [cells for _, cells in found.grids[0].rows] == [["甲", "☑"], [None, "乙"]]
    assert found.lines == ["表外一行"]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [pytest.param(*given[1:], id=given[0]) for given in refused() if given[2] in (".docx", ".xlsx")],
)
def test_a_file_made_to_harm_is_refused_or_read_in_the_closed_process(content, suffix, tmp_path: Path):
    file = tmp_path / f"file{suffix}"
    file.write_bytes(content)

    found = inspection.tables(file, suffix)

    words = (
        found
        if isinstance(found, str)
        else "".join(cell or "" for grid in found.grids for _, row in grid.rows for cell in row)
    )
    assert "root:" not in words  # nothing of this machine
    assert isinstance(found, str) or sum(len(grid.rows) for grid in found.grids) <= MOST_ROWS


def test_the_next_file_is_read_after_damaged_ones(tmp_path: Path):
    for what, content, suffix in damaged():
        if suffix in (".docx", ".xlsx"):
            (tmp_path / f"{what}{suffix}").write_bytes(content)
            inspection.tables(tmp_path / f"{what}{suffix}", suffix)
    (tmp_path / "good.docx").write_bytes(docx(table(("a", "b"))))

    found = inspection.tables(tmp_path / "good.docx", ".docx")

    assert isinstance(found, Tables)
    assert found.grids[0].rows == [(1, ["a", "b"])]


def test_the_limits_are_those_the_manual_states():
    manual = Path("docs/import.md").read_text("utf-8")

    assert all(
        f"{limit:,} {unit}" in manual
        for limit, unit in ((MOST_ROWS, "rows"), (MOST_COLUMNS, "columns"), (MOST_CELLS, "cells"))
    )
