"""Tables scroll in a region of their own."""

import pytest

from publisher.bodies import readable


def table(columns: int, inside: str = "x") -> str:
    return f"<table><tr>{f'<td>{inside}</td>' * columns}</tr></table>"


@pytest.mark.parametrize("columns", [0, 1, 5, 40])
def test_every_table_scrolls_in_a_region_the_keyboard_reaches(columns):
    assert readable(table(columns)) == (
        f'<div class="scroll" role="region" aria-label="表格，可左右滚动" tabindex="0">{table(columns)}</div>'
    )


def test_a_table_within_a_table_stays_well_formed():
    text = readable(table(1, inside=table(7)))

    assert text.startswith("<table><tr><td><div")
    assert text.endswith("</table></div></td></tr></table>")


def test_every_other_byte_stays():
    assert readable("<p>一</p><ul><li>二</li></ul>") == "<p>一</p><ul><li>二</li></ul>"
