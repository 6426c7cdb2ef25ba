"""Every route of the back office × every role in every scope × objects of several organs × every method.

A refused cell answers 403 or 404, writes no act, and names nothing of the object.
"""

from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from admin.editions.acts import ACTS
from admin.signed_in import cookie_name
from county import sign_in
from county.ledger import Act
from county.officers import Role, combined
from county.organs import Organ
from database import db
from tests.admin.conftest import Browser, Office
from tests.admin.rights import COVERS, LISTS, MARKS, PRINCIPALS, STATES, Cell, Holding, Ids, cells, furnish
from tests.admin.test_access import LEAD_IN

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
SKIPPED = {("sign_in.leave", "POST")}  # ends the session; a test of its own says that it does
EMPTY = {"releases.details_view"}  # nothing was published: whoever may look finds nothing


@pytest.fixture
def ids(office: Office) -> Ids:
    return furnish(office)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    return [
        (rule.endpoint, rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if rule.rule.startswith("/admin") and rule.endpoint not in LEAD_IN and method in ("GET", "POST")
        if (rule.endpoint, method) not in SKIPPED
    ]


def desk_of(office: Office, held: Holding) -> tuple[Browser, int]:
    """A browser of somebody who holds these roles and nothing else."""
    at = datetime.now(UTC)
    office.set(separate_administrators=not combined(Role(role) for role, _scope in held))
    codes = {"finance": "990123-CZ", "section": "990123-CZ01", "water": "990123-SL"}
    organs = {
        name: db.session.scalars(db.select(Organ).filter_by(code=code)).one() for name, code in codes.items()
    }
    person = sign_in.create_officer("asker", "查问", organs["water"], by=None, at=at)
    for role, scope in held:
        sign_in.grant_role(person, Role(role), organs.get(scope), by=None, at=at)
    token = sign_in.start_session(person, at=at)
    db.session.commit()
    browser = office.browser()
    browser.client.set_cookie(cookie_name(), token, path="/admin", domain="localhost")
    return browser, person.id


def ask(browser: Browser, cell: Cell, token: str) -> TestResponse:
    if cell.method == "GET":
        return browser.get(cell.path)
    return browser.post(cell.path, cell.data, token=token)


def names(answer: TestResponse, cell: Cell) -> bool:
    return any(MARKS[organ] in answer.text for organ in cell.organs if organ in MARKS)


def acts_of(person: int) -> int:
    return db.session.scalar(db.select(db.func.count(Act.id)).where(Act.actor_id == person)) or 0


def test_the_matrix_asks_of_every_route_and_has_thousands_of_cells(office, ids):
    found = cells(routes(office.app), ids)

    assert {cell.endpoint for cell in found} == {endpoint for endpoint, *_ in routes(office.app)}
    assert STATES.keys() == ACTS.keys()
    assert len(found) * len(PRINCIPALS) >= 2_000


@pytest.mark.parametrize("who", PRINCIPALS)
@pytest.mark.row("L-01", "I-05", "A-07")
def test_a_cell_of_the_matrix_opens_to_its_roles_in_its_organs_and_to_nobody_else(office, ids, who):
    held = PRINCIPALS[who]
    browser, person = desk_of(office, held)
    token, wrong = browser.token(), []
    everything = cells(routes(office.app), ids)
    for cell in sorted(everything, key=lambda cell: cell.is_open_to(held)):  # what is closed changes nothing
        before = acts_of(person)
        answer = ask(browser, cell, token)
        if cell.is_open_to(held):
            right = answer.status_code not in {401, 403, 404, 405, 500} or cell.endpoint in EMPTY
        else:
            right = answer.status_code in ({403, 404, 302, 422} if cell.says_why else {403, 404})
            right = right and acts_of(person) == before and (cell.says_why or not names(answer, cell))
        if not right:
            wrong.append((cell.method, cell.path, cell.data, answer.status_code, cell.is_open_to(held)))
        if cell.says_why:
            browser.get("/admin/password")  # what it said is shown once
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", PRINCIPALS)
def test_a_list_shows_the_rows_of_ones_organs_and_no_others(office, ids, who):
    held = PRINCIPALS[who]
    browser, _person = desk_of(office, held)
    for path, roles in LISTS.items():
        text = browser.get(path).text
        for organ, mark in MARKS.items():
            is_mine = any(role in roles and organ in COVERS[scope] for role, scope in held)
            assert (mark in text) == is_mine, (path, organ)


@pytest.mark.parametrize(
    "who",
    ["nobody", "editor-of-finance", "administrator-of-everywhere", "security_administrator-of-everywhere"],
)
def test_a_method_that_a_route_does_not_name_does_nothing(office, ids, who):
    browser, person = desk_of(office, PRINCIPALS[who])
    headers = {"Origin": "http://localhost", "X-CSRFToken": browser.token()}
    for rule in office.app.url_map.iter_rules():
        path = rule.rule.replace("<verb>", "publish").replace("<attachment_id>", "1")
        if not path.startswith("/admin") or "<" in path:
            continue
        named = {
            method
            for each in office.app.url_map.iter_rules()
            if each.rule == rule.rule
            for method in each.methods
        }
        for method in sorted(METHODS - named):
            before = acts_of(person)
            answer = browser.client.open(f"{path}?id=1", method=method, headers=headers)
            assert answer.status_code in (403, 404, 405), (method, path, answer.status_code)
            assert acts_of(person) == before
