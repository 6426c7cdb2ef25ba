"""Each template in a real browser: nothing runs or loads that should not, nothing overflows, axe finds nothing."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from database import db
from tests.conftest import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]  # what a page looks like is not the database's

PAGES = (
    "/", "/xxgk/", "/xxgk/ml/", "/xxgk/c/ghjh/", "/xxgk/o/1/", "/xxgk/1/", "/zwfw/", "/zwfw/k/xk/", "/zwfw/online/",
    "/zwfw/48/", "/zwfw/49/", "/hudong/", "/map.html", "/nothing",
)  # fmt: skip
WIDTHS = (320, 375, 1280, 1440)


@pytest.fixture
def address(county, build, make_app):
    """The small county, served. A long title, code and table put the layout to the test."""
    county.disclosure(
        "关于" + "进一步加强和改进" * 20 + "工作的通知",
        body="| " + " | ".join(f"第{n}列" for n in range(15)) + " |\n" + "|---" * 15 + "|\n" + "| 内容较长的单元格 " * 15 + "|",
        document_no="A" * 90,
    )  # fmt: skip
    assert build().blocked == ()
    db.session.remove()
    server = make_server("127.0.0.1", 0, make_app("site"), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_template_is_accessible_fits_every_width_and_keeps_the_policy(address, browser):
    """standards §10: WCAG 2.2 AA; E-12: usable on a phone. Negative control tried: a heading left out is found."""
    complaints: list[str] = []
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("request", lambda request: complaints.append(request.url) if address not in request.url else None)
    for place in (*PAGES, "/xxgk/50/"):
        answer = page.goto(address + place)
        assert answer is not None
        assert answer.status == (404 if place == "/nothing" else 200)
        found = Axe().run(page).response["violations"]
        complaints += [f"{place}: {violation['id']} {violation['help']}" for violation in found]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            complaints += [f"{place}: {wide} px wide at {width}"] if wide > width else []
    page.close()
    assert [each for each in complaints if "404 (NOT FOUND)" not in each] == []
