"""Who stands where in a list: a place is given once, in the order of going live, and never to another."""

import random
from datetime import timedelta

import pytest

from content import operations, queries
from database import db
from publisher.lists import PER_PAGE
from publisher.models import Listing, ListPlace
from publisher.places import DOCUMENT, QUESTION, Places, upsert

CATALOGUE, CHANNEL, OTHER = "/xxgk/ml/", "/xxgk/c/ghjh/", "/xxgk/c/tjxx/"


def standing(address: str, *, gone: bool = False) -> dict[int, int]:
    """Subjects of a list by their place: those in it, or those that left it."""
    chosen = db.select(ListPlace.place, ListPlace.subject_id).where(
        ListPlace.list_key == address, ListPlace.is_gone.is_(gone)
    )
    return {row.place: row.subject_id for row in db.session.execute(chosen.order_by(ListPlace.place))}


def size_of(address: str) -> tuple[int, int]:
    row = db.session.execute(db.select(Listing.last_place, Listing.size).where(Listing.key == address)).one()
    return row.last_place, row.size


def test_what_goes_live_together_gets_places_by_date_the_oldest_first(small_county, house):
    day = small_county.now.date()
    days = [3, 0, 7, 0, 1]
    editions = [
        small_county.disclosure(f"第{n}号", channel="ghjh", published_on=day - timedelta(days=ago))
        for n, ago in enumerate(days)
    ]

    house.build()

    by_date = [editions[n].document_id for n in (2, 0, 4, 1, 3)]
    assert standing(CHANNEL) == standing(CATALOGUE) == dict(enumerate(by_date, 1))
    assert size_of(CHANNEL) == (5, 5)


@pytest.mark.parametrize("whole", [True, False])
def test_what_goes_live_later_comes_after_whatever_its_date(small_county, house, live, whole):
    """A back-dated entry changes no full page; it is sorted by its date within the page of its place."""
    day = small_county.now.date()
    for number in range(25):
        small_county.disclosure(f"第{number}号", channel="ghjh", published_on=day - timedelta(days=number))
    house.build()
    before = standing(CHANNEL)
    late = small_county.disclosure("补登的旧文件", channel="ghjh", published_on=day - timedelta(days=400))

    house.build() if whole else house.publish()

    assert standing(CHANNEL) == before | {26: late.document_id}
    page = live(CHANNEL)
    assert page.index("第0号") < page.index("第24号") < page.index("补登的旧文件")


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_taken_back_leaves_a_gap_and_has_its_place_again_when_it_returns(
    small_county, house, live, whole
):
    editions = [
        small_county.disclosure(
            f"第{number}号公告",
            channel="ghjh",
            published_on=small_county.now.date() - timedelta(days=60 - number),
        )
        for number in range(1, 46)
    ]
    publish = house.build if whole else house.publish
    house.build()
    before, page_1 = standing(CHANNEL), live(f"{CHANNEL}1.html")
    edition = editions[9]
    assert before[10] == edition.document_id
    assert page_1.count("号公告") == PER_PAGE

    operations.withdraw(edition, reason="error", by=None, at=small_county.now)
    db.session.commit()
    publish()

    assert standing(CHANNEL) == {place: key for place, key in before.items() if place != 10}
    assert standing(CHANNEL, gone=True) == {10: edition.document_id}
    assert size_of(CHANNEL) == (45, 44)
    assert live(f"{CHANNEL}1.html").count("号公告") == PER_PAGE - 1
    assert "第21号公告" not in live(f"{CHANNEL}1.html")

    newer = operations.revise(edition.document, by=None, at=small_county.now)
    small_county._live(newer)
    small_county.disclosure("第46号公告", channel="ghjh")
    publish()

    assert standing(CHANNEL) == {place: key for place, key in standing(CHANNEL).items() if place < 46} | {
        46: standing(CHANNEL)[46]
    }
    assert {place: key for place, key in standing(CHANNEL).items() if place < 46} == before
    assert live(f"{CHANNEL}1.html") == page_1


