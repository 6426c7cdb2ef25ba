"""One tick of the worker's clock: what is due is done once, however late, and however many workers there are."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from commands.clock import tick
from commands.work import pay_next
from content import operations, queries
from content.models import DisclosureEdition, Edition, EditionState
from county.ledger import Act
from database import db
from installation import search_index
from tests.people import NOON, make_edition, settled_in

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settled_in()


def scheduled(people, at: datetime = TOMORROW, **values) -> int:
    edition = make_edition(people, EditionState.APPROVED, **values)
    operations.schedule(edition, at, by=people.pei.id, at=NOON)
    db.session.commit()
    return edition.id


def expiring(people, **values) -> int:
    edition = make_edition(people, EditionState.PUBLISHED, expires_at=TOMORROW, **values)
    db.session.commit()
    return edition.id


def state(edition_id: int) -> EditionState:
    db.session.rollback()
    return db.session.get_one(Edition, edition_id).state


def count(verb: str) -> int:
    return db.session.scalar(db.select(db.func.count(Act.id)).where(Act.verb == verb)) or 0


def test_a_tick_does_what_is_due_commits_it_and_leaves_the_rest(people):
    """A-11, G-13."""
    due, later, gone = (
        scheduled(people),
        scheduled(people, TOMORROW + timedelta(seconds=1), title="二"),
        expiring(people),
    )

    assert tick(TOMORROW - timedelta(microseconds=1)) == 0
    assert tick(TOMORROW) == 2

    assert [state(one) for one in (due, later, gone)] == [
        EditionState.PUBLISHED, EditionState.APPROVED, EditionState.WITHDRAWN,
    ]  # fmt: skip


def test_what_came_due_during_an_outage_of_days_is_found_by_the_first_tick_after_it_and_done_once(people):
    due, gone = scheduled(people), expiring(people)
    after = TOMORROW + timedelta(days=9)

    assert [tick(after), tick(after), tick(after + timedelta(days=1))] == [2, 0, 0]

    assert (state(due), state(gone)) == (EditionState.PUBLISHED, EditionState.WITHDRAWN)
    edition = db.session.get_one(DisclosureEdition, due)
    assert edition.published_at == after
    assert edition.published_on == after.date()  # the day on which it could first be read
    assert (count("publish"), count("withdraw")) == (2, 1)  # one of the two was published by hand


def test_what_the_tick_did_is_on_the_site_after_the_errand_it_owes(people, settings):
    edition = db.session.get_one(Edition, scheduled(people))
    page = settings.live_tree / "xxgk" / str(edition.document_id) / "index.html"
    tick(TOMORROW)

    while pay_next():
        pass

    assert "二路公交车" in page.read_text(encoding="utf-8")


def test_a_new_edition_goes_live_before_the_one_it_replaces_expires(people):
    """The document does not vanish in between."""
    old = db.session.get_one(Edition, expiring(people))
    new = operations.revise(old.document, by=people.ai.id, at=NOON)
    operations.save_draft(new, {"expires_at": None}, by=people.ai.id, at=NOON)
    operations.submit(new, by=people.ai.id, at=NOON)
    operations.approve(new, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.schedule(new, TOMORROW, by=people.pei.id, at=NOON)
    db.session.commit()
    ids = (old.id, new.id)

    assert tick(TOMORROW) == 1

    assert [state(one) for one in ids] == [EditionState.SUPERSEDED, EditionState.PUBLISHED]
    assert count("withdraw") == 0


def test_of_two_workers_at_the_same_moment_each_edition_is_done_by_one(app, people):
    due = [scheduled(people, title=f"第{number}件") for number in range(3)]
    gone = [expiring(people, title=f"第{number}件") for number in range(3, 5)]
    bad = scheduled(people, title="不能发布")
    db.session.get_one(Edition, bad).document.channel = None
    db.session.commit()
    published = count("publish")
    together = threading.Barrier(2)

    def work(_number: int) -> int:
        with app.app_context():
            together.wait()
            done = tick(TOMORROW)
            db.session.remove()
            return done

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, range(2)))

    assert sum(done) == len(due) + len(gone) + 1
    assert {state(one) for one in due} == {EditionState.PUBLISHED}
    assert {state(one) for one in gone} == {EditionState.WITHDRAWN}
    assert (count("publish") - published, count("withdraw"), count("publish_failed")) == (3, 2, 1)


@pytest.mark.parametrize("asked", ["due_editions", "expired_editions"])
def test_a_worker_that_asked_what_is_due_before_another_did_it_does_nothing(app, people, monkeypatch, asked):
    """The second look is at the row, not at what was read."""
    scheduled(people)
    expiring(people)
    ask = getattr(queries, asked)

    def ask_and_be_overtaken(now: datetime):
        found = ask(now)
        assert len(found) == 1
        monkeypatch.setattr(queries, asked, ask)
        db.session.commit()
        with app.app_context():
            assert tick(now) == 1 + (asked == "due_editions")
            db.session.remove()
        return found

    monkeypatch.setattr(queries, asked, ask_and_be_overtaken)

    assert tick(TOMORROW) == (asked == "expired_editions")
    assert (count("publish"), count("withdraw"), count("publish_failed"), count("withdraw_failed")) == (
        2,
        1,
        0,
        0,
    )


def test_a_tick_with_nothing_due_writes_nothing_and_holds_nothing(people):
    make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    before = db.session.scalar(db.select(db.func.max(Act.id)))
    db.session.rollback()

    assert tick(NOON) == 0

    assert not db.session().in_transaction()
    assert db.session.scalar(db.select(db.func.max(Act.id))) == before
