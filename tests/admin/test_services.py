"""Service items over the desk: every field and sub-record goes in by the form and comes out of it."""

import html
import io
import re

import pytest
from werkzeug.datastructures import MultiDict

from admin.editions.acts import seen_mark
from admin.editions.rows import edit_rows
from admin.editions.service_form import ServiceItemForm
from content.errors import Fault
from content.flow_rows import flow_from_rows, rows_from_flow
from content.models import EditionState, ItemCategory, LawRank, ServiceEdition, SubjectNature
from content.operations.writing import editable_fields
from database import db
from tests.admin.conftest import Office
from tests.papers import pdf

PDF = pdf("Registration form")
INPUT = re.compile(r'<input[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")?[^>]*>')


def complete(office: Office, **given: str) -> dict[str, str]:
    """The form of a service item with everything in it."""
    return {
        "title": "林木采伐许可",
        "organ": str(office.finance.id),
        "item_category": "行政许可",
        "operation_stage": "正式运行",
        "item_content": "采伐林地上的林木。",
        "body": "**先申请**后采伐。",
        "summary": "采伐前办理。",
        "handling_subject": "青崖县林业和草原局",
        "subject_nature": "受委托单位",
        "entrusting_unit": "青崖县人民政府",
        "handling_department": "资源管理科",
        "acceptance_conditions": "有林权证\n没有争议",
        "handling_type": "承诺件",
        "legal_limit": "20个工作日",
        "promised_limit": "8个工作日",
        "is_charged": "yes",
        "fee_basis_and_standard": "每株一元",
        "handling_place": "政务中心3楼",
        "office_hours": "工作日9:00—17:00",
        "contact_phone": "0990-4622795",
        "supervision_phone": "0990-4625105",
        "online_handling_url": "https://example.gov.cn/x",
        "audience": "个人、企业",
        "life_events": "农林生产",
        "result_name": "采伐许可证",
        "result_delivery": "窗口领取",
        "legal_basis-0-citation": "《森林采伐更新管理办法》第二条",
        "legal_basis-0-rank": "部门规章",
        "legal_basis-1-citation": "《中华人民共和国森林法》第五十六条",
        "legal_basis-1-rank": "法律",
        "legal_basis-1-clause": "第一款",
        "legal_basis-1-wording": "采伐林地上的林木应当申请采伐许可证",
        "materials-0-name": "申请表",
        "materials-0-format": "原件",
        "materials-0-carrier": "纸质",
        "materials-0-submission_method": "窗口提交",
        "materials-0-storage_requirement": "留存归档",
        "materials-0-is_required": "yes",
        "materials-0-copies": "2",
        "materials-0-note": "写清小地名",
        "materials-1-name": "",
        "faq-0-question": "自留山要办吗？",
        "faq-0-answer": "要办。",
        "flow-0-key": "start",
        "flow-0-name": "申请",
        "flow-0-kind": "start",
        "flow-1-key": "check",
        "flow-1-name": "是否相符",
        "flow-1-kind": "condition",
        "flow-1-next": "相符：end；不符：start",
        "flow-2-key": "end",
        "flow-2-name": "发证",
        "flow-2-kind": "end",
        "flow-2-post": "审批岗",
        "flow-2-duty": "签发",
        "flow-2-limit_days": "0.5",
        "excluded_steps-0-name": "专家评审",
        "excluded_steps-0-explanation": "不计入",
        "excluded_steps-0-days": "10",
        "degrees-0-circumstance": "",
        "service_forms-0-form_no": "LC-02",
        "service_forms-0-form_name": "采伐申请表",
        "service_forms-0-filling_notes": "一行一个小班",
        **given,
    }


def the_item() -> ServiceEdition:
    return db.session.scalars(db.select(ServiceEdition)).one()


def test_every_field_of_the_form_is_saved(office):
    """§15.2–15.3."""
    browser = office.at_desk("editor")

    made = browser.post(
        "/admin/services/new/",
        {**complete(office), "service_forms-0-file": (io.BytesIO(PDF), "采伐申请表.pdf")},
        content_type="multipart/form-data",
    )

    assert made.status_code == 302
    item = the_item()
    assert item.item_category is ItemCategory.LICENCE
    assert item.subject_nature is SubjectNature.ENTRUSTED
    assert (item.promised_limit_value, item.legal_limit_value) == (8, 20)
    assert (item.is_charged, item.published_only) == (True, False)
    assert (item.audience, item.life_events) == (["个人", "企业"], ["农林生产"])
    assert [basis.law.rank for basis in item.legal_basis] == [LawRank.LAW, LawRank.MINISTRY_RULE]  # B-28
    assert item.legal_basis[0].wording == "采伐林地上的林木应当申请采伐许可证"
    assert [(m.name, m.is_required, m.copies, m.note) for m in item.materials] == [
        ("申请表", True, 2, "写清小地名")
    ]
    assert item.faq[0].answer == "要办。"
    assert item.flow[1]["next"] == [{"to": "end", "label": "相符"}, {"to": "start", "label": "不符"}]
    assert item.flow[2]["limit_days"] == 0.5
    assert item.excluded_steps == [{"name": "专家评审", "explanation": "不计入", "days": 10}]
    assert item.service_forms[0].attachment.display_name == "采伐申请表.pdf"
    page = browser.get(made.location).text
    for shown in ("专家评审", "采伐申请表", "第一款", "相符：end", "自留山要办吗", "必填内容已齐全"):
        assert shown in page, shown


