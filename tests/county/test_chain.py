"""The ledger is a chain: what is changed, removed or slipped in afterwards is found, and named."""

import contextvars
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import current_app

from county import chain, ledger
from county.acts import AT_ONCE, Act, LedgerHead, seal_of, sealed_columns
from county.chain import Damage, Head
from county.organs import Organ
from database import db
from tests.people import NOON, settled_in

ACT, HEAD = Act.__table__, LedgerHead.__table__


@pytest.fixture
def people(app):
    return settled_in()


@pytest.fixture
def acts(people):
    """Six acts, each of a transaction of its own."""
    for number in range(6):
        ledger.record(
            "rename",
            people.organ,
            by=people.an.id,
            at=NOON,
            organ_id=people.organ.id,
            details={"name": f"第{number}个名字"},
        )
        db.session.commit()
    return db.session.execute(sealed_columns().order_by(Act.chain_no)).all()


def findings(noted=()):
    db.session.rollback()
    return [(finding.damage, finding.chain_no, finding.act_id) for finding in chain.verify(noted)]


def run(statement):
    db.session.execute(statement)
    db.session.commit()


def places():
    return db.session.scalars(db.select(Act.chain_no).order_by(Act.chain_no)).all()


@pytest.mark.row("I-06", "F-30")
def test_every_act_has_its_place_and_the_whole_is_in_order(acts):
    assert places() == list(range(1, len(acts) + 1))
    assert findings() == []
    assert chain.ledger_head() == Head(acts[-1].chain_no, acts[-1].seal)


TAMPERING = {
    "at": NOON + timedelta(microseconds=1),
    "actor_id": None,
    "verb": "read",
    "subject_kind": "channel",
    "subject_id": 999,
    "organ_id": None,
    "details": {"name": "另一个名字"},
    "seal": "0" * 64,
}


@pytest.mark.parametrize("column", TAMPERING)
def test_an_act_of_which_anything_was_changed_is_found(acts, column):
    victim = acts[-3]
    run(db.update(ACT).where(ACT.c.id == victim.id).values({column: TAMPERING[column]}))

    assert (Damage.CHANGED, victim.chain_no, victim.id) in findings()
    assert len(findings()) == (2 if column == "seal" else 1)  # the act after it holds the seal that was


def test_a_changed_act_whose_seal_was_made_anew_betrays_itself_in_the_next(acts):
    victim = acts[-3]
    run(db.update(ACT).where(ACT.c.id == victim.id).values(verb="read"))
    changed = db.session.execute(sealed_columns().where(Act.id == victim.id)).one()
    fresh = seal_of(changed, changed.chain_no, acts[-4].seal)
    run(db.update(ACT).where(ACT.c.id == victim.id).values(seal=fresh))

    assert findings() == [(Damage.CHANGED, victim.chain_no + 1, acts[-2].id)]


@pytest.mark.parametrize("place", [pytest.param(0, id="first"), pytest.param(-3, id="middle"), pytest.param(-1, id="last")])  # fmt: skip
def test_an_act_that_was_removed_is_missed(acts, place):
    run(db.delete(ACT).where(ACT.c.id == acts[place].id))

    assert (Damage.MISSING, acts[place].chain_no, None) in findings()


def test_an_act_slipped_in_past_the_program_is_found_and_never_taken_into_the_chain(acts, people):
    values = {"at": NOON, "verb": "approve", "subject_kind": "organ", "subject_id": 1, "details": {}}
    run(db.insert(ACT).values(values))
    slipped = db.session.scalar(db.select(db.func.max(Act.id)))
    ledger.record("rename", people.organ, by=None, at=NOON)
    db.session.commit()

    assert findings() == [(Damage.UNSEALED, None, slipped)]


def resealed_from(acts, place, head=True):
    """What somebody does who may write to the database and knows the formula."""
    seal = acts[place - 1].seal
    for act in db.session.execute(sealed_columns().order_by(Act.chain_no)).all()[place:]:
        seal = seal_of(act, act.chain_no, seal)
        db.session.execute(db.update(ACT).where(ACT.c.id == act.id).values(seal=seal))
    db.session.execute(db.update(HEAD).values(seal=seal))
    db.session.commit()


