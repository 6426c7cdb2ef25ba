"""Check lists (检查表): which elements a text must have, as rows of content/checklists, and what one of them lacks."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from content.errors import Fault
from content.models import DocumentKind, Edition

LISTS = Path(__file__).parent.parent / "checklists"
FULL = 100
NAMES = ("name", "citation", "form_name", "question", "display_name")  # what a row of a list is called by


@dataclass(frozen=True)
class CheckRule:
    """A row of a check list: an element, how it is looked for, what is said when it is missing, and where that is ordered.

    `of` are fields of an edition; `materials.name` is that of every material, and with `where` of those rows only.
    """

    key: str
    name: str  # of the element, in a list of what is missing
    field: str  # of the form, to which the message leads
    blocks: bool  # whether a text without it is not submitted; else it costs points only
    points: int  # of 100
    test: str
    of: tuple[str, ...]
    message: str
    source: str
    pattern: re.Pattern[str] | None = None
    least: int = 0  # characters
    within: str = ""  # key of the element of which this is a part: missing with it, and not said twice
    when: dict[str, Any] = made_by(default_factory=dict)
    unless: dict[str, Any] = made_by(default_factory=dict)
    where: dict[str, str] = made_by(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """An element that a text lacks, with words for its editor."""

    rule: CheckRule
    message: str  # nothing where the element of which it is a part is missing

    @property
    def fault(self) -> Fault:
        return Fault(self.message, self.rule.field)


Found = dict[str, Any]  # what a message can name; a test that finds nothing wrong gives None


@cache
def check_list(kind: DocumentKind) -> tuple[CheckRule, ...]:
    """The check list of a kind of documents.

    Source: F-17, G-13; each row names its own.
    """
    rows = tomllib.loads((LISTS / f"{kind.value}.toml").read_text(encoding="utf-8"))["rule"]
    return tuple(_read(row) for row in rows)


def gaps_in(edition: Edition) -> list[Gap]:
    """The elements of its check list that a text lacks, in the order of the list.

    Source: F-17 (an item's completeness is checked and gaps are listed).
    """
    gaps: dict[str, Gap] = {}
    for rule in check_list(edition.kind):
        wrong = _wrong(rule, edition)
        if wrong is not None:
            gaps[rule.key] = Gap(rule, _worded(rule, wrong))
        elif rule.within in gaps:
            gaps[rule.key] = Gap(rule, "")
    return list(gaps.values())


def blocking_faults(edition: Edition) -> list[Fault]:
    """The elements without which a text is not submitted.

    Source: B-04, B-05, B-14, B-27, B-29, A-34.
    """
    return [gap.fault for gap in gaps_in(edition) if gap.rule.blocks and gap.message]


def score_of(gaps: list[Gap]) -> int:
    """100 less the points of what is missing: an element that does not apply is not missing.

    Source: G-13; points are deducted as in the sheets of 国办秘函〔2019〕19号.
    """
    return FULL - sum(gap.rule.points for gap in gaps)


def _read(row: dict[str, Any]) -> CheckRule:
    pattern = row.get("pattern")
    return CheckRule(
        key=row["key"], name=row["name"], field=row["field"], blocks=row["severity"] == "blocks", points=row["points"], test=row["test"],
        of=tuple(row["of"]), message=row["message"], source=row["source"],
        pattern=re.compile(pattern) if pattern else None, least=row.get("least", 0),
        within=row.get("within", ""), when=row.get("when", {}),
        unless=row.get("unless", {}), where=row.get("where", {}),
    )  # fmt: skip


def _wrong(rule: CheckRule, edition: Edition) -> Found | None:
    given = _met(rule.when, edition) if rule.when else None
    if rule.when and given is None:
        return None
    if rule.unless and _met(rule.unless, edition) is not None:
        return None
    wrong = TESTS[rule.test](rule, edition)
    return None if wrong is None else {"asked": given, **wrong}


def _met(condition: dict[str, Any], edition: Edition) -> Any:
    """The first value for which a condition holds; None if there is none."""
    for value in _values(edition, condition["field"]):
        if "among" in condition and _plain(value) in condition["among"]:
            return value
        if "matches" in condition and re.search(condition["matches"], str(value or "")):
            return value
    return None


def _filled(rule: CheckRule, edition: Edition) -> Found | None:
    return None if any(_is_said(value) for name in rule.of for value in _values(edition, name)) else {}


def _matches(rule: CheckRule, edition: Edition) -> Found | None:
    for value in _texts(rule, edition):
        if rule.pattern and not rule.pattern.search(value):
            return {"found": value}
    return None


def _free_of(rule: CheckRule, edition: Edition) -> Found | None:
    for value in _texts(rule, edition):
        if rule.pattern and (found := rule.pattern.search(value)):
            return {"found": found[0] or value}
    return None


def _each(judge: Callable[[CheckRule, list[Any]], bool]) -> Callable[[CheckRule, Edition], Found | None]:
    """A test of every row of a list by the columns named; the first row that fails is named."""

    def test(rule: CheckRule, edition: Edition) -> Found | None:
        columns = [name.partition(".")[2] for name in rule.of]
        for number, row in _rows(rule, edition):
            if not judge(rule, [_part(row, column) for column in columns]):
                return {"row": number, "name": _name_of(row)}
        return None

    return test


def _in_order(rule: CheckRule, edition: Edition) -> Found | None:
    days = {name: getattr(edition, name) for name in rule.of}
    given = [day for day in days.values() if isinstance(day, date)]
    return days if len(given) == len(days) and given != sorted(given) else None


TESTS: dict[str, Callable[[CheckRule, Edition], Found | None]] = {
    "filled": _filled,  # one of the fields at least is filled in
    "matches": _matches,  # whatever is filled in has the pattern
    "free_of": _free_of,  # nothing has the pattern
    "in_order": _in_order,  # days, the earlier first; those that are not given are no fault
    "each_filled": _each(lambda rule, values: all(map(_is_said, values))),  # in every row, each column
    "any_filled": _each(lambda rule, values: any(map(_is_said, values))),  # in every row, one column
    "each_long": _each(lambda rule, values: all(len(str(value or "").strip()) >= rule.least for value in values)),
    "any_matches": _each(
        lambda rule, values: any(rule.pattern is not None and rule.pattern.search(str(value or "")) for value in values)
    ),
}  # fmt: skip


def _texts(rule: CheckRule, edition: Edition) -> Iterator[str]:
    return (str(value) for name in rule.of for value in _values(edition, name) if _is_said(value))


def _rows(rule: CheckRule, edition: Edition) -> Iterator[tuple[int, Any]]:
    rows = getattr(edition, rule.of[0].partition(".")[0]) or []
    for number, row in enumerate(rows, 1):
        if all((_part(row, column) or "step") == value for column, value in rule.where.items()):
            yield number, row


def _values(edition: Edition, name: str) -> list[Any]:
    head, _, tail = name.partition(".")
    value = getattr(edition, head)
    if not tail:
        return [value]
    rows = value if isinstance(value, list) else [value or {}]
    return [_part(row, tail) for row in rows]


def _part(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else getattr(row, name)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _is_said(value: Any) -> bool:
    """Whether something is filled in; `no` and 0 are something."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != [] and value != {}


def _name_of(row: Any) -> str:
    names = (row.get(name) if isinstance(row, dict) else getattr(row, name, None) for name in NAMES)
    return next((str(name) for name in names if name), "")


def _worded(rule: CheckRule, found: Found) -> str:
    return rule.message.format_map({name: str(value)[:40] for name, value in found.items()})
