"""Writing in a real browser: the editor, paste from Word, files by drag and drop, rows by keyboard, the public page beside."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from content.models import Edition
from database import db
from tests.admin.conftest import Office
from tests.admin.test_screens import Walk, _faults, address, chromium  # noqa: F401  fixtures

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{mso-style-parent:""}</style></head><body>
<!--StartFragment--><h1 style="mso-pagination:widow-orphan">一、总体要求<o:p></o:p></h1>
<p class=MsoNormal style="text-indent:21pt"><span style="font-family:仿宋">各单位要<b>在三月底前</b>完成。</span></p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">l&nbsp;</span>第一项</p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">l&nbsp;</span>第二项</p>
<table class=MsoTableGrid border=1><tr><td><p>名称</p></td><td><p>金额</p></td></tr><tr><td><p>春耕补助</p></td><td><p>120万元</p></td></tr></table>
<script>window.ran = 1</script><img src="file:///C:/a.png" onerror="window.ran = 1">
<!--EndFragment--></body></html>"""


@pytest.fixture
def edition(office: Office) -> Edition:
    return office.disclosure(body="第一段。")


@pytest.fixture
def walk(office: Office, chromium: Chromium, address: str, edition: Edition) -> Iterator[Walk]:  # noqa: F811
    office.bring_live()
    walk = Walk(chromium, address)
    walk.sign_in("editor")
    walk.page.goto(f"/admin/disclosures/edit/?id={edition.id}")
    yield walk
    refused = (
        "422",
        "404",
        "MIME type",
    )  # answers that refuse, and style sheets of the site, which is not served here
    assert [each for each in walk.complaints if not any(code in each for code in refused)] == []


def stored(edition: Edition) -> Edition:
    db.session.rollback()
    return db.session.get_one(Edition, edition.id)


def save(walk: Walk) -> None:
    walk.page.get_by_role("button", name="保存草稿").last.click()
    expect(walk.page.get_by_text("草稿已保存")).to_be_visible()


def test_what_is_pasted_from_word_becomes_markdown_without_its_looks(walk: Walk, edition: Edition):
    editor = walk.page.get_by_role("textbox", name="正文")
    editor.focus()
    walk.page.keyboard.press("Control+a")
    editor.evaluate(
        """(box, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "ohne");
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        WORD,
    )
    assert walk.page.evaluate("window.ran") is None
    save(walk)

    body = stored(edition).body
    assert body.startswith("# 一、总体要求\n\n各单位要**在三月底前**完成。")
    assert "-   第一项\n-   第二项" in body
    assert "| 名称 | 金额 |\n|---|---|\n| 春耕补助 | 120万元 |" in body
    assert "mso" not in body
    assert "<" not in body


def test_the_toolbar_is_one_stop_of_the_keyboard_and_its_buttons_write_markdown(walk: Walk, edition: Edition):
    page = walk.page
    editor = page.get_by_role("textbox", name="正文")
    editor.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "标题"
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("表后的话。")
    save(walk)

    assert stored(edition).body == (
        "第一段。\n\n| 名称 | 内容 | 备注 |\n|---|---|---|\n|  |  |  |\n|  |  |  |\n表后的话。"
    )


def test_the_tab_key_leaves_the_editor(walk: Walk):
    walk.page.get_by_role("textbox", name="正文").focus()
    walk.page.keyboard.press("Tab")

    assert walk.page.evaluate("document.activeElement.shadowRoot") is None


def test_the_public_page_stands_beside_the_form_and_follows_what_is_typed(walk: Walk, edition: Edition):
    page, frame = walk.page, walk.page.frame_locator("iframe[title=公开页面预览]")
    expect(frame.get_by_role("heading", level=1)).to_have_text(edition.title)
    page.get_by_role("textbox", name="正文").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\n## 新的小标题")
    expect(frame.get_by_role("heading", name="新的小标题")).to_be_visible()
    page.get_by_label("信息标题").fill("")
    expect(frame.get_by_role("heading", level=1)).to_have_text("（还没有填写标题）")
    page.get_by_label("内容概述").fill("身份证号11010519491231002X")
    expect(page.locator(".pane-note")).to_contain_text("现在还不能显示公开页面")

    assert stored(edition).title != "（还没有填写标题）"
    assert frame.locator("header").count() >= 1
    assert _faults(page) == []


def test_a_new_text_has_its_public_page_before_it_is_saved(walk: Walk):
    walk.page.goto("/admin/disclosures/new/")
    frame = walk.page.frame_locator("iframe[title=公开页面预览]")
    expect(frame.get_by_role("heading", level=1)).to_have_text("（还没有填写标题）")

    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(Edition)) == 1


def test_files_are_dropped_checked_shown_with_size_and_hash_and_put_into_the_text(
    walk: Walk, edition: Edition
):
    page = walk.page
    page.locator("#attachments").evaluate(
        """(box, [picture]) => {
            const data = new DataTransfer();
            data.items.add(new File([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))], "公章.png", { type: "image/png" }));
            data.items.add(new File(["MZ no picture"], "假的.png", { type: "image/png" }));
            box.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [base64.b64encode(PIXEL).decode()],
    )
    expect(page.locator("#attachments .what-file")).to_contain_text("校验码")
    expect(page.locator("#attachments .drop .fault")).to_contain_text("假的.png")
    page.get_by_role("button", name="图片", exact=True).click()
    page.get_by_role("button", name="公章.png").click()
    frame = page.frame_locator("iframe[title=公开页面预览]")
    expect(frame.get_by_role("img", name="公章")).to_be_visible()
    assert frame.get_by_role("img", name="公章").evaluate("img => img.naturalWidth") == 1
    save(walk)

    kept = stored(edition)
    assert [file.display_name for file in kept.attachments] == ["公章.png"]
    assert f"![公章](/files/{kept.attachments[0].stored_name})" in kept.body


def test_rows_are_added_moved_removed_and_brought_back_by_keyboard(walk: Walk):
    page = walk.page
    page.goto("/admin/services/new/")
    page.get_by_label("事项名称").fill("乡村医生执业注册")
    page.get_by_label("材料名称").fill("执业申请表")
    page.get_by_role("button", name="再加一份材料").press("Enter")
    assert page.evaluate("document.activeElement.name") == "materials-1-name"
    page.keyboard.insert_text("身份证明")
    page.keyboard.press("Alt+ArrowUp")
    names = (
        "[...document.querySelectorAll('#materials [name$=\"-name\"]')].map(each => [each.name, each.value])"
    )
    assert page.evaluate(names) == [["materials-0-name", "身份证明"], ["materials-1-name", "执业申请表"]]
    page.get_by_role("button", name="删除第2项").first.press("Enter")
    assert page.evaluate(names) == [["materials-0-name", "身份证明"]]
    page.get_by_role("button", name="撤销删除第2项").press("Enter")
    assert page.evaluate(names)[1] == ["materials-1-name", "执业申请表"]
    page.get_by_label("实施机构").select_option(label="青崖县财政局")
    save(walk)
    expect(page.get_by_role("cell", name="执业申请表")).to_be_visible()
