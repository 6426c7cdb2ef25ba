"""At the desk: scheduling a publication, the moment of expiry, merging, and what the pages say of each."""

from datetime import UTC, datetime, timedelta

import pytest

from admin.editions.acts import seen_mark
from admin.forms import read_moment
from content import operations, queries
from content.models import DisclosureEdition, Edition, EditionState
from county.calendar import COUNTY_ZONE
from county.ledger import Act
from database import db
from tests.admin.conftest import Office

IN_TWO_DAYS = (datetime.now(COUNTY_ZONE) + timedelta(days=2)).replace(
    hour=8, minute=30, second=0, microsecond=0
)
TYPED = IN_TWO_DAYS.strftime("%Y-%m-%dT%H:%M")
SHOWN = IN_TWO_DAYS.strftime("%Y-%m-%d %H:%M")


def again(edition: Edition) -> Edition:
    return db.session.get_one(Edition, edition.id)


def act(browser, edition, verb, **fields):
    """The act as the page that the officer has just opened sends it."""
    return browser.post(
        f"/admin/disclosures/act/{verb}/?id={edition.id}", {"seen": seen_mark(again(edition)), **fields}
    )


def page(browser, edition) -> str:
    return browser.get(f"/admin/disclosures/details/?id={edition.id}").text


def scheduled(office: Office, moment: datetime = IN_TWO_DAYS, **values) -> Edition:
    edition = office.approved(**values)
    operations.schedule(edition, moment, by=office.people["publisher"].id, at=datetime.now(UTC))
    db.session.commit()
    return edition