def test_what_moves_gets_a_new_place_at_the_end_and_its_old_one_when_it_moves_back(small_county, house):
    moved, *others = [small_county.disclosure(f"第{number}号", channel="ghjh") for number in range(3)]
    there = small_county.disclosure("先到的", channel="tjxx")
    house.build()
    catalogue = standing(CATALOGUE)

    file_under(small_county, moved, "tjxx")
    house.publish()

    assert standing(CHANNEL) == {2: others[0].document_id, 3: others[1].document_id}
    assert standing(OTHER) == {1: there.document_id, 2: moved.document_id}
    assert standing("/xxgk/c/fdzdgk/") == catalogue == standing(CATALOGUE)
    file_under(small_county, moved, "ghjh")
    small_county.disclosure("后到的", channel="tjxx")
    house.publish()
    assert standing(CHANNEL) == {number + 1: each.document_id for number, each in enumerate((moved, *others))}
    assert list(standing(OTHER)) == [1, 3]  # nobody else gets the place that was left


def file_under(county, edition, code: str) -> None:
    channel = queries.channel_by_code(code)
    operations.file_document(
        edition.document, organ=edition.document.organ, channel=channel, by=None, at=county.now
    )
    db.session.commit()


def test_no_entry_ever_changes_the_page_on_which_it_stands_but_from_the_lists_address_to_its_own(
    small_county, house
):
    """Pages are cut from the oldest place, whatever goes live or leaves later."""
    chance = random.Random(7)
    stood: dict[int, str] = {}
    editions = []
    house.build()
    for number in range(80):
        editions.append(small_county.disclosure(f"第{number}号", channel="ghjh"))
        if chance.random() < 0.2:
            leaving = editions.pop(chance.randrange(len(editions)))
            operations.withdraw(leaving, reason="error", by=None, at=small_county.now)
            db.session.commit()
        if number % 9 == 0 or number == 79:
            house.publish()
            for file in (house.place.site_folder / "current" / CHANNEL.strip("/")).glob("[0-9]*.html"):
                text = file.read_text("utf-8")
                for edition in editions:
                    if f'href="/xxgk/{edition.document_id}/"' in text:
                        assert stood.setdefault(edition.document_id, file.name) == file.name
    assert len(set(stood.values())) == 2


def test_an_unpublished_look_leaves_no_places_behind(small_county, house, tmp_path):
    house.build()
    before = size_of_all()
    small_county.disclosure("新公告", channel="ghjh")

    house.build(out=tmp_path / "copy")
    db.session.rollback()

    assert size_of_all() == before


def size_of_all() -> dict[str, tuple[int, int]]:
    rows = db.session.execute(db.select(Listing.key, Listing.last_place, Listing.size))
    return {row.key: (row.last_place, row.size) for row in rows}


def test_places_read_as_far_as_needed_answer_like_places_read_at_once(app):
    """Before anything is written too: what was changed in memory counts."""
    chance = random.Random(5)
    lists = ["/a/", "/b/", "/c/"]
    for _ in range(12):
        whole, partly = Places(whole=True), Places(whole=False)
        for _ in range(chance.randint(1, 12)):
            kind, subject = chance.choice((DOCUMENT, QUESTION)), chance.randint(1, 15)
            wanted = dict.fromkeys(chance.sample(lists, chance.randint(0, 3)), "")
            subject = subject if kind == DOCUMENT else subject + 100
            assert whole.settle(kind, subject, wanted) == partly.settle(kind, subject, wanted)
            assert set(whole.of(kind, subject)) == set(wanted)
            assert whole.of(kind, subject) == partly.of(kind, subject)
        for address in (*lists, "/never/"):
            last = whole.state(address).last_place
            assert whole.state(address) == partly.state(address)
            assert whole.state(address).size == len(whole.between(address, 1, last))
            for _ in range(10):
                first, count, place = (chance.randint(1, max(last, 1)) for _ in range(3))
                assert whole.between(address, first, first + count) == partly.between(
                    address, first, first + count
                )
                assert whole.newest(address, count) == partly.newest(address, count)
                assert whole.neighbours(address, place) == partly.neighbours(address, place)
        partly.write()
        db.session.commit()
        again = Places(whole=True)
        assert again.lists == whole.lists
        assert all(again.between(address, 1, 99) == whole.between(address, 1, 99) for address in lists)


def test_writing_a_row_again_brings_it_to_the_new_values(app):
    for size in (3, 5):
        upsert(Listing, ("key", "label", "last_place", "size"), [("/a/", "", 5, size)], ("key",))

    assert size_of("/a/") == (5, 5)
