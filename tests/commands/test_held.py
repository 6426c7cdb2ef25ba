"""After a rollback nothing goes live by itself: what is owed waits, and is brought by whoever publishes by hand."""

from datetime import UTC, datetime, timedelta

import pytest

import publisher
from commands.publishing import KINDS, publishing, roll_back
from commands.work import HELD_FOR, pay_next
from content.models import EditionState
from county import ledger
from database import db
from installation import search_index
from tests.people import make_edition, settled_in


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settled_in()


@pytest.fixture
def held(people):
    """Two publications, the second taken back; then something is published at the desk."""
    for title in ("第一号公告", "第二号公告"):
        make_edition(people, EditionState.PUBLISHED, title=title)
        db.session.commit()
        assert pay_next()
    with publishing() as here:
        roll_back(here, None)
    edition = make_edition(people, EditionState.PUBLISHED, title="第三号公告")
    db.session.commit()
    return edition


def owed():
    return [errand for errand in ledger.waiting_errands() if errand.kind in KINDS]


def test_a_held_site_is_not_published_and_what_is_owed_uses_up_no_attempt(held, settings):
    for _ in range(12):
        assert pay_next()
        for errand in owed():
            errand.due_at = datetime.now(UTC)
        db.session.commit()

    assert publisher.is_held()
    assert not (settings.live_tree / "xxgk" / str(held.document_id)).exists()
    assert [(errand.state, errand.attempts) for errand in owed()] == [("waiting", 0)]


def test_what_was_put_off_is_not_due_at_once(held):
    before = datetime.now(UTC)

    assert pay_next()

    assert not pay_next()
    [errand] = owed()
    assert before + HELD_FOR <= errand.due_at <= datetime.now(UTC) + HELD_FOR


def test_whoever_publishes_by_hand_brings_it_all(app, held, settings):
    pay_next()

    result = app.test_cli_runner().invoke(args=["site", "publish"])

    assert result.exit_code == 0, result.output
    assert not publisher.is_held()
    assert (settings.live_tree / "xxgk" / str(held.document_id)).exists()
    for errand in owed():
        errand.due_at = datetime.now(UTC)
    db.session.commit()
    while pay_next():
        pass
    assert owed() == []
    assert not publisher.is_held()


def test_an_errand_put_off_gives_way_to_a_newer_one_for_the_same(held):
    [errand] = owed()
    claimed = ledger.take_next(datetime.now(UTC))
    assert claimed is errand
    ledger.owe("publish_document", held.document_id, at=datetime.now(UTC))

    ledger.put_off(claimed, at=datetime.now(UTC), until=datetime.now(UTC))
    db.session.commit()

    assert errand.state == "settled"
    assert [other.state for other in owed()] == ["waiting"]


def test_publishing_by_hand_takes_up_what_was_given_up_or_waits_for_a_later_try(app, people, settings):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    [errand] = owed()
    errand.state, errand.attempts, errand.last_error = "failed", 8, "OSError: No space left on device"
    later = make_edition(people, EditionState.PUBLISHED, title="第二号公告")
    db.session.commit()
    [_, waits] = owed()
    waits.due_at = datetime.now(UTC) + timedelta(minutes=10)
    db.session.commit()

    result = app.test_cli_runner().invoke(args=["site", "publish"])

    assert result.exit_code == 0, result.output
    for one in (edition, later):
        assert (settings.live_tree / "xxgk" / str(one.document_id)).exists()
    assert owed() == []


def test_two_orders_for_the_same_that_were_given_up_become_one(people):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.commit()
    for _ in range(2):
        ledger.owe("publish_document", edition.document_id, at=datetime.now(UTC))
        owed()[-1].state = "failed"
        db.session.commit()

    ledger.hasten(KINDS, at=datetime.now(UTC))

    assert [(errand.state, errand.attempts) for errand in owed()] == [("waiting", 0)]
