"""Merged documents: their addresses lead to the one that remains, over however many mergers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from content import operations, queries
from content.addresses import document_address
from content.errors import Fault, WrongStateError
from content.models import Document, Edition, EditionState
from county.errors import RefusedError
from county.ledger import Act, Errand
from database import db
from tests.people import NOON, make_edition, make_service


def live(people, title, make=make_edition):
    return make(people, EditionState.PUBLISHED, title=title)


def merge(people, edition, into, **given):
    operations.merge(edition, into.document, by=people.pei.id, at=NOON, **given)
    db.session.flush()


def address(edition):
    return document_address(edition.kind, edition.document_id)


def owed():
    return {int(key) for key in db.session.scalars(db.select(Errand.key).where(Errand.state == "waiting"))}


def settle():
    db.session.execute(db.update(Errand).values(state="settled"))


@pytest.mark.parametrize("make", [make_edition, make_service])
def test_a_merged_document_is_withdrawn_as_a_duplicate_and_its_address_leads_to_the_other(people, make):
    """B-05: it stays on record."""
    one, other = live(people, "一"), live(people, "二", make)
    settle()

    merge(people, one, other, note="与二号文重复")

    document = one.document
    assert one.state is EditionState.WITHDRAWN
    assert (document.withdrawn_at, document.withdrawal_reason, document.withdrawal_note) == (
        NOON, "duplicate", "与二号文重复",
    )  # fmt: skip
    assert queries.redirects() == [(address(one), address(other))]
    assert queries.redirects_to(other.document_id) == [address(one)]
    assert owed() == {one.document_id}
    [act] = db.session.scalars(db.select(Act).where(Act.verb == "merge"))
    assert act.details == {"reason": "duplicate", "into": other.document.number}


def test_merging_into_what_was_merged_leads_to_the_end_of_the_chain(people):
    one, two, three = (live(people, title) for title in "一二三")
    merge(people, two, three)

    merge(people, one, two)

    assert one.document.merged_into_id == three.document_id
    assert queries.redirects() == sorted([(address(one), address(three)), (address(two), address(three))])


def test_when_the_target_is_merged_later_the_chain_is_followed_and_every_page_on_it_is_owed(people):
    one, two, three = (live(people, title) for title in "一二三")
    merge(people, one, two)
    settle()

    merge(people, two, three)

    assert one.document.merged_into_id == two.document_id
    assert dict(queries.redirects()) == {address(one): address(three), address(two): address(three)}
    assert queries.redirects_to(three.document_id) == sorted([address(one), address(two)])
    assert queries.redirects_to(two.document_id) == []
    assert owed() == {one.document_id, two.document_id}


def test_a_merged_document_that_goes_live_again_has_its_address_back(people):
    one, two, three = (live(people, title) for title in "一二三")
    merge(people, one, two)
    merge(people, two, three)
    newer = operations.revise(two.document, by=people.ai.id, at=NOON)
    operations.submit(newer, by=people.ai.id, at=NOON)
    operations.approve(newer, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    settle()

    operations.publish(newer, by=people.pei.id, at=NOON)

    assert queries.redirects() == [(address(one), address(two))]
    assert owed() == {one.document_id, two.document_id}
    merge(people, three, two)
    assert dict(queries.redirects()) == {address(one): address(two), address(three): address(two)}


def test_a_target_that_is_only_withdrawn_keeps_the_address_that_says_so(people):
    one, two = live(people, "一"), live(people, "二")
    merge(people, one, two)

    operations.withdraw(two, reason="error", by=people.pei.id, at=NOON)

    assert queries.redirects() == [(address(one), address(two))]


def test_nothing_is_merged_into_itself_or_in_a_circle(people):
    one, two = live(people, "一"), live(people, "二")

    with pytest.raises(Fault, match="不能并入它自己") as refusal:
        merge(people, one, one)
    merge(people, one, two)
    with pytest.raises(Fault, match="不能并入它自己"):
        merge(people, two, one)  # which leads to two

    assert refusal.value.field == "into"
    assert two.state is EditionState.PUBLISHED


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.APPROVED, EditionState.WITHDRAWN])
def test_nothing_is_merged_into_what_is_not_live(people, state):
    one, two = live(people, "一"), make_edition(people, state, title="二")

    with pytest.raises(Fault, match="没有公开") as refusal:
        merge(people, one, two)

    assert refusal.value.field == "into"
    assert one.state is EditionState.PUBLISHED


def test_only_what_is_live_is_merged(people):
    one, two = make_edition(people, EditionState.APPROVED), live(people, "二")

    with pytest.raises(WrongStateError):
        merge(people, one, two)


def test_of_two_merged_into_each_other_at_the_same_moment_one_remains(app, people):
    one, two = live(people, "一"), live(people, "二")
    db.session.commit()
    ids, by = (one.id, two.id), people.pei.id
    db.session.rollback()
    together = threading.Barrier(2)

    def act(pair: tuple[int, int]) -> bool:
        with app.app_context():
            mine, other = (db.session.get_one(Edition, key) for key in pair)
            assert mine.document.merged_into_id is None
            assert other.document.merged_into_id is None
            together.wait()
            try:
                operations.merge(mine, other.document, by=by, at=NOON)
                db.session.commit()
            except (RefusedError, OperationalError):
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, [ids, ids[::-1]]))

    assert sorted(done) == [False, True]
    states = set(db.session.scalars(db.select(Edition.state)))
    assert states == {EditionState.PUBLISHED, EditionState.WITHDRAWN}


def test_a_circle_that_should_not_be_there_ends_the_reading_all_the_same(people):
    one, two = live(people, "一"), live(people, "二")
    one.document.merged_into_id, two.document.merged_into_id = two.document_id, one.document_id
    db.session.flush()

    assert len(queries.redirects()) == 2
    assert queries.redirects_to(one.document_id) == []
    assert operations.last_target(one.document)
    assert db.session.scalar(db.select(db.func.count(Document.id))) == 2
