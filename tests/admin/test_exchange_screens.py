"""The screens of forms, task sheets and mappings in a real Chromium: accessible, no sideways scroll, no breach of the policy."""

from pathlib import Path

import pytest

from content.models import FieldMapping, TaskSheet
from database import db
from exchange.forms.files import item_file
from tests.admin.test_forms import item
from tests.admin.test_mappings import DUTCH
from tests.admin.test_screens import WIDTHS, Walk, _faults
from tests.admin.test_screens import address as address
from tests.admin.test_screens import chromium as chromium
from tests.admin.test_tasks import filled, issued
from tests.exchange.test_forms import SITE, edited
from tests.people import NOON

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def look(walk: Walk, name: str, folder: Path) -> list[str]:
    """What is wrong with the page at any width."""
    walk.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found = []
    for width, pixels in WIDTHS.items():
        walk.page.set_viewport_size({"width": pixels, "height": 900})
        walk.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        found += [f"{name}-{width}: {fault}" for fault in _faults(walk.page)]
    return found


def test_an_editor_brings_a_form_and_a_sheet_in(office, address, chromium, tmp_path):
    edition = item(office)
    item(office, title="木材运输许可")
    sheet = issued(office)
    changed = edited(
        item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼", "事项分类": "☑行政许可 ☑行政确认"}
    )
    (tmp_path / "表.docx").write_bytes(changed)
    (tmp_path / "单.xlsx").write_bytes(
        filled(office, sheet, {"林木采伐许可": {"反馈": "已修改", "办理地点": "三楼"}})
    )
    walk = Walk(chromium, address)
    walk.sign_in("editor")
    page = walk.page

    page.goto("/admin/forms/")
    wrong = look(walk, "forms", tmp_path)
    page.get_by_label("文件").set_input_files(tmp_path / "表.docx")
    page.get_by_role("button", name="读取并预览").click()
    wrong += look(walk, "forms-preview", tmp_path)
    page.goto(f"/admin/tasks/details/?id={sheet.id}")
    wrong += look(walk, "task", tmp_path)
    page.get_by_label("文件").set_input_files(tmp_path / "单.xlsx")
    page.get_by_role("button", name="读取并预览").click()
    wrong += look(walk, "task-preview", tmp_path)
    page.get_by_role("button", name="提交 1 项反馈").click()

    assert page.get_by_text("已反馈 1 项").is_visible()
    assert wrong == []
    assert walk.complaints == []
    assert db.session.query(TaskSheet).one().rows[0].changed == ["办理地点"]


def test_an_administrator_makes_a_mapping_and_judges_an_answer(office, address, chromium, tmp_path):
    item(office)
    (tmp_path / "upl.csv").write_text(DUTCH, "utf-8")
    walk = Walk(chromium, address)
    walk.sign_in("administrator")
    page = walk.page

    page.goto("/admin/mappings/")
    wrong = look(walk, "mappings", tmp_path)
    page.get_by_label("对照名称").fill("荷兰事项名录")
    page.get_by_label("样本文件").set_input_files(tmp_path / "upl.csv")
    page.get_by_role("button", name="读取列名").click()
    page.get_by_role("group", name="uri").get_by_label("字段").select_option("id")
    page.get_by_role("group", name="naam").get_by_label("字段").select_option("item_name")
    page.get_by_role("button", name="保存对照").click()
    wrong += look(walk, "mapping", tmp_path)
    page.get_by_label("文件", exact=True).set_input_files(tmp_path / "upl.csv")
    page.get_by_role("button", name="读取并预览").click()
    wrong += look(walk, "mapping-preview", tmp_path)
    page.get_by_role("button", name="确认导入 2 行").click()
    page.goto("/admin/tasks/new/")
    wrong += look(walk, "task-new", tmp_path)
    page.goto("/admin/tasks/")
    wrong += look(walk, "tasks", tmp_path)

    assert wrong == []
    assert walk.complaints == []
    assert db.session.query(FieldMapping).one().columns[1]["field"] == "item_name"
