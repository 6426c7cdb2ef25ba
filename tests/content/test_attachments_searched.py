"""An attachment with personal data stops its edition, until the file is another or the data an office's own."""

import io
from pathlib import Path

import pytest

from content import operations, rules
from content.errors import Fault, IncompleteError, SelfReviewError
from content.files import StoredFile, store
from content.models import Edition, EditionState
from county.ledger import acts_on
from database import db
from tests.papers import docx, jpeg, paragraph, pdf, scanned_pdf
from tests.people import NOON, make_edition

ID = "11010519491231002X"
MOBILE = "13800138000"


@pytest.fixture
def folder(settings) -> Path:
    return settings.upload_folder


def handed_in(content: bytes, name: str, folder: Path, *, searched: bool = True) -> StoredFile:
    file = store(io.BytesIO(content), name, folder, max_bytes=1_000_000)
    if searched:
        operations.search_files([file], folder, at=NOON)
    return file


def with_file(people, content: bytes, name: str, folder: Path, *, searched: bool = True, **values) -> Edition:
    edition = make_edition(people, **values)
    operations.attach(
        edition, [handed_in(content, name, folder, searched=searched)], by=people.ai.id, at=NOON
    )
    return edition


def refused(edition: Edition, people) -> str:
    with pytest.raises(IncompleteError) as refusal:
        operations.submit(edition, by=people.ai.id, at=NOON)
    assert [fault.field for fault in refusal.value.faults] == ["attachments"]
    return refusal.value.message


@pytest.mark.row("A-09")
def test_personal_data_in_an_attachment_stops_the_submission_with_file_place_masked_value_and_cure(
    people, folder
):
    edition = with_file(people, docx(paragraph("名单") + paragraph(f"张某 {ID}")), "低保名单.docx", folder)

    message = refused(edition, people)

    assert "低保名单.docx" in message
    assert "正文第2段：居民身份证号码 110*************2X" in message
    assert "遮挡" in message
    assert ID not in message


def test_personal_data_in_the_name_of_a_file_stops_the_submission_and_is_not_repeated(people, folder):
    message = refused(with_file(people, pdf("A clean page"), f"张某{ID}.pdf", folder), people)

    assert "文件名" in message
    assert ID not in message


def test_the_declared_phone_of_an_office_is_no_finding_but_anybody_elses_is(people, folder):
    people.organ.phone = "值班手机 138-0013-8000"
    own = with_file(people, docx(paragraph(f"咨询电话 {MOBILE}")), "通知.docx", folder)
    other = with_file(people, docx(paragraph("咨询电话 13900139000")), "通知.docx", folder)

    operations.submit(own, by=people.ai.id, at=NOON)

    assert "139****9000" in refused(other, people)


def test_an_identity_number_is_nobodys_office_contact(people, folder):
    people.organ.address = f"县府路 {ID}"

    assert "身份证" in refused(with_file(people, docx(paragraph(ID)), "通知.docx", folder), people)


def test_a_file_that_nobody_searched_stops_the_submission_until_it_is_searched(people, folder):
    edition = with_file(people, pdf("A clean page"), "通知.pdf", folder, searched=False)

    assert "还没有检查" in refused(edition, people)
    operations.search_files(edition.attachments, folder, at=NOON)
    operations.submit(edition, by=people.ai.id, at=NOON)


def test_a_file_is_replaced_by_a_clean_one_and_goes_on(people, folder):
    edition = with_file(people, docx(paragraph(ID)), "名单.docx", folder)
    refused(edition, people)

    clean = handed_in(docx(paragraph("110*************2X")), "名单.docx", folder)
    operations.attach(edition, [clean], by=people.ai.id, at=NOON)

    operations.submit(edition, by=people.ai.id, at=NOON)


def test_what_is_found_only_later_stops_the_publication(people, folder):
    """A newer search sees more; what was approved before is held back all the same."""
    edition = with_file(people, docx(paragraph(ID)), "名单.docx", folder)
    search = edition.attachments[0].search
    assert search is not None
    kept, search.findings = search.findings, []
    operations.submit(edition, by=people.ai.id, at=NOON)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)

    search.findings = kept
    with pytest.raises(IncompleteError, match="名单"):
        operations.publish(edition, by=people.pei.id, at=NOON)


@pytest.mark.parametrize(
    ("content", "name"), [(scanned_pdf(), "扫描.pdf"), (jpeg(), "照片.jpg")], ids=["scan", "picture"]
)
def test_a_scan_is_approved_only_by_who_has_looked_at_every_page(people, folder, content, name):
    edition = with_file(people, content, name, folder)
    operations.submit(edition, by=people.ai.id, at=NOON)

    with pytest.raises(Fault) as refusal:
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True, scans_seen=True)

    assert refusal.value.field == "scans_seen"
    assert name in refusal.value.message
    assert edition.state is EditionState.APPROVED
    assert (
        acts_on([("edition", edition.id), ("disclosure_edition", edition.id)])[0].details["scans_seen"] == 1
    )


