"""What the desk says of attachments that hold personal data, or that nobody can search."""

import io

from content.models import Edition, EditionState, FileSearch
from county.acts import Act
from database import db
from tests.admin.conftest import Office, plan_on
from tests.admin.test_editions import typed
from tests.papers import docx, paragraph, pdf, scanned_pdf

ID = "11010519491231002X"


def handed_in(office: Office, content: bytes, name: str) -> Edition:
    """A draft begun with this file, by the form."""
    office.at_desk("editor").post(
        "/admin/disclosures/new/",
        {**typed(office), "files": [(io.BytesIO(content), name)]},
        content_type="multipart/form-data",
    )
    return db.session.scalars(db.select(Edition)).one()


def act(office: Office, who: str, edition: Edition, verb: str, **typed: str):
    browser = office.at_desk(who)
    page = browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    typed |= plan_on(browser, edition) if verb == "approve" else {}
    answer = browser.post(f"/admin/disclosures/act/{verb}/?id={edition.id}", {"seen": seen, **typed})
    db.session.refresh(edition)
    return answer


def test_a_finding_stops_the_submission_and_the_page_names_file_place_and_cure(office):
    edition = handed_in(office, docx(paragraph(f"张某 {ID}")), "名单.docx")

    answer = act(office, "editor", edition, "submit")

    assert edition.state is EditionState.DRAFT
    assert answer.status_code == 422
    assert "名单.docx" in answer.text
    assert "正文第1段：居民身份证号码 110*************2X" in answer.text
    assert ID not in answer.text


def test_a_scan_is_named_to_the_reviewer_who_confirms_having_looked(office):
    edition = handed_in(office, scanned_pdf(), "红头文件.pdf")
    act(office, "editor", edition, "submit")

    page = office.at_desk("reviewer").get(f"/admin/disclosures/details/?id={edition.id}").text
    without = act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    still = edition.state
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes", scans_seen="yes")

    assert "红头文件.pdf：第1页" in page
    assert "逐页查看" in without.text
    assert (still, edition.state) == (EditionState.SUBMITTED, EditionState.APPROVED)


def test_a_file_that_cannot_be_read_is_refused_at_once_with_the_cure(office):
    browser = office.at_desk("editor")

    answer = browser.post(
        "/admin/disclosures/new/",
        {"title": "通知", "files": [(io.BytesIO(pdf("x", catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")), "带脚本.pdf")]},
        content_type="multipart/form-data",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "带脚本.pdf" in answer.text
    assert "打印为 PDF" in answer.text


def test_a_file_from_before_the_search_is_searched_when_its_edition_moves_on(office):
    edition = handed_in(office, pdf("A clean page"), "旧件.pdf")
    db.session.execute(db.delete(FileSearch))
    db.session.commit()

    act(office, "editor", edition, "submit")

    assert edition.state is EditionState.SUBMITTED


def test_a_release_is_asked_for_at_the_editors_desk_and_granted_at_the_reviewers(office):
    edition = handed_in(office, docx(paragraph("中标人 张某 13800138000")), "公示.docx")
    file = str(edition.attachments[0].id)

    refused = act(office, "editor", edition, "ask_release", release_file=file, ground="", release_note="")
    act(
        office,
        "editor",
        edition,
        "ask_release",
        release_file=file,
        ground="law",
        release_note="实施条例第五十四条",
    )
    act(office, "editor", edition, "submit")
    page = office.at_desk("reviewer").get(f"/admin/disclosures/details/?id={edition.id}").text
    without = act(office, "reviewer", edition, "approve", secrecy_reviewed="yes")
    act(office, "reviewer", edition, "approve", secrecy_reviewed="yes", releases_granted="yes")

    assert "请选择放行的法律依据" in refused.text
    assert "个人信息保护法第十三条" in page
    assert "实施条例第五十四条" in page
    assert without.status_code == 422
    assert edition.state is EditionState.APPROVED


def test_the_editor_has_an_attachment_masked_with_one_click_and_the_reviewer_reads_the_copy(office):
    edition = handed_in(office, docx(paragraph(f"张某 {ID}")), "名单.docx")
    before = edition.attachments[0].sha256
    page = office.at_desk("editor").get(f"/admin/disclosures/details/?id={edition.id}").text
    assert "生成遮挡后的副本并替换" in page

    answer = act(office, "editor", edition, "clean_file", file=str(edition.attachments[0].id))

    assert answer.status_code == 302
    file = edition.attachments[0]
    assert (file.sha256 != before, file.display_name, edition.version) == (True, "名单.docx", 2)
    act(office, "editor", edition, "submit")
    assert edition.state is EditionState.SUBMITTED
    (cleaned,) = db.session.scalars(db.select(Act).where(Act.verb == "clean_file"))
    assert cleaned.details == {"from": before, "to": file.sha256}


def test_a_file_that_cannot_be_masked_says_so_and_stays(office):
    edition = handed_in(office, pdf(f"Zhang {ID}"), "名单.pdf")
    page = office.at_desk("editor").get(f"/admin/disclosures/details/?id={edition.id}").text
    assert "生成遮挡后的副本并替换" not in page

    answer = act(office, "editor", edition, "clean_file", file=str(edition.attachments[0].id))

    assert answer.status_code == 422
    assert "“名单.pdf”不能自动清理" in answer.text
    assert edition.version == 1


def test_who_saw_an_older_draft_masks_nothing(office):
    edition = handed_in(office, docx(paragraph(f"张某 {ID}")), "名单.docx")
    desk = office.at_desk("editor")
    page = desk.get(f"/admin/disclosures/details/?id={edition.id}").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    first = {"seen": seen, "file": str(edition.attachments[0].id)}

    assert desk.post(f"/admin/disclosures/act/clean_file/?id={edition.id}", first).status_code == 302
    assert desk.post(f"/admin/disclosures/act/clean_file/?id={edition.id}", first).status_code == 422
