"""Task sheets: issued by an administrator, filled in by the organ, reviewed item by item."""

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from content import operations, rules
from content.errors import Fault
from content.models import ServiceEdition, StagedImport, TaskAnswer, TaskSheet, TaskVerdict
from content.rules.tasks import SheetState
from county.calendar import county_day
from county.ledger import Act
from database import db
from tests.admin.conftest import Office
from tests.admin.test_forms import SEEN, item


def issued(office: Office, **given) -> TaskSheet:
    browser = office.at_desk("administrator")
    data = {"title": "2026年第四季度事项核对", "organ": str(office.finance.id), "due_on": "2099-12-31", "items": "0", "note": "逐项核对依据。"}  # fmt: skip
    answer = browser.post("/admin/tasks/new/", data | given)
    assert answer.status_code == 302, answer.text
    return db.session.query(TaskSheet).order_by(TaskSheet.id.desc()).first()  # type: ignore[return-value]


def filled(office: Office, sheet: TaskSheet, answers: dict[str, dict[str, str]]) -> bytes:
    """The sheet as it was fetched, with these cells by item and column, saved by another program."""
    fetched = office.at_desk("editor").get(f"/admin/tasks/file/?id={sheet.id}")
    book = openpyxl.load_workbook(io.BytesIO(fetched.data))
    rows = list(book.active.iter_rows())
    head = next(row for row in rows if row[0].value == "序号")
    columns = {cell.value: cell.column - 1 for cell in head}
    for row in rows:
        for column, text in answers.get(str(row[columns["事项名称"]].value), {}).items():
            row[columns[column]].value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def returned(office: Office, sheet: TaskSheet, content: bytes, login: str = "editor"):
    browser = office.at_desk(login)
    data = {"file": (io.BytesIO(content), "任务单.xlsx")}
    answer = browser.post(f"/admin/tasks/upload/?id={sheet.id}", data, content_type="multipart/form-data")
    return browser, answer


def submitted(office: Office, sheet: TaskSheet, answers: dict[str, dict[str, str]]) -> str:
    browser, answer = returned(office, sheet, filled(office, sheet, answers))
    shown = browser.get(answer.location).text
    seen = shown.partition(SEEN)[2].partition('"')[0]
    browser.post(answer.location.replace("/preview/", "/apply/"), {"seen": seen})
    return shown


@pytest.mark.row("B-17", "B-18")
def test_a_sheet_goes_to_an_organ_and_back_and_is_reviewed_item_by_item(office):
    first, second = item(office), item(office, title="木材运输许可")
    sheet = issued(office)

    shown = submitted(
        office,
        sheet,
        {
            "林木采伐许可": {"反馈": "已修改", "办理地点": "政务中心三楼"},
            "木材运输许可": {"反馈": "建议取消", "反馈说明": "依据已废止"},
        },
    )

    assert "提交 2 项反馈" in shown
    assert "政务中心三楼" in shown
    rows = db.session.get_one(TaskSheet, sheet.id).rows
    assert [(row.answer, row.changed) for row in rows] == [
        (TaskAnswer.CHANGED, ["办理地点"]),
        (TaskAnswer.CANCEL, []),
    ]
    assert db.session.get_one(ServiceEdition, first.id).handling_place == "政务中心三楼"
    assert rules.sheet_state(rows[0].sheet) is SheetState.RETURNED

    boss = office.at_desk("administrator")
    page = boss.get(f"/admin/tasks/details/?id={sheet.id}").text
    assert "依据已废止" in page
    judge = f"/admin/tasks/judge/?id={sheet.id}"
    assert "请写明原因" in boss.post(judge, {"row": str(rows[1].id), "verdict": "return", "note": ""}).text
    boss.post(judge, {"row": str(rows[0].id), "verdict": "accept"})
    boss.post(judge, {"row": str(rows[1].id), "verdict": "return", "note": "请附废止文件文号"})

    again = db.session.get_one(TaskSheet, sheet.id)
    assert [row.verdict for row in again.rows] == [TaskVerdict.ACCEPTED, TaskVerdict.RETURNED]
    assert rules.sheet_state(again) is SheetState.SENT
    book = openpyxl.load_workbook(
        io.BytesIO(office.at_desk("editor").get(f"/admin/tasks/file/?id={sheet.id}").data)
    )
    assert [row[3].value for row in book.active.iter_rows(min_row=5) if row[3].value] == [
        "事项名称",
        "木材运输许可",
    ]
    submitted(office, sheet, {"木材运输许可": {"反馈": "无变化"}})
    boss.post(judge, {"row": str(rows[1].id), "verdict": "accept"})
    assert rules.sheet_state(db.session.get_one(TaskSheet, sheet.id)) is SheetState.DONE
    assert "已完成" in boss.get("/admin/tasks/").text
    verbs = [act.verb for act in db.session.query(Act).filter_by(subject_kind="task_sheet").order_by(Act.id)]
    assert verbs == [
        "issue_sheet",
        "answer_task",
        "answer_task",
        "judge_task",
        "judge_task",
        "answer_task",
        "judge_task",
    ]
    assert second.id


