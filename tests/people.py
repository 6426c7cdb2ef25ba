"""The people of the tests and the small county they work in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from content import founding, operations, queries
from content.models import Channel, DocumentKind, Edition, EditionState, ItemCategory, LawRank
from county import sign_in
from county.officers import Officer, Role
from county.organs import Organ, OrganKind
from county.regions import Site, the_site
from database import db
from tests.beginnings import begin_with

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)  # noon in the county, a Friday

GUIDE: dict[str, Any] = {
    "title": "城镇污水排入排水管网许可",
    "item_category": ItemCategory.LICENCE,
    "handling_subject": "民政局",
    "handling_department": "社会事务科",
    "acceptance_conditions": "已取得排水接户证明",
    "is_charged": False,
    "legal_limit": "20个工作日",
    "promised_limit": "7个工作日",
    "handling_place": "政务服务中心二楼12号窗口",
    "contact_phone": "0990-6120012",
    "supervision_phone": "0990-6120100",
    "legal_basis": [
        {"citation": "《城镇排水与污水处理条例》第二十一条", "rank": LawRank.ADMINISTRATIVE_REGULATION}
    ],
    "materials": [{"name": "申请表", "is_required": True}],
}
NOTICE: dict[str, Any] = {"title": "关于调整公交线路的公告", "body": "二路公交车自下月起延伸至客运站。"}


@dataclass
class People:
    """Editor Ai, Reviewer Bao, Publisher Pei and Clerk Chen of one organ; Editor Feng of another; Administrator An."""

    site: Site
    organ: Organ
    other_organ: Organ
    channel: Channel
    ai: Officer
    bao: Officer
    pei: Officer
    chen: Officer
    feng: Officer
    an: Officer


def settled_in() -> People:
    """The people of `settle_in`, in a database that is empty yet; they are made once a process."""
    begin_with("people", settle_in)
    return _the_people()


def settle_in() -> People:
    """Found a county with two organs and its people; committed."""
    site = founding.found("青崖县", "990123", at=NOON)
    government = Organ(code="GOV", name="青崖县人民政府", kind=OrganKind.GOVERNMENT, region_id=site.region_id)
    organ = Organ(code="MZ", name="青崖县民政局", short_name="民政局", parent=government, region_id=site.region_id,
                  letters="MZ", subject_code="011", uscc="11341702486344515H")  # fmt: skip
    other = Organ(code="SL", name="青崖县水利局", short_name="水利局", parent=government, region_id=site.region_id,
                  letters="SL", subject_code="015", uscc="11441700007280420Y")  # fmt: skip
    db.session.add_all([government, organ, other])
    db.session.flush()
    for login, name, home, role in (
        ("ai", "艾编辑", organ, Role.EDITOR),
        ("bao", "包审核", organ, Role.REVIEWER),
        ("pei", "裴发布", organ, Role.PUBLISHER),
        ("chen", "陈窗口", organ, Role.CLERK),
        ("feng", "冯编辑", other, Role.EDITOR),
        ("an", "安管理", government, Role.ADMINISTRATOR),
    ):
        officer = sign_in.create_officer(login, name, home, by=None, at=NOON)
        sign_in.grant_role(officer, role, None if role is Role.ADMINISTRATOR else home, by=None, at=NOON)
    db.session.commit()
    return _the_people()


def _the_people() -> People:
    site, channel = the_site(), queries.channel_by_code("gfxwj")
    assert site is not None
    assert channel is not None
    organs = {organ.code: organ for organ in db.session.scalars(db.select(Organ))}
    officers = {officer.login: officer for officer in db.session.scalars(db.select(Officer))}
    here = {login: officers[login] for login in ("ai", "bao", "pei", "chen", "feng", "an")}
    return People(site=site, organ=organs["MZ"], other_organ=organs["SL"], channel=channel, **here)


def make_edition(people: People, state: EditionState = EditionState.DRAFT, **values: Any) -> Edition:
    """A disclosure whose edition has come to `state` by the officers' own acts."""
    return _brought_to(_begin(people, DocumentKind.DISCLOSURE, NOTICE | values), people, state)


def make_service(people: People, state: EditionState = EditionState.DRAFT, **values: Any) -> Edition:
    """A complete service guide whose edition has come to `state` by the officers' own acts."""
    return _brought_to(_begin(people, DocumentKind.SERVICE, GUIDE | values), people, state)


def _begin(people: People, kind: DocumentKind, values: dict[str, Any]) -> Edition:
    channel = people.channel if kind is DocumentKind.DISCLOSURE else None
    organ = values.pop("organ", people.organ)
    return operations.create_document(
        kind, organ=organ, channel=channel, site_id=people.site.id, values=values, by=people.ai.id, at=NOON
    )


def _brought_to(edition: Edition, people: People, state: EditionState) -> Edition:
    if state is EditionState.DISCARDED:
        operations.discard(edition, by=people.ai.id, at=NOON)
    if state in (EditionState.DRAFT, EditionState.DISCARDED):
        return edition
    operations.submit(edition, by=people.ai.id, at=NOON)
    if state is EditionState.RETURNED:
        operations.send_back(edition, "请补充联系方式", by=people.bao.id, at=NOON)
    if state in (EditionState.SUBMITTED, EditionState.RETURNED):
        return edition
    operations.approve(edition, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    if state is EditionState.APPROVED:
        return edition
    operations.publish(edition, by=people.pei.id, at=NOON)
    if state is EditionState.WITHDRAWN:
        operations.withdraw(edition, reason="error", by=people.pei.id, at=NOON)
    if state is EditionState.SUPERSEDED:
        newer = operations.revise(edition.document, by=people.ai.id, at=NOON)
        _brought_to(newer, people, EditionState.PUBLISHED)
    return edition
