"""Bytes that publications replaced: there as long as a publication that can be taken back needs them, and no longer."""

import hashlib
from pathlib import Path

import pytest

import publisher
from content import operations
from content.models import Edition
from database import db
from publisher.models import Publication, PublicationFile
from tests.publisher.conftest import PublishingHouse, SmallCounty


def kept(house: PublishingHouse) -> set[str]:
    """The hashes of the bytes that are kept, each file holding what its name says."""
    found = [file for file in (house.place.site_folder / "kept").rglob("*") if file.is_file()]
    for file in found:
        assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name
    return {file.name for file in found}


def needed(house: PublishingHouse) -> set[str]:
    """What the publications replaced that can be taken back."""
    newest = db.session.scalars(db.select(Publication.id).order_by(Publication.id.desc())).all()[
        : house.place.keep
    ]
    row = PublicationFile
    chosen = db.select(row.old_sha256).where(row.publication_id.in_(newest), row.old_sha256.is_not(None))
    return set(db.session.scalars(chosen))


@pytest.fixture
def edition(small_county: SmallCounty, house: PublishingHouse) -> Edition:
    edition = small_county.disclosure("改了又改的公告")
    house.build()
    return edition


def revise(county: SmallCounty, edition: Edition, title: str) -> Edition:
    newer = operations.revise(edition.document, by=None, at=county.now)
    operations.save_draft(newer, {"title": title}, by=None, at=county.now)
    return county._live(newer)


def test_bytes_are_kept_while_a_publication_that_replaced_them_can_be_taken_back(
    small_county, house, edition
):
    for number in range(house.place.keep + 3):
        edition = revise(small_county, edition, f"第{number}稿")
        house.publish()
        assert kept(house) == needed(house)
    assert len(needed(house)) >= house.place.keep


def test_bytes_that_come_back_are_kept_as_long_as_the_last_publication_that_replaced_them(
    small_county, house, edition
):
    for number in range(house.place.keep * 2):
        edition = revise(small_county, edition, "这一稿" if number % 2 else "那一稿")
        house.publish()
        assert kept(house) == needed(house)


def test_what_a_publisher_that_died_did_not_give_back_the_next_one_does(
    small_county, house, edition, monkeypatch: pytest.MonkeyPatch
):
    for number in range(house.place.keep):
        edition = revise(small_county, edition, f"第{number}稿")
        house.publish()
    edition = revise(small_county, edition, "他死前的一稿")
    with monkeypatch.context() as here:
        here.setattr(publisher, "tidy", _die)
        with pytest.raises(KeyboardInterrupt):
            house.publish()
    assert kept(house) - needed(house)

    house.publish(publisher.Changes())

    assert kept(house) == needed(house)


def _die(_place: Path) -> None:
    raise KeyboardInterrupt
