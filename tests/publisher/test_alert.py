"""The emergency notice: on every page by two small files, and gone as quickly."""

import threading

import pytest
from werkzeug.serving import make_server

from county.alerts import AlertLevel, lift_alert, raise_alert
from county.errors import RefusedError
from database import db
from publisher.alert_pages import NO_ALERT

TEXT = '暴雨红色预警："不涉水" \\ </style> 请转移；详见 A&B'
PLACES = {"notice.css", "notice.html", "index.html"}


def put_up(county, text=TEXT, **given):
    raise_alert(county.site, text, **{"level": AlertLevel.RED, "by": None, "at": county.now, **given})
    db.session.commit()


def test_a_notice_changes_three_files_however_many_pages_there_are(county, house, settings, live):
    house.build()
    before = {file: file.read_bytes() for file in settings.live_tree.rglob("*.html")}
    put_up(county)
    report = house.publish()

    changed = {file for file, content in before.items() if file.read_bytes() != content}
    assert report.changed == len(PLACES)
    assert {file.relative_to(settings.live_tree).as_posix() for file in changed} == PLACES - {"notice.css"}
    assert "&lt;/style&gt;" in live("/")

    lift_alert(county.site, by=None, at=county.now)
    db.session.commit()
    house.publish()
    assert live("/notice.css") == NO_ALERT
    assert {file: file.read_bytes() for file in before} == before


def test_every_page_has_the_place_for_it_and_loads_the_sheet(county, build, settings):
    build()
    for file in settings.live_tree.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert '<link rel="stylesheet" href="/notice.css">' in text
        assert 'class="alarm"' in text or file.name == "notice.html"


@pytest.mark.browser
def test_without_a_script_every_page_says_it_word_for_word_and_once(county, house, make_app, browser):
    """Also to a screen reader: it is part of the name of the link."""
    house.build()
    put_up(county, link="/xxgk/1/")
    house.publish()
    db.session.remove()
    server = make_server("127.0.0.1", 0, make_app("site"), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    try:
        for place in ("/", "/xxgk/", "/xxgk/1/", "/zwfw/48/", "/hudong/", "/nothing"):
            page.goto(base + place)
            link = page.get_by_role("complementary", name="紧急通知").get_by_role("link", name=TEXT)
            assert link.is_visible(), place
            assert link.aria_snapshot().count("暴雨红色预警") == 1
        page.goto(base + "/notice.html")
        assert TEXT in page.get_by_role("main").inner_text()
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("text", "link", "field"),
    [
        (" \n ", "", "text"),
        ("涝" * 121, "", "text"),
        ("联系人13912345678", "", "text"),
        ("停水", "https://elsewhere.example/", "link"),
        ("停水", "//elsewhere.example/", "link"),
        ("停水", "javascript:x", "link"),
    ],
)
def test_a_notice_that_is_empty_too_long_personal_or_leads_away_is_refused(county, text, link, field):
    with pytest.raises(RefusedError) as refused:
        put_up(county, text, link=link)
    assert refused.value.field == field
