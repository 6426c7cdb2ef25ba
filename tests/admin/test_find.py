"""查找: one box over everything the officer may see, and nothing else."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as case_operations
from content import operations
from county.calendar import load_calendar
from database import db
from tests.admin.conftest import Office
from tests.admin.rights import MARKS, PRINCIPALS, furnish
from tests.admin.test_rights_matrix import desk_of
from tests.admin.test_standing import at


def found(office: Office, text: str, login: str = "editor") -> list[str]:
    page = office.at_desk(login).get("/admin/find/", query_string={"q": text}).text
    return re.findall(r'<td class="main-cell"><a [^>]*>(.*?)</a>', page)


def test_documents_of_every_state_are_found_by_title_number_or_organ(office):
    draft, live = office.disclosure("春耕补助草稿"), office.published("春耕补助办法")
    operations.withdraw(
        office.published("春耕补助旧文"), reason="error", by=office.people["publisher"].id, at=at()
    )
    db.session.commit()

    assert found(office, "春耕") == ["春耕补助旧文", "春耕补助办法", "春耕补助草稿"]
    assert found(office, "补助 办法") == ["春耕补助办法"]
    assert found(office, live.document.number) == ["春耕补助办法"]
    assert set(found(office, "县财政局 草稿")) == {draft.title}
    assert found(office, "没有这样的") == []


def test_a_new_title_is_found_at_once_and_the_old_one_no_longer(office):
    draft = office.disclosure("旧名称的稿件")
    operations.save_draft(draft, {"title": "新名称的稿件"}, by=office.people["editor"].id, at=at())
    db.session.commit()

    assert found(office, "新名称") == ["新名称的稿件"]
    assert found(office, "旧名称") == []


@pytest.mark.parametrize("who", PRINCIPALS)
@pytest.mark.row("A-07", "I-05")
def test_nothing_is_named_that_the_officer_may_not_see(office, who):
    ids = furnish(office)
    held = PRINCIPALS[who]
    browser, _person = desk_of(office, held)
    for mark in MARKS.values():
        page = browser.get("/admin/find/", query_string={"q": f"{mark}的稿件"}).text
        listed = browser.get("/admin/disclosures/").text
        titles = re.findall(r'<td class="main-cell"><a [^>]*>(.*?)</a>', page)
        assert bool(titles) == (f"{mark}的稿件" in listed)
    assert ids


def test_cases_are_found_by_their_number_only_and_by_their_clerks_only(office):
    application = office.application()
    case_operations.accept(application, by=office.people["clerk"].id, at=at(), calendar=load_calendar())
    db.session.commit()
    numbers = [application.number, application.number.lower().replace("-", " "), application.case.number]

    for number in numbers:
        page = office.at_desk("clerk").get("/admin/find/", query_string={"q": number}).text
        assert f"/admin/applications/details/?id={application.id}" in page
        assert "赵小禾" not in page
    for text in ("赵小禾", "林木采伐", application.number[:6]):
        assert "applications/details" not in office.at_desk("clerk").get(f"/admin/find/?q={text}").text
    stranger = office.at_desk("stranger").get("/admin/find/", query_string={"q": application.number}).text
    assert "applications/details" not in stranger


def test_an_organ_leads_to_its_page_for_those_who_may_see_how_it_stands(office):
    link = f"/admin/standing/organ/?id={office.finance.id}"

    assert link in office.at_desk("editor").get("/admin/find/?q=财政局").text
    assert link not in office.at_desk("clerk").get("/admin/find/?q=财政局").text


@pytest.mark.parametrize(
    "text", ["%", "_", "%%%", "'; DROP TABLE document; --", "\\", "\x00", "*", "㐀" * 300]
)
def test_what_is_typed_is_looked_for_as_it_stands(office, text):
    office.published("普通的公告")

    assert found(office, text) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120))
def test_any_text_is_answered(office, text):
    given = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    assert office.at_desk("editor").get("/admin/find/", query_string={"q": given}).status_code == 200


def test_the_box_stands_on_every_page_with_a_label_and_a_key(office):
    for path in ("/admin/", "/admin/disclosures/", "/admin/standing/"):
        page = office.at_desk("editor").get(path).text
        assert 'role="search"' in page
        assert '<label class="hidden" for="find">' in page
        assert 'aria-keyshortcuts="/"' in page
