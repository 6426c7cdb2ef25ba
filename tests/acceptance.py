"""The acceptance check list: which rows of the founding documents the tests prove, and with what result.

A test names its rows by the marker `row` or in its docstring. `make acceptance` runs those tests and writes docs/acceptance.md.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROWS = Path(__file__).parent / "rows.tsv"
ROW = re.compile(r"\b[A-M]-\d{2}[a-d]?\b")
NOT_TESTED = {
    "A-26": "channels are the county's data; the sample groups them by articles 20 and 21 of the regulation, which is finer than these three",
    "A-27": "that the portal is the main channel is decided by the county",
    "B-11": "any item can be added; there is no list that could forbid it",
    "B-25": "whether a name is the statutory one is judged by the reviewer; the form says the rule",
    "D-08a": "not built yet: the form for questions comes with the counter; the sub-column has answered questions, telephone and place",
}
HEAD = """# Acceptance check list

Made by `make acceptance`: every CORE row of groups A to D of the founding documents, with F-09 to F-11 and M-05, the tests that prove it, and
their result on the run that made this page. A row without a test stands with its reason.

| row | words of the founding documents | place | tests | result |
|---|---|---|---|---|
"""


def rows_of(item: pytest.Item) -> set[str]:
    """The rows that a test says it proves."""
    said = ROW.findall(getattr(getattr(item, "function", None), "__doc__", None) or "")
    return {str(row) for mark in item.iter_markers("row") for row in mark.args} | set(said)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--acceptance FILE`: run what proves a row, and write the check list."""
    parser.addoption(
        "--acceptance", type=Path, help="run the tests that prove rows, and write the check list to this file"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its rows, which then travel with its report; leave out those without."""
    for item in items:
        item.user_properties += [("row", row) for row in sorted(rows_of(item))]
        if any(mark.name == "row" for mark in getattr(getattr(item, "callspec", None), "marks", ())):
            item.user_properties.append(("shown as", item.nodeid))  # each of its cases proves rows of its own
    if config.getoption("--acceptance"):
        items[:] = [item for item in items if item.user_properties]


def pytest_configure(config: pytest.Config) -> None:
    """Listen to results where they come together."""
    if config.getoption("--acceptance") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(CheckList(config.getoption("--acceptance")))


class CheckList:
    """Collects the results of tests by row."""

    def __init__(self, file: Path):
        self.file = file
        self.results: dict[str, dict[str, bool]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test is over."""
        test = str(dict(report.user_properties).get("shown as", report.nodeid.partition("[")[0]))
        for name, row in report.user_properties:
            if name == "row":
                seen = self.results.setdefault(str(row), {})
                seen[test] = seen.get(test, True) and report.outcome == "passed"

    def pytest_sessionfinish(self) -> None:
        """Write the list."""
        self.file.write_text(HEAD + "".join(f"{line}\n" for line in self._lines()), "utf-8")

    def _lines(self) -> Iterator[str]:
        for row, words, place in the_rows():
            tests = self.results.get(row, {})
            shown = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in sorted(tests))
            result = "passed" if tests and all(tests.values()) else "**failed**" if tests else "no test"
            yield f"| {row} | {words} | {place} | {shown or NOT_TESTED.get(row, '')} | {result if tests or row not in NOT_TESTED else '—'} |"


def the_rows() -> list[tuple[str, str, str]]:
    """Row id, words and place in the founding documents."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return [
            (line[0], line[1], line[2])
            for line in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
        ]
