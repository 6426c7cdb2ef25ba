import pytest

from county import sign_in
from county.errors import NotAllowedError
from county.officers import RIGHTS, Officer, Right, Role, check_may, may
from county.organs import Organ, OrganKind
from database import db
from tests.people import NOON, settled_in


@pytest.fixture
def people(app):
    return settled_in()


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("login", ["ai", "bao", "pei", "chen", "feng", "an"])
def test_a_right_holds_in_the_organ_of_the_role_and_nowhere_else(people, login, right):
    """A-07, I-05, L-01: each department its own items, and only its own."""
    officer = getattr(people, login)
    [grant] = officer.grants
    here, elsewhere = (
        (people.other_organ, people.organ) if login == "feng" else (people.organ, people.other_organ)
    )

    held = right in RIGHTS[grant.role]
    assert may(officer, right, here.id) is held
    assert may(officer, right, elsewhere.id) is (held and grant.organ_id is None)


def test_a_role_reaches_the_sections_and_windows_below(people):
    section = Organ(code="MZ-1", name="社会事务科", kind=OrganKind.SECTION, parent=people.organ)
    window = Organ(code="MZ-1-1", name="婚姻登记窗口", kind=OrganKind.WINDOW, parent=section)
    db.session.add(window)
    db.session.flush()

    assert may(people.ai, Right.EDIT, window.id)
    assert not may(people.feng, Right.EDIT, window.id)


def test_no_role_both_writes_and_approves(people):
    for rights in RIGHTS.values():
        assert not {Right.EDIT, Right.REVIEW} <= rights


def test_a_disabled_officer_may_nothing(people):
    sign_in.disable_officer(people.ai, by=people.an.id, at=NOON)

    with pytest.raises(NotAllowedError):
        check_may(people.ai, Right.EDIT, people.organ.id)


def test_an_officer_is_known_by_staff_number_and_name(people):
    """L-06."""
    sign_in.create_officer("geng", "耿窗口", people.organ, staff_no="QY0123", by=None, at=NOON)
    db.session.flush()

    officer = db.session.scalar(db.select(Officer).where(Officer.staff_no == "QY0123"))
    assert officer is not None
    assert officer.name == "耿窗口"


def test_each_role_has_a_right_of_its_own():
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS.values())
