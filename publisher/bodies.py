"""What a page adds to the clean HTML of a body, so that what is wide can be read on a narrow screen."""

import re

INNER_TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL)
BEFORE = '<div class="scroll" role="region" aria-label="表格，可左右滚动" tabindex="0">'


def readable(body_html: str) -> str:
    """The body with each table in a region that scrolls by itself, which the keyboard reaches."""
    held = INNER_TABLE.sub(lambda table: f"{BEFORE}{table[0]}</div>", body_html)
    return held.replace("<pre>", '<pre tabindex="0">')