def test_the_sheet_says_what_each_item_lacks_and_no_cell_is_a_formula(office):
    item(office, title='=HYPERLINK("http://example.org")')
    sheet = issued(office)

    book = openpyxl.load_workbook(
        io.BytesIO(office.at_desk("editor").get(f"/admin/tasks/file/?id={sheet.id}").data)
    )

    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any("监督电话" in str(cell.value) and "填写" in str(cell.value) for cell in cells)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"反馈": "无变化", "办理地点": "三楼"}, "但办理地点有改动"),
        ({"反馈": "不知道"}, "请填：无变化、已修改、建议取消"),
        ({"反馈": "建议取消"}, "写明理由"),
        ({"反馈": "已修改", "法定期限": "5个工作日", "承诺期限": "9个工作日"}, "超过了法定期限"),
        ({"反馈": "已修改", "事项标识": "990123:99999"}, "找不到标识"),
    ],
    ids=["says-none-but-changed", "unknown-answer", "cancel-without-reason", "rule", "mark"],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_of_it_is_written(office, cells, said):
    edition = item(office)
    sheet = issued(office)

    shown = submitted(office, sheet, {"林木采伐许可": cells})

    assert said in shown
    assert "没有可以提交的反馈" in shown
    assert db.session.get_one(ServiceEdition, edition.id).version == 1
    assert db.session.get_one(TaskSheet, sheet.id).rows[0].answer is None


def test_a_second_click_answers_nothing_twice(office):
    item(office)
    sheet = issued(office)
    browser, answer = returned(office, sheet, filled(office, sheet, {"林木采伐许可": {"反馈": "无变化"}}))
    seen = browser.get(answer.location).text.partition(SEEN)[2].partition('"')[0]
    apply = answer.location.replace("/preview/", "/apply/")

    assert [browser.post(apply, {"seen": seen}).status_code for _ in range(2)] == [302, 302]

    assert db.session.query(Act).filter_by(verb="answer_task").count() == 1


def test_a_sheet_that_is_no_longer_what_was_shown_is_shown_anew(office):
    edition = item(office)
    sheet = issued(office)
    browser, answer = returned(
        office, sheet, filled(office, sheet, {"林木采伐许可": {"反馈": "已修改", "办理地点": "三楼"}})
    )
    seen = browser.get(answer.location).text.partition(SEEN)[2].partition('"')[0]
    operations.save_draft(
        edition, {"handling_place": "四楼"}, by=office.people["allround"].id, at=datetime.now(UTC)
    )
    db.session.commit()

    again = browser.post(answer.location.replace("/preview/", "/apply/"), {"seen": seen})

    assert again.status_code == 409
    assert db.session.query(StagedImport).one().applied_at is None
    assert db.session.get_one(TaskSheet, sheet.id).rows[0].answer is None


def test_a_sheet_past_its_day_is_overdue_until_it_is_answered(office):
    item(office)
    sheet = issued(office)
    sheet.due_on = county_day(datetime.now(UTC)) - timedelta(days=1)
    db.session.commit()

    assert "已逾期" in office.at_desk("administrator").get("/admin/tasks/").text
    submitted(office, sheet, {"林木采伐许可": {"反馈": "无变化"}})
    assert "已逾期" not in office.at_desk("administrator").get("/admin/tasks/").text


@pytest.mark.parametrize(
    ("given", "said"),
    [({"title": ""}, "请填写任务单名称"), ({"due_on": ""}, "请填写完成期限"), ({"due_on": "2020-01-01"}, "不能早于今天"), ({"organ": ""}, "请选择承办单位")],
    ids=["title", "day", "past", "organ"],
)  # fmt: skip
def test_a_sheet_without_name_day_or_organ_is_not_issued(office, given, said):
    item(office)
    data = {"title": "核对", "organ": str(office.finance.id), "due_on": "2099-12-31", "items": "0"}

    answer = office.at_desk("administrator").post("/admin/tasks/new/", data | given)

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(TaskSheet).count() == 0


def test_an_organ_without_items_gets_no_sheet(office):
    with pytest.raises(Fault, match="现在选择了0个"):
        operations.issue_sheet(
            "核对",
            office.water,
            [],
            due_on=date(2099, 1, 1),
            today=date(2026, 1, 1),
            by=1,
            at=datetime.now(UTC),
        )


def test_an_answer_is_judged_once(office):
    item(office)
    sheet = issued(office)
    submitted(office, sheet, {"林木采伐许可": {"反馈": "无变化"}})
    row = db.session.get_one(TaskSheet, sheet.id).rows[0]
    by, at = office.people["administrator"].id, datetime.now(UTC)
    operations.judge_row(row, TaskVerdict.ACCEPTED, "", by=by, at=at)

    with pytest.raises(Fault, match="刚刚已经审核过"):
        operations.judge_row(row, TaskVerdict.RETURNED, "再看", by=by, at=at)
