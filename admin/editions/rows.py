"""Adding, moving and removing rows of a form without a script: submit buttons that rewrite what was typed."""

import re
from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from admin.forms import MOST_ROWS

ROW = re.compile(r"^([a-z_]+)-(\d{1,6})-(.+)$")
MARK = "row"  # keeps an empty row in the form
Typed = MultiDict[str, str]


def edit_rows(typed: Typed, command: str, lists: Collection[str]) -> Typed:
    """What was typed after a command such as `materials:add`, `materials:2:up`, `materials:2:remove`.

    A command that makes no sense changes nothing.
    """
    name, _, rest = command.partition(":")
    if name not in lists:
        return typed
    rows = _rows_of(typed, name)
    if rest == "add":
        if len(rows) < MOST_ROWS:
            rows.append([(MARK, "1")])
    else:
        _change(rows, rest)
    kept = [(key, value) for key, value in typed.items(multi=True) if not _is_of(key, name)]
    return MultiDict(
        kept + [(f"{name}-{place}-{part}", value) for place, row in enumerate(rows) for part, value in row]
    )


def append_row(typed: Typed, name: str, values: dict[str, str]) -> None:
    """Add a filled row to what was typed."""
    taken = [int(found[2]) for key in typed if (found := ROW.match(key)) and found[1] == name]
    place = max(taken, default=-1) + 1
    for part, value in values.items():
        typed.add(f"{name}-{place}-{part}", value)


def _change(rows: list[list[tuple[str, str]]], command: str) -> None:
    place, _, act = command.partition(":")
    if not (place.isascii() and place.isdigit() and len(place) < 7) or int(place) >= len(rows):
        return
    here = int(place)
    there = here + {"up": -1, "down": 1}.get(act, 0)
    if act == "remove":
        del rows[here]
    elif 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]


def _rows_of(typed: Typed, name: str) -> list[list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for key, value in typed.items(multi=True):
        row = ROW.match(key)
        if row and row[1] == name:
            found.setdefault(int(row[2]), []).append((row[3], value))
    return [found[place] for place in sorted(found)]


def _is_of(key: str, name: str) -> bool:
    row = ROW.match(key)
    return row is not None and row[1] == name
