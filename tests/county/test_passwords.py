"""What a password must be like, by either preset and by its parts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county import passwords, sign_in
from county.errors import RefusedError
from county.guessable import WORDS, is_guessable
from county.passwords import FormerPassword, PasswordPolicy
from database import db
from tests.people import NOON, settled_in

ASVS, DJBH = PasswordPolicy.from_text("asvs"), PasswordPolicy.from_text("djbh")
GOOD = "Cha-yuan 1958 heBian"


@pytest.fixture
def people(app):
    return settled_in()


def change(officer, password, policy=DJBH, at=NOON):
    sign_in.set_password(officer, password, policy=policy, by=officer.id, at=at)


@pytest.mark.parametrize(
    ("policy", "password", "says"),
    [
        ("asvs", "qingshuihe", "至少12个字符，现在是10个"),
        ("asvs", "x" * 201, "不能超过200个字符"),
        ("asvs", "wo jiao zhang.wei ya", "不能包含登录名"),
        ("asvs", "password1234", "容易被猜到"),
        ("djbh", "liushui chayuan", "现在有2种，还可以加上大写字母、数字"),
        ("djbh", "Liu-1", "至少10个字符，现在是5个"),
        ("djbh kinds=4", "Liushui chayuan", "还可以加上数字"),
        ("asvs length=20", "liu shui cha yuan", "至少20个字符，现在是17个"),
    ],
)
def test_a_refused_password_is_told_what_it_misses(policy, password, says):
    faults = passwords.faults_of(password, "zhang.wei", PasswordPolicy.from_text(policy))

    assert any(says in fault for fault in faults)


@pytest.mark.parametrize("policy", ["asvs", "djbh"])
def test_a_sentence_of_ones_own_is_taken(policy):
    assert passwords.faults_of(GOOD, "zhang.wei", PasswordPolicy.from_text(policy)) == []


def test_asvs_asks_for_no_composition_and_sets_no_term():
    """ASVS 5.0 6.2.5, 6.2.10."""
    assert passwords.faults_of("liu shui cha yuan", "zhang.wei", ASVS) == []
    assert (ASVS.kinds, ASVS.days) == (0, 0)


def test_the_presets_and_their_parts_are_one_setting():
    assert PasswordPolicy.from_text("djbh days=60, history=8") == PasswordPolicy(10, 3, 60, 8)
    assert PasswordPolicy.from_text("") == ASVS


@pytest.mark.parametrize(
    "text", ["strong", "asvs length=7", "asvs length=many", "djbh kinds=5", "djbh colour=1"]
)
def test_a_policy_that_cannot_be_used_is_refused(text):
    with pytest.raises(ValueError, match=r"djbh|length|=0"):
        PasswordPolicy.from_text(text)


@pytest.mark.parametrize(
    "password",
    ["123456789012", "111111111111", "abcdefghijkl", "qwertyuiop12", "1qaz2wsx3edc", "password1234", "P@ssw0rd1234",
     "admin1234567", "woaini5201314", "woaini1314520", "iloveyou1234", "19900101199001", "zhangwei1990", "zhuanlan2026",
     "qazwsxedcrfv", "abc123abc123", "asdfghjkl123", "passwordpassword", "zhengfu@2026", "Aa123456Aa123456",
     "xinxigongkai2026", "!@#$%^&*()_+", "20260101abc!", "管理员管理员密码123456"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password):
    """ASVS 5.0 6.2.4."""
    assert is_guessable(password, "lisi")


@pytest.mark.parametrize(
    "password", ["yi-ju-hen-rong-yi-ji-de-hua", "青水河 边的 茶园 1958", "xK9#mQ2$vL7w", GOOD]
)
def test_what_is_not_guessed_first_is_taken(password):
    assert not is_guessable(password, "lisi")


@given(st.lists(st.sampled_from([*WORDS, "1234", "2026", "111", "qwert"]), min_size=1, max_size=5))
def test_up_to_five_familiar_pieces_are_guessable_in_any_order(pieces):
    assert is_guessable("".join(pieces))


def test_a_password_is_not_taken_again_before_its_turn(people):
    others = [f"Hedao shui wei {word} 7" for word in ("chun", "xia", "qiu", "dong", "ming")]
    change(people.ai, GOOD)
    for number, password in enumerate(others[:4]):
        change(people.ai, password)
        with pytest.raises(RefusedError, match="用过"):
            change(people.ai, GOOD)
        assert len(db.session.scalars(db.select(FormerPassword)).all()) == number + 1
    change(people.ai, others[4])

    change(people.ai, GOOD)


def test_without_a_history_nothing_of_former_passwords_is_kept(people):
    change(people.ai, GOOD, ASVS)
    change(people.ai, GOOD + "!", ASVS)

    assert db.session.scalars(db.select(FormerPassword)).all() == []


def test_a_password_has_to_be_changed_after_its_term_and_not_before(people):
    change(people.ai, GOOD)

    assert not passwords.must_change(people.ai, DJBH, at=NOON + timedelta(days=90))
    assert passwords.must_change(people.ai, DJBH, at=NOON + timedelta(days=90, seconds=1))
    assert not passwords.must_change(people.ai, ASVS, at=NOON + timedelta(days=9000))
    assert not passwords.must_change(people.bao, DJBH, at=NOON + timedelta(days=9000))  # has none


def test_a_new_password_begins_a_new_term_and_is_argon2id(people):
    change(people.ai, GOOD)
    change(people.ai, GOOD + "!", at=NOON + timedelta(days=91))

    assert not passwords.must_change(people.ai, DJBH, at=NOON + timedelta(days=100))
    assert people.ai.password_hash.startswith("$argon2id$")
