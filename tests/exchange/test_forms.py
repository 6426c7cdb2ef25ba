"""Forms of appendix 1: what goes out comes in again as nothing new; what was changed is shown, then written as drafts."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from docx import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import operations
from content.models import (
    Document,
    EditionState,
    ItemCategory,
    LawRank,
    ServiceEdition,
    SubjectNature,
)
from county.errors import RefusedError
from database import db
from exchange import staging
from exchange.errors import UnreadableFileError
from exchange.forms.changes import ChangedSincePreviewError, Scope, apply, mark_of, preview
from exchange.forms.choosing import newest_items
from exchange.forms.files import archive, forms_from, item_file, written
from exchange.forms.sheet import catalogue_paper, head_line
from tests.papers import docx, packed, table, xlsx
from tests.people import NOON, make_service

SITE = "990123"
MANY = {
    "title": "林木采伐许可",
    "item_category": ItemCategory.LICENCE,
    "handling_subject": "青崖县林业局",
    "subject_nature": SubjectNature.ENTRUSTED,
    "entrusting_unit": "青崖县人民政府",
    "acceptance_conditions": "1.有林权证\n2.没有争议",
    "is_charged": True,
    "fee_basis_and_standard": "每株一元\n依据：青价〔2020〕1号",
    "contact_phone": "0990-4622795",
    "legal_basis": [
        {"citation": "《中华人民共和国森林法》第五十六条", "clause": "第一款", "wording": "采伐林地上的林木\n应当申请。", "rank": LawRank.LAW},
        {"citation": "《森林采伐更新管理办法》", "clause": "第二条", "wording": "", "rank": LawRank.MINISTRY_RULE},
    ],
    "service_forms": [{"form_name": "采伐申请表", "form_no": "LM-1"}, {"form_name": "承诺书"}],
    "faq": [{"question": "自留山要办吗？", "answer": "要办。\n带林权证。"}],
    "flow": [
        {"key": "s", "name": "申请", "kind": "start"},
        {"key": "c", "name": "是否相符", "kind": "condition", "post": "窗口", "person": "甲", "duty": "核对", "limit_days": 2, "next": [{"to": "e", "label": "相符"}, {"to": "s", "label": "不符"}]},
        {"key": "e", "name": "发证", "kind": "end"},
    ],
}  # fmt: skip


def scope_of(people, **given):
    return replace(
        Scope(people.site, people.ai.id, NOON, frozenset({people.organ.id}), people.organ), **given
    )


def brought(content, folder, name="a.docx"):
    return forms_from(io.BytesIO(content), name, folder, max_bytes=20_000_000)


def edited(content, changes):
    """The form with other contents beside these labels, as Word would save it."""
    document = WordDocument(io.BytesIO(content))
    for row in document.tables[0].rows:
        for label, text in changes.items():
            if row.cells[0].text == label:
                row.cells[1].text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def only(changes):
    [change] = changes
    return change


@pytest.mark.row("B-30")
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_a_form_that_goes_out_comes_in_as_nothing_new(people, tmp_path, suffix):
    edition = make_service(people, EditionState.PUBLISHED, **MANY)
    name, content = item_file(edition, suffix, SITE, at=NOON)

    change = only(preview(brought(content, tmp_path, name), scope_of(people)))

    assert (change.change, change.faults, change.fields) == ("unchanged", [], [])
    assert change.document_id == edition.document_id


@pytest.mark.row("B-30")
def test_the_word_form_is_the_table_as_printed_in_small_four_fangsong(people):
    edition = make_service(people, **MANY)
    document = WordDocument(io.BytesIO(item_file(edition, "docx", SITE, at=NOON)[1]))
    form, chart = document.tables

    assert [row.cells[0].text for row in form.rows] == [
        "事项编码", "事项分类", "事项名称", "行使依据", "办理主体", "受理条件", "收费依据和标准", "法定期限", "承诺期限", "办理部门",
        "办理地点", "联系电话", "权力运行流程图", "服务表格", "常见问题解答", "监督电话", "在线办理链接",
    ]  # fmt: skip
    style = document.styles["Normal"]
    assert (style.font.size, style.font.name) == (Pt(12), "仿宋_GB2312")
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert document.paragraphs[0].text == "A1表：政务服务事项内容信息表"
    assert "A2表：林木采伐许可流程图" in [paragraph.text for paragraph in document.paragraphs]
    assert [cell.text for cell in chart.rows[0].cells][:4] == ["标识", "环节", "类型", "岗位"]
    assert document.sections[1].orientation == WD_ORIENT.LANDSCAPE
    assert {
        run.font.size for row in form.rows for cell in row.cells for p in cell.paragraphs for run in p.runs
    } == {None}


WORDS = st.text(
    st.one_of(
        st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp")),
        st.sampled_from(" 　1234.．、（）()：:；;《》\n=+-@'\"{}<>&_x"),
    ),
    max_size=40,
)
LINE = WORDS.map(lambda text: " ".join(text.split()))


@given(
    title=LINE.filter(bool),
    basis=st.lists(st.tuples(LINE.filter(bool), LINE, WORDS), max_size=3),
    conditions=WORDS,
    fee=st.tuples(st.sampled_from([True, False, None]), WORDS),
    subject=st.tuples(LINE, st.sampled_from([None, *SubjectNature]), LINE),
    lines=st.tuples(LINE, LINE, LINE, LINE),
    forms=st.lists(st.tuples(LINE.filter(bool), LINE), max_size=3),
    faq=st.lists(st.tuples(WORDS.filter(str.strip), WORDS), max_size=3),
    suffix=st.sampled_from(["docx", "xlsx"]),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.row("B-30")
def test_whatever_an_item_says_its_form_comes_in_as_nothing_new(
    people, tmp_path, title, basis, conditions, fee, subject, lines, forms, faq, suffix
):
    edition = make_service(people)
    edition.title, edition.acceptance_conditions = title, conditions
    edition.is_charged, edition.fee_basis_and_standard = fee
    edition.handling_subject, edition.subject_nature, edition.entrusting_unit = subject
    edition.handling_place, edition.contact_phone, edition.supervision_phone, edition.handling_department = (
        lines
    )
    operations.parts.replace_parts(
        edition,
        {
            "legal_basis": [dict(zip(("citation", "clause", "wording"), one, strict=True)) for one in basis],
            "service_forms": [dict(zip(("form_name", "form_no"), one, strict=True)) for one in forms],
            "faq": [dict(zip(("question", "answer"), one, strict=True)) for one in faq],
        },
    )
    name, content = item_file(edition, suffix, SITE, at=NOON)

    change = only(preview(brought(content, tmp_path, name), scope_of(people)))

    assert (change.change, change.faults, change.fields) == ("unchanged", [], [])
    db.session.rollback()


def test_a_changed_row_is_shown_and_then_written_to_a_new_draft(people, tmp_path):
    edition = make_service(people, EditionState.PUBLISHED, **MANY)
    db.session.commit()
    content = edited(
        item_file(edition, "docx", SITE, at=NOON)[1],
        {
            "承诺期限": "　５个工作日 ",
            "行使依据": "1．《中华人民共和国森林法》第五十六条\n条款：第一款\n内容：采伐林木应当申请。",
            "服务表格": "承诺书\n采伐申请表（编号：LM-2）\n委托书",
            "监督电话": "",
            "联系电话": "（清空）",
            "办理主体": "青崖县林业局（□授权组织 ☑法定机关 □受委托单位）",
        },
    )
    forms, scope = brought(content, tmp_path), scope_of(people)

    change = only(preview(forms, scope))

    assert [each.label for each in change.fields] == [
        "行使依据",
        "办理主体",
        "承诺期限",
        "联系电话",
        "服务表格",
    ]
    assert db.session.query(ServiceEdition).count() == 1
    apply(forms, scope, mark_of([change]))
    db.session.commit()
    draft = db.session.get_one(Document, edition.document_id).editions[-1]
    assert (draft.state, draft.promised_limit, draft.author_id) == (
        EditionState.DRAFT,
        "5个工作日",
        people.ai.id,
    )
    assert [(b.citation, b.clause, b.wording) for b in draft.legal_basis] == [
        ("《中华人民共和国森林法》第五十六条", "第一款", "采伐林木应当申请。")
    ]
    assert [(form.form_name, form.form_no) for form in draft.service_forms] == [
        ("承诺书", ""), ("采伐申请表", "LM-2"), ("委托书", "")
    ]  # fmt: skip
    assert draft.supervision_phone == edition.supervision_phone
    assert draft.contact_phone == ""
    assert draft.subject_nature is SubjectNature.STATUTORY
    assert only(preview(brought(content, tmp_path), scope)).change == "unchanged"


def test_a_preview_that_is_no_longer_true_writes_nothing(people, tmp_path):
    edition = make_service(people, **MANY)
    forms, scope = (
        brought(edited(item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼"}), tmp_path),
        scope_of(people),
    )
    seen = mark_of(preview(forms, scope))
    operations.save_draft(edition, {"handling_place": "四楼"}, by=people.ai.id, at=NOON)

    with pytest.raises(ChangedSincePreviewError):
        apply(forms, scope, seen)

    assert edition.handling_place == "四楼"


def test_an_import_is_applied_once(people, tmp_path):
    edition = make_service(people, **MANY)
    forms = brought(edited(item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼"}), tmp_path)
    staged = staging.stage_forms("a.docx", forms, people.organ, by=people.ai.id, at=NOON)
    scope = scope_of(people)
    seen = mark_of(preview(forms, scope))
    staging.apply_forms(staged, scope, seen)
    version = edition.version

    with pytest.raises(staging.AppliedAlreadyError):
        staging.apply_forms(staged, scope, seen)

    assert (edition.handling_place, edition.version) == ("三楼", version)
    assert staged.outcome["changed"] == 1


def test_what_nobody_applied_is_dropped_after_a_week(people):
    old = staging.stage_forms("a", [], people.organ, by=people.ai.id, at=NOON)
    assert old.name == "a"
    staging.stage_forms("b", [], people.organ, by=people.ai.id, at=NOON + timedelta(days=8))

    assert [staged.name for staged in staging.latest("forms", None)] == ["b"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("事项名称", "新事项"), ("行使依据", "《甲法》第一条"), ("办理速度", "快")), "第3行：“办理速度”不是表中的项目"),
        ((("事项名称", "新事项"), ("行使依据", "《甲法》"), ("事项名称", "二")), "出现了不止一次"),
        ((("事项名称", "新事项"), ("事项分类", "□行政许可 □行政确认")), "恰好勾选一项"),
        ((("事项名称", "新事项"), ("事项分类", "☑行政许可 ☑行政确认")), "恰好勾选一项"),
        ((("事项名称", "新事项"), ("事项分类", "行政大事")), "无法识别"),
        ((("事项名称", "新事项"), ("常见问题解答", "没有")), "问：……"),
        ((("事项名称", "新事项"), ("法定期限", "5个工作日"), ("承诺期限", "9个工作日")), "超过了法定期限"),
        ((("事项名称", "新事项"), ("事项编码", "XK-1")), "新事项请把编码留空"),
        ((("事项分类", "行政许可"), ("行使依据", "《甲法》")), "不知道是哪个事项"),
        ((("甲", "乙"), ("丙", "丁")), "没有找到"),
    ],
    ids=["unknown-row", "row-twice", "no-tick", "two-ticks", "category", "questions", "promise", "code", "no-name", "no-form"],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_the_cure_and_not_written(people, tmp_path, rows, said):
    change = only(preview(brought(docx(table(*rows)), tmp_path), scope_of(people)))

    assert change.change == "refused"
    assert said in "".join(change.faults)
    assert db.session.query(Document).count() == 0


def test_an_office_s_own_habits_of_filling_in_are_understood(people, tmp_path):
    """Four columns, labels with blanks and numbers, boxes of Wingdings, and a label beside merged rows."""
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r>{}</w:r></w:p></w:tc>"
    said = lambda text, look="": cell.format(look, f"<w:t>{text}</w:t>")  # noqa: E731
    boxes = "".join(
        f'<w:sym w:font="Wingdings" w:char="{char}"/><w:t>{words} </w:t>'
        for char, words in (("F0A8", "行政许可"), ("F0FE", "行政确认"))
    )
    rows = (
        said("一、事 项 名 称：") + said(" 社会团体　登记 ") + said("办理地点") + said("二楼"),
        said("事项分类") + cell.format("", boxes),
        said("行使依据", '<w:vMerge w:val="restart"/>') + said("《社会团体登记管理条例》第六条"),
        said("", "<w:vMerge/>") + said("《慈善法》第十条"),
        said("备用电话") + said(""),
        said("联系电话") + said("０９９０－６１２００１２"),
        said("受理条件") + said("{申请办理该事项的必备条件}"),
    )
    content = docx(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
    forms, scope = brought(content, tmp_path), scope_of(people)

    changes = preview(forms, scope)
    assert only(changes).faults == []
    apply(forms, scope, mark_of(changes))

    [edition] = db.session.query(ServiceEdition).all()
    assert (edition.title, edition.item_category) == ("社会团体 登记", ItemCategory.CONFIRMATION)
    assert [basis.citation for basis in edition.legal_basis] == [
        "《社会团体登记管理条例》第六条",
        "《慈善法》第十条",
    ]
    assert (edition.handling_place, edition.contact_phone) == ("二楼", "0990-6120012")
    assert edition.acceptance_conditions == ""


def test_an_item_of_another_organ_is_not_touched(people, tmp_path):
    edition = make_service(people, **MANY, organ=people.other_organ)
    content = edited(item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼"})

    change = only(preview(brought(content, tmp_path), scope_of(people)))

    assert change.change == "refused"
    assert "不在您的工作范围" in change.faults[0]
    assert change.fields == []


@pytest.mark.parametrize(
    "state", [EditionState.SUBMITTED, EditionState.APPROVED], ids=lambda state: state.value
)
def test_a_text_under_review_is_not_changed(people, tmp_path, state):
    edition = make_service(people, state, **MANY)
    content = edited(item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼"})

    assert "正在办理" in only(preview(brought(content, tmp_path), scope_of(people))).faults[0]


def test_a_command_leaves_a_person_s_own_draft_alone(people, tmp_path):
    edition = make_service(people, **MANY)
    content = edited(item_file(edition, "docx", SITE, at=NOON)[1], {"办理地点": "三楼"})

    change = only(preview(brought(content, tmp_path), scope_of(people, by=None, organ_ids=None)))

    assert (change.change, "正在办理" in change.faults[0]) == ("refused", True)


def test_two_forms_of_one_item_are_not_both_taken(people, tmp_path):
    edition = make_service(people, **MANY)
    same = item_file(edition, "docx", SITE, at=NOON)[1]
    one, other = (edited(same, {"办理地点": place}) for place in ("三楼", "四楼"))

    forms = [
        *brought(one, tmp_path, "a.docx"),
        *brought(same, tmp_path, "b.docx"),
        *brought(other, tmp_path, "c.docx"),
    ]
    changes = preview(forms, scope_of(people))

    assert [change.change for change in changes] == ["changed", "unchanged", "refused"]
    assert "a.docx" in changes[2].faults[0]


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
@pytest.mark.row("B-21", "B-22", "B-23", "B-24")
def test_the_catalogue_of_an_organ_has_its_head_its_order_and_its_numbers(people, tmp_path, suffix):
    for title, category in (
        ("丙", ItemCategory.CONVENIENCE),
        ("甲", ItemCategory.LICENCE),
        ("乙", ItemCategory.LICENCE),
    ):
        make_service(people, title=title, item_category=category)
    paper = catalogue_paper(people.organ.name, newest_items([people.organ.id]))

    assert paper.sheets[0].heading == "青崖县民政局政务服务事项内容目录"
    assert head_line(newest_items([people.organ.id])) == (
        "共3项；其中行政许可2项；行政征收0项；非行政许可的行政审批0项；行政确认0项；代理事项0项；其他0项；便民服务事项1项"
    )
    assert [row[:3] for row in paper.sheets[0].table.rows] == [
        ("序号", "事项名称", "事项类型"), ["1", "甲", "行政许可"], ["2", "乙", "行政许可"], ["1", "丙", "便民服务"]
    ]  # fmt: skip
    name, content = written(paper, suffix, at=NOON)
    changes = preview(brought(content, tmp_path, name), scope_of(people))
    assert [(change.change, change.faults) for change in changes] == [("unchanged", [])] * 3


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_an_archive_of_an_organ_goes_out_and_comes_in(people, tmp_path, suffix):
    for title in ("甲/乙", "甲／乙", "..", "=1+1"):
        make_service(people, title=title)
    name, content = archive(people.organ.name, newest_items([people.organ.id]), suffix, SITE, at=NOON)

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert len(package.namelist()) == len(set(package.namelist())) == 5
        assert not [member for member in package.namelist() if "/" in member or member.startswith(".")]
    changes = preview(brought(content, tmp_path, name), scope_of(people))
    assert [change.change for change in changes] == ["unchanged"] * 8


TRIGGERS = [
    f"{blank}{sign}{word}"
    for sign in ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", "'=", '"=', "=-", "%0A=", ";=", ",=", "|", "{=")
    for blank in ("", " ", "　")
    for word in ("1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://example.org\",\"x\")", "SUM(A1:A9)")
]  # fmt: skip


@pytest.mark.row("B-30")
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_no_cell_of_a_form_is_a_formula_whatever_it_says(people, suffix):
    """S7: 200 triggers, in every field of a form; parsed back by libraries that did not write it."""
    assert len(TRIGGERS) >= 200
    for start in range(0, len(TRIGGERS), 12):
        some = TRIGGERS[start : start + 12]
        edition = make_service(people, title=f"事{start}", acceptance_conditions="\n".join(some), legal_limit=some[0][:90],
                               handling_place=some[1], contact_phone="0990-4622795", handling_department=some[2])  # fmt: skip
        content = item_file(edition, suffix, SITE, at=NOON)[1]
        if suffix == "xlsx":
            for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
                cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
                assert {cell.data_type for cell in cells} == {"s"}
                assert not [cell.hyperlink for cell in cells if cell.hyperlink]
        else:
            document = WordDocument(io.BytesIO(content))
            xml = document.element.xml
            assert "w:instrText" not in xml
            assert "w:fldSimple" not in xml
            assert "0990-4622795" in xml


def book(rows, columns=1):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for row in range(rows):
            sheet.write_string(row, columns - 1, "a")
    return out.getvalue()


BOMB = packed({"a.docx": "0" * 30_000_000, "b.docx": "0" * 30_000_000})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", "另存为 docx"),
        ("a.docx", b"nothing", "内容不是 docx"),
        ("a.docx", docx(parts={"word/vbaProject.bin": "x"}), "含有宏"),
        ("a.xlsx", xlsx({"a": ""}, parts={"xl/vbaProject.bin": "x"}), "含有宏"),
        ("a.docx", docx(parts={"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "不正常的定义"),
        ("a.xlsx", xlsx({"a": "<sheetData/>"}, parts={"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "不正常的定义"),
        ("a.zip", BOMB, "上限"),
        ("a.zip", packed({f"{n}.docx": "x" for n in range(301)}), "上限"),
        ("a.zip", packed({"a.txt": "x"}), "没有 docx"),
        ("a.zip", b"PK\x03\x04nothing", "已损坏"),
        ("a.zip", packed({"a.zip": packed({"a.docx": "x"})}), "没有 docx"),
        ("a.xlsx", book(5_001), "上限"),
        ("a.xlsx", book(1, 101), "上限"),
        ("a.docx", docx(table(*[("a",)] * 5_001)), "上限"),
    ],
    ids=["old-kind", "no-zip", "macro-word", "macro-excel", "entities-word", "entities-excel", "zip-bomb", "many-files", "no-forms", "damaged-zip", "zip-in-zip", "many-rows", "wide-row", "many-rows-word"],
)  # fmt: skip
def test_a_hostile_or_foreign_file_is_refused_with_the_cure(people, tmp_path, name, content, said):
    with pytest.raises(UnreadableFileError) as refusal:
        brought(content, tmp_path, name)

    assert said in refusal.value.message
    assert not list(Path(tmp_path, ".incoming").glob("*"))


def test_a_refusal_of_the_form_is_one_of_the_rules(people):
    assert issubclass(UnreadableFileError, RefusedError)