def test_what_the_form_shows_saves_the_same_again(office):
    """Opening a guide and saving it unchanged loses nothing."""
    browser = office.at_desk("editor")
    browser.post(
        "/admin/services/new/",
        {
            **complete(
                office,
                discretion_scope="范围",
                discretion_kinds="警告\n罚款",
                **{"degrees-0-circumstance": "轻", "degrees-0-standard": "警告"},
            ),
            "service_forms-0-file": (io.BytesIO(PDF), "表.pdf"),
        },
        content_type="multipart/form-data",
    )
    item = the_item()
    before = {name: _values(item, name) for name in editable_fields(item.document.kind)}
    path = f"/admin/services/edit/?id={item.id}"

    answer = browser.post(path, _as_sent(browser.get(path).text))

    assert answer.status_code == 302, answer.text
    item = the_item()
    after = {name: _values(item, name) for name in editable_fields(item.document.kind)}
    assert after == before
    assert item.version == 3
    assert before["discretion"] == {
        "scope": "范围",
        "kinds": ["警告", "罚款"],
        "degrees": [{"circumstance": "轻", "standard": "警告"}],
    }


def _values(item, name):
    value = getattr(item, name)
    if name in ("legal_basis", "materials", "service_forms", "faq"):
        return [
            {
                k: v
                for k, v in vars(part).items()
                if k not in ("id", "edition_id", "_sa_instance_state", "law", "attachment")
            }
            for part in (db.session.refresh(part) or part for part in value)
        ]
    return value


def _as_sent(page: str) -> dict[str, str]:
    """What a browser sends of the writing form when nothing is touched."""
    form = page.split('<form class="writing"')[1].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="file"' not in tag and not ('type="checkbox"' in tag and "checked" not in tag):
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(value.removeprefix("\r\n").removeprefix("\n"))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(
            r'value="([^"]*)"', options
        )
        sent[name] = html.unescape(chosen[1]) if chosen else ""
    sent.pop("csrf_token")
    return sent


def test_every_editable_field_has_its_place_in_the_form():
    """Form and process come apart: `form` is drawn at the counter."""
    fields = {field.name for field in ServiceItemForm()}
    special = {"discretion": "discretion_scope", "form": "title"}
    for name in editable_fields(ServiceEdition.__mapper_args__["polymorphic_identity"]):
        assert special.get(name, name) in fields, name


def test_a_promise_longer_than_the_law_is_refused_and_everything_typed_stays(office):
    """C-10."""
    answer = office.at_desk("editor").post(
        "/admin/services/new/", complete(office, promised_limit="30个工作日")
    )

    assert answer.status_code == 422
    assert "承诺期限（30个工作日）超过了法定期限（20个工作日）" in answer.text
    assert 'href="#promised_limit"' in answer.text
    for kept in ("写清小地名", "自留山要办吗？", "相符：end；不符：start", "LC-02"):
        assert kept in answer.text
    assert db.session.scalar(db.select(ServiceEdition)) is None


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"flow-1-next": "nowhere"}, "指向了不存在的环节"),
        ({"flow-2-limit_days": "三天"}, "时限应写成天数"),
        ({"flow-1-name": ""}, "没有名称"),
        ({"materials-1-note": "没有名称的材料"}, "没有填写材料名称"),
        ({"materials-0-copies": "很多"}, "份数应为整数"),
        ({"item_category": "占卜"}, "事项分类"),
        ({"item_category": "行政处罚"}, "不设网上申请入口"),
    ],
)
def test_a_broken_part_is_named_and_nothing_is_saved(office, broken, said):
    answer = office.at_desk("editor").post("/admin/services/new/", complete(office, **broken))

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(db.select(ServiceEdition)) is None


