"""Import of disclosure items (requirements §15.1): what goes in, what stays a draft, what is refused, and why."""

from datetime import date
from pathlib import Path

import pytest

from content import operations, queries
from content.models import DisclosureEdition, Document, DocumentKind, EditionState, Validity
from county import ledger
from county.ledger import Act, waiting_errands
from county.organs import Organ
from database import db
from tests.exchange.conftest import counts, write_lines
from tests.papers import pdf
from tests.people import NOON, make_edition

NOTICE = {
    "id": "gg-1",
    "索引号": "11341702486344515H/202603-00009",
    "信息标题": "关于调整公交线路的公告",
    "发布部门": "民政局",
    "所属栏目": "gfxwj",
    "发布日期": "2026年3月5日",
    "文号": "青政告〔2026〕3号",
    "正文": "## 一、线路\n\n二路公交车自下月起延伸至客运站。",
    "公开方式": "主动公开",
    "主题分类": "交通",
    "关键词": ["公交", "线路"],
    "来源": "http://old.example/1.html",
    "阅读次数": 12,
}


def the_document():
    return db.session.scalars(db.select(Document)).one()


def the_edition() -> DisclosureEdition:
    return db.session.scalars(db.select(DisclosureEdition)).one()


def without(row, *keys):
    return {key: value for key, value in row.items() if key not in keys}


def test_a_departments_own_row_goes_in_under_its_chinese_names(take, people):
    report = take("disclosures", [NOTICE])

    edition = the_edition()
    assert counts(report) == (1, 0, 0, 0)
    assert edition.state is EditionState.DRAFT
    assert (edition.title, edition.document_no, edition.subject) == (
        "关于调整公交线路的公告",
        "青政告〔2026〕3号",
        "交通",
    )
    assert (edition.published_on, edition.keywords) == (date(2026, 3, 5), "公交 线路")
    assert (edition.document.number, edition.document.foreign_id) == (NOTICE["索引号"], "gg-1")
    assert (edition.document.organ, edition.document.channel) == (people.organ, people.channel)
    assert '<h2 id="s1">一、线路</h2>' in edition.body_html


def test_an_unknown_key_is_kept_and_reported(take):
    report = take("disclosures", [NOTICE])

    assert report.as_json()["unknown_keys"] == {"阅读次数": 1}
    assert the_edition().extra == {"阅读次数": 12}


def test_importing_a_file_twice_changes_nothing(take):
    rows = [NOTICE, without(NOTICE, "id", "索引号") | {"标题": "没有标识的公告", "信息标题": ""}]
    take("disclosures", rows, state="published")
    acts = db.session.query(Act).count()

    report = take("disclosures", rows, state="published")

    assert counts(report) == (0, 0, 2, 0)
    assert db.session.query(Act).count() == acts


def test_what_was_public_elsewhere_is_taken_over_and_marked_so(take):
    """A-04, decisions (import): the edition says from where it was taken over; nobody is said to have reviewed it."""
    report = take("disclosures", [NOTICE], state="published")

    edition = the_edition()
    assert report.as_json()["published"] == 1
    assert edition.state is EditionState.PUBLISHED
    assert (edition.taken_over_from, edition.reviewer_id) == ("http://old.example/1.html", None)
    assert edition.document.sorted_on == date(2026, 3, 5)
    assert [act.verb for act in db.session.scalars(db.select(Act).where(Act.verb == "take_over"))] == [
        "take_over"
    ]
    assert [errand.key for errand in waiting_errands("publish_document")] == [str(edition.document_id)]


def test_a_row_with_gaps_stays_a_draft_with_its_gaps_listed(take):
    report = take("disclosures", [without(NOTICE, "正文", "所属栏目", "索引号") | {"发布部门": "新成立的办公室"}],
                  state="published", create_missing=True)  # fmt: skip

    said = report.as_json()
    assert (said["added"], said["drafts"], said["published"]) == (1, 1, 0)
    assert [(gap["line"], gap["field"]) for gap in said["gaps"]] == [
        (1, "channel"),
        (1, "body"),
        (1, "number"),
    ]
    assert [entry["name"] for entry in said["made"]] == ["新成立的办公室"]
    assert db.session.scalars(db.select(Organ).where(Organ.created_by_import)).one().name == "新成立的办公室"


