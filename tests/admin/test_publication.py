"""After 发布 the officer learns what became of it on the public site: written, seen, kept back, or held."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

import publisher
from commands.publishing import publishing, roll_back
from content import operations
from content.models import Edition
from county import ledger
from county.calendar import COUNTY_ZONE
from database import db
from publisher.models import KeptBack
from tests.admin.conftest import Office

PERSON = "<p>申请人身份证号11010519491231002X</p>"
MORNING = datetime(2026, 11, 20, 10, 32, 5, tzinfo=COUNTY_ZONE)


def page(office: Office, edition: Edition, login: str = "publisher") -> str:
    return office.at_desk(login).get(f"/admin/disclosures/details/?id={edition.id}").text


def note(office: Office, edition: Edition) -> str:
    return " ".join(re.findall(r'<p class="notice[^"]*" role="status">(.*?)</p>', page(office, edition)))


def read_back(office: Office) -> None:
    """As in an installation that looks at what it published."""
    settings = office.app.extensions["settings"]
    office.app.extensions["settings"] = replace(settings, read_back_url="http://localhost")


def seen(edition: Edition, at: datetime | None, why: str = "") -> None:
    publisher.see(publisher.proofs_of(edition.document)[0].publication_id, at=at, note=why)
    db.session.commit()


def test_until_the_worker_has_been_there_the_page_says_so(office: Office):
    edition = office.published()

    assert "公开网站正在更新" in page(office, edition)
    office.bring_live()
    assert "公开网站正在更新" not in page(office, edition)


def test_who_reads_nothing_back_says_when_it_was_written_and_by_whom(office: Office):
    with time_machine.travel(MORNING, tick=False):
        edition = office.published()
        office.bring_live()

        assert note(office, edition) == "已写入公开网站 10:32:05（由常发布发布）"


def test_what_was_seen_is_said_with_the_countys_time_and_later_with_the_day(office: Office):
    read_back(office)
    with time_machine.travel(MORNING, tick=False):
        edition = office.published()
        office.bring_live()
        seen(edition, (MORNING + timedelta(seconds=2)).astimezone(UTC))

        assert note(office, edition) == "已在公开网站看到 10:32:07（由常发布发布）"
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert "已在公开网站看到 11月20日 10:32:07" in note(office, edition)
    with time_machine.travel(MORNING + timedelta(days=60), tick=False):
        assert "已在公开网站看到 2026年11月20日 10:32:07" in note(office, edition)


def test_what_was_not_seen_is_said_with_its_reason(office: Office):
    read_back(office)
    with time_machine.travel(MORNING, tick=False):
        edition = office.published()
        office.bring_live()
        assert "尚未从公开地址读到：正在核对" in note(office, edition)

        seen(edition, None, "/xxgk/1/ 返回状态 503")

        expected = "已写入公开网站 10:32:05（由常发布发布），尚未从公开地址读到：/xxgk/1/ 返回状态 503"
        assert note(office, edition) == expected


def test_a_withdrawal_is_proven_as_well(office: Office):
    read_back(office)
    edition = office.published()
    office.bring_live()
    operations.withdraw(edition, reason="error", by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()
    assert "公开网站正在更新" in note(office, edition)
    office.bring_live()

    seen(edition, datetime.now(UTC))

    assert "撤回说明已在公开网站看到" in note(office, edition)


def test_a_page_that_was_kept_back_is_named_with_its_reason(office: Office):
    edition = office.published()
    edition.body_html = PERSON  # as if it had got past the desk
    db.session.commit()
    office.bring_live()

    shown = note(office, edition)

    assert "没有出现在公开网站上" in shown
    assert "身份证" in shown


def test_while_the_edition_before_stays_on_the_site_the_page_says_so(office: Office):
    edition = office.published()
    office.bring_live()
    newer = operations.revise(edition.document, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.submit(newer, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.approve(newer, by=office.people["reviewer"].id, at=datetime.now(UTC), secrecy_reviewed=True)
    operations.publish(newer, by=office.people["publisher"].id, at=datetime.now(UTC))
    newer.body_html = PERSON
    db.session.commit()
    office.bring_live()

    assert "公开网站仍显示上一稿" in note(office, newer)


def test_a_page_that_is_live_with_a_fault_is_not_said_to_be_missing(office: Office):
    edition = office.published()
    office.bring_live()
    page = f"/xxgk/{edition.document_id}/"
    db.session.add(KeptBack(page=page, reason="链接 /xxgk/9/ 没有对应的页面（页面已发布）"))
    db.session.commit()

    expected = "这一稿已在公开网站上，但有问题：链接 /xxgk/9/ 没有对应的页面。请另起新稿修改后重新发布。"
    assert note(office, edition) == expected


def test_an_errand_that_was_given_up_is_in_sight_with_its_error(office: Office):
    edition = office.published()
    errand = ledger.latest_errand("publish_document", edition.document_id)
    assert errand is not None
    errand.state, errand.last_error = "failed", "OSError: No space left on device"
    db.session.commit()

    assert "No space left on device" in note(office, edition)


def test_after_a_rollback_every_page_says_that_publishing_is_held(office: Office):
    first = office.published("第一号公告")
    office.bring_live()
    office.published("第二号公告")
    office.bring_live()
    with publishing() as here:
        roll_back(here, None)
    third = office.published("第三号公告")

    for edition in (first, third):
        assert "公开网站已回退，发布暂停" in note(office, edition)


def test_the_page_lists_the_publications_of_its_document_from_hash_to_hash(office: Office):
    edition = office.published()
    office.bring_live()
    [proof] = publisher.proofs_of(edition.document)
    assert proof.new_sha256
    newer = operations.revise(edition.document, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.save_draft(
        newer, {"body": "植树任务顺延到四月底。"}, by=office.people["editor"].id, at=datetime.now(UTC)
    )
    operations.submit(newer, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.approve(newer, by=office.people["reviewer"].id, at=datetime.now(UTC), secrecy_reviewed=True)
    operations.publish(newer, by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()
    office.bring_live()

    shown = page(office, newer)
    table = shown[shown.index("公开网站上的发布经过") :].partition("</table>")[0]

    second, first = publisher.proofs_of(edition.document)
    assert (first.edition_no, second.edition_no) == (1, 2)
    assert second.old_sha256 == first.new_sha256 == proof.new_sha256
    assert table.index(second.release) < table.index(first.release)
    for proof in (first, second):
        assert proof.new_sha256
        assert f">{proof.new_sha256[:8]}<" in table
    assert table.count("常发布") == 2
    assert "/admin/releases/details/" in table
    assert "/admin/releases/details/" not in page(office, newer, "editor")


@pytest.mark.parametrize("login", ["editor", "reviewer"])
def test_a_draft_says_nothing_of_the_public_site(office: Office, login: str):
    assert "公开网站上的发布经过" not in page(office, office.disclosure(), login)
