"""Personal data in what an editor types: said at once, and masked for him when he asks."""

from datetime import date

import pytest

from content.models import Edition
from database import db
from tests.admin.conftest import Browser, Office
from tests.admin.test_editions import typed
from tests.county.numbers import id_number

EDIT = "/admin/disclosures/edit/?id={}"


@pytest.fixture
def desk(office: Office) -> Browser:
    return office.at_desk("editor")


@pytest.mark.row("A-09")
def test_the_writer_is_told_of_personal_data_and_has_it_masked_before_anything_is_saved(office, desk):
    edition = office.disclosure(body="原来的正文写修路。")
    number = id_number(530181, date(1980, 5, 6), 123)
    form = typed(office, version=str(edition.version), body=f"王某，身份证号{number}，电话13987654321。")

    shown = desk.post(EDIT.format(edition.id), {**form, "title": ""})
    assert (shown.status_code, "疑似含有个人信息" in shown.text) == (422, True)
    masked = desk.post(EDIT.format(edition.id), {**form, "_mask": "1"})

    assert masked.status_code == 200
    body = masked.text.partition('name="body"')[2]
    assert number not in body
    assert "13987654321" not in body
    assert "王某，身份证号" in body
    assert "按规定遮盖</button>" not in masked.text
    assert db.session.get_one(Edition, edition.id).body == "原来的正文写修路。"


def test_a_declared_contact_of_the_office_is_left_as_it_is(office, desk):
    edition = office.disclosure()
    edition.document.organ.phone = "13987654321"
    db.session.commit()
    form = typed(office, version=str(edition.version), body="咨询电话13987654321，请在工作时间拨打。")

    assert "疑似含有个人信息" not in desk.post(EDIT.format(edition.id), {**form, "title": ""}).text
    assert "13987654321" in desk.post(EDIT.format(edition.id), {**form, "_mask": "1"}).text
