import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

import search
from commands.errands import PAY, PUBLISHING
from commands.indexing import rebuild_index
from commands.work import Clock, pay_next, work
from content import operations
from content.models import EditionState
from county import bell, ledger
from county.bell import Bell
from county.ledger import Errand
from database import db
from installation import search_index
from tests.conftest import PATIENCE_MS
from tests.people import NOON, make_edition, make_service, settled_in


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settled_in()


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
    assert {*PUBLISHING, "see_live", "count_standing"} == set(PAY)


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


@pytest.fixture
def worker_bell(people, settings):
    """The bell of a worker who hears it."""
    db.session.commit()
    with Bell(settings.home / bell.NAME) as hung:
        hung.wait(0)
        yield hung


def owe(key="7", **given):
    ledger.owe("publish_document", key, at=datetime.now(UTC), **given)


def test_the_bell_rings_when_an_errand_can_be_read_and_not_before(worker_bell):
    owe()
    db.session.flush()
    assert not worker_bell.wait(0)

    db.session.commit()
    assert worker_bell.wait(0)

    db.session.commit()
    assert not worker_bell.wait(0)


def test_an_errand_that_was_taken_back_rings_no_bell(worker_bell):
    owe()
    db.session.rollback()
    db.session.add(Errand(kind="publish_document", key="8", owed_at=NOON, due_at=NOON))
    db.session.commit()

    assert not worker_bell.wait(0)


def test_an_errand_for_later_rings_no_bell(worker_bell):
    owe(due_at=datetime.now(UTC) + timedelta(minutes=1))
    db.session.commit()

    assert not worker_bell.wait(0)


def test_a_savepoint_rings_no_bell_and_its_transaction_does(worker_bell):
    with db.session.begin_nested():
        owe()
    assert not worker_bell.wait(0)

    db.session.commit()
    assert worker_bell.wait(0)


def test_a_savepoint_taken_back_silences_no_errand_owed_before_it(worker_bell):
    owe()
    savepoint = db.session.begin_nested()
    owe("8")
    savepoint.rollback()

    db.session.commit()
    assert worker_bell.wait(0)


def test_an_act_rings_the_bell_of_its_own_installation(worker_bell, people):
    make_edition(people, EditionState.PUBLISHED)
    db.session.commit()

    assert worker_bell.wait(0)


def test_errands_that_wait_are_paid_one_after_the_other_without_a_pause(people, monkeypatch):
    paid = []
    monkeypatch.setitem(PAY, "publish_document", lambda batch: paid.extend(one.key for one in batch))
    monkeypatch.setattr("commands.work.companions", lambda errand, now: [])
    for key in ("1", "2", "3"):
        owe(key)
    db.session.commit()
    stop = UntilPaused(lambda: setattr(stop, "asked", True))

    work(stop, once=False)

    assert (paid, stop.pauses) == (["1", "2", "3"], 1)


def test_what_is_due_by_the_clock_is_done_with_the_errands_it_owes(people, settings):
    edition = make_edition(people, EditionState.APPROVED)
    operations.schedule(edition, datetime.now(UTC) + timedelta(hours=1), by=people.pei.id, at=NOON)
    edition.publish_at = datetime.now(UTC) - timedelta(seconds=1)
    db.session.commit()

    work(UntilPaused(lambda: None), once=True)

    assert "二路公交车" in live(settings, edition)


def test_a_failure_by_the_clock_holds_up_no_errand(people, settings, monkeypatch):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()

    def fail(_now):
        raise ValueError

    monkeypatch.setattr("commands.work.tick", fail)
    work(UntilPaused(lambda: None), once=True)

    assert "二路公交车" in live(settings, edition)


def test_the_clock_is_asked_once_a_second_however_often_the_bell_rings(people, monkeypatch):
    ticks = []
    monkeypatch.setattr("commands.work.tick", ticks.append)
    clock = Clock()

    for seconds in (0.2, 0.3, 0.9, 1.2, 1.3, 5.0, 5.9):
        clock.look(seconds)

    assert len(ticks) == 3


WORKER = """
import commands.work
from app import for_commands
commands.work.PAUSE_S = 3600  # so that only the bell can call it
for_commands().test_cli_runner().invoke(args=["work"], catch_exceptions=False)
print("ended", flush=True)
"""


@pytest.fixture
def worker(people, settings):
    """A worker in a process of its own, who has looked once and waits for the bell."""
    owe("0")
    db.session.commit()
    environment = {
        **os.environ, "ZHUANLAN_HOME": str(settings.home), "ZHUANLAN_DATABASE_URL": settings.database_url,
        "PYTHONPATH": os.getcwd(),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE) as process:
        until(lambda: set(states().values()) == {"settled"}, process)
        yield process
        process.kill()


def until(is_so, process):
    """Look again and again; a worker that ends in between is a failure, and so is one that does not come."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        if is_so():
            return db.session.rollback()
        assert process.poll() is None
        db.session.rollback()
        time.sleep(0.01)
    return pytest.fail("the worker did not come")


def test_a_worker_that_waits_comes_for_an_errand_of_another_process_and_ends_when_asked(
    worker, people, settings
):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    until(lambda: set(states().values()) == {"settled"}, worker)
    assert "二路公交车" in live(settings, edition)

    worker.send_signal(signal.SIGTERM)

    assert worker.communicate(timeout=PATIENCE_MS / 1000)[0] == b"ended\n"
    assert worker.returncode == 0
    assert not (settings.home / bell.NAME).exists()


def test_a_publication_goes_before_looking_back_at_an_earlier_one(people, settings, monkeypatch):
    """Looking may take seconds where the web server is slow; nobody's page waits for it."""
    paid = []
    monkeypatch.setitem(PAY, "see_live", lambda batch: paid.append("see_live"))
    monkeypatch.setitem(PAY, "publish_document", lambda batch: paid.append("publish_document"))
    ledger.owe("see_live", 1, at=NOON)
    ledger.owe("publish_document", 7, at=NOON + timedelta(minutes=1))
    db.session.commit()

    while pay_next():
        pass

    assert paid == ["publish_document", "see_live"]
