"""Each row of the founding documents that is ours to build is proved by a test, or stands with its reason."""

import ast
import re
from pathlib import Path

from tests.acceptance import NOT_TESTED, ROW, the_rows

TESTS = Path(__file__).parent


def rows_named_in(module: ast.Module) -> set[str]:
    """Rows in the docstrings and markers of the tests of a module."""
    tests = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    said = [ast.get_docstring(test) or "" for test in tests]
    marked = [ast.unparse(mark) for test in tests for mark in test.decorator_list]
    return set(ROW.findall("\n".join([*said, *marked])))


def test_every_core_row_is_proved_by_a_test_or_has_a_reason():
    named = {
        row for file in TESTS.rglob("test_*.py") for row in rows_named_in(ast.parse(file.read_text("utf-8")))
    }
    rows = {row for row, _, _ in the_rows()}

    assert rows - named - NOT_TESTED.keys() == set()
    assert NOT_TESTED.keys() <= rows


def test_the_check_list_in_docs_names_every_row_and_nothing_failed():
    page = (TESTS.parent / "docs" / "acceptance.md").read_text("utf-8")
    listed = set(re.findall(r"^\| ([A-M]-\d{2}[a-d]?) \|", page, re.MULTILINE))

    assert listed == {row for row, _, _ in the_rows()}
    assert "failed" not in page
    assert "no test" not in page