def test_a_publisher_sets_the_moment_on_the_countys_clock_and_takes_it_back(office):
    """A-11."""
    edition, publisher = office.approved(), office.at_desk("publisher")
    assert "取消定时" not in page(publisher, edition)

    act(publisher, edition, "schedule", publish_at=TYPED)

    assert again(edition).publish_at == IN_TWO_DAYS
    assert again(edition).state is EditionState.APPROVED
    assert f"这一稿定于 {SHOWN} 自动发布（常发布设定）" in page(publisher, edition)
    assert f'value="{TYPED}"' in page(publisher, edition)
    for listing in ("publish", "disclosures"):
        assert f">{SHOWN}</time>" in publisher.get(f"/admin/{listing}/").text
    act(publisher, edition, "unschedule")
    assert again(edition).publish_at is None
    assert "自动发布（" not in page(publisher, edition)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写定时发布的日期和时间"),
        ("明天上午", "请填写定时发布的日期和时间"),
        ("2026-13-01T10:00", "请填写定时发布的日期和时间"),
        ("0001-01-01T00:00", "请填写定时发布的日期和时间"),
        ("2020-01-01T10:00", "已经过去"),
        ("9999-12-31T23:59", "一年以后"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_beside_its_field_with_what_was_typed(office, typed, said):
    edition = office.approved()

    answer = act(office.at_desk("publisher"), edition, "schedule", publish_at=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#publish_at"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert again(edition).publish_at is None


@pytest.mark.parametrize("verb", ["schedule", "unschedule"])
def test_only_who_may_publish_may_schedule(office, verb):
    edition = scheduled(office)

    for login in ("editor", "reviewer"):
        assert act(office.at_desk(login), edition, verb, publish_at=TYPED).status_code == 403

    assert again(edition).publish_at == IN_TWO_DAYS
    assert "取消定时" not in page(office.at_desk("editor"), edition)


def test_who_did_not_see_that_it_was_scheduled_does_not_publish_it_now(office):
    edition = office.approved()
    seen = seen_mark(edition)
    operations.schedule(edition, IN_TWO_DAYS, by=office.people["allround"].id, at=datetime.now(UTC))
    db.session.commit()

    answer = office.at_desk("publisher").post(
        f"/admin/disclosures/act/publish/?id={edition.id}", {"seen": seen}
    )

    assert answer.status_code == 422
    assert again(edition).state is EditionState.APPROVED


def test_why_a_scheduled_publication_failed_stands_on_the_page_in_the_queue_and_in_the_ledger(office):
    edition = scheduled(office)
    edition.document.channel = None
    db.session.commit()
    operations.publish_due(IN_TWO_DAYS)
    db.session.commit()
    publisher = office.at_desk("publisher")

    shown = page(publisher, edition)

    assert f"原定 {SHOWN} 发布，没有成功：请选择所属栏目" in shown
    assert "重新设定时间" in shown
    assert "定时发布失败" in shown
    assert "定时发布没有成功" in publisher.get("/admin/publish/").text
    assert "请选择所属栏目" in office.at_desk("supervisor").get("/admin/ledger/").text


def test_a_moment_that_passed_without_a_worker_is_named(office):
    edition = scheduled(office)
    edition.publish_at = datetime.now(UTC) - timedelta(minutes=5)
    live = office.published("已公开的通知")
    live.expires_at = datetime.now(UTC) - timedelta(minutes=5)
    db.session.commit()
    publisher = office.at_desk("publisher")

    for one in (edition, live):
        assert "时间已到，系统正在处理" in page(publisher, one)


def test_an_editor_sets_the_moment_of_expiry_with_the_text_and_every_desk_sees_it(office):
    """G-13."""
    editor = office.at_desk("editor")
    form = {"title": "临时交通管制通告", "organ": str(office.finance.id), "channel": str(office.channel.id), "validity": "有效",
            "mode": "主动公开", "body": "即日起。", "expires_at": TYPED}  # fmt: skip

    made = editor.post("/admin/disclosures/new/", form)

    edition = db.session.scalars(db.select(DisclosureEdition)).one()
    assert edition.expires_at == IN_TWO_DAYS
    assert f"发布后将于 {SHOWN} 到期" in editor.get(made.location).text
    opened = editor.get(f"/admin/disclosures/edit/?id={edition.id}").text
    assert f'value="{TYPED}"' in opened
    editor.post(f"/admin/disclosures/edit/?id={edition.id}", {**form, "version": "1", "expires_at": ""})
    assert again(edition).expires_at is None


def test_a_moment_of_expiry_that_is_none_is_named_and_what_was_typed_stays(office):
    form = {
        "title": "通告",
        "organ": str(office.finance.id),
        "validity": "有效",
        "mode": "主动公开",
        "expires_at": "下个月",
    }

    answer = office.at_desk("editor").post("/admin/disclosures/new/", form)

    assert answer.status_code == 422
    assert "到期撤下时间应写成 2026-03-02 09:30 这样的时间" in answer.text
    assert 'value="下个月"' in answer.text


def test_saving_a_form_does_not_round_a_moment_that_came_with_seconds(office):
    editor = office.at_desk("editor")
    for exact, typed in (
        (IN_TWO_DAYS.replace(second=30), f"{TYPED}:30"),
        (IN_TWO_DAYS.replace(second=30, microsecond=250_000), f"{TYPED}:30.250"),
    ):
        edition = office.disclosure(expires_at=exact)

        assert f'value="{typed}"' in editor.get(f"/admin/disclosures/edit/?id={edition.id}").text
        assert read_moment(typed) == exact


def test_what_expired_says_so_on_its_page_as_an_act_of_the_system(office):
    """B-05."""
    edition = office.published(expires_at=IN_TWO_DAYS)
    publisher = office.at_desk("publisher")
    assert f"定于 {SHOWN} 到期，到时自动撤下" in page(publisher, edition)

    operations.withdraw_expired(IN_TWO_DAYS)
    db.session.commit()

    shown = page(publisher, edition)
    assert "内容已经失效" in shown
    assert "<strong>撤回</strong> 系统" in shown


def test_a_duplicate_is_merged_into_the_document_whose_number_was_typed(office):
    edition, kept = office.published("重复的通知"), office.published("保留的通知")
    publisher = office.at_desk("publisher")

    act(publisher, edition, "withdraw", reason="duplicate", into=f" {kept.document.number} ", note="同一文件")

    assert again(edition).state is EditionState.WITHDRAWN
    here, there = (f"/xxgk/{one.document_id}/" for one in (edition, kept))
    assert queries.redirects() == [(here, there)]
    shown = page(publisher, edition)
    assert "已并入" in shown
    assert f'/admin/disclosures/details/?id={kept.id}">保留的通知</a>' in shown
    assert here in page(publisher, kept)
    verbs = db.session.scalars(db.select(Act.verb).where(Act.subject_id == edition.id)).all()
    assert "merge" in verbs


@pytest.mark.parametrize(
    ("reason", "into", "said"),
    [
        ("duplicate", "没有这个号", "没有找到索引号或事项编码为“没有这个号”的信息"),
        ("error", "{other}", "只有撤回原因是“与其他信息重复”时才能并入"),
        ("duplicate", "{own}", "不能并入它自己"),
        ("duplicate", "{draft}", "没有公开，不能并入"),
    ],
)
def test_what_cannot_be_merged_stays_live_and_the_field_says_why(office, reason, into, said):
    edition, other, draft = office.published("甲"), office.published("乙"), office.approved("丙")
    numbers = {"own": edition.document.number, "other": other.document.number, "draft": draft.document.number}

    answer = act(office.at_desk("publisher"), edition, "withdraw", reason=reason, into=into.format(**numbers))

    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#into"' in answer.text
    assert f'value="{into.format(**numbers)}"' in answer.text
    assert again(edition).state is EditionState.PUBLISHED


def test_a_duplicate_is_withdrawn_without_a_number_as_before(office):
    edition = office.published()

    act(office.at_desk("publisher"), edition, "withdraw", reason="duplicate")

    assert again(edition).state is EditionState.WITHDRAWN
    assert again(edition).document.merged_into_id is None


def test_a_text_without_a_channel_has_a_dash_in_the_list(office):
    edition = office.disclosure()
    edition.document.channel = None
    db.session.commit()

    assert "None" not in office.at_desk("editor").get("/admin/disclosures/").text


def test_old_addresses_that_lead_to_a_document_stand_on_its_page_as_text(office):
    edition = office.published()
    operations.keep_old_addresses(edition.document, ["/art/1.html?a=<b>"], by=None, at=datetime.now(UTC))
    db.session.commit()

    assert "/art/1.html?a=%3Cb%3E" in page(office.at_desk("editor"), edition)
