"""Before approval: what publishing would change, shown and never done; links to the page as it will be."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer

import publisher
from admin.editions.acts import seen_mark
from content import operations
from content.models import DocumentKind, Edition, EditionState
from county.calendar import COUNTY_ZONE
from county.ledger import Act
from database import db
from installation import keyring
from tests.admin.conftest import Browser, Office
from tests.people import GUIDE

PERSON = "<p>申请人身份证号11010519491231002X</p>"
MORNING = datetime(2026, 11, 20, 10, 32, 5, tzinfo=COUNTY_ZONE)
LINK = re.compile(r'value="http://localhost(/admin/preview/[^"]+)"')


@pytest.fixture
def town(office: Office) -> Office:
    """A county that is live, with something in it."""
    for number in range(3):
        office.published(f"第{number + 1}号公告")
    office.bring_live()
    return office


def guide(office: Office) -> Edition:
    office.finance.subject_code, by, at = "020", office.people["editor"].id, datetime.now(UTC)
    values = {**GUIDE, "handling_subject": "财政局"}
    edition = operations.create_document(
        DocumentKind.SERVICE, organ=office.finance, channel=None, site_id=office.site.id, values=values, by=by, at=at
    )  # fmt: skip
    operations.submit(edition, by=by, at=at)
    db.session.commit()
    return edition


def place(edition: Edition) -> str:
    return "services" if edition.kind is DocumentKind.SERVICE else "disclosures"


def plan(browser: Browser, edition: Edition):
    return browser.get(f"/admin/{place(edition)}/plan/?id={edition.id}")


def share(browser: Browser, edition: Edition, days: object = 3) -> str:
    answer = browser.post(f"/admin/{place(edition)}/share/?id={edition.id}", {"days": str(days)})
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[1]


def approve_and_publish(office: Office, edition: Edition) -> None:
    at = datetime.now(UTC)
    if edition.state is EditionState.SUBMITTED:
        operations.approve(edition, by=office.people["reviewer"].id, at=at, secrecy_reviewed=True)
    operations.publish(edition, by=office.people["publisher"].id, at=at)
    db.session.commit()
    office.bring_live()


def everything(office: Office) -> tuple[dict[str, str], dict[str, bytes]]:
    """A digest of every table but that of sign-ins, and the bytes of the whole folder of the site."""
    db.session.rollback()
    tables = {
        table.name: hashlib.sha256(repr(sorted(map(repr, db.session.execute(db.select(table))))).encode()).hexdigest()
        for table in db.metadata.sorted_tables
        if table.name != "officer_session"
    }  # fmt: skip
    folder = office.app.extensions["settings"].site_folder
    return tables, {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_plan_shows_what_becomes_public_and_every_page_that_changes_with_its_reason(town):
    edition = town.submitted("关于开展秋季绿化的通知", body="各单位要在十月底前完成。")

    shown = plan(town.at_desk("reviewer"), edition).text

    assert "没有发现妨碍发布的问题" in shown
    assert f'《关于开展秋季绿化的通知》<small class="quiet">/xxgk/{edition.document_id}/' in shown
    assert "各单位要在十月底前完成。" in shown
    for words in ("首页", "政府信息公开专栏首页", "最新信息订阅", "财政预算决算", "搜索引擎用的站点地图"):
        assert f"<strong>{words}" in shown, words
    assert "因为：显示这一稿的内容" in shown
    assert "所在的列表有增减" in shown
    assert not re.search(r"因为：[^<]*(?:document|list|organ) ", shown)


def test_a_changed_text_shows_both_sides_and_not_by_colour_alone(town):
    live = town.published("关于夏季防汛的通知", body="值班电话为一号线。")
    town.bring_live()
    edition = operations.revise(live.document, by=town.people["editor"].id, at=datetime.now(UTC))
    operations.save_draft(
        edition, {"body": "值班电话为二号线。"}, by=town.people["editor"].id, at=datetime.now(UTC)
    )
    operations.submit(edition, by=town.people["editor"].id, at=datetime.now(UTC))
    db.session.commit()

    shown = plan(town.at_desk("reviewer"), edition).text

    assert re.search(r"<ins><span[^>]*>\+</span><span[^>]*>新增：</span>值班电话为二号线。</ins>", shown)
    assert re.search(r"<del><span[^>]*>−</span><span[^>]*>删去：</span>值班电话为一号线。</del>", shown)
    assert "没有新的信息公开" in shown


@pytest.mark.parametrize("make", [Office.submitted, guide], ids=["disclosure", "guide"])
def test_what_the_plan_counts_is_what_publishing_then_changes(town, make):
    with time_machine.travel(MORNING, tick=False):
        edition = make(town)
        before = everything(town)

        shown = plan(town.at_desk("reviewer"), edition).text

        assert everything(town) == before
        approve_and_publish(town, edition)
    newest = publisher.publications(1)[0]
    done = publisher.contents_of([newest], None)[newest.id]
    assert f"新增 {done.added}、改动 {done.changed}、移除 {done.removed} 个文件" in shown
    assert done.added
    assert done.changed


def test_the_plan_names_what_blocks_with_its_cure(town):
    edition = town.submitted()
    edition.body_html, edition.published_on = PERSON, (datetime.now(UTC) + timedelta(days=9)).date()
    edition.expires_at = datetime.now(UTC) - timedelta(days=1)
    db.session.commit()

    shown = plan(town.at_desk("reviewer"), edition).text

    assert "发布后这一稿不会出现在公开网站上" in shown
    assert "请退回编辑修改后重新送审" in shown
    assert "晚于今天，请改为今天或更早的日期" in shown
    assert "到期撤下的时间" in shown
    assert "11010519491231002X" not in shown
    assert "没有发现妨碍发布的问题" not in shown


def test_the_page_of_an_edition_leads_to_its_plan_until_it_is_public(town):
    for edition in (town.submitted(), town.approved()):
        link = f'/admin/disclosures/plan/?id={edition.id}"'
        assert link in town.at_desk("publisher").get(f"/admin/disclosures/details/?id={edition.id}").text
    live = town.published()
    browser = town.at_desk("publisher")
    assert "/plan/" not in browser.get(f"/admin/disclosures/details/?id={live.id}").text
    assert plan(browser, live).status_code == 302


def test_after_a_change_of_the_software_the_plan_keeps_to_the_edition_and_says_so(town):
    edition = town.submitted()
    publisher.publications(1)[0].fingerprint = "of the version before"
    db.session.commit()

    shown = plan(town.at_desk("reviewer"), edition).text

    assert "下一次发布会更新全站" in shown
    counts = re.search(r"新增 (\d+)、改动 (\d+)、移除 0 个文件", shown)
    assert counts
    assert 3 < int(counts[1]) + int(counts[2]) < 15


def test_a_preview_link_opens_for_somebody_without_an_account_and_holds_the_bytes_of_publication(town):
    with time_machine.travel(MORNING, tick=False):
        edition = town.submitted()
        link = share(town.at_desk("editor"), edition)

        answer = town.browser().get(link)

        approve_and_publish(town, edition)
    settings = town.app.extensions["settings"]
    file = settings.live_tree / "xxgk" / str(edition.document_id) / "index.html"
    assert answer.status_code == 200
    assert answer.data == file.read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_a_scheduled_edition_is_previewed_as_of_its_moment(town):
    edition = town.approved()
    moment = datetime.now(UTC) + timedelta(days=2)
    operations.schedule(edition, moment, by=town.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()

    shown = town.browser().get(share(town.at_desk("editor"), edition)).text

    assert f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}" in shown


def test_a_guide_is_previewed_with_the_number_it_will_have(town):
    with time_machine.travel(MORNING, tick=False):
        edition = guide(town)
        answer = town.browser().get(share(town.at_desk("editor"), edition))
        approve_and_publish(town, edition)
    file = town.app.extensions["settings"].live_tree / "zwfw" / str(edition.document_id) / "index.html"
    assert edition.document.number in answer.text
    assert answer.data == file.read_bytes()


def dead(office: Office, link: str) -> str:
    answer = office.browser().get(link)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


@pytest.fixture
def refusal(office: Office) -> str:
    return dead(office, "/admin/preview/nonsense")


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_link_ends_with_its_days(town, refusal, days):
    with time_machine.travel(MORNING, tick=False):
        link = share(town.at_desk("editor"), town.submitted(), days)
    with time_machine.travel(MORNING + timedelta(days=days, seconds=-1), tick=False):
        assert town.browser().get(link).status_code == 200
    with time_machine.travel(MORNING + timedelta(days=days), tick=False):
        assert dead(town, link) == refusal


def test_a_link_ends_when_the_text_is_saved_anew_or_given_up(town, refusal):
    edition, given_up = town.disclosure(), town.disclosure()
    links = [share(town.at_desk("editor"), one) for one in (edition, given_up)]
    operations.save_draft(edition, {"body": "另一段话。"}, by=town.people["editor"].id, at=datetime.now(UTC))
    operations.discard(given_up, by=town.people["editor"].id, at=datetime.now(UTC))
    db.session.commit()

    for link in links:
        assert dead(town, link) == refusal


def test_a_link_ends_when_its_text_was_taken_back(town, refusal):
    edition = town.approved()
    link = share(town.at_desk("publisher"), edition)
    approve_and_publish(town, edition)
    assert town.browser().get(link).status_code == 200
    operations.withdraw(edition, reason="error", by=town.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()

    assert dead(town, link) == refusal


def test_no_link_can_be_made_but_by_us(town, refusal):
    edition, other = town.submitted(), town.submitted("另一件")
    link = share(town.at_desk("editor"), edition)
    head, _, token = link.rpartition("/")
    payload, stamp, signature = token.split(".")
    forged = URLSafeTimedSerializer("a guess", salt="edition").dumps([edition.id, edition.version, 3])
    foreign = URLSafeTimedSerializer(keyring().derive("preview links"), salt="kept form").dumps(
        [edition.id, 1, 3]
    )
    swapped = URLSafeTimedSerializer("x", salt="edition").dumps([other.id, other.version, 3]).split(".")[0]
    flipped = "B" if signature[0] == "A" else "A"
    for bad in (
        forged, foreign, f"{swapped}.{stamp}.{signature}", f"{payload}.{stamp}.{flipped}{signature[1:]}",
        f"{payload}.zzzzzz.{signature}", token[:-3], f"{token}x", "....", "%00", "x" * 3000,
    ):  # fmt: skip
        assert dead(town, f"{head}/{bad}") == refusal, bad


@pytest.mark.parametrize("days", ["0", "8", "", "-1", "３", "x"])
def test_a_link_lasts_one_to_seven_days(town, days):
    edition = town.submitted()

    answer = town.at_desk("editor").post(f"/admin/disclosures/share/?id={edition.id}", {"days": days})

    assert answer.status_code == 422
    assert "有效天数应为 1 到 7 天" in answer.text
    assert not LINK.search(answer.text)


def test_making_a_link_is_on_record_and_no_token_is(town):
    edition = town.submitted()

    link = share(town.at_desk("reviewer"), edition)

    [act] = db.session.scalars(db.select(Act).where(Act.verb == "share"))
    assert (act.actor_id, act.organ_id) == (town.people["reviewer"].id, town.finance.id)
    assert list(act.details) == ["expires_at"]
    assert link.rpartition("/")[2] not in str(act.details)
    assert "生成预览链接" in town.at_desk("reviewer").get(f"/admin/disclosures/details/?id={edition.id}").text
    answer = town.at_desk("publisher").post(
        f"/admin/disclosures/act/send_back/?id={edition.id}", {"seen": seen_mark(edition), "note": "请补充"}
    )
    assert answer.status_code in (302, 403)  # what was shared can still be dealt with


def test_a_text_that_may_not_be_public_gets_no_link_and_an_old_link_shows_nothing(town, refusal):
    edition = town.submitted()
    link = share(town.at_desk("editor"), edition)
    edition.body_html = PERSON
    db.session.commit()

    answer = town.at_desk("editor").post(f"/admin/disclosures/share/?id={edition.id}", {"days": "3"})

    assert answer.status_code == 422
    assert "现在不能预览" in answer.text
    assert dead(town, link) == refusal


def test_what_is_public_needs_no_link(town):
    edition = town.published()

    answer = town.at_desk("editor").post(f"/admin/disclosures/share/?id={edition.id}", {"days": "3"})

    assert answer.status_code == 422
    assert "不需要预览链接" in answer.text
