"""Two officers who act on one edition at once: the second, who read it before the first was done, is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from content import operations
from content.models import DisclosureEdition, Document, Edition, EditionState
from content.rules.moves import MOVES
from county.errors import RefusedError
from database import db
from tests.people import NOON, People, make_edition

LATER = NOON + timedelta(minutes=5)
STANDING = {
    "save": EditionState.DRAFT,
    "submit": EditionState.DRAFT,
    "take_over": EditionState.DRAFT,
    "discard": EditionState.DRAFT,
    "approve": EditionState.SUBMITTED,
    "send_back": EditionState.SUBMITTED,
    "publish": EditionState.APPROVED,
    "withdraw": EditionState.PUBLISHED,
}
PAIRS = [
    (state, slow, fast)
    for state in dict.fromkeys(STANDING.values())
    for slow in STANDING
    for fast in STANDING
    if state in MOVES[slow] and state in MOVES[fast]
]


def do(move: str, edition: Edition, officers: dict[str, int]) -> None:
    calls = {
        "save": lambda: operations.save_draft(edition, {"title": "另一标题"}, by=officers["ai"], at=LATER),
        "submit": lambda: operations.submit(edition, by=officers["ai"], at=LATER),
        "take_over": lambda: operations.take_over(edition, source="旧站", by=officers["pei"], at=LATER),
        "discard": lambda: operations.discard(edition, by=officers["ai"], at=LATER),
        "approve": lambda: operations.approve(edition, by=officers["bao"], at=LATER, secrecy_reviewed=True),
        "send_back": lambda: operations.send_back(edition, "请改", by=officers["bao"], at=LATER),
        "publish": lambda: operations.publish(edition, by=officers["pei"], at=LATER),
        "withdraw": lambda: operations.withdraw(edition, reason="error", by=officers["pei"], at=LATER),
    }
    calls[move]()


def standing(people: People, state: EditionState) -> tuple[int, dict[str, int]]:
    edition = make_edition(people, state)
    db.session.commit()
    found = edition.id, {name: getattr(people, name).id for name in ("ai", "bao", "pei")}
    db.session.rollback()
    return found


def read(edition_id: int) -> Edition:
    """An edition with everything an operation looks at, as it stands in this session from now on."""
    edition = db.session.get_one(Edition, edition_id)
    assert edition.document.withdrawn_at is None
    assert [other.state for other in edition.document.editions]
    return edition


@pytest.mark.parametrize(("state", "slow", "fast"), PAIRS)
def test_who_read_an_edition_before_another_moved_it_is_refused(app, people, state, slow, fast):
    """A-09, A-10."""
    edition_id, officers = standing(people, state)
    stale = read(edition_id)
    with app.app_context():
        do(fast, read(edition_id), officers)
        db.session.commit()

    with pytest.raises(RefusedError):
        do(slow, stale, officers)
    db.session.rollback()

    assert db.session.get_one(Edition, edition_id).state is MOVES[fast][state]


def test_a_text_returned_and_submitted_anew_is_not_the_one_that_was_read(app, people):
    """A-10: the state is the same again, the text may not be."""
    edition_id, officers = standing(people, EditionState.SUBMITTED)
    stale = read(edition_id)
    with app.app_context():
        edition = read(edition_id)
        do("send_back", edition, officers)
        do("submit", edition, officers)
        db.session.commit()

    with pytest.raises(RefusedError):
        do("approve", stale, officers)


def test_a_page_withdrawn_while_its_revision_goes_live_is_either_withdrawn_or_live(app, people):
    """B-05: never live and marked as withdrawn."""
    first_id, officers = standing(people, EditionState.PUBLISHED)
    first = db.session.get_one(DisclosureEdition, first_id)
    newer = operations.revise(first.document, by=officers["ai"], at=NOON)
    for move in ("submit", "approve"):
        do(move, newer, officers)
    db.session.commit()
    stale = read(newer.id)
    with app.app_context():
        do("withdraw", read(first_id), officers)
        db.session.commit()

    with pytest.raises(RefusedError):
        do("publish", stale, officers)
    db.session.rollback()

    assert db.session.get_one(Edition, first_id).state is EditionState.WITHDRAWN
    again = db.session.get_one(Edition, newer.id)
    do("publish", again, officers)
    db.session.commit()
    assert db.session.scalars(db.select(Document.withdrawn_at)).one() is None


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (EditionState.APPROVED, ("publish", "send_back")),
        (EditionState.DRAFT, ("submit", "discard")),
        (EditionState.SUBMITTED, ("approve", "send_back")),
    ],
)
def test_of_two_at_the_same_moment_one_wins(app, people, state, moves):
    edition_id, officers = standing(people, state)
    together = threading.Barrier(2)

    def act(move: str) -> bool:
        with app.app_context():
            edition = read(edition_id)
            together.wait()
            try:
                do(move, edition, officers)
                db.session.commit()
            except (RefusedError, OperationalError):
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = dict(zip(moves, pool.map(act, moves), strict=True))

    [winner] = [move for move, won in done.items() if won]
    assert db.session.get_one(Edition, edition_id).state is MOVES[winner][state]
