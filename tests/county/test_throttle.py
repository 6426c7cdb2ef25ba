"""Guessing is slowed, and nobody is locked out by a stranger's guesses."""

from datetime import timedelta

import pytest

from county import sign_in, throttle
from county.devices import LASTS, Device
from county.officers import SignInAttempt
from county.passwords import PasswordPolicy
from database import db
from tests.people import NOON, settled_in

WRONG = "falsch"
PASSWORD = "青水河 边的 茶园 1958"


@pytest.fixture
def people(app):
    settled = settled_in()
    for officer in (settled.ai, settled.bao):
        sign_in.set_password(officer, PASSWORD, policy=PasswordPolicy(), by=None, at=NOON)
    return settled


def attempt(login, password=WRONG, *, at=NOON, address="192.0.2.1", device=None):
    tried = throttle.note_try(login, address=address, device=device, at=at)
    try:
        sign_in.check_password(tried, password, at=at)
    except sign_in.SignInRefusedError as refusal:
        return "wait" if "次数过多" in refusal.message else "wrong"
    return "in"


def answered(**given):
    """How many of thirty wrong guesses are answered."""
    return sum(attempt(**given) == "wrong" for _ in range(30))


def test_ten_guesses_at_a_login_are_answered_wherever_they_come_from(people):
    assert sum(attempt("ai", address=f"198.51.100.{n}") == "wrong" for n in range(30)) == throttle.TRIES == 10
    assert attempt("ai", PASSWORD, address="203.0.113.9") == "wait"


def test_ten_guesses_from_an_address_are_answered_whatever_the_login(people):
    assert sum(attempt(f"login{n}") == "wrong" for n in range(30)) == 10
    assert attempt("ai", PASSWORD) == "wait"


def test_addresses_of_one_network_of_ipv6_are_one(people):
    assert sum(attempt(f"login{n}", address=f"2001:db8::{n}") == "wrong" for n in range(30)) == 10
    assert attempt("ai", PASSWORD, address="2001:db8:0:1::1") == "in"


def test_a_strangers_guesses_never_stop_the_officer_in_his_own_browser(people):
    own = Device.new().used_by(people.ai.id)
    assert answered(login="ai") == 10

    assert attempt("ai", PASSWORD) == "wait"  # from a strange browser
    assert attempt("ai", PASSWORD, device=own) == "in"
    assert (
        attempt("ai", PASSWORD, device=own, address="192.0.2.1") == "in"
    )  # even from the stranger's address


def test_a_known_browser_has_a_budget_of_its_own_and_no_more(people):
    own = Device.new().used_by(people.ai.id)

    assert answered(login="ai", device=own) == 10
    assert attempt("ai", PASSWORD, device=own) == "wait"
    assert attempt("ai", PASSWORD) == "in"  # and takes nothing from others
    assert attempt("ai", PASSWORD, device=own, at=NOON + throttle.WINDOW) == "in"


def test_a_browser_known_for_one_officer_is_a_stranger_to_the_others(people):
    own = Device.new().used_by(people.ai.id)

    assert answered(login="bao", device=own) == 10
    assert attempt("bao", PASSWORD) == "wait"


def test_after_the_window_a_stranger_gets_ten_more_and_not_eleven(people):
    for window in range(3):
        assert answered(login="ai", at=NOON + window * throttle.WINDOW) == 10


def test_a_right_password_takes_nothing_from_the_budget(people):
    for _ in range(30):
        assert attempt("ai", PASSWORD) == "in"


def test_many_tries_at_once_are_all_counted_before_one_is_answered(people):
    tries = [throttle.note_try("ai", address=f"198.51.100.{n}", device=None, at=NOON) for n in range(11)]

    with pytest.raises(sign_in.SignInRefusedError, match="次数过多"):
        sign_in.check_password(tries[0], PASSWORD, at=NOON)


def test_the_count_is_in_the_database_and_forgotten_after_a_day(people):
    attempt("ai")
    assert len(db.session.scalars(db.select(SignInAttempt)).all()) == 2

    attempt("ai", at=NOON + timedelta(days=2))

    assert len(db.session.scalars(db.select(SignInAttempt)).all()) == 2


def test_a_cookie_of_a_browser_is_read_back_and_nothing_else_is(keyring):
    known = Device.new().used_by(7).used_by(8).used_by(7)
    text = known.seal(keyring=keyring, at=NOON)

    assert Device.unseal(text, keyring=keyring, at=NOON + LASTS) == known
    assert known.officers == (8, 7)
    assert Device.unseal(text, keyring=keyring, at=NOON + LASTS + timedelta(seconds=1)) is None
    for forged in ("", "x", "%%%", text[:-4], text[:-8] + "AAAAAAAA", "AAAA" + text[4:]):
        assert Device.unseal(forged, keyring=keyring, at=NOON) is None


def test_a_computer_at_the_counter_is_known_for_the_last_twelve(keyring):
    device = Device.new()
    for officer in range(20):
        device = device.used_by(officer)

    assert device.officers == tuple(range(8, 20))
