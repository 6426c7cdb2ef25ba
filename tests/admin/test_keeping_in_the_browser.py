"""What a browser makes of texts that are kept: typed, lost, found again; and a form that two have open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from content import operations
from content.models import Edition
from database import db
from tests.admin.conftest import Office
from tests.admin.test_screens import Walk, address, chromium  # noqa: F401  fixtures

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
BODY = "正文"


@pytest.fixture
def edition(office: Office) -> Edition:
    return office.disclosure(body="第一段写修路。\n\n第二段写修桥。", summary="原来的概述")


@pytest.fixture
def walk(office: Office, chromium: Chromium, address: str, edition: Edition) -> Iterator[Walk]:  # noqa: F811
    walk = Walk(chromium, address)
    walk.sign_in("editor")
    walk.page.goto(f"/admin/disclosures/edit/?id={edition.id}")
    yield walk
    # Chromium reports the answer to who was overtaken, also where the preview was.
    assert [each for each in walk.complaints if "409" not in each and "422" not in each] == []


def test_what_was_typed_is_there_after_the_page_was_lost(walk: Walk, edition: Edition):
    body = walk.page.get_by_role("textbox", name=BODY, exact=True)
    body.fill("断电前写下的一段话。")
    expect(walk.page.locator("#kept")).to_contain_text("已自动保存")
    walk.context.pages[0].close()  # no warning: what was typed is kept

    walk.page = walk.context.new_page()
    walk.page.goto(f"/admin/disclosures/edit/?id={edition.id}")
    walk.page.get_by_role("link", name="接着写").click()
    assert walk.page.locator("#body").input_value() == "断电前写下的一段话。"

    walk.page.get_by_role("button", name="保存草稿").last.click()
    expect(walk.page.get_by_text("草稿已保存")).to_be_visible()
    db.session.rollback()
    assert db.session.get_one(Edition, edition.id).body == "断电前写下的一段话。"
    walk.page.goto(f"/admin/disclosures/edit/?id={edition.id}")
    expect(walk.page.get_by_role("link", name="接着写")).to_have_count(0)


def test_while_the_network_is_away_the_page_says_so_and_keeps_trying(walk: Walk):
    walk.page.route("**/keep/**", lambda route: route.abort())
    walk.page.get_by_role("textbox", name=BODY, exact=True).fill("没有网络时写的话。")
    expect(walk.page.locator("#kept")).to_contain_text("网络不通")
    walk.page.unroute("**/keep/**")
    walk.page.get_by_role("textbox", name=BODY, exact=True).press_sequentially("又写。")
    expect(walk.page.locator("#kept")).to_contain_text("已自动保存")
    walk.complaints.clear()  # Chromium reports the request that was cut off


def test_a_form_opened_and_sent_back_untouched_is_no_change_of_its_writer(
    office: Office, walk: Walk, edition: Edition
):
    """Every field says the same as a text of the edition and as a browser sends it; else untouched ones would look changed."""
    newer = operations.save_draft(
        edition, {"body": "他人换了正文"}, by=office.people["allround"].id, at=edition.updated_at
    )
    assert newer is None
    db.session.commit()

    walk.page.get_by_role("button", name="保存草稿").last.click()

    expect(walk.page.get_by_text("您没有动过的部分已换成他人保存的内容：正文")).to_be_visible()
    expect(walk.page.get_by_text("两个人都改过的部分")).to_have_count(0)
    assert walk.page.locator("#body").input_value() == "他人换了正文"


def test_both_sides_of_a_conflict_stand_beside_each_other(office: Office, walk: Walk, edition: Edition):
    operations.save_draft(
        edition,
        {"body": "第一段写修路。\n\n第二段写修水渠。"},
        by=office.people["allround"].id,
        at=edition.updated_at,
    )
    db.session.commit()
    walk.page.get_by_role("textbox", name=BODY, exact=True).fill("第一段写修铁路。\n\n第二段写修桥。")

    walk.page.get_by_role("button", name="保存草稿").last.click()

    both = walk.page.get_by_role("region", name="两个人都改过的部分")
    expect(both.get_by_role("heading", name="他人的改动")).to_be_visible()
    assert both.locator("ins").all_text_contents() == ["新增：水渠", "新增：铁"]
    assert walk.page.locator("#body").input_value().startswith("第一段写修铁路")
