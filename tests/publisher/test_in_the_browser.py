"""Each template in a real browser: nothing runs or loads that should not, nothing overflows, axe finds nothing."""

import gzip
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from database import db
from publisher.page import address_of
from tests.publisher.conformance import Conformance

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/xxgk/", "/xxgk/ml/", "/xxgk/c/ghjh/", "/xxgk/o/1/", "/xxgk/1/", "/zwfw/", "/zwfw/k/xk/", "/zwfw/online/",
    "/zwfw/48/", "/zwfw/49/", "/hudong/", "/hudong/1/", "/map.html", "/notice.html", "/nothing", "/xxgk/50/",
    "/xxgk/sx/", "/xxgk/nb/", "/zwfw/ml/", "/zwfw/ml/k/xk/", "/hudong/yjzj/",
)  # fmt: skip
WIDTHS = (320, 375, 1280, 1440)
MODES = {
    "normal": {},
    "elder": {"elder": True},
    "dark": {"color_scheme": "dark"},
    "dark elder": {"color_scheme": "dark", "elder": True},
}
MOST_BYTES, MOST_REQUESTS, MEDIAN_BYTES = 50 * 1024, 6, 15 * 1024


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


@pytest.mark.parametrize("mode", MODES)
def test_every_template_is_accessible_fits_every_width_and_keeps_the_policy(address, browser, mode):
    """standards §10: WCAG 2.2 AA; E-12: usable on a phone. Negative control tried: a heading left out is found."""
    given, complaints = dict(MODES[mode]), []
    is_elder = given.pop("elder", False)
    context = browser.new_context(reduced_motion="reduce", **given)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("request", lambda request: complaints.append(request.url) if address not in request.url else None)
    for place in PAGES:
        answer = page.goto(address + place)
        assert answer is not None
        assert answer.status == (404 if place == "/nothing" else 200)
        assert page.get_by_label("长者模式").is_checked() is (is_elder and place != PAGES[0])
        if is_elder:
            page.get_by_label("长者模式").check()  # remembered from here on
        found = Axe().run(page).response["violations"]
        complaints += [f"{place}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            complaints += [f"{place}: {wide} px wide at {width}"] if wide > width else []
    context.close()
    assert [each for each in complaints if "404 (NOT FOUND)" not in each] == []


def test_elder_mode_works_without_a_script_and_makes_everything_larger(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/zwfw/48/")
    before = page.get_by_role("main").bounding_box()
    page.get_by_label("长者模式").check()
    after = page.get_by_role("main").bounding_box()
    context.close()

    assert before
    assert after
    assert after["height"] > 1.25 * before["height"]


def test_a_first_view_takes_six_requests_and_fifty_kilobytes_at_most(address, browser, settings):
    """As the browser itself counts, with the emblem it asks for a second time for its tab, which Playwright keeps quiet about;
    bytes as a web server sends them, compressed. E-12. Negative control tried: a second sheet of style is one too many.
    """
    tree, heavy = settings.live_tree.resolve(), []
    for place in PAGES:
        context = browser.new_context()
        page, asked = context.new_page(), []
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.requestWillBeSent", lambda event, asked=asked: asked.append(event["request"]["url"])
        )
        page.goto(address + place, wait_until="networkidle")
        context.close()
        names = {each.removeprefix(address) for each in asked}
        files = [tree / (each.lstrip("/") + ("index.html" if each.endswith("/") else "")) for each in names]
        size = sum(len(gzip.compress(file.read_bytes())) for file in files if file.is_file())
        if len(asked) > MOST_REQUESTS or size > MOST_BYTES:
            heavy.append((place, sorted(asked), size))
    assert heavy == []


def test_every_page_is_well_formed_and_the_median_is_small(address, settings):
    faults, sizes = [], []
    for file in settings.live_tree.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        place = address_of(file.relative_to(settings.live_tree).as_posix())
        faults += [f"{place}: {fault}" for fault in Conformance(text).faults]
        sizes.append(file.stat().st_size)

    assert faults == []
    assert sorted(sizes)[len(sizes) // 2] <= MEDIAN_BYTES


def test_the_keyboard_reaches_the_text_at_once_and_shows_where_it_is(address, browser):
    """Negative controls tried: no outline, and main that takes no focus."""
    context = browser.new_context()
    page = context.new_page()
    for place in PAGES:
        page.goto(address + place)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", place
        assert page.locator(".skip").bounding_box()["x"] >= 0  # it comes into view
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", place
        page.keyboard.press("Tab")
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert shown == "3px", (place, page.evaluate("document.activeElement.outerHTML"))
    context.close()


def test_nothing_moves_for_those_who_asked_for_that(address, browser):
    """Negative control tried: a transition outside the media query."""
    context = browser.new_context(reduced_motion="reduce")
    page, moving = context.new_page(), []
    for place in PAGES:
        page.goto(address + place)
        moving += page.evaluate("""() => [...document.querySelectorAll("*")].filter((each) => {
          const style = getComputedStyle(each);
          return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior !== "auto";
        }).map((each) => each.outerHTML.slice(0, 80))""")
    context.close()
    assert moving == []


def test_a_guide_on_paper_is_the_guide_with_its_address_and_no_navigation(address, browser):
    """A4 with its margins is 178 mm wide. Negative controls tried: navigation left in, a chart as wide as it was drawn."""
    context = browser.new_context(viewport={"width": 673, "height": 980})
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{address}/zwfw/48/")
    for unwanted in ("nav", "search", ".skip", ".site-foot", ".button", ".elder-switch", ".alarm"):
        assert not any(each.is_visible() for each in page.locator(unwanted).all()), unwanted
    assert page.locator(".qr svg").is_visible()
    assert "/zwfw/48/" in page.locator(".qr").inner_text()
    chart, page_mm = page.locator(".chart").bounding_box(), 673 / 178
    context.close()

    assert chart["width"] <= 178 * page_mm
    assert chart["height"] <= 210 * page_mm
