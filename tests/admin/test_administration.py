"""Organs, channels, coding rules, calendar, accounts and the ledger."""

import re
from datetime import date

import pytest

from commands.errands import PAY
from content.models import Channel, CodingRule, DocumentKind
from county.calendar import CalendarDay, load_calendar
from county.ledger import Act, Errand
from county.officers import Officer, Role, RoleGrant
from county.organs import Organ, OrganKind
from county.sign_in import grant_role
from database import db

ORGAN = {"code": "990123-LC", "name": "青崖县林业和草原局", "kind": "department", "is_active": "y"}


def organ_named(name: str) -> Organ | None:
    return db.session.scalar(db.select(Organ).where(Organ.name == name))


def test_an_organ_is_begun_and_changed_and_its_code_stays(office):
    browser = office.at_desk("administrator")

    browser.post("/admin/organs/new/", ORGAN)
    organ = organ_named("青崖县林业和草原局")
    browser.post(
        f"/admin/organs/edit/?id={organ.id}",
        {**ORGAN, "code": "other", "phone": "0990-4620001", "letters": "lc"},
    )

    organ = organ_named("青崖县林业和草原局")
    assert (organ.code, organ.phone, organ.letters, organ.is_active) == (
        "990123-LC",
        "0990-4620001",
        "LC",
        True,
    )
    assert {act.verb for act in db.session.scalars(db.select(Act).where(Act.subject_kind == "organ"))} == {
        "create",
        "save",
    }
    assert (
        {errand.kind for errand in db.session.scalars(db.select(Errand))} == {"publish_organ"} <= PAY.keys()
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "990123-CZ"}, "已被使用"),
        ({"name": ""}, "请填写机构名称"),
        ({"uscc": "11990123MB12345670"}, "统一社会信用代码不正确"),
        ({"letters": "L"}, "两位字母"),
        ({"kind": "circus"}, "机构类型"),
        ({"parent_id": "999"}, "上级机构"),
    ],
)
def test_an_organ_that_cannot_be_is_refused_and_what_was_typed_stays(office, wrong, said):
    answer = office.at_desk("administrator").post(
        "/admin/organs/new/", {**ORGAN, "address": "林荫路一号", **wrong}
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "林荫路一号" in answer.text
    assert organ_named("青崖县林业和草原局") is None


def test_an_organ_is_not_above_itself(office):
    browser = office.at_desk("administrator")
    office.water.parent_id = office.finance.id
    db.session.commit()

    answer = browser.post(
        f"/admin/organs/edit/?id={office.finance.id}",
        {"name": "青崖县财政局", "kind": "department", "parent_id": str(office.water.id), "is_active": "y"},
    )

    assert answer.status_code == 422
    assert "自己或它的下级" in answer.text


@pytest.mark.parametrize(
    ("field", "text", "is_kept"),
    [
        ("office_hours", "工作日9:00—17:00，值班13800138000", False),
        ("address", "林荫路一号，联系人13800138000", False),
        ("name", "林业局13800138000", False),
        ("phone", "13800138000", True),
        ("supervision_phone", "13800138000", True),
        ("phone", "11010519491231002X", False),
    ],
)
def test_an_organ_shows_no_personal_number_but_its_phone(office, field, text, is_kept):
    """I-06: it stands at the foot of every page of the organ."""
    answer = office.at_desk("administrator").post("/admin/organs/new/", {**ORGAN, field: text})

    assert (answer.status_code == 302) is is_kept
    assert is_kept or f'href="#{field}"' in answer.text


def test_a_channel_shows_no_personal_number(office):
    """I-06."""
    new = {"code": "lxwm", "name": "联系我们", "kind": "disclosure", "description": "请拨13800138000。"}

    answer = office.at_desk("administrator").post("/admin/channels/new/", new)

    assert answer.status_code == 422
    assert "手机号码（138****8000）" in answer.text


def test_an_administrator_of_one_organ_cannot_move_it_or_take_it_out_of_its_place(office):
    """I-05: nor what is below it to another organ; within it he may."""
    water = office.water.id
    section = Organ(code="990123-SL-1", name="水利局一科", kind=OrganKind.SECTION, parent_id=water)
    office.water.parent_id = office.finance.id
    other = Organ(code="990123-SL-2", name="水利局二科", kind=OrganKind.SECTION, parent_id=water)
    db.session.add_all([section, other])
    db.session.commit()
    browser = office.at_desk("stranger")

    def move(organ: Organ, parent: int | str) -> int:
        sent = {
            "name": organ.name,
            "kind": organ.kind.value,
            "uscc": "",
            "parent_id": str(parent),
            "is_active": "y",
        }
        return browser.post(f"/admin/organs/edit/?id={organ.id}", sent).status_code

    assert move(office.water, "") == 422
    assert move(section, "") == 422
    assert move(section, office.finance.id) == 422
    assert move(office.water, office.finance.id) == 302
    assert move(section, other.id) == 302
    assert (office.water.parent_id, section.parent_id) == (office.finance.id, other.id)


def test_a_channel_has_a_code_for_addresses_that_never_changes(office):
    browser = office.at_desk("administrator")
    new = {"code": "xwfb", "name": "新闻发布", "kind": "disclosure", "position": "3", "is_active": "y"}

    for bad in ("新闻", "a b", "-x", "../x", "czxx"):
        assert browser.post("/admin/channels/new/", {**new, "code": bad}).status_code == 422
    assert (
        browser.post("/admin/channels/new/", {**new, "parent_id": "21", "kind": "service"}).status_code == 422
    )
    browser.post("/admin/channels/new/", new)
    channel = db.session.scalars(db.select(Channel).where(Channel.code == "xwfb")).one()
    browser.post(f"/admin/channels/edit/?id={channel.id}", {**new, "code": "other", "name": "发布会"})

    channel = db.session.get_one(Channel, channel.id)
    assert (channel.code, channel.name) == ("xwfb", "发布会")


def test_a_channel_is_not_above_itself(office):
    top = db.session.scalars(db.select(Channel).where(Channel.code == "xxgk")).one()

    answer = office.at_desk("administrator").post(
        f"/admin/channels/edit/?id={top.id}",
        {"name": top.name, "kind": "disclosure", "parent_id": str(office.channel.id), "is_active": "y"},
    )

    assert answer.status_code == 422


def test_one_coding_rule_of_a_kind_is_in_force(office):
    """B-16."""
    browser = office.at_desk("administrator")

    wrong = browser.post(
        "/admin/coding-rules/new/", {"name": "坏的", "kind": "disclosure", "pattern": "{nonsense}"}
    )
    browser.post(
        "/admin/coding-rules/new/",
        {"name": "新的", "kind": "disclosure", "pattern": "{year}-{serial:4}", "is_active": "y"},
    )

    active = db.session.scalars(
        db.select(CodingRule).where(CodingRule.is_active, CodingRule.kind == DocumentKind.DISCLOSURE)
    ).all()
    assert wrong.status_code == 422
    assert "无法识别" in wrong.text
    assert [rule.name for rule in active] == ["新的"]


def test_a_day_of_the_calendar_is_set_and_taken_back(office):
    browser = office.at_desk("administrator")

    browser.post("/admin/calendar/", {"day": "2027-01-01", "is_working": "no", "name": "元旦"})
    assert "元旦" in browser.get("/admin/calendar/?year=2027").text
    assert not load_calendar().exceptions[date(2027, 1, 1)]
    browser.post("/admin/calendar/remove/", {"day": "2027-01-01"})

    assert db.session.scalar(db.select(CalendarDay)) is None
    assert len(db.session.scalars(db.select(Act).where(Act.verb == "set_calendar_day")).all()) == 2


@pytest.mark.parametrize(
    "wrong", [{"day": "soon", "is_working": "no"}, {"day": "2027-01-01", "is_working": ""}, {}]
)
def test_a_day_that_cannot_be_is_refused(office, wrong):
    assert office.at_desk("administrator").post("/admin/calendar/", wrong).status_code == 422


@pytest.mark.parametrize("query", ["year=99999", "year=x", "year=", "year=0000", "year=１２３４"])
def test_an_absurd_year_shows_this_one(office, query):
    assert office.at_desk("administrator").get(f"/admin/calendar/?{query}").status_code == 200


def test_an_account_is_made_gets_a_role_and_a_link_that_is_shown_once(office):
    browser = office.at_desk("security_administrator")

    made = browser.post(
        "/admin/officers/new/", {"login": "new.one", "name": "新同事", "organ": str(office.finance.id)}
    )
    officer = db.session.scalars(db.select(Officer).where(Officer.login == "new.one")).one()
    browser.post(
        f"/admin/officers/grant/?id={officer.id}", {"role": "editor", "organ": str(office.finance.id)}
    )
    invited = browser.post(f"/admin/officers/invite/?id={officer.id}").text
    link = re.search(r"http://localhost(/admin/sign-in/[\w-]+)", invited)

    assert "<h1>新同事</h1>" in browser.get(made.location).text
    assert "<td>信息编辑员</td>" in browser.get(made.location).text
    assert link
    assert link[1] not in browser.get(made.location).text
    newcomer = office.browser()
    assert newcomer.post(link[1]).status_code == 302
    assert "工作台" in newcomer.get("/admin/").text


def test_a_role_taken_back_ends_with_the_next_request(office):
    browser, editor = office.at_desk("security_administrator"), office.at_desk("editor")
    grant = office.people["editor"].grants[0]

    browser.post(f"/admin/officers/revoke/?id={office.people['editor'].id}", {"grant": str(grant.id)})

    assert editor.get("/admin/disclosures/").status_code == 403


def test_a_disabled_account_is_shown_and_opened_again(office):
    browser = office.at_desk("security_administrator")
    path = f"?id={office.people['editor'].id}"

    browser.post(f"/admin/officers/switch/{path}")
    assert "停用" in browser.get(f"/admin/officers/details/{path}").text
    browser.post(f"/admin/officers/switch/{path}")

    assert office.people["editor"].is_active


def test_nobody_gives_himself_a_role_or_closes_his_own_account(office):
    """L-01: an administrator is not also editor and reviewer by his own hand."""
    browser = office.at_desk("security_administrator")
    own = f"?id={office.people['security_administrator'].id}"

    granted = browser.post(f"/admin/officers/grant/{own}", {"role": "reviewer", "organ": ""})
    browser.post(f"/admin/officers/switch/{own}")

    assert granted.status_code == 422
    assert "另一位安全管理员" in granted.text
    assert [grant.role for grant in office.people["security_administrator"].grants] == [
        Role.SECURITY_ADMINISTRATOR
    ]
    assert office.people["security_administrator"].is_active


def test_an_administrator_of_one_organ_keeps_to_it(office):
    """No road from one organ's administrator to the whole installation."""
    browser = office.at_desk("strange_keeper")
    mate = _officer_of_water(office, Role.EDITOR, office.water)
    boss = _officer_of_water(office, Role.ADMINISTRATOR, None)

    listed = browser.get("/admin/officers/").text
    assert "艾编辑" not in listed
    everywhere = browser.post(f"/admin/officers/grant/?id={mate.id}", {"role": "reviewer", "organ": ""})
    elsewhere = browser.post(
        f"/admin/officers/grant/?id={mate.id}", {"role": "reviewer", "organ": str(office.finance.id)}
    )
    link_of_boss = browser.post(f"/admin/officers/invite/?id={boss.id}")

    assert everywhere.status_code == elsewhere.status_code == 422
    assert link_of_boss.status_code == 403
    assert [grant.role for grant in db.session.get_one(Officer, mate.id).grants] == [Role.EDITOR]
    assert browser.get("/admin/calendar/").status_code == 403


def _officer_of_water(office, role, organ):
    login = f"water-{role.value}"
    officer = Officer(
        login=login, name=login, organ=office.water, created_at=office.people["editor"].created_at
    )
    db.session.add(officer)
    db.session.flush()
    grant_role(officer, role, organ, by=None, at=officer.created_at)
    db.session.commit()
    return officer


def test_the_ledger_is_read_by_organ_and_filtered(office):
    office.published("财政的通知")
    office.disclosure("水利的草稿", organ=office.water, by="stranger")
    everything = office.at_desk("auditor").get("/admin/ledger/").text
    own = office.at_desk("supervisor").get("/admin/ledger/").text

    assert "冯外局" in everything
    assert "冯外局" not in own
    assert "常发布" in own
    assert "艾编辑" not in office.at_desk("supervisor").get("/admin/ledger/?flt_verb=publish").text
    assert "常发布" in office.at_desk("supervisor").get("/admin/ledger/?search=常发布").text


def test_the_desk_tells_the_administrator_of_a_year_without_calendar(office):
    assert "工作日历还没有导入" in office.at_desk("administrator").get("/admin/").text
    assert "工作日历还没有导入" not in office.at_desk("editor").get("/admin/").text


def test_grants_are_never_doubled(office):
    browser = office.at_desk("security_administrator")
    target = office.people["editor"]
    for _ in range(2):
        browser.post(
            f"/admin/officers/grant/?id={target.id}", {"role": "editor", "organ": str(office.finance.id)}
        )

    assert len(db.session.scalars(db.select(RoleGrant).where(RoleGrant.officer_id == target.id)).all()) == 1
