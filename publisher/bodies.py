"""What a page adds to the clean HTML of a body, so that what is wide can be read on a narrow screen."""

import re

INNER_TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh]\b")
MOST_COLUMNS = (
    5  # on a telephone; more than these scroll in a region of their own, which the keyboard reaches
)
BEFORE = '<div class="scroll" role="region" aria-label="表格，可左右滚动" tabindex="0">'


def readable(body_html: str) -> str:
    """The body with each wide table in a region that scrolls by itself."""
    return INNER_TABLE.sub(_held, body_html).replace("<pre>", '<pre tabindex="0">')


def _held(table: re.Match[str]) -> str:
    columns = max((len(CELL.findall(row)) for row in ROW.findall(table[0])), default=0)
    return f"{BEFORE}{table[0]}</div>" if columns > MOST_COLUMNS else table[0]
