"""政府信息公开专栏: relations between documents, consultations, the order of the column, duties, reports by year."""

import re
from datetime import timedelta

import pytest

from commands import clock
from content import operations
from content.models import DisclosureEdition, Validity
from database import db
from tests.publisher.conftest import PublishingHouse, SmallCounty


def page(live, edition) -> str:
    return live(f"xxgk/{edition.document_id}/index.html")


@pytest.mark.row("A-24", "A-42")
def test_a_policy_and_its_reading_lead_to_each_other(small_county: SmallCounty, house: PublishingHouse, live):
    policy = small_county.disclosure("集中供水管理办法")
    reading = small_county.disclosure("《集中供水管理办法》政策解读", interprets=[policy.document_id])

    house.build()

    assert f'href="/xxgk/{policy.document_id}/"' in page(live, reading)
    assert "政策解读</h2>" in page(live, policy)
    assert f'href="/xxgk/{reading.document_id}/"' in page(live, policy)


@pytest.mark.row("A-24")
def test_what_is_replaced_says_so_and_leads_on_until_the_new_one_is_taken_back(
    small_county: SmallCounty, house: PublishingHouse, live
):
    old = small_county.disclosure("临时救助实施细则", validity=Validity.REPEALED)
    house.build()
    assert "本文件已废止" in page(live, old)

    new = small_county.disclosure("临时救助办法（修订）", replaces=[old.document_id])
    house.publish()
    assert "现行文件" in page(live, old)
    assert f'href="/xxgk/{new.document_id}/"' in page(live, old)

    operations.withdraw(new, reason="error", by=None, at=small_county.now)
    db.session.commit()
    house.publish()
    assert "现行文件" not in page(live, old)
    assert "临时救助办法（修订）" not in page(live, old)


@pytest.mark.row("A-39", "A-40")
def test_a_consultation_runs_until_its_last_day_and_then_leads_to_its_outcome(
    small_county: SmallCounty, house: PublishingHouse, live
):
    now = small_county.now
    asked = small_county.disclosure("公交线路优化方案征求意见", opinions_until=now.date())
    house.build()
    assert "正在征求意见" in page(live, asked)
    assert str(now.date()) in page(live, asked)
    assert "进行中" in live("hudong/index.html")

    clock.tick(now + timedelta(hours=1))
    house.publish()
    assert "正在征求意见" in page(live, asked)  # the day itself still counts

    clock.tick(now + timedelta(days=1))
    house.publish()
    assert "征集已结束" in page(live, asked)
    assert "已结束" in live("hudong/yjzj/index.html")

    outcome = small_county.disclosure("公交线路意见采纳情况", outcome_of=[asked.document_id])
    house.publish()
    for text in (page(live, asked), live("hudong/index.html"), live("hudong/yjzj/index.html")):
        assert f'href="/xxgk/{outcome.document_id}/"' in text


@pytest.mark.row("A-38")
def test_a_public_notice_says_its_term_and_where_to_object_until_it_is_over(
    small_county: SmallCounty, house: PublishingHouse, live
):
    now = small_county.now
    last = now.date() + timedelta(days=6)
    notice = small_county.disclosure("拟列入事项目录的新增事项公示", genre="公示", opinions_until=last)
    house.build()
    shown = re.sub("<[^>]+>", "", page(live, notice))
    assert f"正在公示，公示期自 {now.date()} 至 {last}（含当日）。" in shown
    assert "有异议的，请在公示期内向青崖县市场监督管理局提出，说明理由，电话 0990-4620010" in shown
    assert "监督电话 0990-4620011" in shown
    assert "征求意见" not in shown
    for listed in ("hudong/index.html", "hudong/yjzj/index.html"):
        assert "进行中" in live(listed).partition("新增事项公示")[2].partition("</li>")[0]
    assert f"截止 {last}" in live("/")

    clock.tick(now + timedelta(days=7))
    house.publish()
    over = re.sub("<[^>]+>", "", page(live, notice))
    assert "公示已结束，公示期自" in over
    assert "有异议的" not in over
    assert "已结束" in live("hudong/yjzj/index.html").partition("新增事项公示")[2].partition("</li>")[0]


def test_the_home_page_names_the_consultations_that_run_with_their_last_day(
    small_county: SmallCounty, house: PublishingHouse, live
):
    """A-40. Seen failing: the home page named a channel's latest entries, with no last day."""
    today = small_county.now.date()
    for title, days in (("供水价格调整方案", 30), ("公交线路调整方案", 3)):
        small_county.disclosure(title, opinions_until=today + timedelta(days=days))
    house.build()

    home = live("/").partition("正在征求意见")[2].partition("</ul>")[0]

    assert (
        home.index("公交线路调整方案")
        < home.index(f"截止 {today + timedelta(days=3)}")
        < home.index("供水价格")
    )


