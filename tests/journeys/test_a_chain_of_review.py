"""A rule of the county goes through three offices: returned by the second, mended, approved as a plan, published, a slip corrected."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from county import sign_in as accounts
from county.officers import Officer, Role
from database import db
from tests.journeys.conftest import Town, shot
from tests.journeys.test_a_notice_goes_live import channel_label, sign_in, wait_for

pytestmark = pytest.mark.browser
TITLE = "青崖县临时救助实施办法"
BODY = "## 第一章 总则\n\n为解决居民突发性、紧迫性困难，规范临时救助工作，制定本办法。\n\n申请人向户籍所在地乡镇提出申请，由乡镇受里并核实。\n"
STEPS = (("部门负责人", "审核员"), ("法制机构", "法制审核员"), ("信息公开工作机构", "信息公开审核员"))
SECRECY = re.compile("已完成保密审查")
NARROW, WIDE = {"width": 768, "height": 1024}, {"width": 1280, "height": 900}


def hire(town: Town, login: str, name: str, role: Role) -> None:
    """Somebody of the bureau of the editor who holds a role the sample county has nobody for."""
    with town.app.app_context():
        editor = db.session.scalars(db.select(Officer).where(Officer.login == "wenruolan")).one()
        officer = accounts.create_officer(login, name, editor.organ, by=None, at=datetime.now(UTC))
        accounts.grant_role(officer, role, editor.organ, by=None, at=datetime.now(UTC))
        db.session.commit()


def both(page: Page, name: str) -> None:
    """Pictures on a tablet and on a desk; nothing scrolls sideways."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        shot(page, f"{name}-{size['width']}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)


def approve(page: Page, comment: str = "") -> None:
    page.goto("/admin/review/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_label(SECRECY).check()
    page.get_by_label("审核意见").fill(comment)
    page.get_by_role("button", name="通过").click()


@pytest.mark.row("A-10", "B-06", "B-08")
def test_a_rule_passes_three_offices_is_returned_once_and_goes_out_as_it_was_approved(town, open_page):
    hire(town, "falian", "法廉", Role.LEGAL_REVIEWER)
    hire(town, "gongyan", "宫研", Role.DISCLOSURE_REVIEWER)
    administrator, editor, head, law, disclosure, publisher = (open_page() for _ in range(6))
    logins = ("administrator", "wenruolan", "quhongtu", "falian", "gongyan", "qinwanqing")
    with town.app.app_context():
        keeper = next(one for one in db.session.scalars(db.select(Officer)) if any(g.role is Role.ADMINISTRATOR and g.organ_id is None for g in one.grants))  # fmt: skip
        logins = (keeper.login, *logins[1:])
    for page, login in zip((administrator, editor, head, law, disclosure, publisher), logins, strict=True):
        sign_in(page, town.link_for(login))

    # the administrator sets three steps for rules
    administrator.goto("/admin/review-chains/new/")
    administrator.get_by_label("适用栏目").select_option(label=channel_label_of(administrator, "规范性文件"))
    for place, (name, role) in enumerate(STEPS):
        if place:
            administrator.get_by_role("button", name="再加一个环节").click()
        row = administrator.locator("fieldset.row").nth(place)
        row.get_by_label("环节名称").fill(name)
        row.get_by_label("由谁办理").select_option(label=role)
    both(administrator, "chain-form")
    administrator.get_by_role("button", name="保存").last.click()
    expect(administrator.get_by_role("main")).to_contain_text("审核流程已保存")
    both(administrator, "chain-list")

    # the editor writes and submits; the first office passes it with a word, the second returns it
    editor.goto("/admin/disclosures/new/")
    editor.get_by_label("信息标题").fill(TITLE)
    editor.get_by_role("textbox", name="正文", exact=True).fill(BODY)
    editor.locator("select[name=channel]").select_option(label=channel_label(editor, "规范性文件"))
    editor.get_by_role("button", name="保存并送审").click()
    expect(editor.get_by_text("等待：部门负责人").first).to_be_visible()
    approve(head, "符合工作实际，同意。")
    expect(head.get_by_role("main")).to_contain_text("现在等待：法制机构")
    both(head, "chain-first-passed")
    law.goto("/admin/review/")
    both(law, "chain-queue")
    law.get_by_role("link", name=TITLE).first.click()
    law.get_by_text("退回…").click()
    law.get_by_label("退回原因").fill("请补充施行日期。")
    law.get_by_role("button", name="确认退回").click()
    expect(law.get_by_text("已退回").first).to_be_visible()

    # the editor reads why, mends it, and it goes through all three
    editor.reload()
    expect(editor.get_by_role("main")).to_contain_text("请补充施行日期")
    both(editor, "chain-returned")
    editor.get_by_role("link", name="修改", exact=True).click()
    editor.get_by_role("textbox", name="正文", exact=True).press("Control+End")
    editor.keyboard.insert_text("\n本办法自2027年1月1日起施行。\n")
    editor.get_by_role("button", name="保存并送审").click()
    approve(head)
    approve(law, "已补充，无合法性问题。")
    disclosure.goto("/admin/review/")
    disclosure.get_by_role("link", name=TITLE).first.click()
    expect(disclosure.get_by_text("通过的是这份发布方案")).to_be_visible()
    both(disclosure, "chain-plan")
    disclosure.get_by_label(SECRECY).check()
    disclosure.get_by_role("button", name="通过").click()
    expect(disclosure.get_by_role("main")).to_contain_text("审核已通过，等待发布")
    both(disclosure, "chain-passed")

    # published, and a slip of the pen mended by two people
    publisher.goto("/admin/publish/")
    publisher.get_by_role("link", name=TITLE).first.click()
    publisher.get_by_role("button", name="发布", exact=True).click()
    expect(publisher.get_by_text("已发布").first).to_be_visible()
    address = publisher.get_by_role("link", name="查看公开页面").get_attribute("href")
    editor.goto(publisher.url)
    editor.get_by_role("link", name="笔误更正").click()
    editor.get_by_role("textbox", name="正文", exact=True).fill(
        editor.get_by_role("textbox", name="正文", exact=True).input_value().replace("受里", "受理")
    )
    editor.get_by_label("更正的原因").fill("“受理”误为“受里”")
    both(editor, "correction-form")
    editor.get_by_role("button", name="提交更正").click()
    expect(editor.get_by_role("main")).to_contain_text("等待第二人确认")
    head.goto(editor.url)
    both(head, "correction-waits")
    head.get_by_role("button", name="确认更正").click()
    expect(head.get_by_role("main")).to_contain_text("笔误已更正")
    both(head, "correction-done")
    wait_for(head, lambda: "由乡镇受理并核实" in head.request.get(address).text(), "the slip is still public")

    # deputies, and the timetable
    head.goto("/admin/deputies/")
    both(head, "deputies")
    publisher.goto("/admin/planned/")
    both(publisher, "planned")


def channel_label_of(page: Page, name: str) -> str:
    labels = page.get_by_label("适用栏目").locator("option").all_inner_texts()
    return next(label for label in labels if label.strip().endswith(name))
