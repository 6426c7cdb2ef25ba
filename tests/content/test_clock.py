"""Publication and withdrawal by the clock: what may be set, what happens when the time has come, and what if not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from content import operations, queries
from content.errors import Fault, IncompleteError, WrongStateError
from content.models import EditionState
from county import ledger
from county.ledger import Act
from database import db
from tests.people import NOON, make_edition, make_service

TOMORROW = NOON + timedelta(days=1)
LATER = NOON + timedelta(days=3)


def acts(verb):
    return db.session.scalars(db.select(Act).where(Act.verb == verb).order_by(Act.id)).all()


def scheduled(people, at=TOMORROW, make=make_edition, **values):
    edition = make(people, EditionState.APPROVED, **values)
    operations.schedule(edition, at, by=people.pei.id, at=NOON)
    return edition


def expiring(people, at=TOMORROW, **values):
    return make_edition(people, EditionState.PUBLISHED, expires_at=at, **values)


@pytest.mark.parametrize("make", [make_edition, make_service])
def test_what_was_scheduled_goes_live_at_its_moment_for_the_officer_who_scheduled_it(people, make):
    """A-11."""
    edition = scheduled(people, make=make)

    assert operations.publish_due(TOMORROW - timedelta(seconds=1)) == 0
    assert edition.state is EditionState.APPROVED
    assert operations.publish_due(TOMORROW) == 1

    assert edition.state is EditionState.PUBLISHED
    assert edition.publisher_id == people.pei.id
    assert (edition.publish_at, edition.schedule_fault) == (None, None)
    [act] = acts("publish")
    assert act.actor_id == people.pei.id
    assert act.details == {"publish_at": TOMORROW.isoformat()}
    errand = ledger.latest_errand("publish_document", edition.document_id)
    assert errand is not None
    assert errand.state == "waiting"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOON, "已经过去"),
        (NOON - timedelta(days=1), "已经过去"),
        (NOON + timedelta(days=367), "一年以后"),
        (datetime(9999, 12, 31, tzinfo=UTC), "一年以后"),
    ],
)
def test_a_moment_that_is_over_or_more_than_a_year_off_is_refused(people, moment, said):
    edition = make_edition(people, EditionState.APPROVED)

    with pytest.raises(Fault, match=said) as refusal:
        operations.schedule(edition, moment, by=people.pei.id, at=NOON)

    assert refusal.value.field == "publish_at"
    assert edition.publish_at is None


def test_what_would_expire_before_it_goes_live_is_not_scheduled(people):
    edition = make_edition(people, EditionState.APPROVED, expires_at=TOMORROW)

    with pytest.raises(Fault, match="到期撤下"):
        operations.schedule(edition, TOMORROW, by=people.pei.id, at=NOON)
    operations.schedule(edition, TOMORROW - timedelta(minutes=1), by=people.pei.id, at=NOON)

    assert edition.publish_at == TOMORROW - timedelta(minutes=1)


def test_a_date_of_publication_in_the_future_is_met_by_scheduling_for_that_day_of_the_county(people):
    """A-04: midnight of the 22nd in the county is the 21st in UTC."""
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)
    edition = make_edition(people, EditionState.APPROVED, published_on=date(2026, 11, 22))

    with pytest.raises(Fault, match="晚于今天"), db.session.begin_nested():
        operations.publish(edition, by=people.pei.id, at=NOON)
    with pytest.raises(Fault, match="晚于定时发布的日期"):
        operations.schedule(edition, midnight - timedelta(minutes=1), by=people.pei.id, at=NOON)
    operations.schedule(edition, midnight, by=people.pei.id, at=NOON)
    operations.publish_due(midnight)

    assert edition.state is EditionState.PUBLISHED
    assert edition.document.sorted_on == date(2026, 11, 22)


def test_a_schedule_is_changed_by_another_and_undone(people):
    edition = scheduled(people)
    operations.schedule(edition, LATER, by=people.bao.id, at=NOON)
    assert operations.publish_due(TOMORROW) == 0
    assert edition.scheduled_by_id == people.bao.id

    operations.unschedule(edition, by=people.pei.id, at=NOON)

    assert operations.publish_due(LATER) == 0
    assert edition.state is EditionState.APPROVED
    assert len(acts("unschedule")) == 1
    with pytest.raises(Fault, match="没有设定定时发布"):
        operations.unschedule(edition, by=people.pei.id, at=NOON)


@pytest.mark.parametrize("verb", ["publish", "send_back"])
def test_publishing_or_returning_by_hand_ends_the_schedule(people, verb):
    edition = scheduled(people)

    if verb == "publish":
        operations.publish(edition, by=people.bao.id, at=NOON)
    else:
        operations.send_back(edition, "请改", by=people.bao.id, at=NOON)
        operations.submit(edition, by=people.ai.id, at=NOON)
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)

    assert operations.publish_due(LATER) == 0
    assert (edition.publish_at, edition.scheduled_by_id) == (None, None)


@pytest.mark.parametrize("state", [state for state in EditionState if state is not EditionState.APPROVED])
def test_only_an_approved_edition_is_scheduled(people, state):
    """A-10."""
    edition = make_edition(people, state)

    with pytest.raises(WrongStateError):
        operations.schedule(edition, TOMORROW, by=people.pei.id, at=NOON)


def test_what_cannot_go_live_keeps_its_reason_is_not_tried_again_and_stops_no_other(people):
    first = scheduled(people)
    second = scheduled(people, title="第二件")
    first.document.channel = None  # the channel was closed in the meantime
    db.session.flush()

    assert operations.publish_due(LATER) == 2
    assert operations.publish_due(LATER) == 0

    assert (first.state, second.state) == (EditionState.APPROVED, EditionState.PUBLISHED)
    assert first.publish_at is None
    assert first.schedule_fault is not None
    assert "请选择所属栏目" in first.schedule_fault
    [act] = acts("publish_failed")
    assert (act.actor_id, act.subject_id) == (None, first.id)
    assert "请选择所属栏目" in act.details["message"]


def test_the_reason_is_forgotten_once_a_new_moment_is_set_or_the_text_is_submitted_anew(people):
    edition = scheduled(people)
    channel, edition.document.channel = edition.document.channel, None
    operations.publish_due(TOMORROW)
    with pytest.raises(IncompleteError):
        operations.schedule(edition, LATER, by=people.pei.id, at=TOMORROW)
    operations.send_back(edition, "请选栏目", by=people.pei.id, at=TOMORROW)
    assert edition.schedule_fault
    edition.document.channel = channel
    db.session.flush()

    operations.submit(edition, by=people.ai.id, at=TOMORROW)

    assert edition.schedule_fault is None


@pytest.mark.sqlite
def test_a_failure_of_the_program_is_on_record_without_its_data_and_stops_no_other(people):
    first, second = scheduled(people), scheduled(people, title="第二件")
    expired = expiring(people)
    db.session.flush()
    for edition, table in ((first, "edition"), (expired, "document")):
        key = edition.id if table == "edition" else edition.document_id
        column = "published_at" if table == "edition" else "withdrawn_at"
        db.session.execute(
            db.text(
                f"CREATE TRIGGER stop_{table} BEFORE UPDATE ON {table} WHEN NEW.id = {key} AND NEW.{column} IS NOT NULL "
                "BEGIN SELECT RAISE(ABORT, 'the secret row'); END"
            )
        )

    assert operations.publish_due(LATER) == 2
    assert operations.withdraw_expired(LATER) == 1
    assert operations.publish_due(LATER) == operations.withdraw_expired(LATER) == 0

    assert second.state is EditionState.PUBLISHED
    for edition, verb in ((first, "publish_failed"), (expired, "withdraw_failed")):
        [act] = acts(verb)
        assert act.details["message"] == "系统错误（IntegrityError），请联系系统管理员。"
        assert "IntegrityError" in (edition.schedule_fault or "")
    assert expired.state is EditionState.PUBLISHED


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_an_officer_took_back_does_not_come_back_by_itself(people, by_hand):
    """B-05: but the new text that was to follow one that has expired does come."""
    live = expiring(people)
    newer = operations.revise(live.document, by=people.ai.id, at=NOON)
    operations.save_draft(newer, {"expires_at": None}, by=people.ai.id, at=NOON)
    operations.submit(newer, by=people.ai.id, at=NOON)
    operations.approve(newer, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.schedule(newer, LATER, by=people.pei.id, at=NOON)

    if by_hand:
        operations.withdraw(live, reason="privacy", by=people.pei.id, at=NOON)
    else:
        operations.withdraw_expired(TOMORROW)
    operations.publish_due(LATER)

    expected = EditionState.APPROVED if by_hand else EditionState.PUBLISHED
    assert newer.state is expected
    assert ("随之取消" in (newer.schedule_fault or "")) is by_hand


def test_what_has_expired_is_taken_back_by_the_system_with_its_reason_on_record(people):
    """B-05, G-13."""
    edition = expiring(people)
    for_ever = make_edition(people, EditionState.PUBLISHED)

    assert operations.withdraw_expired(TOMORROW - timedelta(seconds=1)) == 0
    assert operations.withdraw_expired(TOMORROW) == 1

    document = edition.document
    assert edition.state is EditionState.WITHDRAWN
    assert (document.withdrawn_at, document.withdrawal_reason) == (TOMORROW, "expired")
    [act] = acts("withdraw")
    assert (act.actor_id, act.details) == (None, {"reason": "expired"})
    assert ledger.latest_errand("publish_document", document.id)
    assert for_ever.state is EditionState.PUBLISHED
    assert operations.withdraw_expired(LATER) == 0


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.SUBMITTED, EditionState.APPROVED])
def test_what_is_not_live_does_not_expire(people, state):
    make_edition(people, state, expires_at=TOMORROW)

    assert operations.withdraw_expired(LATER) == 0


def test_the_moment_of_expiry_is_content_it_is_copied_reviewed_and_changed_by_a_new_edition(people):
    """F-16: every edition keeps its own."""
    first = expiring(people)
    second = operations.revise(first.document, by=people.ai.id, at=NOON)
    assert second.expires_at == TOMORROW
    operations.save_draft(second, {"expires_at": LATER}, by=people.ai.id, at=NOON)
    operations.submit(second, by=people.ai.id, at=NOON)
    with pytest.raises(WrongStateError):
        operations.save_draft(second, {"expires_at": None}, by=people.ai.id, at=NOON)
    operations.approve(second, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.publish(second, by=people.pei.id, at=NOON)

    assert operations.withdraw_expired(TOMORROW) == 0
    assert operations.withdraw_expired(LATER) == 1
    assert first.expires_at == TOMORROW


def test_what_has_expired_already_is_neither_submitted_nor_published(people):
    edition = make_edition(people, expires_at=TOMORROW)

    with pytest.raises(Fault, match="已经过去") as refusal:
        operations.submit(edition, by=people.ai.id, at=TOMORROW)
    assert refusal.value.field == "expires_at"
    operations.submit(edition, by=people.ai.id, at=NOON)
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    with pytest.raises(Fault, match="已经过去"):
        operations.publish(edition, by=people.pei.id, at=TOMORROW)

    assert edition.state is EditionState.APPROVED


@pytest.mark.parametrize("year", [1900, 2101])
def test_a_year_of_expiry_that_is_a_slip_is_not_even_saved(people, year):
    with pytest.raises(IncompleteError, match="检查年份"):
        make_edition(people, expires_at=datetime(year, 1, 1, tzinfo=UTC))


def test_after_a_long_outage_what_is_due_is_done_in_several_rounds_the_oldest_first(people, monkeypatch):
    monkeypatch.setattr(queries, "MOST_DUE_AT_ONCE", 2)
    editions = [
        scheduled(people, TOMORROW + timedelta(minutes=minute), title=f"第{minute}件") for minute in (3, 1, 2)
    ]

    assert [operations.publish_due(LATER) for _ in range(3)] == [2, 1, 0]

    states = {edition.title: edition.published_at for edition in editions}
    assert set(states.values()) == {LATER}
    order = [act.subject_id for act in acts("publish")]
    assert order == [editions[1].id, editions[2].id, editions[0].id]


@pytest.mark.sqlite  # EXPLAIN QUERY PLAN is SQLite's; the index is the same on a server
def test_the_clock_is_asked_by_an_index(people):
    """An outage loses nothing: the question is put to the rows, and does not grow with the county."""
    for column, index in (("publish_at", "edition_due"), ("expires_at", "edition_expiring")):
        plan = db.session.execute(
            db.text(f"EXPLAIN QUERY PLAN SELECT id FROM edition WHERE {column} <= '2026' AND state = 'x'")
        ).all()
        assert f"{index} (state=? AND {column}<?)" in str(plan)


def test_editions_due_are_read_from_rows(people):
    due = scheduled(people).id
    scheduled(people, LATER, title="第二件")
    gone = expiring(people).id
    db.session.commit()
    db.session.expunge_all()

    assert [edition.id for edition in queries.due_editions(TOMORROW)] == [due]
    assert [edition.id for edition in queries.expired_editions(TOMORROW)] == [gone]
