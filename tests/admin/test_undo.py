"""What was done to several texts at once is undone with one click, as far as it can be (U7)."""

from datetime import UTC, datetime

import pytest

from content import operations
from content.models import EditionState
from county.acts import Act
from database import db
from tests.admin.conftest import Office

LIST, ACTION, UNDO = "/admin/disclosures/", "/admin/disclosures/action/", "/admin/disclosures/undo/"


def chosen(name: str, *editions) -> dict:
    return {"action": name, "rowid": [str(edition.id) for edition in editions]}


def states(*editions) -> list[EditionState]:
    for edition in editions:
        db.session.refresh(edition)
    return [edition.state for edition in editions]


def test_texts_submitted_together_are_drafts_again_and_asked_twice_nothing_happens(office: Office):
    first, second = office.disclosure(title="甲"), office.disclosure(title="乙")
    desk = office.at_desk("editor")
    desk.post(ACTION, chosen("submit", first, second))
    assert states(first, second) == [EditionState.SUBMITTED] * 2
    assert "撤销送审（2 件）" in desk.get(LIST).text

    desk.post(UNDO)

    assert states(first, second) == [EditionState.DRAFT] * 2
    assert first.review_steps == []
    assert "已撤销2件" in desk.get(LIST).text
    desk.post(UNDO)
    page = desk.get(LIST).text
    assert "没有可以撤销的" in page
    assert "撤销送审（" not in page
    assert len(db.session.scalars(db.select(Act).where(Act.verb == "recall")).all()) == 2


def test_what_somebody_decided_on_meanwhile_stays_and_is_named(office: Office):
    first, second = office.disclosure(title="甲"), office.disclosure(title="乙")
    desk = office.at_desk("editor")
    desk.post(ACTION, chosen("submit", first, second))
    operations.approve(first, by=office.people["reviewer"].id, at=datetime.now(UTC), secrecy_reviewed=True)
    db.session.commit()

    desk.post(UNDO)

    assert states(first, second) == [EditionState.APPROVED, EditionState.DRAFT]
    page = desk.get(LIST).text
    assert "《甲》没有撤销" in page
    assert "已撤销1件" in page


def test_published_together_they_are_taken_back_unless_readers_would_lose_an_older_text(office: Office):
    new, old = office.approved(title="甲"), office.published(title="乙")
    newer = operations.revise(old.document, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.submit(newer, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.approve(newer, by=office.people["reviewer"].id, at=datetime.now(UTC), secrecy_reviewed=True)
    db.session.commit()
    desk = office.at_desk("publisher")
    desk.post(ACTION, chosen("publish", new, newer))
    assert states(new, newer) == [EditionState.PUBLISHED] * 2

    desk.post(UNDO)

    assert states(new, newer) == [EditionState.WITHDRAWN, EditionState.PUBLISHED]
    assert "《乙》没有撤销：它替代了已公开的旧稿" in desk.get(LIST).text


def test_nobody_undoes_what_another_did(office: Office):
    edition = office.disclosure()
    office.at_desk("editor").post(ACTION, chosen("submit", edition))

    office.at_desk("allround").post(UNDO)

    assert states(edition) == [EditionState.SUBMITTED]


@pytest.mark.row("B-06")
def test_a_text_is_recalled_from_its_page_until_somebody_decides(office: Office):
    edition = office.submitted()
    desk = office.at_desk("editor")
    page = desk.get(f"/admin/disclosures/details/?id={edition.id}").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert "撤销送审" in page

    assert desk.post(f"/admin/disclosures/act/recall/?id={edition.id}", {"seen": seen}).status_code == 302
    assert states(edition) == [EditionState.DRAFT]
