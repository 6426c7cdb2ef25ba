import fcntl
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

import search
from commands.errands import PAY, PUBLISHING
from commands.indexing import rebuild_index
from commands.work import pay_next, work
from content import operations
from content.models import EditionState
from county import ledger
from county.ledger import Errand
from database import db
from installation import search_index
from tests.people import NOON, make_edition, make_service, settle_in


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settle_in()


def states():
    return {errand.key: errand.state for errand in db.session.scalars(db.select(Errand).order_by(Errand.id))}


def titles(text):
    return [hit.title for hit in search.find(search_index(), text).results]


def live(settings, edition):
    column = "xxgk" if edition.kind.value == "disclosure" else "zwfw"
    return (settings.live_tree / column / str(edition.document_id) / "index.html").read_text(encoding="utf-8")


def test_what_was_published_is_on_the_site_and_in_the_index_after_one_errand(people, settings):
    """A-11, D-11; several publications that wait are one build."""
    first = make_edition(people, EditionState.PUBLISHED)
    second = make_service(people, EditionState.PUBLISHED)
    db.session.commit()

    assert pay_next()

    assert "二路公交车" in live(settings, first)
    assert "城镇污水排入排水管网许可" in live(settings, second)
    assert (titles("公交线路"), titles("排水管网")) == ([first.title], [second.title])
    assert set(states().values()) == {"settled"}
    assert not pay_next()


def test_what_was_withdrawn_leaves_site_and_index(people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    pay_next()
    operations.withdraw(edition, reason="privacy", by=people.pei.id, at=NOON)
    db.session.commit()

    pay_next()

    assert "二路公交车" not in live(settings, edition)
    assert titles("公交线路") == []


def test_a_page_that_is_kept_back_is_not_found_either(people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    edition.body_html = (
        "<p>领取人身份证号11010519491231002X，请到窗口。</p>"  # as if it had got past the desk
    )
    db.session.commit()

    pay_next()

    assert not (settings.live_tree / "xxgk" / str(edition.document_id)).exists()
    assert titles("公交线路") == []
    assert titles("领取人") == []
    rebuild_index()
    assert titles("领取人") == []


def test_a_damaged_index_is_made_anew_by_the_next_publication(people, settings):
    first = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    pay_next()
    (settings.index_folder / "manifest").write_bytes(b"garbage")
    second = make_service(people, EditionState.PUBLISHED)
    db.session.commit()

    pay_next()

    assert (titles("公交线路"), titles("排水管网")) == ([first.title], [second.title])


def test_a_change_of_a_name_reaches_every_page_and_the_index(people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    pay_next()
    people.organ.name = "青崖县民政和社会事务局"
    ledger.owe("publish_site", people.site.id, at=NOON)
    db.session.commit()

    pay_next()

    assert "青崖县民政和社会事务局" in live(settings, edition)
    assert search.find(search_index(), "公交线路").results[0].organ == "青崖县民政和社会事务局"


def test_what_fails_is_postponed_with_its_error_and_done_later(people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    settings.site_folder.parent.mkdir(exist_ok=True)
    settings.site_folder.write_text("a file stands where the folder should be")

    assert pay_next()

    [errand] = db.session.scalars(db.select(Errand))
    assert errand.state == "waiting"
    assert errand.last_error
    settings.site_folder.unlink()
    errand.due_at = datetime.now(UTC)
    db.session.commit()
    assert pay_next()
    assert "二路公交车" in live(settings, edition)


def test_an_errand_nobody_knows_is_left_in_sight_and_stops_nothing(people, settings):
    db.session.add(Errand(kind="sing_a_song", key="song", owed_at=NOON, due_at=NOON))
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()

    while pay_next():
        pass

    assert "二路公交车" in live(settings, edition)
    assert states()["song"] == "waiting"


def test_every_errand_that_is_owed_has_somebody_who_pays_it():
    assert {*PUBLISHING, "see_live"} == set(PAY)


class UntilPaused:
    """Somebody who stops the worker never, and does something while it pauses."""

    asked = False

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile
        self.pauses = 0

    def wait(self, _seconds):
        self.pauses += 1
        self.meanwhile()


@pytest.fixture
def writer(people, settings):
    """Another program that holds the database's write lock; our side hardly waits for it."""
    db.session.commit()
    other = sqlite3.connect(settings.home / "zhuanlan.db", isolation_level=None)
    db.session.execute(db.text("PRAGMA busy_timeout = 1"))
    db.session.rollback()
    yield other
    other.close()


@pytest.mark.sqlite
def test_a_locked_database_pauses_the_worker_and_ends_it_not(people, settings, writer):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    writer.execute("BEGIN IMMEDIATE")
    stop = UntilPaused(writer.rollback)

    work(stop, once=True)

    assert stop.pauses == 1
    assert "二路公交车" in live(settings, edition)
    assert set(states().values()) == {"settled"}


@pytest.mark.sqlite
def test_an_errand_whose_settling_met_a_lock_is_paid_again_at_once(people, settings, writer, monkeypatch):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    locks = iter([lambda: writer.execute("BEGIN IMMEDIATE"), lambda: None])
    pay = PAY["publish_document"]
    monkeypatch.setitem(
        PAY, "publish_document", lambda batch: (pay(batch), db.session.commit(), next(locks)())
    )

    work(UntilPaused(writer.rollback), once=True)

    assert "二路公交车" in live(settings, edition)
    assert set(states().values()) == {"settled"}


@pytest.mark.sqlite
def test_a_round_that_never_gets_the_database_says_so_and_fails(people, writer):
    writer.execute("BEGIN IMMEDIATE")

    with pytest.raises(SystemExit) as ended:
        work(UntilPaused(lambda: None), once=True)

    assert ended.value.code == 1


def test_what_a_dead_worker_had_claimed_is_paid_by_the_next_at_once(app, people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    assert ledger.take_next(datetime.now(UTC))
    db.session.commit()
    assert ledger.take_next(datetime.now(UTC) + timedelta(minutes=1)) is None
    db.session.rollback()

    result = app.test_cli_runner().invoke(args=["work", "--once"])

    assert result.exit_code == 0
    assert "二路公交车" in live(settings, edition)


def test_a_second_worker_ends_with_75_and_takes_nothing(app, people, settings):
    make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    with (settings.home / "worker.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)

        result = app.test_cli_runner().invoke(args=["work", "--once"])

    assert result.exit_code == 75
    assert set(states().values()) == {"waiting"}
