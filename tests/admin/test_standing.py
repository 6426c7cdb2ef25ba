"""完整与时效: scores, what is missing, channels that are stale, and what is to be confirmed."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from content import operations
from content.models import Channel, DocumentKind, Duty
from county.calendar import county_day
from county.ledger import Act
from database import db
from tests.admin.conftest import Office


def at(days: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def today(days: int = 0):
    return county_day(at(days))


def duty(office: Office, title: str, **values) -> Duty:
    given = {"organ": office.finance, "channel": None, "site_id": office.site.id, "title": title}
    made = operations.save_duty(None, given | values, by=None, at=at())
    db.session.commit()
    return made


def organ_page(office: Office, login: str = "editor") -> str:
    return office.at_desk(login).get(f"/admin/standing/organ/?id={office.finance.id}").text


def rows(office: Office, login: str) -> list[list[str]]:
    text = office.at_desk(login).get("/admin/standing/file.csv").get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.row("B-10")
def test_what_a_list_asks_for_and_nobody_published_is_missing_with_a_way_to_begin_it(office):
    duty(office, "财政专项资金目录", list_name="基层政务公开标准目录", channel=office.channel)
    duty(office, "会计师事务所设立许可", list_name="基本目录", kind=DocumentKind.SERVICE)

    page = organ_page(office)

    assert "基层政务公开标准目录" in page
    assert "会计师事务所设立许可" in page
    ways = re.findall(r'href="([^"]+/new/\?[^"]+)"', page)
    form = office.at_desk("editor").get(ways[0].replace("&amp;", "&")).text
    assert 'value="会计师事务所设立许可"' in form or 'value="财政专项资金目录"' in form
    assert re.search(rf'<option selected value="{office.finance.id}"', form)


@pytest.mark.parametrize("how", ["by channel", "below the channel", "by title", "by hand"])
@pytest.mark.row("B-10")
def test_an_entry_is_met_by_a_live_document_and_missing_again_when_it_is_withdrawn(office, how):
    above = db.session.get(Channel, office.channel.parent_id)
    live = office.published("财政专项资金目录")
    given = {
        "by channel": {"title": "专项资金", "channel": office.channel},
        "below the channel": {"title": "专项资金", "channel": above},
        "by title": {"title": "财政专项资金目录"},
        "by hand": {"title": "专项资金", "document": live.document},
    }[how]
    duty(office, **given)

    assert "目录中的 1 个事项都已公开" in organ_page(office)
    operations.withdraw(live, reason="error", by=office.people["publisher"].id, at=at())
    db.session.commit()
    assert "目录中的 1 个事项都已公开" not in organ_page(office)


def test_an_administrator_names_the_document_that_fulfils_an_entry(office):
    live = office.published("财政专项资金目录")
    entry = duty(office, "专项资金", list_name="基本目录")
    browser = office.at_desk("administrator")
    path = f"/admin/duties/edit/?id={entry.id}"
    fields = {
        "organ_id": str(office.finance.id), "title": "专项资金", "list_name": "基本目录", "kind": "disclosure",
        "is_active": "y",
    }  # fmt: skip

    assert "没有找到编号为" in browser.post(path, fields | {"document_number": "没有这个"}).text
    answer = browser.post(path, fields | {"document_number": live.document.number})

    assert answer.status_code == 302
    assert db.session.get_one(Duty, entry.id).document_id == live.document_id


@pytest.mark.row("A-25", "G-13")
def test_an_organs_score_is_sixty_for_completeness_twenty_for_coverage_and_twenty_for_freshness(office):
    live = office.published("青崖县2026年政府预算公开")
    office.channel.update_within_days, office.channel.organ = 30, office.finance
    duty(office, "没有的", list_name="基本目录")
    assert live.document.score == 82

    full, page = 82, rows(office, "supervisor")

    assert page[1][:5] == ["990123-CZ", "青崖县财政局", str(int(60 * full / 100 + 0 + 20)), "0", "1"]


@pytest.mark.row("A-25", "G-13")
def test_information_published_more_than_twenty_working_days_after_its_making_is_counted_as_late(office):
    office.published("及时的", produced_on=today(-20))
    office.published("逾期的", produced_on=today(-90))

    line = rows(office, "supervisor")[1]

    assert line[6] == "1"
    assert "其中 1 条在形成20个工作日以后才公开" in organ_page(office)


@pytest.mark.parametrize(
    ("days_ago", "said"), [(29, "1 天后到期"), (30, "今天到期"), (31, "超期 1 天"), (3, "正常")]
)
@pytest.mark.row("G-13")
def test_a_channel_with_a_deadline_says_with_colour_and_words_how_fresh_it_is(office, days_ago, said):
    live = office.published()
    live.document.live_on = today(-days_ago)
    office.channel.update_within_days, office.channel.organ = 30, office.finance
    db.session.commit()

    page = office.at_desk("editor").get("/admin/freshness/").text

    assert said in page
    assert "青崖县财政局" in page or "县财政局" in page


def test_a_deadline_in_months_ends_on_the_same_day_of_the_month_and_an_empty_channel_is_stale(office):
    office.channel.update_within_days, office.channel.update_within_months = None, 6
    office.channel.organ = office.finance
    db.session.commit()

    assert "从未更新" in office.at_desk("editor").get("/admin/freshness/").text
    office.published()
    page = office.at_desk("editor").get("/admin/freshness/").text
    assert "每 6 个月" in page
    assert "正常" in page


def test_what_is_below_a_channel_keeps_it_fresh(office):
    above = db.session.get_one(Channel, office.channel.parent_id)
    above.update_within_days, above.organ = 30, office.finance
    office.published()

    assert "正常" in office.at_desk("editor").get("/admin/freshness/").text


def test_days_and_months_are_not_given_both(office):
    browser = office.at_desk("administrator")
    fields = {
        "name": "财政信息",
        "kind": "disclosure",
        "update_within_days": "30",
        "update_within_months": "2",
    }

    answer = browser.post(f"/admin/channels/edit/?id={office.channel.id}", fields)

    assert answer.status_code == 422
    assert "按天或按月只填一个" in answer.text


@pytest.mark.row("G-13")
def test_what_nobody_confirmed_in_time_is_listed_until_somebody_confirms_it(office):
    live = office.published("财政局机构职能")
    office.channel.confirm_within_months = 6
    live.document.confirmed_on = today(-200)
    db.session.commit()
    editor = office.at_desk("editor")
    assert "财政局机构职能" in editor.get("/admin/freshness/").text

    answer = editor.post("/admin/freshness/confirm/", {"document": str(live.document_id)})

    assert answer.status_code == 302
    assert "财政局机构职能" not in editor.get("/admin/freshness/").text
    db.session.refresh(live.document)
    assert (live.document.confirmed_on, live.document.confirmed_by.login) == (today(), "editor")
    act = db.session.scalars(db.select(Act).where(Act.verb == "confirm")).one()
    assert act.organ_id == office.finance.id


def test_a_text_of_another_organ_is_not_confirmed_and_none_beside_it(office):
    mine, foreign = office.published("我的"), office.published("别人的", organ=office.water)
    for one in (mine, foreign):
        one.document.confirmed_on = today(-900)
    db.session.commit()

    answer = office.at_desk("editor").post(
        "/admin/freshness/confirm/", {"document": [str(mine.document_id), str(foreign.document_id)]}
    )

    assert answer.status_code == 403
    db.session.refresh(mine.document)
    assert mine.document.confirmed_on == today(-900)


def test_a_second_click_confirms_once_more_and_a_withdrawn_text_is_refused(office):
    live = office.published()
    editor = office.at_desk("editor")
    for _ in range(2):
        assert (
            editor.post("/admin/freshness/confirm/", {"document": str(live.document_id)}).status_code == 302
        )
    operations.withdraw(live, reason="error", by=office.people["publisher"].id, at=at())
    db.session.commit()

    editor.post("/admin/freshness/confirm/", {"document": str(live.document_id)})

    assert "没有公开，不需要确认" in editor.get("/admin/freshness/").text


@pytest.mark.row("F-17")
def test_an_editions_page_names_what_it_lacks_and_leads_to_the_field(office):
    draft = office.disclosure(summary="")

    page = office.at_desk("editor").get(f"/admin/disclosures/details/?id={draft.id}").text

    assert f'href="/admin/disclosures/edit/?id={draft.id}#summary"' in page
    assert "没有内容概述" in page


def test_the_overview_shows_ones_own_organs_the_lowest_score_first(office):
    office.published("好的", summary="概述", subject="财政", genre="通知")
    office.published("差的", organ=office.water, by="stranger")

    own = [line[1] for line in rows(office, "editor")[1:]]
    every = [line[1] for line in rows(office, "administrator")[1:]]

    assert own == ["青崖县财政局"]
    assert every == ["青崖县水利局", "青崖县财政局"]
    assert office.at_desk("editor").get(f"/admin/standing/organ/?id={office.water.id}").status_code == 404


def test_a_name_that_looks_like_a_formula_is_text_in_the_file(office):
    office.finance.name = '=HYPERLINK("http://evil")'
    office.published()

    assert rows(office, "editor")[1][1].startswith("'=")
