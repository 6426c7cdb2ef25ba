"""Every edition is kept; any two are compared by field and by word, with people and dates; an old one comes back as a draft."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from admin.editions.disclosure_items import DisclosuresView
from admin.editions.service_items import ServicesView
from admin.editions.version_texts import texts_of
from content import operations, rules
from content.errors import SelfReviewError
from content.files import StoredFile
from content.models import Document, DocumentKind, Edition, EditionState
from content.operations.writing import editable_fields
from county.ledger import Act
from database import db
from tests.admin.conftest import Browser, Office
from tests.people import GUIDE

TAG = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r'<span class="hidden">[^<]*</span>')


def changes(page: str) -> dict[str, list[str]]:
    """The changed fields of a page of comparison by name: each paragraph with [-gone-] and [+new+]."""
    found = {}
    for name, body in re.findall(r'aria-labelledby="field-(\w+)">(.*?)</ul>', page, re.DOTALL):
        text = HIDDEN.sub("", body).replace("<del>", "[-").replace("</del>", "-]")
        text = text.replace("<ins>", "[+").replace("</ins>", "+]")
        found[name] = [
            unescape(TAG.sub("", item)) for item in re.findall(r"<li[^>]*>(.*?)</li>", text, re.DOTALL)
        ]
    return found  # fmt: skip


def compare(
    browser: Browser, newer: Edition, older: Edition | None = None, kind: str = "disclosures", **more
):
    words = f"&with={older.id}" if older else ""
    words += "".join(f"&{name}={value}" for name, value in more.items())
    answer = browser.get(f"/admin/{kind}/compare/?id={newer.id}{words}")
    assert answer.status_code == 200, answer.text
    return answer.text


def next_edition(office: Office, edition: Edition, **values) -> Edition:
    """The next edition of its document, published."""
    by, at = {login: officer.id for login, officer in office.people.items()}, datetime.now(UTC)
    newer = operations.revise(edition.document, by=by["editor"], at=at)
    operations.save_draft(newer, values, by=by["allround"], at=at)
    operations.submit(newer, by=by["editor"], at=at)
    operations.approve(newer, by=by["reviewer"], at=at, secrecy_reviewed=True)
    operations.publish(newer, by=by["publisher"], at=at)
    db.session.commit()
    return newer


def guide(office: Office, **values) -> Edition:
    office.finance.subject_code = "020"
    edition = operations.create_document(
        DocumentKind.SERVICE, organ=office.finance, channel=None, site_id=office.site.id,
        values={**GUIDE, "handling_subject": "财政局", **values}, by=office.people["editor"].id, at=datetime.now(UTC),
    )  # fmt: skip
    db.session.commit()
    return edition


@pytest.mark.row("F-16")
def test_two_editions_are_compared_by_field_and_by_word(office):
    first = office.published(
        "关于防汛的通知",
        body="各单位自三月一日起值班，电话3721。\n\n请转发。",
        document_no="青政发〔2026〕3号",
    )
    second = next_edition(office, first, body="各单位自四月一日起值班，电话3721。\n\n请转发。", document_no="青政发〔2026〕4号")  # fmt: skip

    page = compare(office.at_desk("editor"), second)

    assert changes(page) == {
        "document_no": ["青政发〔2026〕[-3-][+4+]号"],
        "body": ["各单位自[-三-][+四+]月一日起值班，电话3721。", "请转发。"],
    }
    assert "没有变化：信息标题" in page
    assert '<del><span class="hidden">删去：</span>三</del>' in page  # said, not only coloured


def test_any_two_editions_can_be_chosen_and_the_older_always_comes_first(office):
    first = office.published("一稿", body="甲")
    second = next_edition(office, first, body="乙")
    third = next_edition(office, second, body="丙")
    browser = office.at_desk("reviewer")

    assert (
        changes(compare(browser, third, first))
        == changes(compare(browser, first, third))
        == {"body": ["[-甲-][+丙+]"]}
    )
    assert changes(compare(browser, third))["body"] == ["[-乙-][+丙+]"]


def test_a_comparison_names_the_people_and_the_dates(office):
    first = office.published()
    second = next_edition(office, first, title="改过的标题")

    page = compare(office.at_desk("editor"), second)

    new_side = page[page.index("side-2") :]
    assert "艾编辑、多面手" in new_side  # who began it, and who saved in it
    assert "包审核" in new_side
    assert "常发布" in new_side
    assert f'<time datetime="{second.published_at.isoformat()}">' in new_side


def test_paragraphs_without_change_are_left_out_by_their_number_until_all_is_asked_for(office):
    text = [f"第{number}段说明。" for number in range(20)]
    first = office.published(body="\n\n".join(text))
    second = next_edition(office, first, body="\n\n".join([*text[:10], "插入的一段。", *text[10:]]))
    browser = office.at_desk("editor")

    assert changes(compare(browser, second))["body"] == [
        "…… 9 段没有变化 ……",
        "第9段说明。",
        "[+插入的一段。+]",
        "第10段说明。",
        "…… 9 段没有变化 ……",
    ]
    assert len(changes(compare(browser, second, first, full=1))["body"]) == 21


def test_a_change_of_nothing_but_spaces_is_made_visible(office):
    first = office.published(body="总则")
    second = next_edition(office, first, body="总 则")

    assert changes(compare(office.at_desk("editor"), second))["body"] == ["总[+␣+]则"]


def test_another_file_under_the_same_name_is_a_change(office):
    first = office.disclosure()
    by, at = office.people["editor"].id, datetime.now(UTC)
    operations.attach(first, [StoredFile("a" * 64, ".pdf", 100, "附件.pdf")], by=by, at=at)
    operations.discard(first, by=by, at=at)
    second = operations.revise(first.document, by=by, at=at)
    operations.attach(second, [StoredFile("b" * 64, ".pdf", 200, "附件.pdf")], by=by, at=at)
    db.session.commit()

    found = changes(compare(office.at_desk("editor"), second))

    assert list(found) == ["attachments"]
    assert "附件.pdf" in found["attachments"][0]
    assert "aaaaaaaaaaaa" in found["attachments"][0]
    assert "bbbbbbbbbbbb" in found["attachments"][0]


def test_rows_of_a_guide_are_compared_one_a_line(office):
    first = guide(office)
    by, at = office.people["editor"].id, datetime.now(UTC)
    operations.discard(first, by=by, at=at)
    second = operations.revise(first.document, by=by, at=at)
    operations.save_draft(
        second,
        {"materials": [{"name": "申请表", "is_required": False}, {"name": "身份证明"}], "is_charged": True},
        by=by,
        at=at,
    )
    db.session.commit()

    assert changes(compare(office.at_desk("editor"), second, kind="services")) == {
        "materials": ["材料名称：申请表；是否必要：[-是-][+否+]", "[+材料名称：身份证明+]"],
        "is_charged": ["[-不-]收费"],
    }


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        pytest.param(DisclosuresView, DocumentKind.DISCLOSURE, id="disclosure"),
        pytest.param(ServicesView, DocumentKind.SERVICE, id="guide"),
    ],
)
def test_every_field_an_editor_can_write_is_compared(office, view, kind):
    edition = office.disclosure() if kind is DocumentKind.DISCLOSURE else guide(office, form={"fields": []})
    edition.extra = {"imported": [1]}
    with office.app.test_request_context():
        compared = texts_of(edition, view.form_class(), view.shown_values(edition)).keys()
    said_otherwise = {"discretion": "degrees", "form": "untyped"}

    assert {said_otherwise.get(name, name) for name in editable_fields(kind)} <= compared
    grouped = {name for _, names in view.groups for name in names} | {"untyped"}
    assert compared <= grouped


def test_what_is_typed_cannot_become_markup_in_a_comparison(office):
    first = office.published(body="甲")
    second = next_edition(
        office, first, title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>"
    )

    page = compare(office.at_desk("editor"), second)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_list_shows_every_edition_with_its_people_and_leads_to_the_comparison(office):
    first = office.published("第一个标题")
    second = next_edition(office, first, title="第二个标题")
    browser = office.at_desk("editor")

    page = browser.get(f"/admin/disclosures/versions/?id={second.id}").text

    assert page.index("第二个标题") < page.index("第一个标题", page.index("<table>"))
    assert page.count("包审核") == page.count("常发布") == 2
    assert 'action="/admin/disclosures/compare/"' in page
    assert f"/admin/disclosures/versions/?id={second.id}" in browser.get(f"/admin/disclosures/details/?id={second.id}").text  # fmt: skip


def test_editions_of_two_documents_are_not_compared(office):
    one, other = office.published("甲"), office.published("乙")
    browser = office.at_desk("editor")

    assert browser.get(f"/admin/disclosures/compare/?id={one.id}&with={other.id}").status_code == 404
    assert browser.get(f"/admin/disclosures/compare/?id={one.id}&with=x").status_code == 404
    assert browser.get(f"/admin/disclosures/compare/?id={one.id}&with={one.id}").status_code == 302
    assert browser.get(f"/admin/disclosures/compare/?id={one.id}").status_code == 302


def restore(browser: Browser, edition: Edition):
    page = browser.get(f"/admin/disclosures/details/?id={edition.id}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    return browser.post(
        f"/admin/disclosures/act/restore/?id={edition.id}", {"seen": unescape(seen[1]) if seen else "x"}
    )


@pytest.mark.row("F-16")
def test_an_old_edition_comes_back_as_a_new_draft_and_the_live_one_stays(office):
    first = office.published("旧标题", body="旧的正文。")
    second = next_edition(office, first, title="新标题", body="新的正文。")
    first.body_html += "<script>of earlier rules</script>"
    db.session.commit()
    browser = office.at_desk("editor")
    assert "恢复第1稿为新稿" in compare(browser, second)

    answer = restore(browser, first)

    third = db.session.scalars(db.select(Edition).order_by(Edition.id.desc()).limit(1)).one()
    assert answer.location.endswith(f"/admin/disclosures/details/?id={third.id}")
    assert (third.edition_no, third.state, third.title, third.body) == (3, EditionState.DRAFT, "旧标题", "旧的正文。")  # fmt: skip
    assert third.body_html == rules.render_markdown("旧的正文。")
    assert db.session.get_one(Edition, second.id).state is EditionState.PUBLISHED
    act = db.session.scalars(db.select(Act).where(Act.verb == "restore")).one()
    assert (act.subject_id, act.actor_id, act.details) == (
        third.id,
        office.people["editor"].id,
        {"edition": 1},
    )
    page = compare(browser, third, first)
    assert "两稿内容完全相同" in page
    assert "<dd>艾编辑 <time" in page[page.index("side-2") :]


def test_nothing_is_restored_while_an_edition_is_on_its_way(office):
    first = office.published()
    second = next_edition(office, first, title="第二稿")
    by = office.people["editor"].id
    browser = office.at_desk("editor")
    page = browser.get(f"/admin/disclosures/details/?id={first.id}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    operations.revise(second.document, by=by, at=datetime.now(UTC))
    db.session.commit()

    assert "恢复第1稿为新稿" not in compare(browser, second)
    assert "办完或作废以后才能恢复旧稿" in compare(browser, second)
    answer = browser.post(
        f"/admin/disclosures/act/restore/?id={first.id}", {"seen": unescape(seen[1]) if seen else ""}
    )
    assert answer.status_code == 422
    assert "不能恢复旧稿" in answer.text
    assert len(db.session.get_one(Document, first.document_id).editions) == 3


@pytest.mark.parametrize("login", ["reviewer", "publisher", "stranger", "clerk", "administrator"])
def test_only_who_may_write_for_the_organ_restores(office, login):
    first = office.published()
    next_edition(office, first, title="第二稿")

    answer = restore(office.at_desk(login), first)

    assert answer.status_code in (403, 404)
    assert db.session.scalar(db.select(Act.id).where(Act.verb == "restore")) is None


def test_who_restored_a_text_does_not_review_it(office):
    """A-10."""
    first = office.published()
    next_edition(office, first, title="第二稿")
    at = datetime.now(UTC)
    third = operations.restore(first, by=office.people["allround"].id, at=at)
    operations.submit(third, by=office.people["editor"].id, at=at)

    with pytest.raises(SelfReviewError):
        operations.approve(third, by=office.people["allround"].id, at=at, secrecy_reviewed=True)


def test_a_restored_guide_has_every_part_of_its_own(office):
    first = guide(office, flow=[])
    by, at = office.people["editor"].id, datetime.now(UTC)
    operations.discard(first, by=by, at=at)
    second = operations.revise(first.document, by=by, at=at)
    operations.save_draft(second, {"materials": [], "legal_basis": []}, by=by, at=at)
    operations.discard(second, by=by, at=at)

    third = operations.restore(first, by=by, at=at)

    assert [part.name for part in third.materials] == [part.name for part in first.materials]
    assert [part.citation for part in third.legal_basis] == [part.citation for part in first.legal_basis]
    assert {part.id for part in third.materials}.isdisjoint(part.id for part in first.materials)
    assert third.legal_limit_value == first.legal_limit_value == 20
