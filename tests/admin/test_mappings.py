"""Mappings of fields: made from a sample, tried with a preview, taken in once. Nothing of a file is known to the code."""

import io
import json

import pytest

from content.models import Document, FieldMapping, ServiceEdition, StagedImport
from county.ledger import Act
from county.organs import Organ
from database import db
from tests.admin.conftest import Office
from tests.admin.test_forms import SEEN

DUTCH = (
    "uri,naam,burger,bedrijf,grondslag,datum\r\n"
    "http://x/aanleun,aanleunwoning,X,,Artikel 2.43 Wet BRP,15/03/2026\r\n"
    "http://x/adres,adreswijziging,X,X,,16/03/2026\r\n"
    ",,X,,,\r\n"
)


def sent(browser, path, content, file="upl.csv", **fields):
    data = {"file": (io.BytesIO(content.encode()), file), **fields}
    return browser.post(path, data, content_type="multipart/form-data")


def made(office: Office) -> tuple:
    browser = office.at_desk("administrator")
    answer = sent(browser, "/admin/mappings/new/", DUTCH, **{"name": "荷兰事项名录", "kind": "1"})
    assert answer.status_code == 302, answer.text
    return browser, db.session.query(FieldMapping).one()


SAID = {
    "field-0": "id", "field-1": "item_name", "field-2": "audience", "values-2": "X=个人", "field-3": "audience",
    "values-3": "X=企业", "field-4": "legal_basis", "constant-0": "item_category", "text-0": "公共服务", "keeps_others": "1",
}  # fmt: skip


def previewed(browser, office, mapping, content=DUTCH):
    answer = sent(browser, f"/admin/mappings/try/?id={mapping.id}", content, organ=str(office.finance.id))
    assert answer.status_code == 302, answer.text
    shown = browser.get(answer.location).text
    return answer.location, shown, shown.partition(SEEN)[2].partition('"')[0]


@pytest.mark.row("B-10")
def test_a_foreign_list_comes_in_by_a_mapping_an_administrator_makes(office):
    browser, mapping = made(office)
    assert [column["source"] for column in mapping.columns] == [
        "uri",
        "naam",
        "burger",
        "bedrijf",
        "grondslag",
        "datum",
    ]
    assert mapping.columns[1]["sample"] == ["aanleunwoning", "adreswijziging"]
    assert browser.post(f"/admin/mappings/edit/?id={mapping.id}", SAID).status_code == 302

    location, shown, seen = previewed(browser, office, mapping)
    assert "新增 2" in shown
    assert "不能导入 1" in shown
    assert db.session.query(Document).count() == 0
    apply = location.replace("/preview/", "/apply/")
    browser.post(apply, {"seen": seen})

    first, second = db.session.query(ServiceEdition).order_by(ServiceEdition.id)
    assert (first.title, first.audience, first.item_category.value) == ("aanleunwoning", ["个人"], "公共服务")
    assert second.audience == ["个人", "企业"]
    assert first.document.foreign_id == "http://x/aanleun"
    assert [basis.citation for basis in first.legal_basis] == ["Artikel 2.43 Wet BRP"]
    assert first.extra["datum"] == "15/03/2026"
    assert browser.post(apply, {"seen": seen}).status_code == 302
    assert db.session.query(Document).count() == 2
    _, again, _ = previewed(browser, office, mapping)
    assert "没有变化 2" in again
    assert (
        db.session.query(Act).filter_by(verb="load", subject_kind="staged_import").one().details["added"] == 2
    )


def test_organs_come_in_by_a_mapping_in_another_order_of_days(office):
    browser = office.at_desk("administrator")
    rows = [{"slug": "adur", "name": "Adur District Council"}, {"slug": "barnet", "name": "Barnet"}]
    sent(browser, "/admin/mappings/new/", json.dumps(rows), "uk.json", **{"name": "UK", "kind": "5"})
    mapping = db.session.query(FieldMapping).one()
    browser.post(
        f"/admin/mappings/edit/?id={mapping.id}",
        {
            "field-0": "code",
            "prefix-0": "uk-",
            "field-1": "name",
            "dates": "dmy",
            "constant-0": "kind",
            "text-0": "department",
        },
    )
    location, _, seen = previewed(browser, office, mapping, "slug,name\r\nadur,Adur District Council\r\n")

    browser.post(location.replace("/preview/", "/apply/"), {"seen": seen})

    assert db.session.query(Organ).filter_by(code="uk-adur").one().name == "Adur District Council"


def test_a_mapping_changed_after_its_preview_writes_nothing(office):
    browser, mapping = made(office)
    browser.post(f"/admin/mappings/edit/?id={mapping.id}", SAID)
    location, _, seen = previewed(browser, office, mapping)
    browser.post(f"/admin/mappings/edit/?id={mapping.id}", SAID | {"prefix-1": "NL "})

    answer = browser.post(location.replace("/preview/", "/apply/"), {"seen": seen})

    assert answer.status_code == 409
    assert db.session.query(Document).count() == 0
    assert db.session.query(StagedImport).one().applied_at is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "至少为一列"),
        ({"field-0": "nonsense"}, "没有“nonsense”"),
        ({"field-0": "id", "values-0": "X"}, "原值=新值"),
        ({"field-0": "id", "dates": "xyz"}, "日期顺序"),
        ({"field-0": "item_category", "constant-0": "item_category", "text-0": "公共服务"}, "只留一个"),
        ({"field-0": "id", "constant-0": "item_category"}, "一起填写"),
    ],
    ids=["nothing", "field", "values", "dates", "twice", "half"],
)
def test_a_mapping_that_cannot_be_used_is_not_kept(office, said, why):
    browser, mapping = made(office)
    before = mapping.columns

    answer = browser.post(f"/admin/mappings/edit/?id={mapping.id}", said)

    assert answer.status_code == 422
    assert why in answer.text
    assert db.session.query(FieldMapping).one().columns == before


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        ("a\r\n" + "x\r\n" * 1_001, "a.csv", "1000行的上限"),
        ("", "a.csv", "列名"),
        ("{}", "a.json", "一组对象"),
        ("x", "a.exe", "不支持"),
        ("PK", "a.xlsx", "内容不是 xlsx"),
    ],
    ids=["rows", "empty", "json", "kind", "zip"],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_own_name(office, content, name, why):
    browser = office.at_desk("administrator")

    answer = sent(browser, "/admin/mappings/new/", content, name, **{"name": "某省", "kind": "1"})

    assert answer.status_code == 422
    assert why in answer.text
    assert ".incoming" not in answer.text
    assert db.session.query(FieldMapping).count() == 0
