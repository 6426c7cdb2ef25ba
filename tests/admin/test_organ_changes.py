"""Organs that change and officers who leave: seen before it is done, one act, addresses kept."""

import re
from datetime import UTC, date, datetime

import pytest

from cases.models import Application
from content import queries
from content.models import Document, Duty
from county import sign_in
from county.acts import Act
from county.organs import FormerName, Organ, OrganKind
from database import db

MARK = re.compile(r'name="seen" value="([0-9a-f]{64})"')


@pytest.fixture
def keeper(office):
    return office.at_desk("administrator")


def seen(browser, organ, **form):
    return browser.post(f"/admin/organs/change/?id={organ.id}", form)


def done(browser, organ, **form):
    """See what it would do, and confirm it."""
    mark = MARK.search(seen(browser, organ, **form).text)
    assert mark
    return seen(browser, organ, **form, seen=mark[1])


def acts(verb):
    return db.session.scalars(db.select(Act).where(Act.verb == verb)).all()


def live(office, address):
    file = office.app.extensions["settings"].live_tree / address.strip("/") / "index.html"
    return file.read_text("utf-8") if file.exists() else None


def target_of(page):
    found = re.search(r'http-equiv="refresh" content="\d+; ?url=([^"]+)"', page or "")
    return found[1] if found else None


def furnish(office):
    """A notice, a duty and an application of the water bureau; the address of the notice."""
    edition = office.published("关于水库蓄水的通知", organ=office.water)
    at = datetime.now(UTC)
    duty = Duty(
        site_id=office.site.id, organ=office.water, title="水质公报", content="", created_at=at, updated_at=at
    )
    db.session.add(duty)
    db.session.commit()
    office.application(office.water)
    office.bring_live()
    return f"/xxgk/{edition.document_id}/"


def test_what_a_merger_would_do_is_shown_and_nothing_is_done_before_it_is_confirmed(office, keeper):
    furnish(office)

    page = seen(keeper, office.water, act="merge", target=office.finance.code).text

    for part in (
        "“青崖县水利局”并入“青崖县财政局”",
        "1 条",
        "群众申请和办件：1 件",
        "公开事项目录条目：1 条",
        "冯外局",
    ):
        assert part in page
    assert f"/xxgk/o/{office.water.id}/" in page
    assert "需要安全管理员" in page
    assert office.water.is_active
    assert acts("merge_organ") == []


@pytest.mark.sqlite
def test_a_merger_moves_everything_keeps_addresses_and_leads_on_from_the_old_pages(office, keeper):
    address = furnish(office)
    assert "青崖县水利局" in live(office, address)
    number = db.session.scalars(db.select(Document.number)).one()

    answer = done(keeper, office.water, act="merge", target=office.finance.code, on="2026-01-02")
    office.bring_live()

    assert answer.status_code == 302
    assert not office.water.is_active
    assert (office.water.successor_id, office.water.closed_on) == (office.finance.id, date(2026, 1, 2))
    document = db.session.scalars(db.select(Document)).one()
    assert (document.organ_id, document.number, document.issued_as) == (
        office.finance.id,
        number,
        "青崖县水利局",
    )
    for model in (Duty, Application):
        assert {one.organ_id for one in db.session.scalars(db.select(model))} == {office.finance.id}
    page = live(office, address)
    assert "青崖县财政局" in page
    assert "（发布时为<bdi>青崖县水利局</bdi>）" in page
    for column in ("xxgk", "zwfw"):
        old, new = f"/{column}/o/{office.water.id}/", f"/{column}/o/{office.finance.id}/"
        assert target_of(live(office, old)) == new
        assert (old, new) in queries.redirects()
    assert "关于水库蓄水的通知" in live(office, f"/xxgk/o/{office.finance.id}/")
    assert [act.details["into"] for act in acts("merge_organ")] == ["青崖县财政局"]
    assert acts("merge_organ")[0].details["documents"] == 1


