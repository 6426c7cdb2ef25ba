"""Coding rules as governments publish them come in beside those in force, with their words and the shapes of their codes."""

import json

import pytest

import exchange
from content.models import CodingRule
from database import db
from tests.exchange.conftest import counts

COUNTY = {
    "名称": "某县编码规则",
    "结构": "办理主体编码-事项类型代码-事项序号",
    "正则": "^\\d{8}[A-Z]{2}-[A-Z]{2}-\\d{4}$",
    "示例": [{"编码": "62052400MZ-XK-0001", "含义": "第一项"}],
    "来源": "http://example.org",
}


@pytest.mark.row("B-16")
def test_a_published_rule_is_kept_with_its_words_and_is_not_in_force(take, people, tmp_path):
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"说明": "摘录", "规则": [COUNTY]}), "utf-8")

    report = take("coding-rules", path)

    assert (counts(report), [gap["field"] for gap in report.gaps]) == ((1, 0, 0, 0), ["pattern"])
    rule = db.session.query(CodingRule).filter_by(name="某县编码规则").one()
    assert (rule.is_active, rule.shapes) == (False, {"": COUNTY["正则"]})
    assert rule.reference["structure"] == COUNTY["结构"]
    assert counts(take("coding-rules", path)) == (0, 0, 1, 0)


@pytest.mark.parametrize("shape", ["(a+)+$", "^.*$", "a|b", "(?=a)", "[a", "\\d{999}", "x" * 301], ids=str)
def test_a_shape_that_could_search_without_end_is_refused(take, people, shape):
    report = take("coding-rules", [COUNTY | {"正则": shape}])

    assert counts(report) == (0, 0, 0, 1)
    assert report.refused[0]["field"] == "shapes"


def test_an_example_that_breaks_its_own_rule_is_a_gap(take, people):
    report = take("coding-rules", [COUNTY | {"示例": [{"编码": "62052400MZ-XK-1"}]}])

    assert [gap["field"] for gap in report.gaps] == ["pattern", "examples"]


def test_a_rule_in_force_is_not_overwritten(take, people):
    rule = db.session.query(CodingRule).filter_by(is_active=True).first()
    assert rule is not None

    report = take("coding-rules", [COUNTY | {"名称": rule.name}])

    assert counts(report) == (0, 0, 0, 1)


def test_rules_that_go_out_come_in_as_nothing_new(take, people, tmp_path):
    take("coding-rules", [COUNTY])
    path = tmp_path / "out.jsonl"
    rows = exchange.export_file("coding-rules", path)

    assert counts(take("coding-rules", path)) == (0, 0, rows, 0)
