from datetime import timedelta

import pytest

from county import sign_in, throttle
from county.errors import RefusedError
from county.officers import OfficerSession, SignInLink
from county.passwords import PasswordPolicy
from database import db
from tests.people import NOON, settled_in

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
ASVS = PasswordPolicy()
PASSWORD = "青水河 边的 茶园 1958"


@pytest.fixture
def people(app):
    return settled_in()


def in_force(token, at):
    return sign_in.session_in_force(token, at=at, idle=IDLE, longest=LONGEST)


def signed_in(login, password, at=NOON, address="192.0.2.1", device=None):
    tried = throttle.note_try(login, address=address, device=device, at=at)
    return sign_in.check_password(tried, password, at=at)


def set_password(officer, password=PASSWORD, at=NOON, policy=ASVS):
    sign_in.set_password(officer, password, policy=policy, by=officer.id, at=at)


def test_a_link_works_once(people):
    token = sign_in.make_link(people.ai, by=None, at=NOON)

    assert sign_in.use_link(token, at=NOON) is people.ai
    with pytest.raises(sign_in.SignInRefusedError):
        sign_in.use_link(token, at=NOON)


def test_a_link_ends_after_a_day_and_when_a_newer_one_is_made(people):
    first = sign_in.make_link(people.ai, by=None, at=NOON)
    second = sign_in.make_link(people.ai, by=None, at=NOON)

    with pytest.raises(sign_in.SignInRefusedError):
        sign_in.use_link(first, at=NOON)
    with pytest.raises(sign_in.SignInRefusedError):
        sign_in.use_link(second, at=NOON + sign_in.LINK_LASTS)


def test_neither_links_nor_sessions_nor_passwords_are_stored_readable(people):
    link = sign_in.make_link(people.ai, by=None, at=NOON)
    session = sign_in.start_session(people.ai, at=NOON)
    set_password(people.ai)

    assert link not in {row.token_hash for row in db.session.scalars(db.select(SignInLink))}
    assert session not in {row.token_hash for row in db.session.scalars(db.select(OfficerSession))}
    assert people.ai.password_hash.startswith("$argon2id$")


def test_wrong_login_and_wrong_password_get_the_same_answer(people):
    set_password(people.ai)

    messages = []
    for login, password in (("ai", "wrong wrong wrong"), ("nobody", PASSWORD), ("bao", PASSWORD)):
        with pytest.raises(sign_in.SignInRefusedError) as refusal:
            signed_in(login, password)
        messages.append(refusal.value.message)

    assert len(set(messages)) == 1
    assert signed_in("ai", PASSWORD) is people.ai


def test_guessing_is_slowed_and_the_owner_is_let_in_again_later(people):
    set_password(people.ai)
    for _ in range(throttle.TRIES):
        with pytest.raises(sign_in.SignInRefusedError):
            signed_in("ai", "wrong")

    with pytest.raises(sign_in.SignInRefusedError):
        signed_in("ai", PASSWORD)
    assert signed_in("ai", PASSWORD, at=NOON + throttle.WINDOW) is people.ai


def test_a_session_ends_by_idling_by_age_and_by_signing_out(people):
    token = sign_in.start_session(people.ai, at=NOON)

    assert in_force(token, NOON + IDLE) is not None
    assert in_force(token, NOON + IDLE + IDLE + timedelta(seconds=1)) is None
    at = NOON + IDLE
    while at < NOON + LONGEST:
        assert in_force(token, at) is not None
        at += IDLE
    assert in_force(token, NOON + LONGEST + timedelta(seconds=1)) is None
    fresh = in_force(sign_in.start_session(people.ai, at=NOON), NOON)
    sign_in.end_session(fresh, at=NOON)
    assert fresh.ended_at == NOON


@pytest.mark.parametrize("end", ["disable", "password"])
def test_closing_an_account_or_changing_its_password_ends_its_sessions(people, end):
    token = sign_in.start_session(people.ai, at=NOON)

    if end == "disable":
        sign_in.disable_officer(people.ai, by=people.an.id, at=NOON)
    else:
        set_password(people.ai)
    db.session.flush()
    db.session.expire_all()

    assert in_force(token, NOON) is None


@pytest.mark.parametrize("password", ["short", "ai" * 8, "x" * 201])
def test_a_weak_password_is_refused(people, password):
    with pytest.raises(RefusedError):
        set_password(people.ai, password)


@pytest.mark.parametrize("login", ["ai", "含中文", "a b", "", "../x"])
def test_a_login_is_plain_and_its_own(people, login):
    with pytest.raises(RefusedError):
        sign_in.create_officer(login, "某人", people.organ, by=None, at=NOON)
