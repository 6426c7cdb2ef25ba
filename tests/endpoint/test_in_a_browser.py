"""The citizen's pages in a real browser: reload and Back make no second application, and nobody is shut out."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from cases.models import Application
from database import db
from tests.conftest import PATIENCE_MS
from tests.endpoint.conftest import TYPED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sqlite,
]  # the views and their rows are tested in both rounds; here it is what a browser makes of them
SIZES = {"phone": {"width": 375, "height": 812}, "desktop": {"width": 1280, "height": 900}}
NUMBER = re.compile(r"SQ\d{8}-[0-9A-Z]{5}-[0-9A-Z]{5}")


@pytest.fixture
def open_page(door, browser: Browser) -> Iterator[Callable[..., Page]]:
    server = make_server("127.0.0.1", 0, door, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    contexts: list[BrowserContext] = []

    def open_one(size: str = "desktop", *, javascript: bool = False) -> Page:
        contexts.append(
            browser.new_context(
                base_url=f"http://127.0.0.1:{server.port}",
                viewport=SIZES[size],
                java_script_enabled=javascript,
                locale="zh-CN",
            )
        )
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def fill(page: Page, **changes: str) -> None:
    typed = {**TYPED, **changes}
    page.get_by_label("个人", exact=True).check()
    page.select_option("#id_kind", typed["id_kind"])
    for field in ("applicant_name", "id_number", "phone", "statement"):
        page.fill(f"#{field}", typed[field])


def send(page: Page) -> str:
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_load_state()
    found = NUMBER.search(page.get_by_role("main").inner_text())
    return found[0] if found else ""


def count() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(Application)) or 0


def test_reload_and_back_give_the_same_receipt(open_page, code):
    """Without JavaScript and without a cookie."""
    page = open_page()
    page.goto(f"/svc/apply/{code}")
    fill(page)
    number = send(page)
    page.reload()
    assert number
    assert number in page.get_by_role("main").inner_text()

    page.go_back()
    fill(page)  # the browser gives back part of it; the citizen fills in the rest and sends once more
    assert send(page) == number
    assert count() == 1
    assert page.context.cookies() == []


def test_after_an_error_the_rest_is_still_there_and_can_be_sent(open_page, code):
    page = open_page("phone")
    page.goto(f"/svc/apply/{code}")
    fill(page, id_number="110105194912310021")

    assert send(page) == ""
    assert page.title().startswith("错误：")
    page.get_by_role("link", name=re.compile("校验位")).click()
    assert page.url.endswith("#id_number")
    page.fill("#id_number", TYPED["id_number"])
    assert send(page)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_open_to_assistive_technology(open_page, code, size):
    """No violation of axe's rules, nothing wider than the screen, and the error summary has the focus."""
    page = open_page(size, javascript=True)
    for step in (
        lambda: page.goto(f"/svc/apply/{code}"),
        lambda: send(page),
        lambda: (fill(page), send(page)),
        lambda: page.goto("/svc/lookup"),
        lambda: page.get_by_role("button", name="查询申请").click(),
        lambda: page.goto("/svc/search?q=排水"),
        lambda: page.goto("/svc/nothing"),
    ):
        step()
        page.wait_for_load_state()
        violations = Axe().run(page).response["violations"]

        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        if page.title().startswith("错误"):
            assert page.evaluate("document.activeElement.id") == "summary"
