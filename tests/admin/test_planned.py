"""The timetable: what happens by the clock, by day, within one's organs."""

from datetime import UTC, datetime, timedelta

import pytest

from content import operations
from county.calendar import COUNTY_ZONE, county_day
from database import db
from tests.admin.conftest import Office

NOW = datetime.now(UTC)
SOON = datetime.combine(county_day(NOW) + timedelta(days=3), datetime.min.time(), COUNTY_ZONE) + timedelta(
    hours=9, minutes=30
)


def month(at: datetime) -> str:
    return at.astimezone(COUNTY_ZONE).strftime("%Y-%m")


def schedule(office: Office, title: str, **given) -> None:
    edition = office.approved(title, **given)
    operations.schedule(edition, SOON, by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()


def test_a_month_lists_publications_expiries_and_ends_of_consultations_by_day(office):
    schedule(office, "定时的公告")
    office.published("到期的公告", expires_at=SOON + timedelta(minutes=1))
    office.approved("尚未发布而有期限的公告", expires_at=SOON + timedelta(minutes=2))
    office.published("征集意见的公告", opinions_until=county_day(SOON))

    page = office.at_desk("publisher").get(f"/admin/planned/?month={month(SOON)}").text
    table = page.partition("<table")[2]

    shown = (
        "09:30",
        "定时的公告",
        "09:31",
        "到期的公告",
        "09:32",
        "待发布",
        "尚未发布而有期限的公告",
        "当日结束",
        "征集意见的公告",
    )
    places = [table.index(words) for words in shown]
    assert places == sorted(places)
    assert f"{SOON.month}月{SOON.day}日" in table


def test_another_month_and_another_organ_show_nothing_of_it(office):
    schedule(office, "定时的公告")
    schedule(office, "水利局的公告", organ=office.water)
    other = SOON + timedelta(days=70)

    browser = office.at_desk("publisher")

    assert "定时的公告" not in browser.get(f"/admin/planned/?month={month(other)}").text
    assert "这个月没有" in browser.get(f"/admin/planned/?month={month(other)}").text
    page = browser.get(f"/admin/planned/?month={month(SOON)}").text
    assert "定时的公告" in page
    assert "水利局的公告" not in page


@pytest.mark.parametrize("asked", ["", "2026-13", "0001-01", "9999-12", "x", "2026-03-01"])
def test_a_month_that_is_none_is_this_month(office, asked):
    today = county_day(NOW)

    page = office.at_desk("editor").get("/admin/planned/", query_string={"month": asked}).text

    assert f"{today.year}年{today.month}月排期" in page


def test_what_failed_stands_above_with_its_reason(office):
    edition = office.approved("没有发出去的公告")
    edition.schedule_fault = "原定 2026-03-02 09:30 发布，没有成功：附件缺失"
    db.session.commit()

    page = office.at_desk("publisher").get("/admin/planned/").text

    assert "没有按时办成" in page
    assert "附件缺失" in page
