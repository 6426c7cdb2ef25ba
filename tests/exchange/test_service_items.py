"""Import of service items (requirements §15.2–15.3): gaps stay gaps, and nothing is guessed."""

from pathlib import Path

import pytest

from content.models import (
    Document,
    EditionState,
    HandlingType,
    ItemCategory,
    LawRank,
    LimitUnit,
    ServiceEdition,
    SubjectNature,
)
from content.operations import save_draft
from database import db
from exchange.service_parts import certain_rank
from tests.exchange.conftest import counts
from tests.papers import pdf
from tests.people import NOON

GUIDE = {
    "id": "sx-1",
    "事项编码": "MZ0001",
    "事项名称": "城镇污水排入排水管网许可",
    "事项类型": "行政许可",
    "办理主体": "民政局",
    "主体性质": "法定机关",
    "行使依据": ["《城镇排水与污水处理条例》第二十一条", "《中华人民共和国水法》第七条、第四十八条"],
    "受理条件": ["有接户管", "有图纸"],
    "申请材料": ["申请表", {"材料名称": "营业执照", "份数": 1, "是否必需": "是"}],
    "收费依据和标准": "不收费",
    "法定期限": "20个工作日",
    "承诺期限": "7个工作日",
    "办理部门": "社会事务科",
    "办理地点": "政务服务中心二楼",
    "办理时间": "工作日 9:00-17:00",
    "联系电话": "0990-6120012；窗口 0990-6120013",
    "监督电话": "0990-6120100",
    "办理流程": [{"环节": "受理", "岗位": "窗口", "时限": "1个工作日"}, {"环节": "办结"}],
    "服务表格": ["申请表"],
    "常见问题解答": None,
    "服务对象": "自然人、企业法人",
    "办件类型": "承诺件",
    "指南编号": "BSZN-1",
}  # fmt: skip


def the_edition() -> ServiceEdition:
    return db.session.scalars(db.select(ServiceEdition)).one()


def gaps(report):
    return [gap["field"] for gap in report.gaps]


def test_a_guide_goes_in_with_all_its_parts(take):
    """C-02 … C-16, F-10, F-14: every field of the guide under the name of the guide."""
    report = take("services", [GUIDE], state="published")

    item = the_edition()
    assert (counts(report), gaps(report)) == ((1, 0, 0, 0), [])
    assert (item.state, item.document.number) == (EditionState.PUBLISHED, "MZ0001")
    assert (item.item_category, item.subject_nature) == (ItemCategory.LICENCE, SubjectNature.STATUTORY)
    assert (item.legal_limit_value, item.promised_limit_unit) == (20, LimitUnit.WORKING_DAY)
    assert [(basis.citation, basis.clause) for basis in item.legal_basis] == [
        ("《中华人民共和国水法》第七条、第四十八条", "第七条、第四十八条"),  # B-28: from high rank to low
        ("《城镇排水与污水处理条例》第二十一条", "第二十一条"),
    ]
    assert [(one.name, one.copies, one.is_required) for one in item.materials] == [
        ("申请表", None, None),
        ("营业执照", 1, True),
    ]
    assert item.acceptance_conditions == "有接户管\n有图纸"
    assert (item.is_charged, item.fee_basis_and_standard) == (False, "不收费")
    assert [step["name"] for step in item.flow] == ["受理", "办结"]
    assert item.flow[0]["limit_days"] == 1
    assert [form.form_name for form in item.service_forms] == ["申请表"]
    assert (item.audience, item.handling_type) == (["自然人", "企业法人"], HandlingType.PROMISED)
    assert item.contact_phone == "0990-6120012；窗口 0990-6120013"
    assert item.extra == {"指南编号": "BSZN-1"}


def test_importing_guides_twice_changes_nothing(take):
    take("services", [GUIDE], state="published")

    assert counts(take("services", [GUIDE], state="published")) == (0, 0, 1, 0)


def test_what_a_guide_does_not_say_is_a_gap_and_never_invented(take):
    """B-14, B-27, B-29: no basis, no subject, no fee said: a draft."""
    report = take(
        "services",
        [{"事项名称": "取水许可", "事项类型": "行政许可", "办理部门": "水利局"}],
        state="published",
    )

    item = the_edition()
    assert item.state is EditionState.DRAFT
    assert (item.is_charged, item.handling_subject, item.document.organ.code) == (None, "", "SL")
    assert set(gaps(report)) == {
        "legal_basis", "handling_subject", "supervision_phone", "acceptance_conditions", "handling_place",
        "contact_phone", "promised_limit", "is_charged",
    }  # fmt: skip


