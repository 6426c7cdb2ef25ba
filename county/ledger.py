"""The ledger: acts (what was done, append-only) and errands (what must follow, a transactional outbox)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, Text, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from county.acts import Act as Act
from county.acts import BigId
from county.officers import Officer
from database import UtcDateTime, db

LEASE = timedelta(minutes=10)  # a worker that died gives its errand back after this
MAX_ATTEMPTS = 8
ERRAND_IS_DUE = "errand is due"  # mark in the info of a session whose transaction owes one


class Errand(db.Model):
    """Something owed because of an act (待办差事), written in the act's own transaction and paid by the worker."""

    __tablename__ = "errand"
    __table_args__ = (
        # Publishing one document ten times before the worker comes round owes one build, not ten.
        Index(
            "one_waiting_errand",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(
        String(10), default="waiting", index=True
    )  # waiting, claimed, settled, failed
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def record(
    verb: str,
    subject: Any,
    *,
    by: int | None,
    at: datetime,
    organ_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> Act:
    """Write an act to the ledger in the caller's transaction. `details` must hold no personal data.

    Source: I-06, F-30 (traces of every operation are kept).
    """
    if subject.id is None:
        db.session.flush()
    act = Act(
        at=at,
        actor_id=by,
        verb=verb,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        organ_id=organ_id if organ_id is not None else getattr(subject, "organ_id", None),
        details=details or {},
    )
    db.session.add(act)
    return act


def acts_on(subjects: Collection[tuple[str, int]], *, longest: int = 200) -> Sequence[Act]:
    """What was done to these records, each given by its table and id; newest first."""
    if not subjects:
        return []
    named = tuple_(Act.subject_kind, Act.subject_id).in_(list(subjects))
    query = db.select(Act).where(named).options(joinedload(Act.actor)).order_by(Act.id.desc())
    return db.session.scalars(query.limit(longest)).all()


def acts_of_organ(organ_id: int, *, longest: int) -> Sequence[Act]:
    """The latest acts of an organ, with who did them; newest first."""
    query = db.select(Act).where(Act.organ_id == organ_id).options(joinedload(Act.actor))
    return db.session.scalars(query.order_by(Act.id.desc()).limit(longest)).all()


def touched_by_officer(subject: Any) -> bool:
    """Whether an officer ever did anything to this record; what only imports made, imports may change."""
    acts = db.select(Act.id).where(
        Act.subject_kind == subject.__tablename__, Act.subject_id == subject.id, Act.actor_id.is_not(None)
    )
    return db.session.scalar(acts.limit(1)) is not None


def actors_on(subject: Any, verbs: Collection[str]) -> set[int]:
    """Ids of the officers who did any of these acts to the record."""
    acts = db.select(Act.actor_id).where(
        Act.subject_kind == subject.__tablename__,
        Act.subject_id == subject.id,
        Act.verb.in_(verbs),
        Act.actor_id.is_not(None),
    )
    return {actor for actor in db.session.scalars(acts.distinct()) if actor is not None}


def names_on(subject_kind: str, ids: Collection[int], verbs: Collection[str]) -> dict[int, list[str]]:
    """Who did any of these acts to each of these records: names, in the order of the first act."""
    acts = (
        db.select(Act.subject_id, Officer.name)
        .join(Officer, Act.actor_id == Officer.id)
        .where(Act.subject_kind == subject_kind, Act.subject_id.in_(ids), Act.verb.in_(verbs))
        .group_by(Act.subject_id, Officer.id, Officer.name)
        .order_by(db.func.min(Act.id))
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(acts):
        found.setdefault(row.subject_id, []).append(row.name)
    return found


def owe(kind: str, key: str | int, *, at: datetime, due_at: datetime | None = None) -> None:
    """Owe an errand in the caller's transaction; an equal one that still waits is enough.

    One that is due at once is marked in the session, so that after the commit the worker can be called.
    """
    db.session.flush()
    values = {
        "kind": kind,
        "key": str(key),
        "state": "waiting",
        "owed_at": at,
        "due_at": due_at or at,
        "attempts": 0,
    }
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Errand).values(**values).on_conflict_do_nothing())
    if values["due_at"] <= at:
        db.session.info[ERRAND_IS_DUE] = True


def take_next(now: datetime, *, kinds: Collection[str] | None = None) -> Errand | None:
    """Claim the oldest errand (of these kinds) that is due, or whose claim ran out. The caller commits.

    Two workers may reach for the same row: the update names the state it expects, so one of them gets nothing.
    """
    ready = db.and_(Errand.state == "waiting", Errand.due_at <= now)
    lapsed = db.and_(Errand.state == "claimed", Errand.claimed_until < now)
    query = db.select(Errand).where(ready | lapsed).order_by(Errand.due_at, Errand.id).limit(5)
    candidates = db.session.scalars(query if kinds is None else query.where(Errand.kind.in_(kinds))).all()
    for errand in candidates:
        claimed = db.session.execute(
            db.update(Errand)
            .where(Errand.id == errand.id, Errand.state == errand.state, Errand.attempts == errand.attempts)
            .values(state="claimed", claimed_until=now + LEASE, attempts=errand.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if claimed.rowcount == 1:  # type: ignore[attr-defined]
            db.session.refresh(errand)
            return errand
    return None


def release_claims(*, at: datetime) -> int:
    """Let every claim lapse at once; how many there were. Only for who holds the worker's lock. The caller commits.

    A worker that died keeps its claims until they run out; whoever knows that none is alive need not wait.
    """
    released = db.session.execute(
        db.update(Errand).where(Errand.state == "claimed").values(claimed_until=at - LEASE)
    )
    return released.rowcount  # type: ignore[attr-defined]


def settle(errand: Errand, *, at: datetime) -> None:
    """The errand is paid."""
    errand.state, errand.settled_at, errand.last_error = "settled", at, None


def postpone(errand: Errand, error: str, *, at: datetime) -> None:
    """The world did not answer: try again later, and give up visibly after MAX_ATTEMPTS."""
    errand.last_error = error[:2000]
    if errand.attempts >= MAX_ATTEMPTS:
        errand.state = "failed"
        return
    _wait_again(errand, at=at, due_at=at + timedelta(seconds=min(2**errand.attempts, 600)))


def put_off(errand: Errand, *, at: datetime, until: datetime) -> None:
    """It is not the time for it: take it up again then, as if it had not been tried."""
    errand.attempts -= 1
    _wait_again(errand, at=at, due_at=until)


def hasten(kinds: Collection[str], *, at: datetime) -> None:
    """Have what waits for a later try, or was given up, tried again now: somebody mended what was in its way."""
    chosen = db.select(Errand).where(Errand.kind.in_(kinds), Errand.state.in_(("waiting", "failed")))
    for errand in db.session.scalars(chosen.order_by(Errand.id)):
        if errand.state == "failed":
            errand.attempts = 0
            _wait_again(errand, at=at, due_at=at)
        errand.due_at = min(errand.due_at, at)
    db.session.flush()


def _wait_again(errand: Errand, *, at: datetime, due_at: datetime) -> None:
    again = db.session.scalar(
        db.select(Errand.id).where(
            Errand.kind == errand.kind, Errand.key == errand.key, Errand.state == "waiting"
        )
    )
    if again:  # a newer order for the same thing is waiting already
        settle(errand, at=at)
        return
    errand.state, errand.claimed_until, errand.due_at = "waiting", None, due_at


def latest_errand(kind: str, key: str | int) -> Errand | None:
    """The newest errand of this kind for this thing, whatever became of it."""
    query = db.select(Errand).where(Errand.kind == kind, Errand.key == str(key))
    return db.session.scalar(query.order_by(Errand.id.desc()).limit(1))


def waiting_errands(kind: str | None = None) -> list[Errand]:
    """Errands not yet paid, oldest first."""
    query = db.select(Errand).where(Errand.state.in_(("waiting", "claimed", "failed"))).order_by(Errand.id)
    return list(db.session.scalars(query.where(Errand.kind == kind) if kind else query))


def last_act_id() -> int:
    """The number of the latest act, or 0: what was read after asking holds at least every act up to it."""
    return db.session.scalar(db.select(db.func.max(Act.id))) or 0