def test_the_same_bytes_are_searched_once(people, folder, monkeypatch):
    file = handed_in(pdf("A clean page"), "一.pdf", folder)
    monkeypatch.setattr("content.operations.searching.inspect", None)

    assert len(operations.search_files([file], folder, at=NOON)) == 1


def test_a_file_seen_by_an_older_search_is_searched_again(people, folder):
    file = handed_in(docx(paragraph(ID)), "名单.docx", folder)
    (search,) = operations.search_files([file], folder, at=NOON)
    search.version, search.findings = 0, []
    db.session.flush()

    (again,) = operations.search_files([file], folder, at=NOON)

    assert len(again.findings) == 1


def test_every_finding_names_only_masked_numbers(people, folder):
    edition = with_file(people, docx(paragraph(f"{ID} {MOBILE}")), "名单.docx", folder)

    assert ID not in str(rules.findings_in(edition.attachments[0], ()))
    assert MOBILE not in str(rules.findings_in(edition.attachments[0], ()))


def asked(people, folder: Path, **given) -> Edition:
    edition = with_file(people, docx(paragraph(f"中标人 张某 {MOBILE}")), "公示.docx", folder)
    values = {
        "ground": "law",
        "note": "招标投标法实施条例第五十四条",
        "by": people.ai.id,
        "at": NOON,
        **given,
    }
    operations.ask_release(edition, edition.attachments[0].id, **values)
    return edition


@pytest.mark.row("A-10")
def test_a_file_with_personal_data_goes_public_on_a_legal_ground_with_a_second_person_on_the_ledger(
    people, folder
):
    edition = asked(people, folder)
    operations.submit(edition, by=people.ai.id, at=NOON)

    with pytest.raises(Fault) as refusal:
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True, releases_granted=True)
    operations.publish(edition, by=people.pei.id, at=NOON)

    assert refusal.value.field == "releases_granted"
    acts = {act.verb: act for act in acts_on([("edition", edition.id), ("disclosure_edition", edition.id)])}
    assert (acts["ask_release"].actor_id, acts["grant_release"].actor_id) == (people.ai.id, people.bao.id)
    assert acts["grant_release"].details["ground"] == "law"


def test_who_asked_for_a_release_does_not_grant_it(people, folder):
    edition = asked(people, folder, by=people.bao.id)
    operations.submit(edition, by=people.ai.id, at=NOON)

    with pytest.raises(SelfReviewError):
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True, releases_granted=True)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ground": ""}, "ground"),
        ({"ground": "because"}, "ground"),
        ({"note": " 无 "}, "release_note"),
        ({"note": f"张某 {ID} 已同意"}, "release_note"),
    ],
    ids=["no-ground", "another-ground", "no-reason", "number"],
)
def test_a_release_takes_a_ground_from_the_list_and_a_reason_without_personal_data(
    people, folder, given, field
):
    with pytest.raises(Fault) as refusal:
        asked(people, folder, **given)

    assert refusal.value.field == field


def test_no_release_is_asked_for_a_clean_file_or_one_of_another_document(people, folder):
    clean = with_file(people, pdf("A clean page"), "通知.pdf", folder)
    other = asked(people, folder)

    for file in (clean.attachments[0], other.attachments[0]):
        with pytest.raises(Fault):
            operations.ask_release(
                clean, file.id, ground="law", note="条例第二十条", by=people.ai.id, at=NOON
            )


def test_a_release_holds_for_exactly_these_bytes_and_for_a_later_edition_with_them(people, folder):
    edition = asked(people, folder)
    operations.submit(edition, by=people.ai.id, at=NOON)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True, releases_granted=True)
    operations.publish(edition, by=people.pei.id, at=NOON)
    same = operations.revise(edition.document, by=people.ai.id, at=NOON)

    assert rules.faults_before_publication(same) == []
    assert rules.releases_pending(same) == []
    changed = handed_in(docx(paragraph(f"中标人 李某 {ID}")), "公示.docx", folder)
    operations.attach(same, [changed], by=people.ai.id, at=NOON)

    assert "公示.docx" in refused(same, people)


def test_a_release_nobody_granted_is_no_way_around_the_review(people, folder):
    edition = asked(people, folder)

    with pytest.raises(Fault) as refusal:
        operations.take_over(edition, source="旧站", by=None, at=NOON)

    assert refusal.value.field == "releases_granted"


def test_a_release_that_is_asked_for_anew_is_not_in_force_when_its_edition_is_published(people, folder):
    edition = asked(people, folder)
    operations.submit(edition, by=people.ai.id, at=NOON)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True, releases_granted=True)
    edition.document.file_releases[0].granted_at = None

    with pytest.raises(Fault) as refusal:
        operations.publish(edition, by=people.pei.id, at=NOON)

    assert refusal.value.field == "releases_granted"
