"""Lists that organs are held against, loaded as rows (B-10)."""

import json
from datetime import date

import pytest

from content.models import DocumentKind, Duty
from content.standing import Standing
from database import db
from exchange.importing import import_path
from exchange.run import ImportOptions
from tests.people import NOON


def loaded(tmp_path, *rows):
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return import_path("duties", path, ImportOptions(at=NOON), after_batch=db.session.commit)


@pytest.mark.row("B-10", "B-11")
def test_any_list_can_be_loaded_and_its_missing_entries_are_those_that_nothing_public_fulfils(
    people, tmp_path
):
    rows = [
        {"公开主体": "民政局", "二级事项": "结婚登记", "来源目录": "基本目录", "公开为": "政务服务事项"},
        {"公开主体": "民政局", "二级事项": "低保标准", "来源目录": "基层政务公开标准目录", "公开为": "政府信息"},
    ]  # fmt: skip

    loaded(tmp_path, *rows)
    again = loaded(tmp_path, *rows)

    entries = {duty.title: (duty.list_name, duty.kind) for duty in db.session.scalars(db.select(Duty))}
    assert entries == {
        "结婚登记": ("基本目录", DocumentKind.SERVICE),
        "低保标准": ("基层政务公开标准目录", DocumentKind.DISCLOSURE),
    }
    assert again.counts["unchanged"] == 2
    missing = [
        state for state in Standing(date(2026, 11, 21), None, guide_months=12).duties if not state.is_met
    ]
    assert {state.duty.title for state in missing} == entries.keys()
