"""A citizen's application over the clerk's desk to both look-ups; the citizen has no JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, shot
from tests.journeys.test_a_notice_goes_live import sign_in

pytestmark = pytest.mark.browser
NAME, ID_NUMBER, PHONE_NUMBER = "欧阳青禾", "11010519491231002X", "19900001234"
WRONG = "110105194912310021"
STATEMENT = "我与未婚夫均为青崖县户籍，拟于下周三上午办理，双方身份证和户口簿都已备好。"


def test_an_application_goes_over_the_clerks_desk_to_both_look_ups(town, open_page):
    """D-09a, D-09b, D-10a, D-10b, E-06, E-07, F-27: apply, accept, note an opinion, decide, look up twice."""
    citizen, clerk = open_page(javascript=False, size=PHONE), open_page()

    # from the home page to the form, a wrong ID number, and what was typed is kept
    citizen.goto("/zwfw/")
    citizen.get_by_role("link", name=re.compile("行政确认")).first.click()
    citizen.get_by_role("link", name=re.compile("结婚登记")).first.click()
    shot(citizen, "citizen-guide")
    citizen.get_by_role("link", name="在线申请").first.click()
    fill(citizen, ID_NUMBER.replace("002X", "0021"))
    citizen.get_by_role("button", name="提交申请").click()
    expect(citizen).to_have_title(re.compile("^错误："))
    expect(citizen.get_by_label("证件号码", exact=True)).to_have_value(WRONG)
    expect(citizen.get_by_label("申请事项的具体情况")).to_have_value(STATEMENT)
    shot(citizen, "citizen-told-what-is-wrong")
    citizen.get_by_label("证件号码", exact=True).fill("110105 19491231 002x")
    citizen.get_by_role("button", name="提交申请").click()
    expect(citizen.get_by_role("main")).to_contain_text(re.compile(r"SQ\d{8}"))
    receipt = citizen.get_by_role("main").inner_text()
    number, code = (
        re.search(r"SQ[0-9A-Z-]+", receipt)[0],
        re.search(r"查询码\s*([0-9A-Z -]+)", receipt)[1].strip(),
    )
    shot(citizen, "citizen-receipt")

    # reloading the receipt makes no second application
    citizen.reload()
    expect(citizen.get_by_role("main")).to_contain_text(number)

    # the clerk accepts, notes an opinion, and grants
    sign_in(clerk, town.link_for("wenruolan"))
    clerk.goto("/admin/applications/")
    row = clerk.get_by_role("row").filter(has_text=number)
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    expect(clerk.get_by_text(NAME)).to_be_visible()
    shot(clerk, "clerk-application")
    clerk.get_by_role("button", name="受理", exact=True).click()
    expect(clerk.get_by_role("main")).to_contain_text(re.compile(r"BJ\d{8}"))
    case_number = re.search(r"BJ[0-9A-Z-]+", clerk.get_by_role("main").inner_text())[0]
    clerk.locator("textarea[name=opinion]").fill("材料齐全，符合登记条件。")
    clerk.locator("form[action*=record_opinion] button").click()
    expect(clerk.get_by_role("main")).to_contain_text("材料齐全，符合登记条件。")
    clerk.locator("select[name=outcome]").select_option("准予")
    clerk.locator("textarea[name=result]").fill("准予登记，请双方到场领证。")
    clerk.locator("form[action*=decide] button").click()
    expect(clerk.get_by_text("已办结").first).to_be_visible()
    shot(clerk, "clerk-decided")

    # both look-ups show the result, and nothing unmasked
    citizen.goto("/svc/lookup")
    citizen.get_by_role("textbox", name="申请编号").fill(number)
    citizen.get_by_role("textbox", name="查询码").fill(code)
    citizen.get_by_role("button", name="查询申请").click()
    check_progress(citizen, case_number)
    citizen.goto("/svc/lookup")
    citizen.get_by_role("textbox", name="办件编号").fill(case_number.lower())
    citizen.get_by_role("textbox", name="申请人证件号码").fill(ID_NUMBER)
    citizen.get_by_role("button", name="查询办件").click()
    check_progress(citizen, case_number)
    shot(citizen, "citizen-result")

    # an outsider with the right number and a wrong ID sees nothing
    citizen.goto("/svc/lookup")
    citizen.get_by_role("textbox", name="办件编号").fill(case_number)
    citizen.get_by_role("textbox", name="申请人证件号码").fill("320382198001010014")
    citizen.get_by_role("button", name="查询办件").click()
    expect(citizen).to_have_title(re.compile("^错误："))
    expect(citizen.get_by_role("main")).not_to_contain_text("准予登记")

    # and nowhere on disk does the person stand readable
    assert_nowhere_readable(town.home)


def fill(page: Page, id_number: str) -> None:
    page.get_by_label("姓名或单位名称").fill(NAME)
    page.get_by_label("证件类型", exact=True).select_option(label="居民身份证")
    page.get_by_label("证件号码", exact=True).fill(id_number)
    page.get_by_label("联系电话", exact=True).fill(PHONE_NUMBER)
    page.get_by_label("申请事项的具体情况").fill(STATEMENT)


def check_progress(page: Page, case_number: str) -> None:
    """The six fields of D-10b, and masks."""
    expect(page.get_by_role("main")).to_contain_text("办件名称")
    main = page.get_by_role("main").inner_text()
    for label in ("办件编号", "办件名称", "受理时间", "办理时间", "办理部门", "办理状态"):
        assert label in main
    assert case_number in main
    assert "准予登记" in main
    assert not [secret for secret in (NAME, ID_NUMBER, PHONE_NUMBER) if secret in page.content()]


def assert_nowhere_readable(home) -> None:
    for file in home.rglob("*"):
        if file.is_file():
            found = [
                secret
                for secret in (NAME, ID_NUMBER, PHONE_NUMBER, STATEMENT[:12])
                if secret.encode() in file.read_bytes()
            ]
            assert not found, file
