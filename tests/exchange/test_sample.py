"""The sample county comes about through operations, on dates that hang on an anchor day (decisions: sample dates)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Application, ApplicationState
from content.models import DisclosureEdition, Edition, EditionState, Question, QuestionState, ServiceEdition
from county.ledger import Act
from county.privacy import check_credit_code, check_id_number
from database import db
from exchange.sample import load_sample
from exchange.sample.dates import TOKEN, day_of, with_days
from exchange.sample.people import credit_code, id_number, phone
from tests.beginnings import begin_with

FOLDER = Path(__file__).parents[2] / "sample_county"
GUIDES = len(list(FOLDER.glob("services/*.md")))
ANCHOR = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def sample(app, keyring, settings) -> None:
    def load() -> None:
        load_sample(FOLDER, anchor=ANCHOR, now=NOW, keyring=keyring, uploads=settings.upload_folder)

    begin_with("sample county", load)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("-0d", ANCHOR),
        ("-3d", date(2026, 11, 17)),
        ("0:11-20", ANCHOR),
        ("0:11-21", date(2025, 11, 21)),
        ("1:03-15", date(2025, 3, 15)),
        ("2:12-31", date(2023, 12, 31)),
    ],
)
def test_distances_are_read_from_the_anchor_day(said, day):
    assert day_of(said, ANCHOR) == day


def test_anything_else_is_no_distance():
    for said in ("3d", "2026-03-15", "", "-d", "1:13-01"):
        with pytest.raises(ValueError, match=r".+"):
            day_of(said, ANCHOR)


def test_tokens_are_said_from_the_documents_own_day():
    text = "{Y-1}年至{D+10}，{D:iso}、{D-20:iso}，{Z}"

    assert with_days({"a": [text]}, ANCHOR) == {"a": ["2025年至2026年11月30日，2026-11-20、2026-10-31，{Z}"]}


@given(st.text(max_size=20))
def test_the_numbers_of_people_are_valid_and_nobodys(seed):
    """No division of the country begins with 99, and the same seed is the same person."""
    assert check_id_number(id_number(seed), today=ANCHOR) == id_number(seed)
    assert check_credit_code(credit_code(seed)) == credit_code(seed)
    assert id_number(seed)[:2] == credit_code(seed)[2:4] == "99"
    assert phone(seed).startswith("1990000")
    assert len(phone(seed)) == 11


def test_the_documents_come_about_by_the_acts_of_officers(sample):
    """A-10, B-06: nothing of the sample is taken over, and nobody reviewed what they wrote."""
    editions = db.session.scalars(db.select(Edition)).all()
    live = [one for one in editions if one.state is EditionState.PUBLISHED]
    moments = db.session.scalars(db.select(Act.at).order_by(Act.id)).all()
    written = len([*FOLDER.glob("disclosures/*.md"), *FOLDER.glob("services/*.md")])

    assert len(live) == written - 5  # the newest disclosures are still under way
    assert not [one for one in live if one.taken_over_from or one.reviewer_id in (None, one.author_id)]
    assert not [one for one in live if not one.document.number]
    under_way = [one.state.value for one in editions if one.state is not EditionState.PUBLISHED]
    assert sorted(under_way) == ["approved", "draft", "draft", "returned", "submitted"]
    assert not [one for one in editions if TOKEN.search(one.title + one.summary + one.body)]
    assert not [
        one
        for one in live
        if isinstance(one, DisclosureEdition) and one.published_at != ten_on(one.published_on)
    ]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def ten_on(day: date | None) -> datetime:
    assert day is not None
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def test_applications_and_questions_come_about_too(sample, keyring):
    applications = db.session.scalars(db.select(Application)).all()
    questions = db.session.scalars(db.select(Question)).all()

    assert {one.state for one in applications} == set(ApplicationState)
    assert len(applications) == 12
    for one in applications:
        number = keyring.unseal(one.applicant_id_sealed, "application.applicant_id")
        assert "990123" in number
    assert {question.state for question in questions} == {QuestionState.PUBLISHED}
    assert sum(question.document_id is not None for question in questions) >= 15


@pytest.mark.sqlite  # other days make other rows, of the kinds that the two above read from both databases
@pytest.mark.parametrize("anchor", [date(2025, 1, 1), date(2028, 2, 29)])
def test_the_county_comes_about_on_any_day(app, keyring, tmp_path, anchor):
    now = datetime(anchor.year, anchor.month, anchor.day, 1, tzinfo=UTC)

    loaded = load_sample(FOLDER, anchor=anchor, now=now, keyring=keyring, uploads=tmp_path)

    assert len(loaded.receipts) == 12
    assert db.session.query(ServiceEdition).filter_by(state=EditionState.PUBLISHED).count() == GUIDES
    assert db.session.query(Application).count() == 12