def test_a_longer_term_opens_a_consultation_again(small_county: SmallCounty):
    now = small_county.now
    asked = small_county.disclosure("拟定停车收费标准", opinions_until=now.date())
    operations.close_consultations(now + timedelta(days=1))
    later = now + timedelta(days=2)

    longer = operations.revise(asked.document, by=None, at=later)
    operations.save_draft(longer, {"opinions_until": later.date() + timedelta(days=5)}, by=None, at=later)
    operations.take_over(longer, source="旧站", by=None, at=later)

    assert isinstance(asked, DisclosureEdition)
    assert isinstance(longer, DisclosureEdition)
    assert asked.opinions_closed_at is not None
    assert longer.opinions_closed_at is None


@pytest.mark.row("A-24")
def test_the_parts_of_the_column_stand_in_the_order_of_the_law_or_of_the_setting(
    small_county: SmallCounty, house: PublishingHouse, live
):
    names = [
        "政府信息公开指南",
        "政府信息公开制度",
        "法定主动公开内容",
        "政府信息公开目录",
        "政府信息公开年报",
        "依申请公开",
    ]

    house.build()
    entries = live("xxgk/index.html").split('<ul class="entries thirds">')[1].split("</ul>")[0]
    assert [entries.index(f"<b>{name}</b>") for name in names] == sorted(
        entries.index(f"<b>{name}</b>") for name in names
    )

    small_county.site.disclosure_order = "ysq, ml"
    db.session.commit()
    house.build()
    entries = live("xxgk/index.html").split('<ul class="entries thirds">')[1].split("</ul>")[0]
    assert entries.index("依申请公开") < entries.index("政府信息公开目录")
    assert "政府信息公开指南" not in entries


@pytest.mark.row("A-19", "A-20", "A-21", "A-22", "A-23")
def test_the_catalogue_of_duties_names_who_why_what_by_when_and_the_last_day(
    small_county: SmallCounty, house: PublishingHouse, live
):
    channel = small_county.disclosure(
        "旧预案", published_on=small_county.now.date() - timedelta(days=40)
    ).document.channel
    values = {
        "organ": small_county.organ, "site_id": small_county.site.id, "channel": channel, "title": "食品抽检结果",
        "duty": "监督食品安全", "content": "抽检批次和合格情况", "time_limit": "每月一次",
    }  # fmt: skip
    operations.save_duty(None, values, by=None, at=small_county.now)
    db.session.commit()
    house.build()
    address = f"xxgk/sx/{small_county.organ.id}/index.html"

    text = live(address)
    for word in ("青崖县市场监督管理局", "监督食品安全", "抽检批次和合格情况", "每月一次", "食品抽检结果"):
        assert word in text
    assert f">{small_county.now.date() - timedelta(days=40)}<" in text

    small_county.disclosure("新预案")
    house.publish()
    assert f">{small_county.now.date()}<" in live(address)


def test_annual_reports_stand_by_the_year_they_are_about(
    small_county: SmallCounty, house: PublishingHouse, live
):
    small_county.disclosure(
        "城关镇2024年政府信息公开工作年度报告", channel="nianbao", organ=small_county.township
    )
    small_county.disclosure("县市场监管局2025年政府信息公开工作年度报告", channel="nianbao")

    house.build()

    assert "2024年" in live("xxgk/nb/index.html")
    assert "城关镇2024年" in live("xxgk/nb/2024/index.html")
    assert "县市场监管局2025年" not in live("xxgk/nb/2024/index.html")


def test_earlier_editions_are_named_by_their_day_and_never_by_their_text(
    small_county: SmallCounty, house: PublishingHouse, live
):
    first = small_county.disclosure("补贴名单公示", body="第一稿误写了不该公开的内容。")
    house.build()
    later = small_county.now + timedelta(days=3)
    second = operations.revise(first.document, by=None, at=later)
    operations.save_draft(second, {"body": "更正后的名单见村务公开栏。"}, by=None, at=later)
    operations.take_over(second, source="旧站", by=None, at=later)
    db.session.commit()

    house.publish()

    assert "历次版本" in page(live, second)
    assert str(small_county.now.date()) in page(live, second).split("历次版本")[1]
    assert "误写" not in page(live, second)


@pytest.mark.row("A-18", "A-31", "A-39", "A-40")
def test_every_way_in_is_reachable_from_the_column_of_interaction(
    county: SmallCounty, house: PublishingHouse, live
):
    house.build()
    text = live("hudong/index.html")

    for word in (
        "12345",
        "/hudong/yjzj/",
        "/xxgk/#ysq",
        "/svc/lookup",
        "#jiandu",
        f"/hudong/o/{county.organ.id}/",
    ):
        assert word in text
    assert "周末能办理吗" in live(f"hudong/o/{county.organ.id}/index.html")
