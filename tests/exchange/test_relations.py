"""Relations between disclosures and duties in rows: in any order, back out again, and a second time unchanged."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

import exchange
from content import queries
from content.models import DisclosureEdition, DocumentKind
from tests.exchange.conftest import counts

ROWS = [
    {"id": "j1", "title": "办法的解读", "channel": "zcjd", "body": "解读正文如下。", "interprets": "w1"},
    {"id": "w2", "title": "新办法全文", "channel": "zcjd", "body": "新办法的正文。", "replaces": ["w1", "w9"]},
    {"id": "w1", "title": "旧办法全文", "channel": "zcjd", "body": "旧办法的正文。", "validity": "废止"},
    {"id": "z1", "title": "征求意见公告", "channel": "zcjd", "body": "请提意见。", "意见征集截止日期": "2026-12-01"},
]  # fmt: skip
DUTY = {"id": "d1", "公开主体": "民政局", "二级事项": "低保标准", "职责": "管理低保", "公开内容": ["标准", "人数"], "公开时限": "每月"}  # fmt: skip


def edition(foreign_id: str) -> DisclosureEdition:
    document = queries.document_by_foreign_id(DocumentKind.DISCLOSURE, foreign_id)
    assert document is not None
    found = document.editions[-1]
    assert isinstance(found, DisclosureEdition)
    return found


def test_a_relation_to_what_comes_later_is_met_when_it_comes(take, people):
    report = take("disclosures", ROWS, organ=people.organ, create_missing=True, state="published")

    assert counts(report) == (4, 0, 0, 0)
    old = edition("w1").document_id
    assert edition("j1").interprets == [old]
    assert edition("w2").replaces == [old, "w9"]
    assert edition("z1").opinions_until == date(2026, 12, 1)

    take(
        "disclosures",
        [{"id": "w9", "title": "更旧的办法", "channel": "zcjd", "body": "更旧。"}],
        organ=people.organ,
    )
    assert edition("w2").replaces == [old, edition("w9").document_id]


def test_what_goes_out_comes_in_again_unchanged(take, people, tmp_path):
    take("disclosures", ROWS, organ=people.organ, create_missing=True, state="published")
    file = tmp_path / "out.jsonl"
    exchange.export_file("disclosures", file)

    rows = {row["id"]: row for row in map(json.loads, file.read_text("utf-8").splitlines())}
    assert (rows["j1"]["interprets"], rows["w2"]["replaces"]) == (["w1"], ["w1", "w9"])
    assert rows["z1"]["opinions_until"] == "2026-12-01"
    assert counts(take("disclosures", file, state="published")) == (0, 0, 4, 0)


def test_another_relation_is_a_change_and_one_to_itself_is_refused(take, people):
    take("disclosures", ROWS, organ=people.organ, create_missing=True, state="published")

    changed = take("disclosures", [{**ROWS[0], "interprets": ["w2"]}], organ=people.organ, state="published")
    itself = take("disclosures", [{**ROWS[0], "interprets": ["j1"]}], organ=people.organ, state="published")

    assert counts(changed) == (0, 1, 0, 0)
    assert edition("j1").interprets == [edition("w2").document_id]
    assert [refused["field"] for refused in itself.refused] == ["interprets"]


@pytest.mark.row("A-19", "A-20", "A-21", "A-22", "A-23")
def test_duties_go_in_with_the_names_of_the_guide_out_and_in_again(take, people, tmp_path):
    report = take("duties", [{**DUTY, "公开主体": people.organ.code}])
    assert (counts(report), report.gaps) == ((1, 0, 0, 0), [])
    duty = queries.all_duties()[0]
    assert (duty.organ.code, duty.duty, duty.content, duty.time_limit) == (
        people.organ.code, "管理低保", "标准\n人数", "每月",
    )  # fmt: skip

    file = tmp_path / "out.jsonl"
    exchange.export_file("duties", file)
    assert counts(take("duties", file)) == (0, 0, 1, 0)


def test_a_duty_without_its_limit_is_taken_in_with_a_gap(take, people):
    report = take(
        "duties", [{"organ": people.organ.code, "title": "公益性岗位", "duty": "促进就业", "content": "名额"}]
    )

    assert [gap["field"] for gap in report.gaps] == ["time_limit"]


@pytest.mark.realdata
def test_the_real_catalogue_of_duties_goes_in_whole(take, people):
    file = Path(os.environ["ZHUANLAN_REAL_DATA"], "disclosure_catalogue.jsonl")
    rows = len(file.read_text("utf-8").splitlines())
    report = take("duties", file, organ=people.organ, create_missing=True)

    assert counts(report)[0] == rows
    assert {gap["field"] for gap in report.gaps} <= {"duty", "content", "time_limit"}
    assert counts(take("duties", file, organ=people.organ, create_missing=True)) == (0, 0, rows, 0)
