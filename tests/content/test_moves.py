import io
from datetime import timedelta

import pytest

from content import operations, queries
from content.errors import Fault, SelfReviewError, StaleVersionError, WrongStateError
from content.files import store
from content.models import Document, DocumentKind, Edition, EditionState
from content.rules.moves import MOVES
from county.ledger import Act, Errand
from database import db
from tests.papers import pdf
from tests.people import NOON, NOTICE, make_edition, make_service

STATES = list(EditionState)
TOMORROW = NOON + timedelta(days=1)


def acts(verb):
    return db.session.scalars(db.select(Act).where(Act.verb == verb)).all()


def move(name, edition, people):
    calls = {
        "save": lambda: operations.save_draft(edition, {"title": "新标题"}, by=people.ai.id, at=NOON),
        "submit": lambda: operations.submit(edition, by=people.ai.id, at=NOON),
        "recall": lambda: operations.recall(edition, by=people.ai.id, at=NOON),
        "send_back": lambda: operations.send_back(edition, "原因", by=people.bao.id, at=NOON),
        "approve": lambda: operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True),
        "ask_again": lambda: operations.ask_again(edition, "机构名称变了", by=people.pei.id, at=NOON),
        "publish": lambda: operations.publish(edition, by=people.pei.id, at=NOON),
        "force_publish": lambda: operations.force_publish(
            edition,
            ground="rumour",
            note="网上传言停水，经值班县长批准。",
            secrecy_reviewed=True,
            by=people.pei.id,
            at=NOON,
        ),
        "take_over": lambda: operations.take_over(edition, source="旧站", by=people.pei.id, at=NOON),
        "schedule": lambda: operations.schedule(edition, TOMORROW, by=people.pei.id, at=NOON),
        "unschedule": lambda: (
            move("schedule", edition, people),
            operations.unschedule(edition, by=people.pei.id, at=NOON),
        ),
        "correct": lambda: operations.confirm_correction(
            operations.ask_correction(
                edition,
                {"body": NOTICE["body"].replace("延伸", "延长")},
                reason="用词",
                by=people.ai.id,
                at=NOON,
            ),
            by=people.bao.id,
            at=NOON,
        ),
        "withdraw": lambda: operations.withdraw(edition, reason="error", by=people.pei.id, at=NOON),
        "merge": lambda: operations.merge(
            edition, make_edition(people, EditionState.PUBLISHED).document, by=people.pei.id, at=NOON
        ),
        "discard": lambda: operations.discard(edition, by=people.ai.id, at=NOON),
    }
    calls[name]()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [name for name in MOVES if name != "supersede"])
def test_an_edition_moves_only_along_the_table_and_each_move_is_on_record(people, state, name):
    edition = make_edition(people, state)
    before = len(acts(name))

    if state in MOVES[name]:
        move(name, edition, people)
        assert edition.state is MOVES[name][state]
        assert len(acts(name)) == before + 1
    else:
        with pytest.raises(WrongStateError):
            move(name, edition, people)
        assert edition.state is state


def test_nobody_reviews_what_they_wrote_or_submitted(people):
    """A-10, B-06."""
    edition = make_edition(people, EditionState.SUBMITTED)

    with pytest.raises(SelfReviewError):
        operations.approve(edition, by=people.ai.id, at=NOON, secrecy_reviewed=True)
    edition.submitter_id = people.bao.id
    with pytest.raises(SelfReviewError):
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)


@pytest.mark.parametrize("touch", ["save", "attach", "submit before a return"])
def test_nobody_reviews_a_text_he_had_a_hand_in(people, settings, touch):
    """A-10, B-06: also when another began it and another submitted it last."""
    edition = make_edition(people)
    if touch == "save":
        operations.save_draft(edition, {"body": "审核员自己写的正文。"}, by=people.bao.id, at=NOON)
    elif touch == "attach":
        content = io.BytesIO(pdf("A page of the reviewer's own"))
        file = store(content, "审核员的附件.pdf", settings.upload_folder, max_bytes=10_000)
        operations.search_files([file], settings.upload_folder, at=NOON)
        operations.attach(edition, [file], by=people.bao.id, at=NOON)
    else:
        operations.submit(edition, by=people.bao.id, at=NOON)
        operations.send_back(edition, "请补充", by=people.pei.id, at=NOON)
    operations.submit(edition, by=people.ai.id, at=NOON)

    with pytest.raises(SelfReviewError):
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.approve(edition, by=people.pei.id, at=NOON, secrecy_reviewed=True)


def test_the_database_itself_refuses_a_live_edition_without_a_review(people):
    """A-10: even code that goes past the operations."""
    edition = make_edition(people)
    db.session.commit()

    edition.state = EditionState.PUBLISHED
    with pytest.raises(Exception, match="reviewed_before_live"):
        db.session.flush()
    db.session.rollback()


def test_approval_asks_for_the_secrecy_review(people):
    edition = make_edition(people, EditionState.SUBMITTED)

    with pytest.raises(Fault) as refusal:
        operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=False)

    assert refusal.value.field == "secrecy_reviewed"


def test_returning_needs_a_reason_and_keeps_it_for_the_editor(people):
    edition = make_edition(people, EditionState.SUBMITTED)

    with pytest.raises(Fault):
        operations.send_back(edition, "  ", by=people.bao.id, at=NOON)
    operations.send_back(edition, "缺少依据", by=people.bao.id, at=NOON)

    assert edition.review_note == "缺少依据"


