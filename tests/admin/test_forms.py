"""Forms of appendix 1 at the desk: fetched, brought in, looked at, applied once."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document as WordDocument

from content import operations
from content.models import DocumentKind, EditionState, ServiceEdition, StagedImport
from county.ledger import Act
from database import db
from tests.admin.conftest import Office
from tests.exchange.test_forms import MANY, edited

SEEN = 'name="seen" value="'


def item(office: Office, **values) -> ServiceEdition:
    edition = operations.create_document(
        DocumentKind.SERVICE, organ=office.finance, channel=None, site_id=office.site.id, values=MANY | values,
        by=office.people["editor"].id, at=datetime.now(UTC),
    )  # fmt: skip
    db.session.commit()
    assert isinstance(edition, ServiceEdition)
    return edition


def uploaded(browser, office, content, name="林木.docx"):
    data = {"organ": str(office.finance.id), "files": (io.BytesIO(content), name)}
    return browser.post("/admin/forms/upload/", data, content_type="multipart/form-data")


@pytest.mark.row("B-30")
def test_a_form_is_fetched_changed_shown_and_written_once(office):
    edition = item(office)
    browser = office.at_desk("editor")
    page = browser.get(f"/admin/services/details/?id={edition.id}").text
    assert f"/admin/forms/item/?id={edition.id}&amp;format=docx" in page
    fetched = browser.get(f"/admin/forms/item/?id={edition.id}&format=docx")
    assert "attachment" in fetched.headers["Content-Disposition"]

    changed = edited(fetched.data, {"办理地点": "政务中心三楼", "承诺期限": "5个工作日"})
    preview = uploaded(browser, office, changed).location
    shown = browser.get(preview).text

    assert "<ins>" in shown
    assert "政务中心三楼" in shown
    assert "确认导入 1 个事项" in shown
    assert db.session.get_one(ServiceEdition, edition.id).handling_place == ""
    seen = shown.partition(SEEN)[2].partition('"')[0]
    apply = preview.replace("/preview/", "/apply/")
    assert browser.post(apply, {"seen": seen}).status_code == 302
    saved = db.session.get_one(ServiceEdition, edition.id)
    assert (saved.handling_place, saved.version) == ("政务中心三楼", 2)
    assert "已经导入过了" in browser.get(browser.post(apply, {"seen": seen}).location).text
    assert db.session.get_one(ServiceEdition, edition.id).version == 2
    acts = db.session.query(Act).filter_by(verb="load", subject_kind="staged_import").all()
    assert [act.details["changed"] for act in acts] == [1]


def test_a_preview_that_is_no_longer_true_is_shown_anew_and_nothing_is_written(office):
    edition = item(office)
    browser = office.at_desk("editor")
    content = edited(browser.get(f"/admin/forms/item/?id={edition.id}").data, {"办理地点": "三楼"})
    preview = uploaded(browser, office, content).location
    seen = browser.get(preview).text.partition(SEEN)[2].partition('"')[0]
    operations.save_draft(
        edition, {"handling_place": "四楼"}, by=office.people["allround"].id, at=datetime.now(UTC)
    )
    db.session.commit()

    answer = browser.post(preview.replace("/preview/", "/apply/"), {"seen": seen})

    assert answer.status_code == 409
    assert "请重新核对" in answer.text
    assert "</span>四</del>" in answer.text
    assert db.session.get_one(ServiceEdition, edition.id).handling_place == "四楼"
    assert db.session.query(StagedImport).one().applied_at is None


def test_a_file_that_cannot_be_read_is_refused_with_its_cure(office):
    browser = office.at_desk("editor")

    answer = uploaded(browser, office, b"\xd0\xcf\x11\xe0", "老文件.doc")

    assert answer.status_code == 422
    assert "另存为 docx" in answer.text
    assert db.session.query(StagedImport).count() == 0


def test_the_archive_of_an_organ_holds_its_catalogue_and_every_item(office):
    item(office)
    item(office, title="木材运输许可")
    answer = office.at_desk("reviewer").get(f"/admin/forms/organ/?id={office.finance.id}&format=docx")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        names = package.namelist()
        catalogue = WordDocument(io.BytesIO(package.read(names[0])))
    assert names[0] == "青崖县财政局政务服务事项内容目录.docx"
    assert len(names) == 3
    assert [row.cells[0].text for row in catalogue.tables[0].rows] == ["序号", "1", "2"]


def test_a_new_item_of_a_form_is_a_draft_of_the_organ_chosen(office):
    edition = item(office)
    browser = office.at_desk("editor")
    content = browser.get(f"/admin/forms/item/?id={edition.id}").data
    document = WordDocument(io.BytesIO(edited(content, {"事项名称": "古树名木迁移许可"})))
    document.paragraphs[-1].clear()
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("事项标识"):
            paragraph.clear()
    out = io.BytesIO()
    document.save(out)
    preview = uploaded(browser, office, out.getvalue()).location
    shown = browser.get(preview).text
    assert "新增 1" in shown

    browser.post(
        preview.replace("/preview/", "/apply/"), {"seen": shown.partition(SEEN)[2].partition('"')[0]}
    )

    made = db.session.query(ServiceEdition).filter_by(title="古树名木迁移许可").one()
    assert (made.state, made.document.organ_id, len(made.flow)) == (EditionState.DRAFT, office.finance.id, 3)