def test_the_gaps_are_the_same_at_every_import(take):
    row = {"事项名称": "取水许可", "事项类型": "行政许可", "办理部门": "水利局"}

    assert gaps(take("services", [row])) == gaps(take("services", [row], state="published"))


def test_a_gap_that_an_officer_filled_stays_filled(take, people):
    take("services", [GUIDE | {"联系电话": None}], state="published")
    save_draft(the_edition(), {"contact_phone": "0990-1"}, by=people.ai.id, at=NOON)
    db.session.commit()

    report = take("services", [GUIDE | {"联系电话": None}], state="published")

    assert counts(report) == (0, 0, 1, 0)
    assert (the_edition().contact_phone, the_edition().state) == ("0990-1", EditionState.DRAFT)


def test_a_promise_over_the_law_is_refused(take):
    """C-10 (承诺期限不得超过法定期限)."""
    report = take("services", [GUIDE | {"承诺期限": "21个工作日"}])

    assert counts(report) == (0, 0, 0, 1)
    assert report.refused[0]["field"] == "promised_limit"
    assert db.session.query(Document).count() == 0


def test_a_limit_that_cannot_be_read_is_kept_as_published_and_a_gap(take):
    report = take("services", [GUIDE | {"承诺期限": "尽快"}], state="published")

    assert gaps(report) == ["promised_limit"]
    assert (the_edition().promised_limit, the_edition().state) == ("尽快", EditionState.DRAFT)


def test_a_category_of_another_list_is_kept_and_a_gap(take):
    report = take("services", [GUIDE | {"事项类型": "双随机检查"}], state="published")

    assert gaps(report) == ["item_category"]
    assert the_edition().extra["事项类型"] == "双随机检查"
    assert report.as_json()["unknown_keys"] == {"指南编号": 1, "事项类型": 1}


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("其他行政权力", ItemCategory.OTHER),
        ("行政给付", ItemCategory.BENEFIT),
        ("行政检查", ItemCategory.INSPECTION),
        ("公共服务", ItemCategory.PUBLIC_SERVICE),
        (" 行政 许可 ", ItemCategory.LICENCE),
    ],
)
def test_categories_are_known_by_their_names(take, said, category):
    take("services", [GUIDE | {"事项类型": said}])

    assert the_edition().item_category is category


def test_a_fee_is_only_free_when_the_text_says_just_that(take):
    take("services", [GUIDE | {"收费依据和标准": "补偿费每平方米1元（审批本身不收费）"}])

    assert the_edition().is_charged is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"主体性质": "天然机关"}, "subject_nature"),
        ({"办件类型": "慢办件"}, "handling_type"),
        ({"申请材料": [{"份数": 2}]}, "materials"),
        ({"申请材料": [{"名称": "表", "份数": "若干"}]}, "materials"),
        ({"申请材料": ["材" * 301]}, "materials"),
        ({"行使依据": ["《法》" + "字" * 500]}, "legal_basis"),
        ({"行使依据": [{"依据名称": "", "内容": "x"}]}, "legal_basis"),
        ({"办理流程": [{"key": "a", "环节": "甲", "next": ["b"]}]}, "flow"),
        ({"办理流程": [{"岗位": "窗口"}]}, "flow"),
        ({"办理流程": [{"环节": "甲", "next": [{"nowhere": 1}]}]}, "flow"),
        ({"办理流程": 7}, "flow"),
        ({"裁量基准": "[1, 2"}, "discretion"),
        ({"是否收费": "看情况"}, "is_charged"),
        ({"办理地点": "地" * 301}, "handling_place"),
        ({"事项名称": None}, "item_name"),
        ({"办理主体": "查无此局"}, "handling_subject"),
        ({"办理主体": None, "办理部门": None}, "organ"),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_read_is_refused_with_its_field(take, change, field):
    report = take("services", [GUIDE | change])

    assert counts(report) == (0, 0, 0, 1)
    assert report.refused[0]["field"] == field


def test_lists_may_be_lines_of_a_cell(take, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "事项名称,办理主体,申请材料,行使依据,办理流程,常见问题解答\n"
        '低保,民政局,身份证；户口簿,"《中华人民共和国慈善法》第一条：为了发展慈善；规范活动\n《社会救助暂行办法》第九条",'
        '受理→审核→办结,"问：要多久？\n答：七天。\n问：收费吗？答：不收。"\n',
        "gb18030",
    )

    take("services", path)

    item = the_edition()
    assert [one.name for one in item.materials] == ["身份证", "户口簿"]
    assert [(one.citation, one.wording) for one in item.legal_basis] == [
        ("《中华人民共和国慈善法》第一条", "为了发展慈善；规范活动"),
        ("《社会救助暂行办法》第九条", ""),
    ]
    assert [step["name"] for step in item.flow] == ["受理", "审核", "办结"]
    assert [(one.question, one.answer) for one in item.faq] == [
        ("要多久？", "七天。"),
        ("收费吗？", "不收。"),
    ]


