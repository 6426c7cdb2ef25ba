"""发布记录: publications, pages kept back, and what keeps the site from being up to date."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

import publisher
from commands.publishing import publishing, roll_back
from county import ledger
from database import db
from publisher.models import PublicationState
from tests.admin.conftest import Office

PERSON = "<p>申请人身份证号11010519491231002X</p>"


def shown(office: Office, login: str = "publisher") -> str:
    return office.at_desk(login).get("/admin/releases/").text


def newest() -> publisher.Publication:
    return publisher.publications(1)[0]


def test_before_there_is_a_site_the_page_says_how_to_make_one(office: Office):
    assert "flask site build" in shown(office)


def test_each_publication_is_listed_with_what_it_changed_by_whom_and_whether_it_was_seen(office: Office):
    settings = office.app.extensions["settings"]
    office.app.extensions["settings"] = replace(settings, read_back_url="http://localhost")
    office.published()
    office.bring_live()
    publisher.see(newest().id, at=None, note="/xxgk/1/ 返回状态 503")
    db.session.commit()
    office.published("第二号公告")
    office.bring_live()
    contents = publisher.contents_of([newest()], None)[newest().id]

    page = shown(office)

    assert "全站生成" in page
    assert page.index(newest().name) < page.index("返回状态 503")
    assert "正在核对" in page
    assert "常发布" in page
    for number in (contents.added, contents.changed, contents.removed):
        assert f'<td class="number">{number}</td>' in page
    assert contents.added
    assert contents.changed


def test_a_publication_shows_its_files_from_hash_to_hash(office: Office):
    office.published()
    office.bring_live()
    edition = office.published("第二号公告")
    office.bring_live()
    [proof] = publisher.proofs_of(edition.document)
    assert proof.new_sha256

    page = office.at_desk("supervisor").get(f"/admin/releases/details/?release={proof.release}").text

    assert "第二号公告" in page
    assert f"xxgk/{edition.document_id}/index.html" in page
    assert f">{proof.new_sha256[:8]}<" in page
    assert "首页" in page


@pytest.mark.parametrize("release", ["", "nonsense", "20261121T101112Z-7", "%00"])
def test_a_publication_that_is_none_is_not_there(office: Office, release: str):
    assert office.at_desk("publisher").get(f"/admin/releases/details/?release={release}").status_code == 404


def test_a_page_kept_back_is_listed_with_its_organ_and_the_edition_to_mend(office: Office):
    edition = office.published()
    edition.body_html = PERSON
    db.session.commit()
    office.bring_live()

    page = shown(office)

    assert f"/admin/disclosures/details/?id={edition.id}" in page
    assert "青崖县财政局" in page
    assert "身份证" in page
    assert "11010519491231002X" not in page


def test_who_oversees_another_organ_sees_neither_its_pages_nor_its_people(office: Office):
    good, bad = office.published(), office.published("有问题的公告")
    bad.body_html = PERSON
    db.session.commit()
    office.bring_live()

    page = shown(office, "stranger")

    assert newest().name in page
    assert "常发布" not in page
    assert bad.title not in page
    assert good.title not in page
    assert "常发布" in shown(office, "administrator")


def test_a_held_site_and_an_unfinished_publication_are_said_with_the_cure(office: Office):
    for title in ("第一号公告", "第二号公告"):
        office.published(title)
        office.bring_live()
    newest().state = PublicationState.PREPARED
    db.session.commit()
    assert "flask work" in shown(office)
    with publishing() as here:
        roll_back(here, None)

    page = shown(office)

    assert "发布暂停" in page
    assert "flask site publish" in page
    assert "回退</td>" in page
    assert "还没有做完" not in page


def test_publications_that_were_given_up_are_said_with_the_error_and_the_cure(office: Office):
    edition = office.published()
    errand = ledger.latest_errand("publish_document", edition.document_id)
    assert errand
    errand.state, errand.last_error, errand.settled_at = "failed", "OSError: disk full", datetime.now(UTC)
    db.session.commit()

    page = shown(office)

    assert "OSError: disk full" in page
    assert "flask site publish" in page