def test_what_is_missing_is_a_check_list_with_links(office):
    """B-05, B-14, B-27, B-29."""
    browser = office.at_desk("editor")
    made = browser.post(
        "/admin/services/new/",
        {"title": "空事项", "organ": str(office.finance.id), "operation_stage": "正式运行"},
    )
    item = the_item()

    page = browser.get(made.location).text

    for field in ("item_category", "legal_basis", "handling_subject", "supervision_phone", "is_charged"):
        assert f'href="/admin/services/edit/?id={item.id}#{field}"' in page
    form = browser.get(f"/admin/services/edit/?id={item.id}").text
    for field in ("item_category", "legal_basis", "handling_subject", "supervision_phone", "is_charged"):
        assert f'id="{field}"' in form
    refused = browser.post(f"/admin/services/act/submit/?id={item.id}", {"seen": seen_mark(item)})
    assert refused.status_code == 422
    assert "请选择事项分类" in refused.text
    assert the_item().state is EditionState.DRAFT


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://", "https://a b"]
)
def test_a_link_that_is_no_web_address_keeps_a_guide_from_review(office, link):
    browser = office.at_desk("editor")
    made = browser.post("/admin/services/new/", complete(office, online_handling_url=link))

    assert "在线办理链接应以" in browser.get(made.location).text
    item = the_item()
    refused = browser.post(f"/admin/services/act/submit/?id={item.id}", {"seen": seen_mark(item)})
    assert refused.status_code == 422
    assert "打开页面之后" not in refused.text


@pytest.mark.parametrize("place", ["²", "٣", "-1", "9" * 5000, ""])
def test_a_place_that_is_no_row_changes_nothing(place):
    typed = MultiDict({"materials-0-name": "申请书", "materials-1-name": "身份证"})

    assert edit_rows(typed, f"materials:{place}:remove", ["materials"]) == typed


def test_rows_are_added_moved_and_removed_without_a_script(office):
    browser = office.at_desk("editor")
    sent = complete(office, **{"materials-1-name": "林权证"})

    moved = browser.post("/admin/services/new/", {**sent, "_rows": "materials:1:up"}).text
    added = browser.post("/admin/services/new/", {**sent, "_rows": "materials:add"}).text
    removed = browser.post("/admin/services/new/", {**sent, "_rows": "materials:0:remove"}).text

    assert moved.index("林权证") < moved.index("写清小地名")
    assert added.count('name="materials-2-name"') == 1
    assert "写清小地名" not in removed
    assert "自留山要办吗？" in removed
    assert db.session.scalar(db.select(ServiceEdition)) is None


@pytest.mark.parametrize(
    "command",
    [
        "materials:9:up",
        "materials:0:up",
        "materials:x:up",
        "title:add",
        "",
        "materials",
        "materials:0:fly",
        "materials:-1:remove",
    ],
)
def test_a_row_command_without_sense_changes_nothing(command):
    typed = MultiDict({"title": "a", "materials-0-name": "b", "materials-3-name": "c"})

    after = edit_rows(typed, command, {"materials"})

    assert sorted(after.values()) == sorted(typed.values())


def test_rows_never_grow_beyond_their_bound():
    typed = MultiDict({f"materials-{n}-name": str(n) for n in range(200)})

    assert len(edit_rows(typed, "materials:add", {"materials"})) == 200


def test_a_flow_survives_the_way_into_rows_and_back():
    flow = [
        {"key": "a", "kind": "start", "name": "甲", "next": ["b"]},
        {
            "key": "b",
            "kind": "condition",
            "name": "乙",
            "next": [{"to": "c", "label": "是"}, {"to": "a", "label": "否"}],
        },
        {"key": "c", "kind": "end", "name": "丙", "limit_days": 1, "post": "岗"},
    ]

    assert flow_from_rows(rows_from_flow(flow)) == flow


def test_a_flow_that_leads_nowhere_names_the_step():
    with pytest.raises(Fault, match="甲"):
        flow_from_rows(rows_from_flow([{"key": "a", "kind": "step", "name": "甲", "next": ["zzz"]}]))


def test_a_form_file_is_replaced_and_removed(office):
    browser = office.at_desk("editor")
    browser.post(
        "/admin/services/new/",
        {**complete(office), "service_forms-0-file": (io.BytesIO(PDF), "旧.pdf")},
        content_type="multipart/form-data",
    )
    path = f"/admin/services/edit/?id={the_item().id}"

    browser.post(
        path,
        {**_as_sent(browser.get(path).text), "service_forms-0-file": (io.BytesIO(PDF + b"%%EOF"), "新.pdf")},
        content_type="multipart/form-data",
    )
    replaced = [form.attachment.size_bytes for form in the_item().service_forms]
    browser.post(path, {**_as_sent(browser.get(path).text), "service_forms-0-drop_file": "y"})

    assert replaced == [len(PDF) + 5]
    assert the_item().service_forms[0].attachment is None
    assert the_item().attachments == []
