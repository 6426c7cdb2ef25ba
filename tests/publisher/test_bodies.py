"""Wide tables scroll in a region of their own."""

import pytest

from publisher.bodies import readable


def table(columns: int, inside: str = "x") -> str:
    return f"<table><tr>{f'<td>{inside}</td>' * columns}</tr></table>"


@pytest.mark.parametrize(("columns", "scrolls"), [(0, False), (5, False), (6, True), (40, True)])
def test_only_a_table_of_more_than_five_columns_scrolls(columns, scrolls):
    assert ('role="region"' in readable(table(columns))) is scrolls


def test_a_table_within_a_table_stays_well_formed():
    text = readable(table(1, inside=table(7)))

    assert text.startswith("<table><tr><td><div")
    assert text.endswith("</table></div></td></tr></table>")


def test_every_other_byte_stays():
    assert readable("<p>一</p>" + table(2) + "<p>二</p>") == "<p>一</p>" + table(2) + "<p>二</p>"