def test_a_basis_may_name_its_parts(take):
    basis = {"law": "森林防火条例", "article": "第五十条", "wording": "处以罚款。", "rank": "行政法规"}

    take("services", [GUIDE | {"行使依据": [basis]}])

    [one] = the_edition().legal_basis
    assert (one.citation, one.clause, one.wording) == ("《森林防火条例》第五十条", "第五十条", "处以罚款。")
    assert one.law is not None
    assert one.law.rank is LawRank.ADMINISTRATIVE_REGULATION


@pytest.mark.parametrize(
    ("citation", "rank"),
    [
        ("《中华人民共和国行政许可法》第四十二条", LawRank.LAW),
        ("《中华人民共和国宪法》", LawRank.CONSTITUTION),
        ("《中华人民共和国耕地占用税法实施办法》", None),
        ("《中华人民共和国户口登记条例》", None),
        ("《安徽省法律援助条例》第七条", None),
        ("国发〔2016〕29号 第二条", None),
    ],
)
def test_a_rank_is_given_only_where_the_title_leaves_no_doubt(citation, rank):
    assert certain_rank(citation) is rank


def test_unknown_keys_of_parts_are_kept_too(take):
    report = take("services", [GUIDE | {"申请材料": [{"名称": "表", "来源渠道": "申请人自备"}]}])

    assert the_edition().extra["materials.来源渠道"] == ["申请人自备"]
    assert "materials.来源渠道" in report.unknown_keys


def test_a_changed_part_makes_a_revision(take):
    take("services", [GUIDE], state="published")

    report = take("services", [GUIDE | {"申请材料": ["申请表"]}], state="published")

    assert counts(report) == (0, 1, 0, 0)
    editions = db.session.scalars(db.select(ServiceEdition).order_by(ServiceEdition.edition_no)).all()
    assert [(len(one.materials), one.state) for one in editions] == [
        (2, EditionState.SUPERSEDED),
        (1, EditionState.PUBLISHED),
    ]


def test_the_files_of_a_form_come_with_it(take, tmp_path: Path):
    """C-15: the blank form is tied to its form; the one filled in as an example lies beside it."""
    for number, name in enumerate(("申请表.pdf", "申请表-示范文本.pdf", "其他.pdf")):
        (tmp_path / name).write_bytes(pdf(f"Form {number}"))
    forms = ["没有文件的表", {"名称": "申请表", "表格文件": "申请表.pdf", "示范文本": "申请表-示范文本.pdf"}]
    row = GUIDE | {"服务表格": forms, "附件": ["其他.pdf"]}

    take("services", [row], state="published")
    again = take("services", [row], state="published")

    item = the_edition()
    assert item.state is EditionState.PUBLISHED
    assert [file.display_name for file in item.attachments] == [
        "其他.pdf",
        "申请表.pdf",
        "申请表-示范文本.pdf",
    ]
    assert [form.attachment_id for form in item.service_forms] == [None, item.attachments[1].id]
    assert counts(again) == (0, 0, 1, 0)


def test_another_file_for_a_form_is_a_change(take, tmp_path: Path):
    for number, name in enumerate(("旧表.pdf", "新表.pdf")):
        (tmp_path / name).write_bytes(pdf(f"Form {number}"))

    take("services", [GUIDE | {"服务表格": [{"名称": "申请表", "表格文件": "旧表.pdf"}]}])
    report = take("services", [GUIDE | {"服务表格": [{"名称": "申请表", "表格文件": "新表.pdf"}]}])

    [form] = the_edition().service_forms
    assert form.attachment is not None
    assert form.attachment.display_name == "新表.pdf"
    assert counts(report) == (0, 1, 0, 0)


@pytest.mark.parametrize("key", ["表格文件", "示范文本"])
def test_a_file_of_a_form_that_is_not_there_is_refused(take, key):
    report = take("services", [GUIDE | {"服务表格": [{"名称": "申请表", key: "没有.docx"}]}])

    assert report.refused[0]["field"] == "service_forms"
    assert "找不到附件“没有.docx”" in report.refused[0]["reason"]
