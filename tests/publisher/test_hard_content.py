"""What is long, wide, unbroken or of another script stays readable: in a real browser, at three widths, in every mode, and on paper."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from database import db
from tests.publisher.hard_county import MANY, furnish

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

WIDTHS = (320, 768, 1440)
MODES = {"normal": {}, "elder": {}, "dark": {"color_scheme": "dark"}, "print": {}}
OVERLAPPING = """() => {
  const unseen = ".hidden, .skip, script, [aria-hidden], svg, .switch, .scroll, pre, .crumbs [aria-current]";
  const isHeadOfCards = (holder) => holder.closest("thead") && getComputedStyle(holder.closest("thead")).position === "absolute";
  const boxes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest(unseen) || isHeadOfCards(holder)) continue;
    if (!holder.checkVisibility({contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const line = parseFloat(getComputedStyle(holder).fontSize), middle = (box.top + box.bottom) / 2;
      boxes.push({text: node.data.trim().slice(0, 30), left: box.left, right: box.right, top: middle - line / 2.2, bottom: middle + line / 2.2});
    }
  }
  boxes.sort((one, two) => one.top - two.top);
  return boxes.flatMap((one, at) => {
    const found = [];
    for (let next = at + 1; next < boxes.length && boxes[next].top < one.bottom - 1; next++) {
      const two = boxes[next];
      if (Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1) found.push(`“${one.text}” over “${two.text}”`);
    }
    return found;
  });
}"""
CLIPPED = """() => [...document.querySelectorAll("body *")].flatMap((each) => {
  const style = getComputedStyle(each), scrolls = ["auto", "scroll"].includes(style.overflowX);
  const is_cut = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
  if (!each.clientWidth || !is_cut || each.closest(".hidden, .crumbs [aria-current]")) return [];
  const name = `${each.tagName}.${each.className}`;
  if (scrolls && !(each.tabIndex === 0 && (each.matches("pre") || each.matches("[role=region][aria-label]")))) return [`${name} scrolls out of reach`];
  return ["hidden", "clip"].includes(style.overflowX) ? [`${name} is clipped`] : [];
})"""
OUTSIDE = """() => [...document.querySelectorAll("body *")].flatMap((each) => {
  const box = each.getBoundingClientRect();
  const is_out = box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  return is_out && !each.closest(".skip, .scroll > *, pre > *, .hidden, svg, .cards > thead") ? [`${each.tagName}.${each.className} from ${box.left} to ${box.right}`] : [];
})"""


@pytest.fixture
def hard(small_county, build, make_app):
    """The hard county, served: its address, and what is to be looked at."""
    made = furnish(small_county)
    assert build().blocked == ()
    pages = [
        "/", "/xxgk/", "/xxgk/ml/", "/xxgk/c/ghjh/", f"/xxgk/c/ghjh/{MANY // 20 // 2}.html", "/xxgk/c/ghjh/1.html",
        "/xxgk/c/xzxx/", "/xxgk/c/zajz/", "/zwfw/", "/zwfw/all/", "/zwfw/online/", "/zwfw/k/cf/", "/hudong/", "/map.html",
        made.document, made.empty_document, made.uyghur, made.service, made.question,
    ]  # fmt: skip
    db.session.remove()
    server = make_server("127.0.0.1", 0, make_app("site"), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("mode", MODES)
def test_hard_content_is_neither_cut_nor_covered_and_never_makes_the_page_scroll_sideways(
    hard, browser, mode
):
    """Negative controls tried: no break in long words, a list row of fixed height, a clipped cell, a table that is not in a region."""
    address, pages = hard
    context = browser.new_context(reduced_motion="reduce", **MODES[mode])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.goto(address)
    if mode == "elder":
        page.get_by_label("长者模式").check()
    page.emulate_media(media="print" if mode == "print" else "screen")
    for place in pages:
        answer = page.goto(address + place)
        assert answer is not None
        assert answer.status == 200, place
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = [each for script in (OVERLAPPING, CLIPPED, OUTSIDE) for each in page.evaluate(script)]
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{wide} px wide"] if wide > width else []
            complaints += [f"{place} at {width}: {each}" for each in found[:4]]
        for violation in Axe().run(page).response["violations"]:
            complaints.append(f"{place}: {violation['id']} {violation['nodes'][0]['html'][:120]}")
    context.close()
    assert complaints == []
