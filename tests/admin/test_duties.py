"""公开事项目录 at the desk: what is written there stands on the site, and nobody writes for another's organ."""

import pytest

from content.models import Duty
from county.ledger import Act
from county.officers import Role
from county.sign_in import grant_role
from database import db
from installation import settings
from tests.admin.conftest import Office
from tests.people import NOON


def typed(office: Office, **changed: str) -> dict[str, str]:
    return {
        "organ_id": str(office.finance.id), "topic": "财政", "title": "部门预算", "content": "收支预算总表",
        "duty": "编制部门预算", "basis": "《政府信息公开条例》第二十条第七项", "time_limit": "批复后20日内",
        "channel_id": str(office.channel.id), "position": "2", "is_active": "y", **changed,
    }  # fmt: skip


def the_duty() -> Duty:
    return db.session.scalars(db.select(Duty)).one()


def page(office: Office, url: str) -> str:
    return (settings().live_tree / url.lstrip("/") / "index.html").read_text(encoding="utf-8")


@pytest.mark.row("A-19", "A-20", "A-21", "A-22", "A-23")
def test_a_duty_written_at_the_desk_stands_on_the_page_of_its_organ_and_goes_when_it_is_set_aside(office):
    desk = office.at_desk("administrator")

    assert desk.post("/admin/duties/new/", typed(office)).status_code == 302
    office.bring_live()

    shown = page(office, f"/xxgk/sx/{office.finance.id}/")
    for said in ("青崖县财政局", "部门预算", "收支预算总表", "编制部门预算", "批复后20日内"):
        assert said in shown
    assert f"/xxgk/sx/{office.finance.id}/" in page(office, "/xxgk/sx/")
    assert "部门预算" in desk.get("/admin/duties/").text

    unused = typed(office, is_active="")
    assert desk.post(f"/admin/duties/edit/?id={the_duty().id}", unused).status_code == 302
    office.bring_live()
    assert not (settings().live_tree / f"xxgk/sx/{office.finance.id}").exists()
    assert [act.verb for act in db.session.scalars(db.select(Act).where(Act.subject_kind == "duty"))] == [
        "save",
        "save",
    ]


@pytest.mark.parametrize("name", ["organ_id", "title", "content", "duty", "time_limit"])
def test_an_entry_says_who_what_why_and_by_when(office, name):
    answer = office.at_desk("administrator").post(
        "/admin/duties/new/", typed(office, **{name: " " if name != "organ_id" else ""})
    )

    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert db.session.query(Duty).count() == 0


def test_no_personal_number_gets_into_the_catalogue(office):
    answer = office.at_desk("administrator").post(
        "/admin/duties/new/", typed(office, content="致电13912345678查询")
    )

    assert answer.status_code == 422
    assert db.session.query(Duty).count() == 0


def test_an_administrator_of_one_organ_keeps_its_duties_and_no_others(office):
    office.at_desk("administrator").post("/admin/duties/new/", typed(office))
    grant_role(office.people["stranger"], Role.ADMINISTRATOR, office.water, by=None, at=NOON)
    db.session.commit()
    desk, duty = office.at_desk("stranger"), the_duty().id

    assert "部门预算" not in desk.get("/admin/duties/").text
    assert desk.post(f"/admin/duties/edit/?id={duty}", typed(office, title="别的")).status_code == 404
    assert desk.post("/admin/duties/new/", typed(office)).status_code == 422
    assert (
        desk.post(
            "/admin/duties/new/", typed(office, organ_id=str(office.water.id), title="水质")
        ).status_code
        == 302
    )
    assert {duty.title for duty in db.session.scalars(db.select(Duty))} == {"部门预算", "水质"}
