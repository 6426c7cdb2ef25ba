"""A plan of an edition that is not live says what publishing it does; a preview is the page it will have."""

import hashlib
import itertools
from datetime import timedelta

import pytest

import publisher
from content import operations, queries
from content.models import DocumentKind, Edition
from database import db
from publisher.records import newest_publication
from tests.publisher.conftest import GUIDE

PERSON = "申请人身份证号11010519491231002X"


@pytest.fixture
def at(now):
    """Later than everything the county published: a day later, so that no date is the same by chance."""
    return now + timedelta(days=1, minutes=7)


def draft(county, kind=DocumentKind.DISCLOSURE, **values) -> Edition:
    channel = queries.channel_by_code("gfxwj") if kind is DocumentKind.DISCLOSURE else None
    edition = operations.create_document(
        kind,
        organ=county.organ,
        channel=channel,
        site_id=county.site.id,
        values=values,
        by=None,
        at=county.now,
    )
    db.session.commit()
    return edition


def new_disclosure(county) -> Edition:
    return draft(county, title="关于公布行政许可事项清单的通知", body="现将清单予以公布。")


def new_guide(county) -> Edition:
    return draft(county, DocumentKind.SERVICE, title="食品经营许可", **GUIDE)


def new_text(county) -> Edition:
    edition = operations.revise(_live(county, "城区供水管网改造"), by=None, at=county.now)
    operations.save_draft(
        edition, {"title": "供水管网改造公告（更正）", "body": "改造延期一个月。"}, by=None, at=county.now
    )
    db.session.commit()
    return edition


def back_again(county) -> Edition:
    document = _live(county, "惠农补贴")
    [edition] = document.editions
    operations.withdraw(edition, reason="error", by=None, at=county.now)
    edition = operations.revise(document, by=None, at=county.now)
    db.session.commit()
    return edition


def back_from_a_merger(county) -> Edition:
    """Into what was merged another was merged before: that one's address follows."""
    chain = [_live(county, f"第{number}号") for number in (3, 4, 5)]
    for document, into in itertools.pairwise(chain):
        [edition] = document.editions
        operations.merge(edition, into, by=None, at=county.now)  # type: ignore[arg-type]
    edition = operations.revise(chain[1], by=None, at=county.now)
    db.session.commit()
    return edition


def _live(county, title):
    return next(
        edition.document for edition in db.session.scalars(db.select(Edition)) if title in edition.title
    )


def publish(edition: Edition, at) -> None:
    """As the desk does, without the people: the dates, the number and the errand are those of publication."""
    operations.take_over(edition, source="", by=None, at=at)
    edition.taken_over_at = None
    db.session.commit()


CASES = [new_disclosure, new_guide, new_text, back_again, back_from_a_merger]


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_what_a_plan_says_of_an_edition_is_what_publishing_it_changes(county, house, make, at):
    house.build()
    edition = make(county)
    house.publish()

    plan = publisher.make_plan(
        house.place, publisher.Changes(), candidates={edition.document_id: edition.id}, at=at
    )

    publish(edition, at)
    house.now = at
    assert house.publish()
    done = newest_publication()
    assert done
    changed = db.session.scalars(
        db.select(publisher.models.PublicationFile).filter_by(publication_id=done.id)
    ).all()
    kinds = {
        row.path: "removed" if row.new_sha256 is None else "changed" if row.old_sha256 else "added"
        for row in changed
    }
    assert {file.path: file.change for file in plan.files} == kinds
    assert len(plan.files) > 3


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_preview_is_byte_for_byte_the_page_after_publication(county, house, make, at, settings):
    house.build()
    edition = make(county)
    house.publish()

    seen = publisher.preview(house.place, edition, at=at)

    publish(edition, at)
    house.now = at
    house.publish()
    column = "xxgk" if edition.kind is DocumentKind.DISCLOSURE else "zwfw"
    assert seen == (settings.live_tree / column / str(edition.document_id) / "index.html").read_bytes()


def test_looking_ahead_changes_neither_database_nor_tree(county, house, at, settings):
    house.build()
    edition = new_guide(county)
    before, tree = everything(), files(settings.site_folder)

    publisher.make_plan(house.place, publisher.Changes(), candidates={edition.document_id: edition.id}, at=at)
    publisher.preview(house.place, edition, at=at)

    assert not db.session.dirty
    assert not db.session.new
    assert (everything(), files(settings.site_folder)) == (before, tree)


def everything() -> dict[str, str]:
    """A digest of every table, as this transaction sees it."""
    return {
        table.name: hashlib.sha256(repr(sorted(map(repr, db.session.execute(db.select(table))))).encode()).hexdigest()
        for table in db.metadata.sorted_tables
    }  # fmt: skip


def files(folder) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_text_that_may_not_be_shown_is_not_previewed_and_the_plan_says_why(county, house, at):
    house.build()
    edition = new_disclosure(county)
    edition.body_html = f"<p>{PERSON}</p>"
    db.session.commit()

    plan = publisher.make_plan(
        house.place, publisher.Changes(), candidates={edition.document_id: edition.id}, at=at
    )

    with pytest.raises(publisher.PublishError, match="身份证"):
        publisher.preview(house.place, edition, at=at)
    assert [page.page for page in plan.blocked] == [f"/xxgk/{edition.document_id}/"]
    assert plan.public == ()


def test_a_plan_shows_the_lines_that_come_and_go_and_who_becomes_public(county, house, at):
    house.build()
    corrected, new = new_text(county), new_disclosure(county)

    plan = publisher.make_plan(
        house.place,
        publisher.Changes(),
        candidates={one.document_id: one.id for one in (corrected, new)},
        at=at,
    )

    lines = {file.path: file.difference for file in plan.files}[f"xxgk/{corrected.document_id}/index.html"]
    assert "+ 改造延期一个月。" in lines
    assert "- 现将有关事项通知如下，请遵照执行。" in lines
    assert plan.public == (f"/xxgk/{new.document_id}/ {new.title}",)


def test_a_plan_of_one_edition_stays_small_when_the_next_publication_goes_through_all(
    county, house, at, monkeypatch
):
    house.build()
    newest = newest_publication()
    assert newest
    newest.fingerprint = "of the version before"
    db.session.commit()
    edition = new_disclosure(county)

    plan = publisher.make_plan(
        house.place, publisher.Changes(), candidates={edition.document_id: edition.id}, at=at, alone=True
    )

    assert plan.everything
    assert 3 < len(plan.files) < 20
