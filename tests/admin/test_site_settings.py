"""网站设置 and 紧急通知 at the desk."""

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from county.ledger import waiting_errands
from county.regions import the_site
from database import db
from installation import settings
from tests.admin.conftest import Browser, Office

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x</script><rect width="9" height="9"/></svg>'


@pytest.fixture
def desk(office: Office):
    return office.at_desk("administrator")


def seen(desk: Browser) -> str:
    """What the form says it showed."""
    found = re.search('name="seen" value="([^"]+)"', desk.get("/admin/site-settings/").text)
    assert found
    return found[1]


def save(desk: Browser, typed: dict[str, Any], **given: Any) -> TestResponse:
    """Open the form and send it."""
    return desk.post("/admin/site-settings/", {"seen": seen(desk), **typed}, **given)


def test_of_two_administrators_the_second_is_told_and_keeps_what_he_typed(office, desk):
    other = office.at_desk("deputy")
    shown = seen(other)
    save(desk, {"name": "青崖县人民政府门户网站"})

    late = other.post("/admin/site-settings/", {"seen": shown, "name": "青崖县", "undertaker": "县大数据局"})

    assert late.status_code == 422
    assert "郭管理在" in late.text
    assert "现在的网站名称是“青崖县人民政府门户网站”" in late.text
    assert 'value="县大数据局"' in late.text
    assert the_site().name == "青崖县人民政府门户网站"
    again = re.search('name="seen" value="([^"]+)"', late.text)
    assert other.post("/admin/site-settings/", {"seen": again[1], "name": "青崖县"}).status_code == 302
    assert the_site().name == "青崖县"


def owed() -> set[str]:
    return {errand.kind for errand in waiting_errands()}


def test_colour_emblem_and_foot_are_kept_and_the_whole_site_is_owed(office, desk):
    sent = {
        "name": "青崖县人民政府",
        "colour": "#8A1C1C",
        "foot_note": "版权所有",
        "emblem": (io.BytesIO(SVG), "e.svg"),
    }
    answer = save(desk, sent, content_type="multipart/form-data")

    site = the_site()
    assert answer.status_code == 302
    assert (site.colour, site.foot_note, site.emblem_suffix) == ("#8a1c1c", "版权所有", ".svg")
    assert b"script" not in site.emblem
    assert "publish_site" in owed()
    picture = desk.get("/admin/site-settings/look.svg?colour=%238a1c1c")
    assert (picture.mimetype, "#8a1c1c" in picture.text) == ("image/svg+xml", True)


def test_a_colour_without_contrast_is_refused_and_says_the_ratio(office, desk):
    answer = save(desk, {"name": "青崖县人民政府", "colour": "#ffd23f"})

    assert answer.status_code == 422
    assert "对比度只有 1.4:1" in answer.text
    assert the_site().colour == ""


def test_a_preview_keeps_nothing(office, desk):
    answer = save(desk, {"name": "别的名称", "colour": "#8a1c1c", "preview": "1"})

    assert (answer.status_code, "look.svg?colour=%238a1c1c" in answer.text) == (200, True)
    assert (the_site().name == "别的名称", the_site().colour) == (False, "")


LAW = ("zhinan", "zhidu", "fdzdgk", "ml", "nianbao", "ysq")


def numbered(**changed: str) -> dict[str, str]:
    """The form as it is sent, with a number for each part of the disclosure column."""
    order = {f"part-{key}": str(place) for place, key in enumerate(LAW, 1)}
    return {"name": "青崖县人民政府", **order, **{f"part-{key}": number for key, number in changed.items()}}


@pytest.mark.row("A-24")
def test_the_parts_of_the_disclosure_column_are_put_in_order_by_numbers(office, desk):
    assert re.search('name="part-ysq"[^>]*value="6"', desk.get("/admin/site-settings/").text)

    new = {"code": "zcwj", "name": "政策文件", "kind": "disclosure", "is_active": "y"}
    desk.post("/admin/channels/new/", new)
    answer = save(desk, numbered(ysq="1", zhinan="7", zcwj="2"))
    office.bring_live()

    assert answer.status_code == 302
    assert the_site().disclosure_order == "ysq,zhidu,zcwj,fdzdgk,ml,nianbao,zhinan"
    column = (settings().live_tree / "xxgk" / "index.html").read_text(encoding="utf-8")
    entries = column.split('<ul class="entries thirds">')[1].split("</ul>")[0]
    assert re.findall("<b>([^<]+)</b>", entries)[::6] == ["依申请公开", "政府信息公开指南"]
    assert re.search('name="part-ysq"[^>]*value="1"', desk.get("/admin/site-settings/").text)

    save(desk, numbered())
    assert the_site().disclosure_order == ""  # the order of the law, whatever it will be


def test_a_part_that_the_law_demands_is_not_left_out(office, desk):
    answer = save(desk, numbered(nianbao="", colour="", ml="x"))

    assert answer.status_code == 422
    assert "政府信息公开目录应为整数" in answer.text
    missing = save(desk, numbered(nianbao=""))
    assert (missing.status_code, "必须公开，请填写它的顺序" in missing.text) == (422, True)
    assert the_site().disclosure_order == ""


def test_one_click_puts_a_notice_up_and_one_takes_it_off(office, desk):
    office.bring_live()
    assert (
        desk.post("/admin/alerts/", {"text": "今晚停水", "level": "blue", "link": "/xxgk/"}).status_code
        == 302
    )
    assert the_site().alert_text == "今晚停水"
    assert "publish_alert" in owed()
    assert "今晚停水" in desk.get("/admin/alerts/").text

    assert desk.post("/admin/alerts/lift/").status_code == 302
    db.session.rollback()
    assert the_site().alert_text == ""


def test_a_notice_that_leads_to_no_page_or_is_too_long_says_so(office, desk):
    office.bring_live()
    answer = desk.post("/admin/alerts/", {"text": "停水", "level": "blue", "link": "/xxgk/99999/"})
    assert (answer.status_code, "没有这个页面" in answer.text) == (422, True)
    assert desk.post("/admin/alerts/", {"text": "涝" * 121, "level": "red"}).status_code == 422
    assert the_site().alert_text == ""