def test_a_merger_moves_no_roles(office, keeper):
    """Who keeps the system gives no rights."""
    before = [(grant.role, grant.organ_id) for grant in office.people["stranger"].grants]

    done(keeper, office.water, act="merge", target=office.finance.code)

    assert [(grant.role, grant.organ_id) for grant in office.people["stranger"].grants] == before
    assert office.people["stranger"].organ_id == office.finance.id


def test_a_list_that_changed_since_it_was_seen_is_shown_anew(office, keeper):
    form = {"act": "merge", "target": office.finance.name}
    mark = MARK.search(seen(keeper, office.water, **form).text)[1]
    office.published("关于抗旱的通知", organ=office.water)

    answer = seen(keeper, office.water, **form, seen=mark)

    assert answer.status_code == 409
    assert "情况有变化" in answer.text
    assert office.water.is_active


def test_a_second_confirmation_finds_it_done(office, keeper):
    form = {"act": "merge", "target": office.finance.name}
    mark = MARK.search(seen(keeper, office.water, **form).text)[1]
    seen(keeper, office.water, **form, seen=mark)

    again = seen(keeper, office.water, **form, seen=mark)

    assert again.status_code == 422
    assert len(acts("merge_organ")) == 1


@pytest.mark.sqlite
def test_a_new_name_stands_on_every_page_and_the_old_one_where_it_is_due(office, keeper):
    address = furnish(office)

    done(
        keeper,
        office.water,
        act="rename",
        name="青崖县水务局",
        short_name="县水务局",
        on="2026-01-02",
        document_no="青政发〔2026〕1号",
    )
    office.bring_live()

    page, home = live(office, address), live(office, f"/xxgk/o/{office.water.id}/")
    assert "青崖县水务局</a>（发布时为<bdi>青崖县水利局</bdi>）" in page
    assert "<bdi>青崖县水利局</bdi>（至2026-01-02）" in home
    assert office.water.short_name == "县水务局"
    [former] = db.session.scalars(db.select(FormerName)).all()
    assert former.name == "青崖县水利局"
    [act] = acts("rename_organ")
    assert act.details == {
        "from_name": "青崖县水利局", "name": "青崖县水务局", "day": "2026-01-02", "document_no": "青政发〔2026〕1号",
    }  # fmt: skip


def test_what_is_issued_under_the_new_name_says_nothing_of_the_old(office, keeper):
    done(keeper, office.water, act="rename", name="青崖县水务局")

    office.published("新的通知", organ=office.water)

    assert db.session.scalars(db.select(Document.issued_as)).all() == [None]


