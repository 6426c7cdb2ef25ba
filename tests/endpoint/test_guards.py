"""Where forms may come from, how large they may be, and what error pages say."""

import json
import logging

import pytest

from cases.models import Application
from database import db
from endpoint.pages import PLAIN_CHROME
from tests.endpoint.conftest import TYPED

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "x"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "null"},
    {"Origin": "http://evil.example#localhost"},
]
READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_another_site_is_refused(citizen, headers):
    answer = citizen.send(headers=headers)

    assert answer.status_code == 403
    assert "从其他网站的页面发来" in answer.text
    assert db.session.scalar(db.select(Application)) is None
    assert citizen.client.post("/svc/lookup", headers=headers).status_code == 403


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_form_from_our_pages_is_received(citizen, headers):
    assert citizen.send(headers=headers).status_code == 200


def test_too_much_typed_is_said_in_the_form_and_an_oversized_body_on_a_page(citizen):
    kept = citizen.send(statement="字" * 40_000)
    refused = citizen.send(statement="字" * 200_000)

    assert (kept.status_code, refused.status_code) == (422, 413)
    assert "现有40000个" in kept.text
    assert kept.text.count("字" * 40_000) == 1
    assert "内容太大" in refused.text


def test_a_flood_of_fields_is_refused(citizen):
    form = {f"field{number}": (b"x", "x") for number in range(500)}
    answer = citizen.client.post(
        f"/svc/apply/{citizen.code}", data={**TYPED, **form}, content_type="multipart/form-data"
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "place", "status"),
    [
        ("GET", "/svc/", 404),
        ("GET", "/svc/nothing", 404),
        ("GET", "/svc/api/nothing", 404),
        ("POST", "/svc/search", 405),
        ("DELETE", "/svc/lookup", 405),
        ("PUT", "/svc/apply/x", 405),
        ("TRACE", "/svc/lookup", 405),
        ("GET", "/svc/assets/../base.html", 404),
    ],
)
def test_a_wrong_address_or_method_gets_a_page_in_our_look(client, people, method, place, status):
    answer = client.open(place, method=method)

    assert answer.status_code == status
    assert ("application/json" if "/api/" in place else "text/html") in answer.content_type
    if status == 405:
        assert "Allow" in answer.headers
    if "/api/" not in place:
        assert "site.css" in answer.text
        assert "返回首页" in answer.text


def test_a_database_that_cannot_write_gets_a_page_that_says_nothing_was_saved(citizen, caplog):
    form = {**TYPED, "ticket": citizen.ticket()}
    db.session.rollback()
    with citizen.client.application.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
        db.session.execute(db.text("PRAGMA query_only=ON" if on_sqlite else READ_ONLY))
        db.session.commit()
        db.session.remove()  # the connection goes back to the pool as it is now
    answer = citizen.client.post(f"/svc/apply/{citizen.code}", data=form)

    assert answer.status_code == 503
    assert "没有保存" in answer.text
    assert answer.headers["Retry-After"]
    assert TYPED["id_number"] not in caplog.text
    assert "INSERT" not in caplog.text


def test_a_database_without_tables_is_a_503_and_not_a_trace(client, door):
    with door.app_context():
        db.session.execute(db.text("ALTER TABLE document RENAME TO gone"))
        db.session.commit()
    answer = client.get("/svc/apply/x")

    assert answer.status_code == 503
    assert "Traceback" not in answer.text


def test_a_bug_gets_a_page_without_a_trace(door, client, people, monkeypatch, caplog):
    door.testing = False
    monkeypatch.setitem(door.view_functions, "endpoint.lookup", lambda: 1 / 0)
    answer = client.get("/svc/lookup")

    assert answer.status_code == 500
    assert "系统出现了问题" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_pages_look_like_those_of_the_live_tree(client, people, settings):
    """The names, navigation and assets that the publisher wrote; a damaged file is as good as none."""
    file = settings.live_tree / "assets" / "chrome.json"
    assert PLAIN_CHROME["assets"]["site.css"] in client.get("/svc/lookup").text
    file.parent.mkdir(parents=True)
    assets = {"site.css": "/assets/site.12345678.css", "mark.svg": "/assets/mark.12345678.svg"}
    file.write_text(json.dumps({"site_name": "青崖县人民政府", "assets": assets}), encoding="utf-8")

    page = client.get("/svc/lookup").text
    assert "<title>办件查询 - 青崖县人民政府</title>" in page
    assert "/assets/site.12345678.css" in page
    file.write_text('{"site_name": ', encoding="utf-8")
    assert PLAIN_CHROME["assets"]["site.css"] in client.get("/svc/lookup").text


def test_assets_of_the_plain_look_are_served_before_a_first_publication(client):
    for url in PLAIN_CHROME["assets"].values():
        assert client.get(url).status_code == 200


def test_the_list_of_public_addresses_is_short(door):
    own = {rule.rule for rule in door.url_map.iter_rules() if rule.endpoint.startswith("endpoint.")}

    assert own == {
        "/svc/",
        "/svc/<path:place>",
        "/svc/apply/<path:item_code>",
        "/svc/lookup",
        "/svc/search",
        "/svc/api/v1/search",
        "/svc/assets/<name>",
    }


def test_nothing_is_logged_of_an_ordinary_refusal(citizen, caplog):
    caplog.set_level(logging.INFO)
    citizen.send(phone="")

    assert not [record for record in caplog.records if record.name.startswith("zhuanlan")]


def rows_of_every_table() -> dict[str, int]:
    db.session.rollback()
    count = db.func.count()
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(db.select(count).select_from(table)) or 0 for table in tables}


def unsafe_places(citizen) -> list[str]:
    """Every address of the endpoint that takes a form."""
    rules = citizen.client.application.url_map.iter_rules()
    return [
        str(rule).replace("<path:item_code>", citizen.code)
        for rule in rules
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    ]


def test_no_place_that_takes_a_form_does_anything_from_another_site_or_without_a_ticket(citizen):
    """S3: a form of ours names the ticket it was given; a look-up changes nothing but its own count of guesses."""
    places, before = unsafe_places(citizen), rows_of_every_table()
    assert len(places) >= 2
    for place in places:
        assert "<" not in place
        for headers in FOREIGN:
            assert citizen.client.post(place, data=TYPED, headers=headers).status_code == 403, place
        assert rows_of_every_table() == before, place
        answer = citizen.client.post(place, data=TYPED)
        assert answer.status_code in (400, 403, 422), place
        after = rows_of_every_table()
        assert {name for name in after if after[name] != before[name]} <= {"look_up_try", "look_up"}, place
        before = after