def test_a_chain_made_anew_by_one_who_knows_how_is_betrayed_by_a_head_noted_elsewhere(acts):
    noted = [
        Head(acts[1].chain_no, acts[1].seal, "release 1"),
        Head(acts[-1].chain_no, acts[-1].seal, "release 2"),
    ]
    run(db.update(ACT).where(ACT.c.id == acts[-4].id).values(verb="read"))
    resealed_from(acts, len(acts) - 4)

    assert findings() == []
    assert findings(noted) == [(Damage.OTHER_HEAD, acts[-1].chain_no, acts[-1].id)]
    assert next(iter(chain.verify(noted))).noted_in == "release 2"


def test_a_tail_cut_off_cleanly_is_betrayed_by_a_head_noted_elsewhere(acts):
    noted = [Head(acts[-1].chain_no, acts[-1].seal, "release 2")]
    run(db.delete(ACT).where(ACT.c.chain_no > acts[-3].chain_no))
    run(db.update(HEAD).values(chain_no=acts[-3].chain_no, seal=acts[-3].seal))

    assert findings() == []
    assert findings(noted) == [(Damage.CUT, acts[-1].chain_no, None)]


def test_a_head_set_back_is_found(acts):
    run(db.update(HEAD).values(chain_no=acts[-3].chain_no, seal=acts[-3].seal))

    assert findings() == [(Damage.OTHER_HEAD, acts[-1].chain_no, acts[-1].id)]


def test_what_was_rolled_back_leaves_no_gap(people, acts):
    ledger.record("rename", people.organ, by=None, at=NOON)
    db.session.flush()
    db.session.rollback()
    savepoint = db.session.begin_nested()
    ledger.record("rename", people.organ, by=None, at=NOON)
    db.session.flush()
    savepoint.rollback()
    with db.session.begin_nested():
        ledger.record("rename", people.organ, by=None, at=NOON)
    assert chain.ledger_head().chain_no == len(
        acts
    )  # sealed with the transaction, not with a savepoint in it
    db.session.commit()

    assert places() == list(range(1, len(acts) + 2))
    assert findings() == []


def test_a_large_transaction_is_sealed_in_the_order_of_its_acts(people):
    for number in range(2 * AT_ONCE + 1):
        ledger.record("rename", people.organ, by=None, at=NOON, details={"n": number})
        if number % 300 == 0:
            db.session.flush()
            db.session.expunge_all()
            people.organ = db.session.scalars(db.select(Organ).where(Organ.code == "MZ")).one()
    db.session.commit()

    written = db.session.execute(sealed_columns().where(Act.actor_id.is_(None), Act.verb == "rename").order_by(Act.chain_no)).all()  # fmt: skip
    assert [act.details["n"] for act in written] == list(range(2 * AT_ONCE + 1))
    assert findings() == []


def at_once(task, count):
    """Run a task in threads, each with a session of its own."""
    app = current_app._get_current_object()

    def work(number):
        with app.app_context():
            try:
                return task(number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda number: contextvars.Context().run(work, number), range(count)))


def test_writers_at_the_same_moment_make_one_chain_and_a_verifier_among_them_finds_nothing(people):
    organ, each, writers = people.organ.id, 12, 5
    before = len(places())
    db.session.rollback()
    start = threading.Barrier(writers + 1)

    def write(number):
        start.wait()
        if number == writers:
            return [len(findings()) for _ in range(10)]
        for _ in range(each):
            ledger.record("rename", db.session.get_one(Organ, organ), by=None, at=NOON)
            db.session.commit()
        return []

    outcomes = at_once(write, writers + 1)

    assert places() == list(range(1, before + each * writers + 1))
    assert findings() == []
    assert not any(outcomes[-1])


def test_heads_are_noted_in_a_file_of_which_a_torn_last_line_is_no_head(tmp_path):
    file, heads = (
        tmp_path / "heads",
        [Head(number, str(number) * 64, f"release {number}") for number in (1, 2)],
    )
    for head in heads:
        chain.note(file, head)
    whole = file.read_text()
    file.write_text(whole + json.dumps({"chain_no": 3})[:-4])

    assert chain.noted_heads(file) == heads
    assert file.stat().st_mode & 0o077 == 0
    assert chain.noted_heads(tmp_path / "none") == []
