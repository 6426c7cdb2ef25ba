"""The citizen's door with one item that can be applied for, and forms as a citizen fills them in."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from content.models import EditionState
from database import db
from endpoint import tickets
from tests.people import People, make_service, settled_in

TYPED = {
    "applicant_kind": "自然人",
    "applicant_name": "欧阳青竹",
    "id_kind": "resident_id",
    "id_number": "11010519491231002X",
    "phone": "13912345678",
    "agent_name": "",
    "agent_id_kind": "",
    "agent_id_number": "",
    "agent_phone": "",
    "statement": "排水量每天五吨，位置在南街十二号，平面图已备好。",
}


@pytest.fixture
def door(make_app: Callable[..., Flask]) -> Flask:
    """The endpoint alone, as `wsgi:public` serves it."""
    return make_app("endpoint")


@pytest.fixture
def client(door: Flask) -> FlaskClient:
    return door.test_client()


@pytest.fixture
def people(door: Flask) -> Iterator[People]:
    with door.app_context():
        yield settled_in()


@pytest.fixture
def make_item(people: People) -> Callable[..., str]:
    """Publishes a service item and returns its code."""

    def make(state: EditionState = EditionState.PUBLISHED, **values: Any) -> str:
        edition = make_service(people, state, **values)
        db.session.commit()
        return edition.document.number or "unnumbered"

    return make


@pytest.fixture
def code(make_item: Callable[..., str]) -> str:
    return make_item()


@dataclass
class Received:
    """What a receipt says."""

    number: str
    query_code: str


@dataclass
class Citizen:
    """Fills in forms through the test client."""

    client: FlaskClient
    code: str

    def ticket(self) -> str:
        return hidden(self.client.get(f"/svc/apply/{self.code}"), "ticket")

    def send(
        self, ticket: str | None = None, headers: dict[str, str] | None = None, **changes: str
    ) -> TestResponse:
        form = {**TYPED, "ticket": self.ticket() if ticket is None else ticket, **changes}
        return self.client.post(f"/svc/apply/{self.code}", data=form, headers=headers)

    def apply(self, **changes: str) -> Received:
        answer = self.send(**changes)
        assert answer.status_code == 200, text_of(answer)
        return receipt_in(answer)

    def look_up(self, address: str = "192.0.2.1", **form: str) -> TestResponse:
        by = "application" if "application_number" in form else "case"
        return self.client.post(
            "/svc/lookup", data={"by": by, **form}, environ_overrides={"REMOTE_ADDR": address}
        )


@pytest.fixture
def citizen(client: FlaskClient, code: str) -> Citizen:
    return Citizen(client, code)


@pytest.fixture
def old_ticket(code: str, keyring) -> str:
    return tickets.issue(code, keyring=keyring, at=datetime(2026, 1, 5, tzinfo=UTC))


def hidden(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found
    return html.unescape(found[1])


def value_of(answer: TestResponse, name: str) -> str:
    """What the form shows in a field, as a browser reads it."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', answer.text)
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', answer.text, re.DOTALL)
    chosen = re.search(
        rf'<select[^>]* name="{name}".*?<option value="([^"]*)" selected', answer.text, re.DOTALL
    )
    radio = re.search(rf'<input type="radio" name="{name}" value="([^"]*)"[^>]* checked', answer.text)
    found = radio or field or area or chosen
    return html.unescape(found[1]) if found else ""


def faults_in(answer: TestResponse) -> list[str]:
    """The fields that the error summary links to."""
    summary = answer.text.partition('id="summary"')[2].partition("</div>")[0]
    return re.findall(r'<li><a href="#(\w+)"', summary)


def text_of(answer: TestResponse) -> str:
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return html.unescape(re.sub(r"\s*<[^>]*>\s*", " ", "<" + main))


def receipt_in(answer: TestResponse) -> Received:
    number = re.search(r"SQ\d{8}-[0-9A-Z]{5}-[0-9A-Z]{5}", answer.text)
    query_code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", answer.text)
    assert number
    assert query_code
    return Received(number[0], query_code[0])
