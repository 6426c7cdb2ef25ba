"""What the site is to show: of documents at work the live edition, of every other the one it shows already."""

import pytest

from content import operations
from database import db
from publisher.source import Source


@pytest.fixture
def town(county, house):
    """The small county, built, with an old address and a withdrawn document."""
    operations.keep_old_addresses(
        county.disclosure("有原网址的公告").document, ["/old/1.html"], by=None, at=county.now
    )
    operations.withdraw(county.disclosure("误发的名单"), reason="privacy", by=None, at=county.now)
    db.session.commit()
    house.build()
    return county


def revise(county, edition, **values):
    newer = operations.revise(edition.document, by=None, at=county.now)
    operations.save_draft(newer, values, by=None, at=county.now)
    return county._live(newer)


def test_what_is_read_as_pages_ask_for_it_is_what_is_read_at_once(town):
    """What a reader gets must not hang on how much was published together."""
    whole = Source(whole=True)
    documents = [head.id for head in whole.documents()]
    gone = [item.id for item in whole.all_withdrawn()]
    questions = [question.id for question in whole.all_questions()]
    assert (len(documents), len(gone), len(questions)) == (50, 1, 1)

    for key in (*documents, *gone, 9999):
        asked = Source()
        assert asked.document(key) == whole.document(key)
        assert asked.head(key) == whole.head(key)
        assert asked.withdrawn(key) == whole.withdrawn(key)
    for key in (*questions, 9999):
        assert Source().question(key) == whole.question(key)
    for place in ("/old/1.html", "/old/2.html"):
        assert Source().moved(place) == whole.moved(place)
    for code in ("99012300SC-XK-0001", "99012300SC-CF-0001", "nothing"):
        assert Source().may_be_applied_for(code) == whole.may_be_applied_for(code)
    assert whole.may_be_applied_for("99012300SC-XK-0001")


def test_what_was_never_published_is_shown_when_it_is_at_work(town):
    key = town.disclosure("尚未发布到网站的公告").document_id

    assert Source().head(key) is None
    for source in (Source({key}), Source(whole=True)):
        assert source.head(key) is not None


def test_an_edition_that_became_live_meanwhile_waits_for_its_publication(town, house):
    edition = town.disclosure("原来的标题")
    house.publish()
    revise(town, edition, title="后来的标题")

    shown = {work: Source(work).head(edition.document_id) for work in ((), (edition.document_id,))}

    assert {work: head and head.title for work, head in shown.items()} == {
        (): "原来的标题",
        (edition.document_id,): "后来的标题",
    }
    whole = Source(whole=True).head(edition.document_id)
    assert whole is not None
    assert whole.title == "后来的标题"


def test_what_was_taken_back_is_shown_until_it_is_at_work_and_never_in_a_full_build(town, house):
    edition = town.disclosure("要撤回的公告")
    house.publish()
    operations.withdraw(edition, reason="error", by=None, at=town.now)
    db.session.commit()

    key = edition.document_id
    assert Source().document(key) is not None
    for source in (Source({key}), Source(whole=True)):
        assert source.head(key) is None
        assert source.document(key) is None
        assert source.withdrawn(key) is not None


def test_a_whole_county_is_read_in_a_number_of_queries_that_does_not_grow_with_it(town):
    """Nor does what one document costs."""

    def queries_of(look) -> int:
        asked = []
        listen = lambda *_: asked.append(1)  # noqa: E731
        db.event.listen(db.engine, "before_cursor_execute", listen)
        look()
        db.event.remove(db.engine, "before_cursor_execute", listen)
        return len(asked)

    def whole() -> None:
        source = Source(whole=True)
        source.load_bodies([head.id for head in source.documents()])

    before = queries_of(whole), queries_of(lambda: Source({1}).document(1))
    for number in range(30):
        town.disclosure(f"又一件第{number}号")
    for number in range(5):
        town.service(f"又一项第{number}号")
    assert (queries_of(whole), queries_of(lambda: Source({1}).document(1))) == before
