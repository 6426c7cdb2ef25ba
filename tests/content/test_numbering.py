from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import operations
from content.errors import NumberFrozenError, NumberTakenError
from content.models import CodingRule, DocumentKind, EditionState, ItemCategory
from content.rules import NumberFacts, check_kept_number, check_pattern, front_and_number
from content.rules.coding import CATEGORY_CODES, PatternError
from database import db
from tests.people import NOON, make_edition, make_service

WUSHAN = "{region:8}{letters}-{category:letters}-{serial:4}"
HUBEI = "{region:6}{subject}{category:digits}{serial:3}{sub:2}"
FACTS = NumberFacts(
    organ_name="武山县民政局",
    region_code="620524",
    letters="MZ",
    subject_code="011",
    uscc="11341702486344515H",
    category=ItemCategory.LICENCE,
    produced_on=date(2021, 10, 8),
)


@pytest.mark.parametrize(
    ("pattern", "serial", "number"),
    [
        (WUSHAN, 1, "62052400MZ-XK-0001"),  # the example the county itself publishes
        (HUBEI, 7, "6205240110100700"),
        ("{orgcode}/{year}-{serial:5}", 110, "486344515/2021-00110"),
        ("{uscc}/{year}{month}-{serial:5}", 13, "11341702486344515H/202110-00013"),  # one a bureau published
    ],
)
def test_published_patterns_make_the_numbers_their_governments_make(pattern, serial, number):
    """B-16: the rule is configurable; two of the seven real rules, and two of index numbers."""
    check_pattern(pattern)

    assert front_and_number(pattern, FACTS, serial)[1] == number


def test_item_codes_run_per_organ_and_category_and_are_given_at_approval(people):
    """B-15: assigned centrally after review, not typed."""
    first = make_service(people, EditionState.SUBMITTED)
    assert first.document.number is None
    operations.approve(first, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    second = make_service(people, EditionState.APPROVED)
    other = make_service(people, EditionState.APPROVED, item_category=ItemCategory.CONFIRMATION)

    assert [edition.document.number for edition in (first, second, other)] == [
        "99012300MZ-XK-0001", "99012300MZ-XK-0002", "99012300MZ-QR-0001",
    ]  # fmt: skip


def test_index_numbers_run_per_issuer_and_month(people):
    """A-02; standards §5.1."""
    numbers = [make_edition(people, EditionState.APPROVED, published_on=day).document.number
               for day in (date(2026, 10, 1), date(2026, 10, 9), date(2026, 11, 2))]  # fmt: skip

    assert [number.rsplit("/")[1] for number in numbers] == ["202610-00001", "202610-00002", "202611-00001"]


def test_a_number_once_given_never_changes(people):
    edition = make_service(people, EditionState.PUBLISHED)
    number = edition.document.number
    rule = db.session.scalar(
        db.select(CodingRule).where(CodingRule.kind == DocumentKind.SERVICE, CodingRule.is_active)
    )
    rule.pattern = HUBEI

    assert operations.assign_number(edition, by=None, at=NOON) == number
    with pytest.raises(NumberFrozenError):
        operations.keep_number(edition.document, "XK0010100Y", by=None, at=NOON)


def test_two_documents_never_share_a_number(people):
    first, second = make_service(people), make_service(people)
    operations.keep_number(first.document, "62052400MZ-XK-0001", by=None, at=NOON)

    with pytest.raises(NumberTakenError):
        operations.keep_number(second.document, "62052400MZ-XK-0001", by=None, at=NOON)


def test_a_number_that_came_by_import_is_passed_over(people):
    imported = make_service(people)
    operations.keep_number(imported.document, "99012300MZ-XK-0001", by=None, at=NOON)

    assert make_service(people, EditionState.APPROVED).document.number == "99012300MZ-XK-0002"


def test_an_organ_without_what_the_rule_needs_is_named(people):
    people.organ.letters = None
    edition = make_service(people, EditionState.SUBMITTED)

    with pytest.raises(PatternError, match="青崖县民政局"):
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)


@pytest.mark.parametrize(
    "pattern",
    [
        "{serial}",
        "{uscc}",
        "{serial:4}{serial:4}",
        "{title}-{serial:3}",
        "{letters} {serial:3}",
        "../{serial:2}?",
        "{serial:²}",
        "{serial:4}{sub:٣}",
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern):
    with pytest.raises(PatternError):
        check_pattern(pattern)


def test_a_serial_that_no_longer_fits_is_refused_and_not_cut():
    with pytest.raises(PatternError):
        front_and_number(WUSHAN, FACTS, 10_000)


@pytest.mark.parametrize("number", ["a/b", "a?b", "a#b", "../x", "", "编码", "a b", "x" * 101])
def test_an_item_code_is_fit_for_an_address(number):
    with pytest.raises(PatternError):
        check_kept_number(number, DocumentKind.SERVICE)


@given(st.integers(1, 9_999), st.sampled_from(list(ItemCategory)))
def test_numbers_of_one_rule_never_meet(serial, category):
    facts = NumberFacts(organ_name="x", region_code="620524", letters="MZ", category=category)
    front, number = front_and_number(WUSHAN, facts, serial)

    assert number == f"{front}{serial:04}"
    assert front.endswith(f"-{CATEGORY_CODES[category][0]}-")
