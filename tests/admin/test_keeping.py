"""What is typed is kept before it is saved; who else writes is said; what two wrote at once is brought together."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from content import operations
from content.models import Edition, KeptText
from content.operations import kept_text
from database import db
from tests.admin.conftest import Browser, Office
from tests.admin.test_editions import typed

EDIT, KEEP = "/admin/disclosures/edit/?id={}", "/admin/disclosures/keep/?id={}"
VERSION = re.compile(r'name="version" type="hidden" value="(\d+)"')


def kept_rows() -> list[KeptText]:
    return list(db.session.scalars(db.select(KeptText).where(KeptText.kept_at.is_not(None))))


@pytest.fixture
def edition(office: Office) -> Edition:
    return office.disclosure(body="第一段写修路。\n\n第二段写修桥。", summary="原来的概述")


@pytest.fixture
def desk(office: Office) -> Browser:
    return office.at_desk("editor")


def test_what_was_typed_and_not_saved_is_offered_when_the_form_is_opened_again(office, edition, desk):
    answer = desk.post(KEEP.format(edition.id), typed(office, version="1", body="写到一半断了电"))
    assert answer.status_code == 200
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.json["kept"])

    again = desk.get(EDIT.format(edition.id))
    assert "输入而没有保存的内容还在" in again.text
    assert "写到一半断了电" not in again.text
    assert "写到一半断了电" in desk.get(EDIT.format(edition.id) + "&kept=1").text
    assert db.session.get_one(Edition, edition.id).body.startswith("第一段")


def test_a_new_document_is_kept_before_it_exists(office, desk):
    desk.post("/admin/disclosures/keep/", typed(office, title="还没有名字的通知", body="写了一段"))
    assert "写了一段" in desk.get("/admin/disclosures/new/?kept=1").text
    assert "写了一段" not in office.at_desk("allround").get("/admin/disclosures/new/?kept=1").text


def test_saving_or_giving_up_forgets_what_was_kept(office, edition, desk):
    form = typed(office, version="1", body="存下来的正文")
    desk.post(KEEP.format(edition.id), form)
    desk.post(EDIT.format(edition.id), form)
    assert kept_rows() == []
    assert "没有保存的内容" not in desk.get(EDIT.format(edition.id)).text

    desk.post(KEEP.format(edition.id), typed(office, version="2", body="不要了的正文"))
    assert desk.post(f"/admin/disclosures/forget/?id={edition.id}").status_code == 302
    assert kept_rows() == []


def test_no_token_no_file_and_no_command_is_kept(office, edition, desk):
    desk.post(KEEP.format(edition.id), {**typed(office, version="1"), "_save": "1"})
    names = {name for name, _ in kept_rows()[0].fields or ()}
    assert "body" in names
    assert not names & {"csrf_token", "_save"}


@pytest.mark.parametrize(
    ("login", "status"), [("editor", 200), ("reviewer", 403), ("nobody", 403), ("stranger", 404)]
)
def test_only_who_may_write_a_text_keeps_one(office, edition, login, status):
    form = typed(office, version="1")
    answer = office.at_desk(login).post(KEEP.format(edition.id), form)
    assert answer.status_code == status
    assert len(kept_rows()) == (status == 200)


def test_a_text_that_may_not_be_changed_any_more_is_not_kept(office, desk):
    submitted = office.submitted()
    assert desk.post(KEEP.format(submitted.id), typed(office, version="2")).status_code == 404


def test_more_than_can_be_kept_is_refused_in_words(office, edition, desk, monkeypatch):
    monkeypatch.setattr("content.operations.keeping.LARGEST", 100)
    answer = desk.post(KEEP.format(edition.id), typed(office, version="1", body="长" * 200))
    assert answer.status_code == 422
    assert "不能自动保存" in answer.json["message"]
    assert kept_rows() == []


def test_who_else_has_the_form_open_is_said_until_they_are_gone(office, edition, desk):
    other = office.at_desk("allround")
    assert "多面手正在修改" not in desk.get(EDIT.format(edition.id)).text
    assert "艾编辑正在修改" in other.get(EDIT.format(edition.id)).text
    assert desk.post(KEEP.format(edition.id), {"_here": "1"}).json["others"] == ["多面手"]

    late = datetime.now(UTC) + operations.keeping.HERE + timedelta(seconds=1)
    me = office.people["editor"]
    assert operations.others_at(f"disclosures-{edition.id}", me, at=late) == []


def test_what_only_the_other_changed_is_taken_over_and_what_both_changed_is_shown_from_both_sides(
    office, edition, desk
):
    """Three-way: from the text both began with."""
    base = {"summary": "原来的概述", "body": edition.body}
    other = office.at_desk("allround")
    desk.get(EDIT.format(edition.id))
    other.get(EDIT.format(edition.id))
    other.post(
        EDIT.format(edition.id),
        typed(
            office,
            version="1",
            **base | {"summary": "他人的概述", "body": "第一段写修路。\n\n第二段写修水渠。"},
        ),
    )

    stale = desk.post(
        EDIT.format(edition.id),
        typed(
            office,
            version="1",
            **base | {"body": "第一段写修铁路。\n\n第二段写修桥。"},
            document_no="青财〔2026〕1号",
        ),
    )

    assert stale.status_code == 409
    assert "您没有动过的部分已换成他人保存的内容：内容概述" in stale.text
    assert "他人的概述" in stale.text
    conflict = stale.text.partition("两个人都改过的部分")[2].partition("<form")[0]
    theirs, mine = conflict.split("您的改动")
    assert [word in theirs for word in ("<ins>", "水渠", "铁")] == [True, True, False]
    assert [word in mine for word in ("<ins>", "铁", "水渠")] == [True, True, False]
    assert "发文字号" not in conflict

    version = VERSION.search(stale.text)
    assert version
    merged = typed(
        office, version=version[1], summary="他人的概述", document_no="青财〔2026〕1号",
        body="第一段写修铁路。\n\n第二段写修水渠。",
    )  # fmt: skip
    desk.post(EDIT.format(edition.id), merged)
    saved = db.session.get_one(Edition, edition.id)
    assert (saved.summary, saved.body.count("修铁路"), saved.body.count("水渠")) == ("他人的概述", 1, 1)


def test_a_form_opened_twice_at_the_same_moment_opens_twice(office, edition, desk, monkeypatch):
    """A double click: the second request looks before the first has written that its officer is here."""
    assert desk.get(EDIT.format(edition.id)).status_code == 200
    looks = iter([None])
    monkeypatch.setattr("content.operations.keeping.kept_text", lambda *form: next(looks, kept_text(*form)))

    assert desk.post(KEEP.format(edition.id), {"_here": "1"}).status_code == 200


def test_a_form_opens_while_somebody_else_writes_for_long(office, edition, desk, monkeypatch):
    def busy(*_given, **_named):
        raise OperationalError("insert", {}, Exception("database is locked"))

    monkeypatch.setattr(operations, "arrive", busy)
    assert "第一段写修路" in desk.get(EDIT.format(edition.id)).text
