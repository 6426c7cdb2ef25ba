from datetime import timedelta

import pytest

from county import ledger
from county.ledger import Act, Errand
from database import db
from tests.people import NOON, settled_in


@pytest.fixture
def people(app):
    return settled_in()


def errands():
    return db.session.scalars(db.select(Errand).order_by(Errand.id)).all()


def test_an_act_says_who_did_what_to_which_record_and_when(people):
    """I-06, F-30."""
    act = ledger.record("rename", people.organ, by=people.an.id, at=NOON, details={"name": "新名"})
    db.session.flush()

    assert (act.subject_kind, act.subject_id, act.actor_id, act.at) == (
        "organ",
        people.organ.id,
        people.an.id,
        NOON,
    )


def test_an_act_falls_with_its_transaction(people):
    ledger.record("rename", people.organ, by=people.an.id, at=NOON)
    db.session.flush()
    db.session.rollback()

    assert not db.session.scalar(db.select(Act).where(Act.verb == "rename"))


def test_equal_errands_that_wait_are_one(app):
    ledger.owe("publish_document", 7, at=NOON)
    ledger.owe("publish_document", 7, at=NOON)
    ledger.owe("publish_document", 8, at=NOON)

    assert [errand.key for errand in errands()] == ["7", "8"]


def test_an_errand_owed_while_its_twin_is_being_paid_is_paid_again(app):
    ledger.owe("publish_document", 7, at=NOON)
    ledger.take_next(NOON)
    ledger.owe("publish_document", 7, at=NOON)

    assert [errand.state for errand in errands()] == ["claimed", "waiting"]


def test_an_errand_is_claimed_once(app):
    ledger.owe("publish_document", 7, at=NOON)

    first, second = ledger.take_next(NOON), ledger.take_next(NOON)

    assert first is not None
    assert second is None


def test_an_errand_is_not_taken_before_it_is_due(app):
    ledger.owe("publish_document", 7, at=NOON, due_at=NOON + timedelta(hours=1))

    assert ledger.take_next(NOON) is None
    assert ledger.take_next(NOON + timedelta(hours=1)) is not None


def test_a_dead_workers_errand_comes_back_when_its_claim_has_run_out(app):
    ledger.owe("publish_document", 7, at=NOON)
    ledger.take_next(NOON)

    assert ledger.take_next(NOON + ledger.LEASE) is None
    assert ledger.take_next(NOON + ledger.LEASE + timedelta(seconds=1)) is not None


def test_what_fails_is_tried_later_and_in_the_end_left_in_sight(app):
    ledger.owe("publish_document", 7, at=NOON)
    at = NOON
    for _ in range(ledger.MAX_ATTEMPTS):
        errand = ledger.take_next(at)
        assert errand is not None
        ledger.postpone(errand, "no space left", at=at)
        db.session.flush()
        at += timedelta(hours=1)

    assert ledger.take_next(at) is None
    assert [(errand.state, errand.last_error) for errand in ledger.waiting_errands()] == [
        ("failed", "no space left")
    ]


def test_a_failed_errand_gives_way_to_a_newer_order_for_the_same_thing(app):
    ledger.owe("publish_document", 7, at=NOON)
    errand = ledger.take_next(NOON)
    ledger.owe("publish_document", 7, at=NOON)

    ledger.postpone(errand, "busy", at=NOON)
    db.session.flush()

    assert [errand.state for errand in errands()] == ["settled", "waiting"]