def test_a_number_that_is_not_given_is_assigned_by_the_rule(take):
    take("disclosures", [without(NOTICE, "索引号")], state="published")

    assert the_document().number == "11341702486344515H/202603-00001"


def test_a_day_that_is_yet_to_come_is_a_gap(take):
    report = take(
        "disclosures", [without(NOTICE, "发布日期") | {"发布日期": "2027-01-01"}], state="published"
    )

    assert [gap["field"] for gap in report.gaps] == ["published_on"]
    assert the_edition().state is EditionState.DRAFT


def test_a_changed_row_makes_a_revision_and_the_old_text_stays(take):
    take("disclosures", [NOTICE], state="published")

    report = take("disclosures", [NOTICE | {"正文": "改为三路公交车。"}], state="published")

    assert counts(report) == (0, 1, 0, 0)
    assert [(edition.body[:4], edition.state) for edition in the_document().editions] == [
        ("## 一", EditionState.SUPERSEDED),
        ("改为三路", EditionState.PUBLISHED),
    ]


def test_a_draft_of_the_import_is_changed_in_place(take):
    take("disclosures", [without(NOTICE, "正文")])

    report = take("disclosures", [NOTICE], state="published")

    assert counts(report) == (0, 1, 0, 0)
    assert the_edition().state is EditionState.PUBLISHED


def test_letters_in_several_codings_are_the_same_letters(take):
    odd = NOTICE | {"信息标题": "e\u0301t\u202eé\x00 通知", "正文": "e\u0301\u202e\r\n二"}
    take("disclosures", [odd])

    assert counts(take("disclosures", [odd])) == (0, 0, 1, 0)
    assert (the_edition().title, the_edition().body) == ("été 通知", "é\n二")


def test_an_empty_value_does_not_empty_a_field(take):
    take("disclosures", [NOTICE])

    report = take("disclosures", [NOTICE | {"文号": "", "主题分类": None}])

    assert counts(report) == (0, 0, 1, 0)


def test_an_officers_draft_is_never_overwritten(take, people):
    take("disclosures", [NOTICE])
    operations.save_draft(the_edition(), {"summary": "编辑补充的摘要"}, by=people.ai.id, at=NOON)
    db.session.commit()

    same, other = take("disclosures", [NOTICE]), take("disclosures", [NOTICE | {"正文": "新的正文"}])

    assert counts(same) == (0, 0, 1, 0)
    assert counts(other) == (0, 0, 0, 1)
    assert "工作人员" in other.refused[0]["reason"]
    assert the_edition().body.startswith("## 一")


def test_a_row_moves_its_document_unless_an_officer_has_placed_it(take, people):
    take("disclosures", [NOTICE], state="published")

    moved = take("disclosures", [NOTICE | {"所属栏目": "tjxx"}])
    operations.file_document(
        the_document(), organ=people.organ, channel=people.channel, by=people.ai.id, at=NOON
    )
    db.session.commit()
    refused = take("disclosures", [NOTICE | {"所属栏目": "tjxx"}])

    assert (counts(moved), counts(refused)) == ((0, 1, 0, 0), (0, 0, 0, 1))
    assert the_document().channel == people.channel


def test_what_we_reviewed_ourselves_is_changed_only_by_way_of_a_review(take, people):
    edition = make_edition(people, EditionState.PUBLISHED)
    number = edition.document.number
    db.session.commit()

    report = take("disclosures", [NOTICE | {"索引号": number, "id": ""}], state="published")

    assert counts(report) == (0, 1, 0, 0)
    assert [one.state for one in the_document().editions] == [EditionState.PUBLISHED, EditionState.DRAFT]


