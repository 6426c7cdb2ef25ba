"""How often a page of the back office asks the database: every list and page of a record, with everything on it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from database import db
from tests.admin.conftest import Office
from tests.admin.test_screens import furnish

MOST = 10
MOST_WITH_PARTS = (
    13  # the page of a record shows its parts, its versions, its history and its proofs, each a table
)
LISTS = {
    "list", "services", "versions", "publish", "applications", "organs", "channels", "duties", "coding", "officers", "ledger",
    "site", "calendar", "password", "organ", "duty", "desk", "standing", "standing-organ", "freshness", "find",
}  # fmt: skip
APART = {
    "plan",  # works out a whole publication
}


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements sent to the database in the meantime."""
    found: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        found.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("login", "more"), [("deputy", 0), ("allround", 2)])
def test_no_list_asks_the_database_more_than_ten_times_and_no_page_more_than_thirteen(
    office: Office, login: str, more: int
):
    """U8, for an officer with every role everywhere; for one whose roles are of one organ, what lies below it and
    what other organs sent to his desk is asked besides."""
    screens, desk = furnish(office), office.at_desk(login)
    shown, too_many = 0, {}
    for name, path in screens.items():
        with asked() as statements:
            answer = desk.get(path)
        shown += answer.status_code == 200
        if len(statements) > (MOST if name in LISTS else MOST_WITH_PARTS) + more and name not in APART:
            too_many[name] = statements

    assert {name: len(each) for name, each in too_many.items()} == {}, too_many
    assert shown > (15 if login == "allround" else 30)
