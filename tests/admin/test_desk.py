"""工作台: each sees what waits for him, the most pressing first, with words for every colour."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from content import operations
from county import sign_in
from county.calendar import county_day
from county.officers import Role
from database import db
from tests.admin.conftest import Office


def at(days: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def piles(office: Office, login: str) -> dict[str, list[str]]:
    """Titles of what waits, by pile."""
    page = office.at_desk(login).get("/admin/").text
    found = {}
    for part in re.findall(r'<section class="card pile".*?</section>', page, re.DOTALL):
        heading = re.search(r"<h2[^>]*>(.*?)</h2>", part)
        tasks = re.findall(r'<li class="(\w*)"><a[^>]*>(.*?)</a><small>(.*?)</small>', part)
        found[heading[1] if heading else ""] = [" ".join(filter(None, task)) for task in tasks]
    return found


def test_each_sees_what_waits_for_his_own_work(office):
    office.disclosure("写着的")
    office.submitted("送审的")
    office.approved("通过的")

    assert piles(office, "editor")["草稿"] == ["写着的 今天"]
    assert piles(office, "reviewer")["等待审核"] == ["送审的 青崖县财政局，今天送审"]
    assert piles(office, "publisher")["等待发布"] == ["通过的 今天"]
    assert {"草稿", "等待发布"} & piles(office, "reviewer").keys() == set()
    assert piles(office, "nobody") == piles(office, "stranger") == {}


def test_what_was_returned_or_waits_long_is_marked_in_words_and_colour(office):
    returned, waits = office.submitted("退回的"), office.submitted("等久的")
    operations.send_back(returned, "请补充", by=office.people["reviewer"].id, at=at())
    waits.submitted_at = at(-8)
    db.session.commit()

    assert piles(office, "editor")["退回修改"] == ["warn 退回的 退回 今天"]
    assert piles(office, "reviewer")["等待审核"] == ["late 等久的 青崖县财政局，已等 8 天"]


def test_what_is_scheduled_shows_its_moment_and_what_failed_says_so(office):
    timed, failed = office.approved("定时的"), office.approved("没成的")
    for edition in (timed, failed):
        operations.schedule(
            edition, at(1 if edition is failed else 3), by=office.people["publisher"].id, at=at()
        )
    failed.document.channel = None
    operations.publish_due(at(2))
    db.session.commit()

    found = piles(office, "publisher")

    assert re.fullmatch(r"定时的 定于 \d\d月\d\d日 \d\d:\d\d", found["定时发布"][0])
    assert found["定时发布没有成功"] == ["late 没成的 请查看原因"]
    assert "等待发布" not in found


@pytest.mark.row("G-13")
def test_stale_channels_incomplete_and_unconfirmed_texts_wait_for_their_organs_editor(office):
    live = office.published("青崖县预算公开")
    office.channel.update_within_days, office.channel.organ = 10, office.finance
    office.channel.confirm_within_months = 1
    live.document.live_on = county_day(at(-12))
    live.document.confirmed_on = county_day(at(-62))
    db.session.commit()

    found = piles(office, "editor")

    assert found["栏目更新"] == [f"late {office.channel.name} 县财政局，超期 2 天"]
    assert found["内容不完整"] == [f"warn 青崖县预算公开 {live.document.score} 分，缺内容概述、主题分类"]
    assert found["待确认仍然正确"] == ["warn 青崖县预算公开 62 天没有确认"]
    assert piles(office, "stranger") == {}


def test_a_line_of_the_desk_leads_to_where_one_goes_on(office):
    live = office.published("青崖县预算公开")
    draft = operations.revise(live.document, by=office.people["editor"].id, at=at())
    db.session.commit()

    answer = office.at_desk("editor").get(f"/admin/disclosures/document/?id={live.document_id}")

    assert answer.headers["Location"].endswith(f"/admin/disclosures/details/?id={draft.id}")
    foreign = office.published("别人的", organ=office.water, by="stranger")
    assert (
        office.at_desk("editor").get(f"/admin/disclosures/document/?id={foreign.document_id}").status_code
        == 404
    )


def test_a_pile_shows_a_few_and_says_how_many_there_are(office):
    for number in range(11):
        office.disclosure(f"草稿{number}")

    page = office.at_desk("editor").get("/admin/").text

    assert len(piles(office, "editor")["草稿"]) == 8
    assert "查看全部 11 件" in page


def test_the_desk_asks_the_database_as_often_however_much_waits(office):
    for role in Role:
        sign_in.grant_role(office.people["editor"], role, office.finance, by=None, at=at())
    db.session.commit()

    few = asked(office)
    for number in range(5):
        office.disclosure(f"草稿{number}")
        office.submitted(f"送审{number}")
        office.published(f"公开{number}")
        office.application()

    assert asked(office) == few


def asked(office: Office) -> int:
    desk, statements = office.at_desk("editor"), []
    desk.get("/admin/")

    def note(*given):
        statements.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    desk.get("/admin/")
    event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)