def test_what_was_withdrawn_does_not_come_back(take, people):
    take("disclosures", [NOTICE], state="published")
    operations.withdraw(the_edition(), reason="privacy", by=people.pei.id, at=NOON)
    db.session.commit()

    same = take("disclosures", [NOTICE], state="published")
    changed = take("disclosures", [NOTICE | {"正文": "又来"}], state="published")

    assert (counts(same), counts(changed)) == ((0, 0, 1, 0), (0, 1, 0, 0))
    assert queries.live_edition(the_document().id) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"发布日期": "2011-09"}, "published_on"),
        ({"发布日期": "2026-02-30"}, "published_on"),
        ({"发布日期": "昨天"}, "published_on"),
        ({"发布日期": "1026-03-01"}, "published_on"),
        ({"有效性": "大概有效"}, "validity"),
        ({"公开方式": "悄悄公开"}, "mode"),
        ({"信息标题": ""}, "title"),
        ({"信息标题": "题" * 300}, "title"),
        ({"信息标题": ["甲", {"乙": 1}]}, "title"),
        ({"正文": "残缺\ud800"}, "body"),
        ({"正文": "[" * 300}, "body"),
        ({"发布部门": "查无此局"}, "organ"),
        ({"发布部门": None}, "organ"),
        ({"所属栏目": "查无此栏目"}, "channel"),
        ({"文号": "号" * 101}, "document_no"),
        ({"标题": "另一个标题"}, "title"),
        ({"附件": ["../../etc/passwd"]}, "attachments"),
        ({"附件": ["/etc/passwd"]}, "attachments"),
        ({"附件": ["没有.pdf"]}, "attachments"),
        ({"附件": ["长" * 5000]}, "attachments"),
        ({"附件": ["长" * 300]}, "attachments"),
        ({"阅读次数": {"深": "\udfff"}}, "extra"),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_read_is_refused_with_line_and_field(take, change, field):
    report = take("disclosures", [NOTICE | {"id": "gg-0", "索引号": "X-1"}, NOTICE | change])

    assert counts(report) == (1, 0, 0, 1)
    refused = report.refused[0]
    assert (refused["file"], refused["line"], refused["field"]) == ("disclosures.jsonl", 2, field)
    assert refused["reason"]
    assert db.session.query(Document).count() == 1


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.03.05", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("２０２６－０３－０５", date(2026, 3, 5)),
        ("2026-03-05 09:30:00", date(2026, 3, 5)),
        ("2026-03-05T09:30:00+08:00", date(2026, 3, 5)),
        ("2026-03-04T20:00:00Z", date(2026, 3, 5)),
        ("2026年3月5日 9时30分", date(2026, 3, 5)),
    ],
)
def test_days_are_read_as_people_write_them(take, said, day):
    take("disclosures", [NOTICE | {"发布日期": said}])

    assert the_edition().published_on == day


@pytest.mark.parametrize(
    "title", ["../../x", "什么?", "#1 通知", "a/b\\c", "📣 通知", "A<b>粗</b>", "%00\x00通知"]
)
def test_an_odd_title_is_text_and_nothing_else(take, title):
    report = take("disclosures", [NOTICE | {"信息标题": title}], state="published")

    assert counts(report) == (1, 0, 0, 0)
    assert the_edition().title == title.replace("\x00", "")


def test_text_in_angle_brackets_is_text(take):
    body = "依照<郑州市城市供水管理条例>和<A股上市公司>的规定，<b>加粗</b>。\n\n<甲>开头"

    take("disclosures", [NOTICE | {"正文": body}])

    html = the_edition().body_html
    assert "&lt;郑州市城市供水管理条例&gt;" in html
    assert "&lt;A股上市公司&gt;" in html
    assert "&lt;甲&gt;开头" in html
    assert "<b>加粗</b>" in html


def test_html_is_accepted_and_cleaned(take):
    take("disclosures", [NOTICE | {"正文": '<p onclick="x()">文</p><script>alert(1)</script>'}])

    assert the_edition().body_html.strip() == "<p>文</p>"


def test_a_law_imports_as_it_is(take, people):
    law = {
        "id": "xg-1", "title": "优化营商环境条例", "short_title": "", "type": "行政法规", "category": "行政法规",
        "date": "2019-10-22", "effective_date": "2020-01-01", "history": [{"date": "2019-10-08", "event": "通过"}],
        "articles": 72, "body": "## 第一章 总则\n\n第一条 …", "source": "LawRefBook/Laws: 优化营商环境条例.md",
    }  # fmt: skip

    ministry = law | {"id": "bz-1", "title": "规章", "type": "部门规章", "category": "部门规章/公安部"}
    report = take("disclosures", [law, ministry], organ=people.organ, create_missing=True, state="published")

    first, second = db.session.scalars(db.select(DisclosureEdition).order_by(DisclosureEdition.id)).all()
    assert report.as_json()["published"] == 2
    assert (first.published_on, first.effective_on) == (date(2019, 10, 22), date(2020, 1, 1))
    assert first.extra == {"history": law["history"], "articles": 72}
    assert (first.validity, first.document.foreign_id) == (Validity.IN_FORCE, "xg-1")
    assert path_names(first.document.channel) == ["政府信息公开", "行政法规"]
    assert path_names(second.document.channel) == ["政府信息公开", "部门规章", "公安部"]