def test_a_save_from_a_stale_form_is_refused(people):
    edition = make_edition(people)
    operations.save_draft(edition, {"title": "甲的标题"}, by=people.ai.id, at=NOON, version=1)

    with pytest.raises(StaleVersionError):
        operations.save_draft(edition, {"title": "乙的标题"}, by=people.bao.id, at=NOON, version=1)

    assert edition.title == "甲的标题"


def test_publishing_a_revision_supersedes_the_live_edition_and_keeps_it(people):
    """F-13, F-16: every edition is kept, and one is live."""
    first = make_edition(people, EditionState.PUBLISHED)
    number = first.document.number
    second = operations.revise(first.document, by=people.ai.id, at=NOON)
    operations.save_draft(second, {"title": "关于再次调整公交线路的公告"}, by=people.ai.id, at=NOON)
    operations.submit(second, by=people.ai.id, at=NOON)
    operations.approve(second, by=people.bao.id, at=NOON, secrecy_reviewed=True)

    operations.publish(second, by=people.pei.id, at=NOON)

    assert (first.state, second.state) == (EditionState.SUPERSEDED, EditionState.PUBLISHED)
    assert first.title == "关于调整公交线路的公告"
    assert second.document.number == number
    assert queries.live_edition(first.document_id) is second


def test_a_revision_copies_every_part_and_shares_none(people):
    first = make_service(people, EditionState.PUBLISHED)

    second = operations.revise(first.document, by=people.ai.id, at=NOON)
    operations.save_draft(second, {"materials": [{"name": "身份证"}]}, by=people.ai.id, at=NOON)

    assert [part.name for part in first.materials] == ["申请表"]
    assert [part.citation for part in second.legal_basis] == [part.citation for part in first.legal_basis]
    assert second.legal_basis[0].id != first.legal_basis[0].id
    assert second.promised_limit_value == first.promised_limit_value


def test_only_one_edition_of_a_document_is_on_its_way(people):
    edition = make_edition(people, EditionState.PUBLISHED)
    operations.revise(edition.document, by=people.ai.id, at=NOON)

    with pytest.raises(WrongStateError):
        operations.revise(edition.document, by=people.bao.id, at=NOON)


def test_publishing_owes_one_page_however_often(people):
    edition = make_edition(people, EditionState.PUBLISHED)
    operations.withdraw(edition, reason="error", by=people.pei.id, at=NOON)

    errands = db.session.scalars(db.select(Errand).where(Errand.kind == "publish_document")).all()
    assert [errand.key for errand in errands] == [str(edition.document_id)]


def test_withdrawal_needs_a_reason_from_the_list_and_leaves_it_on_the_document(people):
    """B-05: cancelling keeps a record."""
    edition = make_edition(people, EditionState.PUBLISHED)

    with pytest.raises(Fault):
        operations.withdraw(edition, reason="whim", by=people.pei.id, at=NOON)
    with pytest.raises(Fault):
        operations.withdraw(edition, reason="other", note=" ", by=people.pei.id, at=NOON)
    operations.withdraw(edition, reason="privacy", by=people.pei.id, at=NOON)

    assert edition.document.withdrawal_reason == "privacy"
    assert queries.live_edition(edition.document_id) is None


def test_what_was_public_elsewhere_is_marked_as_taken_over(people):
    edition = make_edition(people)

    operations.take_over(edition, source="https://old.example/1", by=None, at=NOON)

    assert (edition.state, edition.taken_over_from) == (EditionState.PUBLISHED, "https://old.example/1")
    assert edition.reviewer_id is None
    assert len(acts("take_over")) == 1


def test_a_date_to_come_is_not_published(people):
    edition = make_edition(people, EditionState.APPROVED)
    edition.published_on = NOON.date().replace(year=2027)

    with pytest.raises(Fault) as refusal:
        operations.publish(edition, by=people.pei.id, at=NOON)

    assert refusal.value.field == "published_on"


def test_moving_a_document_keeps_its_number_and_owes_its_page(people):
    edition = make_edition(people, EditionState.PUBLISHED)
    number = edition.document.number
    db.session.query(Errand).delete()

    operations.file_document(
        edition.document, organ=people.other_organ, channel=people.channel, by=people.pei.id, at=NOON
    )

    assert edition.document.number == number
    assert db.session.scalar(db.select(db.func.count(Errand.id))) == 1


def test_further_metadata_needs_no_change_of_the_schema(people):
    """A-06."""
    edition = make_edition(people, extra={"主题词": ["公交", "出行"]})
    db.session.commit()
    db.session.expire_all()

    assert db.session.get(Edition, edition.id).extra == {"主题词": ["公交", "出行"]}


def test_disclosures_hold_the_fields_of_the_guide(people):
    """A-02 … A-05: index number, title, date, department."""
    edition = make_edition(people, EditionState.PUBLISHED)
    document = db.session.get(Document, edition.document_id)

    assert document.kind is DocumentKind.DISCLOSURE
    assert (document.number, edition.title) == ("11341702486344515H/202611-00001", "关于调整公交线路的公告")
    assert (edition.published_on, document.organ.name) == (NOON.date(), "青崖县民政局")