@pytest.mark.sqlite
def test_a_split_is_a_new_organ_and_what_is_handed_to_it(office, keeper):
    address = furnish(office)
    new = Organ(
        code="990123-HB", name="青崖县河湖保护中心", kind=OrganKind.INSTITUTION, region=office.water.region
    )
    db.session.add(new)
    db.session.commit()
    form = {"act": "transfer", "target": new.code, "group": [f"channel-{office.channel.id}", "applications"], "officer": str(office.people["stranger"].id)}  # fmt: skip

    done(keeper, office.water, **form)
    office.bring_live()

    assert office.water.is_active
    assert db.session.scalars(db.select(Document.organ_id)).one() == new.id
    assert db.session.scalars(db.select(Application.organ_id)).one() == new.id
    assert db.session.scalars(db.select(Duty.organ_id)).one() == office.water.id  # was not chosen
    assert office.people["stranger"].organ_id == new.id
    assert "青崖县河湖保护中心" in live(office, address)
    assert target_of(live(office, f"/xxgk/o/{office.water.id}/")) is None
    assert acts("transfer_work")[0].details["documents"] == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"act": "rename", "name": ""}, "请填写新的机构名称"),
        ({"act": "rename", "name": "青崖县财政局"}, "已有名为"),
        ({"act": "rename", "name": "找13800138000"}, "不能含有"),
        ({"act": "rename", "name": "水务局", "on": "2999-01-01"}, "不能晚于今天"),
        ({"act": "rename", "name": "水务局", "on": "昨天"}, "日期请写成"),
        ({"act": "merge"}, "请填写一个在用机构"),
        ({"act": "merge", "target": "self"}, "不能移交给它自己"),
        ({"act": "merge", "target": "below"}, "不能移交给它自己"),
        ({"act": "transfer", "target": "finance"}, "请选择要移交的内容"),
        ({"act": "dissolve"}, "请选择要办理的调整"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_cure(office, keeper, form, says):
    section = Organ(code="990123-SL1", name="水利局一科", kind=OrganKind.SECTION, parent=office.water)
    db.session.add(section)
    db.session.commit()
    names = {"self": office.water.name, "below": section.code, "finance": office.finance.name}
    given = form | ({"target": names[form["target"]]} if "target" in form else {})

    first = seen(keeper, office.water, **given)
    mark = MARK.search(first.text)
    answer = seen(keeper, office.water, **given, seen=mark[1]) if mark else first

    assert answer.status_code == 422
    assert says in answer.text
    assert office.water.is_active
    assert office.water.name == "青崖县水利局"


def test_an_organ_merged_twice_leads_to_where_its_work_is_now(office, keeper):
    third = Organ(code="990123-ZH", name="青崖县综合局", region=office.water.region)
    db.session.add(third)
    db.session.commit()
    done(keeper, office.water, act="merge", target=office.finance.code)
    done(keeper, office.finance, act="merge", target=third.name)

    led = dict(queries.redirects())

    assert (
        led[f"/xxgk/o/{office.water.id}/"] == led[f"/xxgk/o/{office.finance.id}/"] == f"/xxgk/o/{third.id}/"
    )


def leave(office, login, **form):
    keeper = office.at_desk("security_administrator")
    return keeper.post(f"/admin/officers/leave/?id={office.people[login].id}", form)


def test_who_leaves_is_out_and_the_successor_goes_on_with_the_drafts(office):
    draft, finished = office.disclosure("写了一半的"), office.submitted("交了的")
    browser, successor = office.at_desk("editor"), office.people["allround"]
    page = (
        office.at_desk("security_administrator")
        .get(f"/admin/officers/details/?id={office.people['editor'].id}")
        .text
    )
    assert "未完成的稿件 1 件" in page

    leave(office, "editor", successor=successor.login)

    assert browser.get("/admin/").status_code == 302
    assert not office.people["editor"].is_active
    assert draft.author_id == successor.id
    assert finished.author_id == office.people["editor"].id
    [act] = acts("leave")
    assert act.details == {"texts": 1, "successor": successor.id}
    ledger = office.at_desk("auditor").get("/admin/ledger/").text
    assert "艾编辑" in ledger  # the name stays
    assert "多面手" in ledger


def test_who_has_drafts_does_not_leave_without_a_successor(office):
    office.disclosure()

    leave(office, "editor")

    assert office.people["editor"].is_active
    assert acts("leave") == acts("disable") == []


def test_a_post_nobody_else_holds_is_named_before_and_passed_on_if_wanted(office):
    office.people["allround"].grants.clear()
    db.session.commit()
    keeper = office.at_desk("security_administrator")
    assert (
        "青崖县财政局审核员" in keeper.get(f"/admin/officers/details/?id={office.people['reviewer'].id}").text
    )

    leave(office, "reviewer", successor="nobody", with_roles="yes")

    assert [(grant.role.value, grant.organ) for grant in office.people["nobody"].grants] == [
        ("reviewer", office.finance)
    ]


def test_an_administrators_role_is_never_passed_on(office):
    sign_in.make_link(office.people["nobody"], by=None, at=datetime.now(UTC))
    leave(office, "administrator", successor="nobody", with_roles="yes")

    assert office.people["nobody"].grants == []
    assert not office.people["administrator"].is_active