def path_names(channel):
    return [*path_names(channel.parent), channel.name] if channel else []


def test_a_channel_is_named_by_code_or_by_the_path_of_its_names(take):
    rows = [
        NOTICE | {"id": str(number), "索引号": str(number), "所属栏目": name}
        for number, name in enumerate(
            ["tjxx", "统计信息", "法定主动公开内容/统计信息", "政府信息公开 > 法定主动公开内容 > 统计信息"]
        )
    ]

    take("disclosures", rows)

    documents = db.session.scalars(db.select(Document)).all()
    assert {document.channel.code for document in documents} == {"tjxx"}
    assert len(documents) == 4


def test_one_number_serves_one_row(take):
    report = take("disclosures", [NOTICE, NOTICE | {"id": "gg-2"}, NOTICE])

    assert counts(report) == (1, 0, 0, 2)
    assert "已被其他文件使用" in report.refused[0]["reason"]
    assert "第1行" in report.refused[1]["reason"]


def test_a_refused_row_leaves_nothing_half_done(take):
    """An organ made for a row that is refused is gone with it, and a later row may make it."""
    doubled = NOTICE | {"发布部门": "新办公室", "id": "gg-2"}
    good = NOTICE | {"发布部门": "新办公室", "id": "gg-3", "索引号": "X-3"}

    report = take("disclosures", [NOTICE, doubled, good], create_missing=True)

    assert counts(report) == (2, 0, 0, 1)
    assert db.session.scalars(db.select(Organ.name).where(Organ.created_by_import)).all() == ["新办公室"]
    assert [entry["name"] for entry in report.made] == ["新办公室"]


def test_a_row_refused_late_does_not_stand_in_the_way_of_the_next(take, tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(b"MZ\x90 a program")
    broken = NOTICE | {"id": "gg-0", "索引号": "X-0", "附件": "a.pdf"}

    assert counts(take("disclosures", [broken, NOTICE])) == (1, 0, 0, 1)


def test_a_dry_run_says_the_same_and_writes_nothing(take):
    report = take("disclosures", [NOTICE], state="published", dry_run=True, create_missing=True)
    db.session.rollback()

    assert report.as_json()["published"] == 1


def test_attachments_beside_the_file_are_stored_and_kept(take, tmp_path: Path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "附表.pdf").write_bytes(pdf("A table"))
    row = NOTICE | {"附件": ["files/附表.pdf"]}

    take("disclosures", [row], state="published")
    again = take("disclosures", [row], state="published")

    [file] = the_edition().attachments
    assert (file.display_name, file.suffix) == ("附表.pdf", ".pdf")
    assert (tmp_path / "uploads" / file.stored_name).is_file()
    assert counts(again) == (0, 0, 1, 0)


@pytest.mark.parametrize("name", ["../secret.pdf", "./x/../../secret.pdf", "link.pdf"])
def test_an_attachment_outside_the_folder_is_not_read(take, tmp_path: Path, name):
    (tmp_path / "rows").mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4\ntrailer\n<<>>\n%%EOF\n")
    (tmp_path / "rows" / "link.pdf").symlink_to(tmp_path / "secret.pdf")

    report = take("disclosures", write_lines(tmp_path / "rows" / "a.jsonl", [NOTICE | {"附件": [name]}]))

    assert "不在导入文件所在的文件夹内" in report.refused[0]["reason"]


def test_an_attachment_that_is_not_what_it_says_is_refused(take, tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(b"MZ\x90 a program")

    report = take("disclosures", [NOTICE | {"附件": "a.pdf"}])

    assert counts(report) == (0, 0, 0, 1)
    assert queries.document_by_foreign_id(DocumentKind.DISCLOSURE, "gg-1") is None


def test_the_import_is_nobodys_act(take):
    take("disclosures", [NOTICE], state="published")

    assert not ledger.touched_by_officer(the_edition())
