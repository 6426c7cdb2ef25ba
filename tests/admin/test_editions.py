"""From draft to reader over the desk: rights, rows, versions, refusals; and nothing typed is lost."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from admin.editions.acts import seen_mark
from content import operations
from content.models import Attachment, DisclosureEdition, Edition, EditionState
from county.ledger import Act, Errand
from database import db
from tests.admin.conftest import Office, plan_on
from tests.papers import pdf

PDF = pdf("Registration form")


def typed(office: Office, **given: str) -> dict[str, str]:
    """A disclosure form as it is sent."""
    return {
        "title": "关于做好防汛工作的通知",
        "organ": str(office.finance.id),
        "channel": str(office.channel.id),
        "validity": "有效",
        "mode": "主动公开",
        "body": "各单位要**立即**行动。",
        **given,
    }


def state_of(edition: Edition) -> EditionState:
    return db.session.get_one(Edition, edition.id).state


def act(browser, edition, verb, kind="disclosures", **fields):
    """The act as the page that the officer has just opened sends it."""
    seen = seen_mark(db.session.get_one(Edition, edition.id))
    plan = plan_on(browser, edition, kind) if verb == "approve" else {}
    return browser.post(f"/admin/{kind}/act/{verb}/?id={edition.id}", {"seen": seen, **plan, **fields})


def test_a_notice_goes_from_draft_to_published_through_three_desks(office):
    """A-09, A-10: written, reviewed by another, published by a third."""
    editor, reviewer, publisher = (office.at_desk(name) for name in ("editor", "reviewer", "publisher"))

    made = editor.post("/admin/disclosures/new/", typed(office))
    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert made.location == f"/admin/disclosures/details/?id={edition.id}"
    assert "<strong>立即</strong>" in editor.get(made.location).text
    act(editor, edition, "submit")
    assert "关于做好防汛工作的通知" in reviewer.get("/admin/review/").text
    act(reviewer, edition, "approve", secrecy_reviewed="yes")
    assert "关于做好防汛工作的通知" in publisher.get("/admin/publish/").text
    published = publisher.client and act(publisher, edition, "publish")

    assert state_of(edition) is EditionState.PUBLISHED
    said = publisher.get(published.location).text
    assert "已发布，公开网站将在片刻后更新" in said
    assert f"http://localhost/xxgk/{edition.document_id}/" in said
    assert db.session.scalars(db.select(Errand)).one().key == str(edition.document_id)


@pytest.mark.parametrize("page", ["new", "edit"])
@pytest.mark.parametrize("kind", ["disclosures", "services"])
def test_without_an_organ_nothing_typed_is_lost(office, kind, page):
    """A-02, B-04: the list box was left at 请选择."""
    browser = office.at_desk("editor")
    sent = {"title": "写了半天的标题", "operation_stage": "正式运行", "mode": "主动公开", "validity": "有效"}
    path = f"/admin/{kind}/new/"
    if page == "edit":
        made = browser.post(path, {**sent, "organ": str(office.finance.id)})
        path, sent["version"] = made.location.replace("details", "edit"), "1"

    answer = browser.post(path, {**sent, "organ": "", "summary": "改过的概述"})

    assert answer.status_code == 422
    assert 'href="#organ"' in answer.text
    assert "写了半天的标题" in answer.text
    assert "改过的概述" in answer.text


def test_saving_and_submitting_in_one_step_keeps_the_draft_when_it_is_not_ready(office):
    browser = office.at_desk("editor")

    answer = browser.post("/admin/disclosures/new/", {**typed(office, body=""), "_submit": "1"})

    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert edition.state is EditionState.DRAFT
    page = browser.get(answer.location).text
    assert "内容已保存，但还不能送审" in page
    assert f'href="/admin/disclosures/edit/?id={edition.id}#body"' in page


def test_a_form_with_faults_names_them_and_keeps_what_was_typed(office):
    browser = office.at_desk("editor")

    answer = browser.post(
        "/admin/disclosures/new/",
        typed(office, title="", published_on="2026-13-45", summary="概述写好了", organ=""),
    )

    assert answer.status_code == 422
    assert "请填写信息标题" in answer.text
    assert "2026-03-02 这样的日期" in answer.text
    assert 'value="2026-13-45"' in answer.text
    assert "概述写好了" in answer.text
    assert 'href="#title"' in answer.text
    assert db.session.scalar(db.select(Edition)) is None


@pytest.mark.parametrize(
    "title",
    [
        "../../etc/passwd",
        "a?b#c",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "😀通知",
        '"onmouseover="alert(1)',
    ],
)
def test_a_hostile_title_is_kept_as_text(office, title):
    browser = office.at_desk("editor")

    answer = browser.post("/admin/disclosures/new/", typed(office, title=title))

    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert edition.title == title
    for page in (
        answer.location,
        "/admin/disclosures/",
        f"/admin/disclosures/edit/?id={edition.id}",
        "/admin/",
    ):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert '"onmouseover="' not in text
        assert "49</h1>" not in text


def test_a_title_of_300_characters_is_refused_with_its_length(office):
    answer = office.at_desk("editor").post("/admin/disclosures/new/", typed(office, title="长" * 300))

    assert answer.status_code == 422
    assert "长" * 300 in answer.text
    assert "不能超过200个字" in answer.text


def test_a_stale_form_is_refused_shows_what_the_other_wrote_and_saves_when_sent_again(office):
    edition = office.disclosure(body="原文")
    mine, theirs = office.at_desk("editor"), office.at_desk("allround")
    path = f"/admin/disclosures/edit/?id={edition.id}"

    theirs.post(path, typed(office, version="1", body="另一个人写的正文"))
    stale = mine.post(path, typed(office, version="1", body="我写了半天的正文"))

    assert stale.status_code == 409
    assert "已被他人修改" in stale.text
    assert "另一个人写的正文" in stale.text
    assert "我写了半天的正文" in stale.text
    assert db.session.get_one(Edition, edition.id).body == "另一个人写的正文"
    version = re.search(r'name="version" type="hidden" value="(\d+)"', stale.text)
    assert version
    mine.post(path, typed(office, version=version[1], body="我写了半天的正文"))
    assert db.session.get_one(Edition, edition.id).body == "我写了半天的正文"


def test_a_form_of_a_text_that_was_submitted_in_between_is_refused_and_kept(office):
    edition = office.submitted()

    answer = office.at_desk("editor").post(
        f"/admin/disclosures/edit/?id={edition.id}", typed(office, version="1", body="改晚了的正文")
    )

    assert answer.status_code == 422
    assert "改晚了的正文" in answer.text
    assert "待审核" in answer.text


def test_a_double_click_on_publish_publishes_once(office):
    edition = office.approved()
    browser = office.at_desk("publisher")

    first, second = act(browser, edition, "publish"), act(browser, edition, "publish")

    assert first.status_code == 302
    assert second.status_code == 422
    assert "不能发布" in second.text
    assert len(db.session.scalars(db.select(Errand)).all()) == 1


def test_nobody_approves_what_he_wrote_or_submitted(office):
    edition = office.submitted(by="allround")

    answer = act(office.at_desk("allround"), edition, "approve", secrecy_reviewed="yes")

    assert answer.status_code == 422
    assert "不能审核自己编写或送审的稿件" in answer.text
    assert state_of(edition) is EditionState.SUBMITTED


def seen_on_page(browser, edition) -> str:
    page = browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    marks = set(re.findall(r'name="seen" value="([^"]+)"', page))
    assert len(marks) == 1
    return marks.pop()


@pytest.mark.parametrize("is_rewritten", [True, False])
@pytest.mark.parametrize("verb", ["approve", "send_back"])
def test_a_reviewer_decides_on_the_text_he_saw(office, verb, is_rewritten):
    """A-10: returned and submitted anew behind his back, the text waits for a second look."""
    edition = office.submitted()
    reviewer = office.at_desk("reviewer")
    fields = {"seen": seen_on_page(reviewer, edition), "secrecy_reviewed": "yes", "note": "请补充。"}
    editor, at = office.people["editor"].id, datetime.now(UTC)
    operations.send_back(edition, "请改", by=office.people["allround"].id, at=at)
    if is_rewritten:
        operations.save_draft(edition, {"body": "换成了别的内容。"}, by=editor, at=at)
    operations.submit(edition, by=editor, at=at)
    db.session.commit()

    refused = act(reviewer, edition, verb, **fields)

    assert refused.status_code == 422
    assert "打开页面之后，该稿件已被他人修改或处理" in refused.text
    assert 'value="yes" checked' not in refused.text
    assert state_of(edition) is EditionState.SUBMITTED
    fields["seen"] = seen_on_page(reviewer, edition)
    assert act(reviewer, edition, verb, **fields).status_code == 302


def test_an_editor_submits_and_a_publisher_publishes_what_they_saw(office):
    """A-09, A-10."""
    edition, editor, publisher = office.disclosure(), office.at_desk("editor"), office.at_desk("publisher")
    seen = seen_on_page(editor, edition)
    operations.save_draft(
        edition, {"body": "另一人改过。"}, by=office.people["allround"].id, at=datetime.now(UTC)
    )
    db.session.commit()
    ready = office.approved("关于春灌的通知")

    assert act(editor, edition, "submit", seen=seen).status_code == 422
    assert act(publisher, ready, "publish", seen="").status_code == 422
    assert act(publisher, ready, "publish", seen=seen_on_page(publisher, ready)).status_code == 302
    assert state_of(edition) is EditionState.DRAFT


def test_an_approval_needs_the_secrecy_box(office):
    edition = office.submitted()

    answer = act(office.at_desk("reviewer"), edition, "approve")

    assert answer.status_code == 422
    assert "保密审查" in answer.text
    assert state_of(edition) is EditionState.SUBMITTED


def test_a_return_needs_a_reason_and_the_editor_reads_it(office):
    edition = office.submitted()
    reviewer = office.at_desk("reviewer")

    assert act(reviewer, edition, "send_back").status_code == 422
    act(reviewer, edition, "send_back", note="请补充附件二。")

    editor = office.at_desk("editor")
    assert "请补充附件二。" in editor.get(f"/admin/disclosures/details/?id={edition.id}").text
    assert "请补充附件二。" in editor.get(f"/admin/disclosures/edit/?id={edition.id}").text
    assert "退回修改" in editor.get("/admin/").text


def test_a_withdrawal_needs_a_reason_from_the_list_and_keeps_the_words_typed(office):
    edition = office.published()
    browser = office.at_desk("publisher")

    refused = act(browser, edition, "withdraw", reason="other", note="")
    done = act(browser, edition, "withdraw", reason="error", note="数字写错")

    assert refused.status_code == 422
    assert "写明原因" in refused.text
    assert done.status_code == 302
    assert state_of(edition) is EditionState.WITHDRAWN


def test_a_revision_is_a_new_draft_and_the_live_text_stays(office):
    edition = office.published()
    browser = office.at_desk("editor")

    answer = act(browser, edition, "revise")

    assert answer.location != f"/admin/disclosures/details/?id={edition.id}"
    assert "第2稿" in browser.get(answer.location).text
    assert state_of(edition) is EditionState.PUBLISHED
    listed = browser.get("/admin/disclosures/").text
    assert listed.count('name="rowid"') == 1


def test_who_only_edits_does_not_move_what_is_live_to_another_channel(office):
    edition = office.published()
    browser = office.at_desk("editor")
    act(browser, edition, "revise")
    new = db.session.scalars(db.select(Edition).where(Edition.edition_no == 2)).one()

    page = browser.get(f"/admin/disclosures/edit/?id={new.id}").text
    browser.post(f"/admin/disclosures/edit/?id={new.id}", typed(office, version="1", channel="1"))

    assert 'name="channel"' not in page
    assert db.session.get_one(Edition, new.id).document.channel_id == office.channel.id


def test_a_discarded_draft_leaves_the_list_to_the_edition_that_stands(office):
    edition = office.published("稳定的标题")
    browser = office.at_desk("editor")
    act(browser, edition, "revise")
    new = db.session.scalars(db.select(Edition).where(Edition.edition_no == 2)).one()

    act(browser, new, "discard")

    listed = browser.get("/admin/disclosures/").text
    assert f"details/?id={edition.id}" in listed
    assert f"details/?id={new.id}" not in listed


def test_rows_of_another_organ_are_not_there(office):
    """A-07: not in the list, not by id, not by act, not as a choice."""
    foreign = office.disclosure("水利局的草稿", organ=office.water, by="stranger")
    browser = office.at_desk("allround")

    assert "水利局的草稿" not in browser.get("/admin/disclosures/").text
    for path in ("details", "edit"):
        assert browser.get(f"/admin/disclosures/{path}/?id={foreign.id}").status_code == 404
    assert act(browser, foreign, "submit").status_code == 404
    assert (
        browser.post("/admin/disclosures/action/", {"action": "submit", "rowid": str(foreign.id)}).status_code
        == 404
    )
    moved = browser.post("/admin/disclosures/new/", typed(office, organ=str(office.water.id)))
    assert moved.status_code == 422
    assert "请在列表中选择公开机构" in moved.text
    assert state_of(foreign) is EditionState.DRAFT


def test_a_document_cannot_be_moved_out_to_an_organ_one_does_not_write_for(office):
    edition = office.disclosure()

    answer = office.at_desk("editor").post(
        f"/admin/disclosures/edit/?id={edition.id}", typed(office, version="1", organ=str(office.water.id))
    )

    assert answer.status_code == 422
    assert db.session.get_one(Edition, edition.id).document.organ_id == office.finance.id


@pytest.mark.parametrize("bad", ["1,2", "-1", "99999999999999999999", "0x1", "１", "", "1'--", "1%00"])
def test_an_id_that_can_be_none_answers_404(office, bad):
    browser = office.at_desk("allround")

    for path in ("/admin/disclosures/details/", "/admin/disclosures/edit/", "/admin/services/details/"):
        assert browser.get(f"{path}?id={bad}").status_code == 404
    assert browser.get(f"/admin/files/{bad or 'x'}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["page=99999999999999999999", "page=-5", "page=7", "sort=99", "sort=-1", "desc=x", "page_size=100000", "search=%00%25_'", "flt_state=nonsense", "flt_organ=1;drop", "flt_year=20x6", "flt9_9=1", "search=" + "x" * 5000],
)  # fmt: skip
def test_an_absurd_list_address_answers_a_list(office, query):
    office.disclosure()
    browser = office.at_desk("allround")

    for path in ("disclosures", "services"):
        assert browser.get(f"/admin/{path}/?{query}").status_code == 200


def test_a_list_is_searched_by_title_and_number_and_filtered(office):
    office.disclosure("关于春耕备耕的通知")
    published = office.published("关于秋收冬种的通告")
    browser = office.at_desk("editor")
    number = db.session.get_one(Edition, published.id).document.number

    assert "春耕" not in browser.get("/admin/disclosures/?search=秋收").text
    assert "秋收冬种" in browser.get(f"/admin/disclosures/?search={number}").text
    live = browser.get("/admin/disclosures/?flt_state=published").text
    assert "秋收冬种" in live
    assert "春耕备耕" not in live
    year = db.session.get_one(Edition, published.id).document.sorted_on.year
    assert (
        "秋收冬种" in browser.get(f"/admin/disclosures/?flt_channel={office.channel.id}&flt_year={year}").text
    )
    assert "秋收冬种" not in browser.get(f"/admin/disclosures/?flt_year={year - 1}").text
    assert "还没有内容" not in live
    assert "没有符合条件" in browser.get("/admin/disclosures/?search=100%25").text


def test_several_drafts_are_submitted_at_once_and_each_refusal_is_named(office):
    good, bad = office.disclosure("可以送审的"), office.disclosure("缺正文的", body="")
    browser = office.at_desk("editor")

    answer = browser.post(
        "/admin/disclosures/action/", {"action": "submit", "rowid": [str(good.id), str(bad.id)]}
    )

    page = browser.get(answer.location).text
    assert "共1件" in page
    assert "《缺正文的》没有送审" in page
    assert (state_of(good), state_of(bad)) == (EditionState.SUBMITTED, EditionState.DRAFT)


def test_an_unknown_action_or_act_answers_404(office):
    edition = office.disclosure()
    browser = office.at_desk("allround")

    assert (
        browser.post("/admin/disclosures/action/", {"action": "delete", "rowid": str(edition.id)}).status_code
        == 404
    )
    assert act(browser, edition, "take_over").status_code == 404
    assert act(browser, edition, "assassinate").status_code == 404


def test_the_preview_is_the_whole_page_clean_and_nothing_of_it_stays(office):
    browser = office.at_desk("editor")
    body = "## 标题\n\n<script>alert(1)</script>[x](javascript:alert(1)) **粗**"

    page = browser.post("/admin/disclosures/preview/", typed(office, body=body))
    gaps = browser.post("/admin/disclosures/preview/", {"body": body})

    for answer in (page, gaps):
        assert answer.status_code == 200
        assert "<strong>粗</strong>" in answer.text
        assert "<script>alert" not in answer.text
        assert 'href="javascript' not in answer.text
    assert "关于做好防汛工作的通知" in page.text
    assert "（还没有填写标题）" in gaps.text
    assert db.session.scalar(db.select(Edition)) is None


def test_an_attachment_is_stored_by_its_hash_and_comes_back_under_its_name(office, settings):
    browser = office.at_desk("editor")

    made = browser.post(
        "/admin/disclosures/new/",
        {
            **typed(office),
            "files": [(io.BytesIO(PDF), "附件 一.pdf"), (io.BytesIO(PDF + b"%%EOF"), "附件二.pdf")],
        },
        content_type="multipart/form-data",
    )

    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert [file.display_name for file in edition.attachments] == ["附件 一.pdf", "附件二.pdf"]
    file = edition.attachments[0]
    assert (settings.upload_folder / file.stored_name).read_bytes() == PDF
    assert "附件 一.pdf" in browser.get(made.location).text
    fetched = browser.get(f"/admin/files/{file.id}")
    assert fetched.data == PDF
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert office.at_desk("clerk").get(f"/admin/files/{file.id}").status_code == 403


def test_an_upload_that_lies_is_refused_and_the_good_one_and_the_text_stay(office):
    browser = office.at_desk("editor")

    answer = browser.post(
        "/admin/disclosures/new/",
        {
            **typed(office),
            "files": [
                (io.BytesIO(PDF), "真.pdf"),
                (io.BytesIO(b"<html>"), "假.pdf"),
                (io.BytesIO(b"<svg/>"), "图.svg"),
            ],
        },
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert "附件“假.pdf”没有保存" in answer.text
    assert "附件“图.svg”没有保存" in answer.text
    assert "关于做好防汛工作的通知" in answer.text
    reference = re.search(r'name="attachments-0-reference" type="hidden" value="([^"]+)"', answer.text)
    assert reference
    browser.post(
        "/admin/disclosures/new/",
        typed(office, **{"attachments-0-reference": reference[1], "attachments-0-display_name": "改了名"}),
    )
    assert db.session.scalars(db.select(Attachment)).one().display_name == "改了名.pdf"


def test_a_reference_that_was_not_signed_here_attaches_nothing(office):
    office.at_desk("editor").post(
        "/admin/disclosures/new/",
        typed(
            office,
            **{"attachments-0-reference": '["aa",".pdf",1,"x"].forged', "attachments-0-display_name": "x"},
        ),
    )

    assert db.session.scalar(db.select(Attachment)) is None


def test_an_attachment_is_removed_by_its_button_and_then_by_saving(office):
    browser = office.at_desk("editor")
    browser.post(
        "/admin/disclosures/new/",
        {**typed(office), "files": [(io.BytesIO(PDF), "一.pdf"), (io.BytesIO(PDF + b"%%EOF"), "二.pdf")]},
        content_type="multipart/form-data",
    )
    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    path = f"/admin/disclosures/edit/?id={edition.id}"
    kept = dict(
        re.findall(
            r'name="(attachments-\d-(?:reference|display_name))"[^>]*value="([^"]+)"', browser.get(path).text
        )
    )

    page = browser.post(path, typed(office, version="1", _rows="attachments:0:remove", **kept))
    left = dict(
        re.findall(r'name="(attachments-\d-(?:reference|display_name))"[^>]*value="([^"]+)"', page.text)
    )
    browser.post(path, typed(office, version="1", **left))

    assert [file.display_name for file in db.session.get_one(Edition, edition.id).attachments] == ["二.pdf"]


def test_further_metadata_is_kept_beside_what_came_by_import(office):
    """A-06."""
    edition = office.disclosure(extra={"解读": "/xxgk/5/", "原始": {"x": 1}})
    browser = office.at_desk("editor")

    browser.post(
        f"/admin/disclosures/edit/?id={edition.id}",
        typed(
            office,
            version="1",
            **{"extra-0-name": "有效期", "extra-0-value": "五年", "extra-1-name": "", "extra-1-value": ""},
        ),
    )

    assert db.session.get_one(Edition, edition.id).extra == {"原始": {"x": 1}, "有效期": "五年"}


def test_two_publishers_at_the_same_moment_publish_once_and_neither_sees_a_crash(office):
    edition = office.approved()
    browsers = [office.at_desk("publisher") for _ in range(4)]
    tokens = [browser.token() for browser in browsers]
    seen = seen_on_page(browsers[0], edition)
    together = threading.Barrier(len(browsers))
    path = f"/admin/disclosures/act/publish/?id={edition.id}"

    def publish(browser, token):
        together.wait()
        return browser.client.post(
            path, data={"csrf_token": token, "seen": seen}, headers={"Origin": "http://localhost"}
        ).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = sorted(pool.map(publish, browsers, tokens))

    assert answers.count(302) == 1
    assert set(answers) <= {302, 409, 422, 503}
    assert len(db.session.scalars(db.select(Act).where(Act.verb == "publish")).all()) == 1


def test_characters_that_nothing_can_hold_are_dropped(office):
    browser = office.at_desk("editor")

    browser.post("/admin/disclosures/new/", typed(office, body="正\x00文\x08", document_no="一\x00号"))

    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert (edition.body, edition.document_no) == ("正文", "一号")


def test_a_guide_of_thousands_of_fields_is_taken(office):
    rows = {
        f"materials-{n}-{part}": "甲"
        for n in range(199)
        for part in ("name", "format", "carrier", "note", "storage_requirement", "submission_method")
    }

    answer = office.at_desk("editor").post(
        "/admin/services/new/",
        {"title": "很多材料", "organ": str(office.finance.id), "operation_stage": "正式运行", **rows},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 302


def test_what_changed_since_the_list_was_shown_is_not_acted_upon(office):
    """One of two chosen drafts was saved by a colleague meanwhile: it stays, the other goes."""
    seen, changed = office.disclosure("没有变的通知"), office.disclosure("变了的通知")
    browser = office.at_desk("editor")
    marks = dict(re.findall(r'name="(seen-\d+)" value="([^"]+)"', browser.get("/admin/disclosures/").text))
    operations.save_draft(
        changed, {"body": "改过的正文。"}, by=office.people["allround"].id, at=changed.updated_at
    )
    db.session.commit()

    browser.post(
        "/admin/disclosures/action/", {"action": "submit", "rowid": [str(seen.id), str(changed.id)], **marks}
    )

    states = {edition.title: edition.state for edition in (seen, changed)}
    assert states == {"没有变的通知": EditionState.SUBMITTED, "变了的通知": EditionState.DRAFT}
