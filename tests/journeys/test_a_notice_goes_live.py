"""An editor's draft to the reader's page and the search hit."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PATIENCE_MS
from tests.journeys.conftest import PHONE, shot

pytestmark = pytest.mark.browser
TITLE = "关于临水古镇石桥维修期间人车分流的通告"
BODY = "## 时间\n\n自下月一日起，**石桥**两端各留一条步行通道。\n\n| 路段 | 绕行 |\n|---|---|\n| 东街 | 经滨河路 |\n"


def sign_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/admin/password*")


def test_a_notice_goes_from_the_editors_draft_to_the_readers_page_and_the_search(town, open_page):
    """A-08 … A-11, A-07, D-11: collect, edit, review, publish; found and read without JavaScript."""
    editor, reviewer, publisher = open_page(), open_page(), open_page()
    reader = open_page(javascript=False, size=PHONE)

    # the editor writes, forgets the channel, is told, and submits
    sign_in(editor, town.link_for("wenruolan"))
    editor.goto("/admin/disclosures/new/")
    editor.get_by_label("信息标题").fill(TITLE)
    editor.get_by_role("textbox", name="正文", exact=True).fill(BODY)
    editor.get_by_role("button", name="保存并送审").click()
    expect(editor.get_by_role("main")).to_contain_text("请选择所属栏目")
    shot(editor, "editor-told-what-is-missing")
    editor.get_by_role("link", name="请选择所属栏目").first.click()
    expect(editor.get_by_label("信息标题")).to_have_value(TITLE)
    editor.locator("select[name=channel]").select_option(label=channel_label(editor, "通知公告"))
    editor.get_by_role("button", name="保存并送审").click()
    expect(editor.get_by_text("待审核").first).to_be_visible()
    shot(editor, "editor-submitted")

    # another person approves, only after the secrecy review
    sign_in(reviewer, town.link_for("quhongtu"))
    reviewer.goto("/admin/review/")
    reviewer.get_by_role("link", name=TITLE).click()
    reviewer.get_by_role("button", name="通过").click()
    expect(reviewer.get_by_role("alert")).to_contain_text("保密审查")
    reviewer.get_by_label(re.compile("已完成保密审查")).check()
    reviewer.get_by_role("button", name="通过").click()
    expect(reviewer.get_by_text("待发布").first).to_be_visible()
    shot(reviewer, "reviewer-approved")

    # the publisher publishes
    sign_in(publisher, town.link_for("qinwanqing"))
    publisher.goto("/admin/publish/")
    publisher.get_by_role("link", name=TITLE).click()
    publisher.get_by_role("button", name="发布").click()
    expect(publisher.get_by_text("已发布").first).to_be_visible()
    address = publisher.get_by_role("link", name="查看公开页面").get_attribute("href")
    shot(publisher, "publisher-published")

    # a reader finds it on a phone, without JavaScript
    wait_until_public(reader, address)
    reader.goto("/")
    reader.get_by_role("searchbox").first.fill("石桥 人车分流")
    reader.get_by_role("button", name="搜索").first.click()
    shot(reader, "reader-search")
    reader.get_by_role("link", name=re.compile("石桥维修")).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_role("cell", name="经滨河路")).to_be_visible()
    expect(reader.get_by_text("索引号").first).to_be_visible()
    shot(reader, "reader-page")


def channel_label(page: Page, name: str) -> str:
    labels = page.locator("select[name=channel] option").all_inner_texts()
    return next(label for label in labels if label.strip().endswith(name))


def wait_until_public(page: Page, address: str) -> None:
    """Until the page is there, and in the index, which follows it."""
    wait_for(page, lambda: page.request.get(address).ok, f"{address} did not become public")
    question = "/svc/api/v1/search?q=石桥维修期间人车分流"
    wait_for(page, lambda: page.request.get(question).json()["total"], f"{address} is not found")


def wait_for(page: Page, holds: Callable[[], object], complaint: str) -> None:
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < ends, complaint
        page.wait_for_timeout(200)
