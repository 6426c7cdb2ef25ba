"""The back office with a small county, officers of every role, and browsers that speak for them."""

import contextvars
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.signed_in import cookie_name
from cases import operations as case_operations
from cases.models import Application
from cases.rules import ApplicationInput, ItemSnapshot, LimitSnapshot
from commands.publishing import changes_of, publish, publishing, waiting
from content import founding, operations
from content.models import Channel, DocumentKind, Edition
from county import ledger, sign_in
from county.officers import Officer, Role
from county.organs import Organ, OrganKind
from county.passwords import PasswordPolicy
from county.privacy import IdKind
from county.regions import Region, Site, the_site
from database import db
from tests.beginnings import begin_with

ORIGIN = "http://localhost"
PASSWORD = "yi-ju-hen-rong-yi-ji-de-hua"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """A browser: keeps cookies, sends Origin with forms, reads the token from the page that holds the form."""

    client: FlaskClient
    last: TestResponse | None = field(default=None)

    def get(self, path: str, **given: Any) -> TestResponse:
        self.last = self._ask("get", path, **given)
        return self.last

    def _ask(self, method: str, path: str, **given: Any) -> TestResponse:
        """Each request has an application context of its own, as in a server; the test then sees what was committed."""
        answer = contextvars.Context().run(getattr(self.client, method), path, buffered=True, **given)
        db.session.rollback()
        return answer

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, token: str | None = None, **given: Any
    ) -> TestResponse:
        token = self.token() if token is None else token
        headers = {"Origin": ORIGIN, **given.pop("headers", {})}
        self.last = self._ask(
            "post", path, data={"csrf_token": token, **(data or {})}, headers=headers, **given
        )
        return self.last

    def token(self) -> str:
        found = TOKEN.search(self._ask("get", "/admin/password").text)
        found = found or TOKEN.search(self._ask("get", "/admin/sign-in").text)
        assert found
        return found[1]

    def sign_in(self, login: str) -> TestResponse:
        return self.post("/admin/sign-in", {"login": login, "password": PASSWORD})

    @property
    def cookie(self) -> str | None:
        cookie = self.client.get_cookie("office", path="/admin")
        return cookie.value if cookie else None


def plan_on(browser: Browser, edition: Edition, kind: str = "disclosures") -> dict[str, str]:
    """The plan that an approver sees on the page of an edition, as the form sends it."""
    found = re.search(
        r'name="plan" value="(\w+)"', browser.get(f"/admin/{kind}/details/?id={edition.id}").text
    )
    return {"plan": found[1]} if found else {}


@dataclass
class Office:
    """The application, its county and its people."""

    app: Flask
    site: Site
    finance: Organ
    water: Organ
    channel: Channel
    people: dict[str, Officer]

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def at_desk(self, login: str) -> Browser:
        browser = self.browser()
        token = sign_in.start_session(self.people[login], at=datetime.now(UTC))
        db.session.commit()
        browser.client.set_cookie(cookie_name(), token, path="/admin", domain="localhost")
        return browser

    def set(self, **given: Any) -> None:
        """Change settings of the running application."""
        self.app.extensions["settings"] = replace(self.app.extensions["settings"], **given)
        policy = PasswordPolicy.from_text(self.app.extensions["settings"].password_policy)
        self.app.extensions["password_policy"] = policy

    def disclosure(
        self,
        title: str = "关于开展春季绿化的通知",
        *,
        organ: Organ | None = None,
        by: str = "editor",
        **values: Any,
    ) -> Edition:
        """A complete draft, written by an editor."""
        edition = operations.create_document(
            DocumentKind.DISCLOSURE,
            organ=organ or self.finance,
            channel=self.channel,
            site_id=self.site.id,
            values={"title": title, "body": "各单位要在三月底前完成植树任务。", **values},
            by=self.people[by].id,
            at=datetime.now(UTC),
        )
        db.session.commit()
        return edition

    def submitted(self, title: str = "关于开展春季绿化的通知", **given: Any) -> Edition:
        edition = self.disclosure(title, **given)
        operations.submit(edition, by=self.people["editor"].id, at=datetime.now(UTC))
        db.session.commit()
        return edition

    def approved(self, title: str = "关于开展春季绿化的通知", **given: Any) -> Edition:
        edition = self.submitted(title, **given)
        operations.approve(
            edition, by=self.people["reviewer"].id, at=datetime.now(UTC), secrecy_reviewed=True
        )
        db.session.commit()
        return edition

    def published(self, title: str = "关于开展春季绿化的通知", **given: Any) -> Edition:
        edition = self.approved(title, **given)
        operations.publish(edition, by=self.people["publisher"].id, at=datetime.now(UTC))
        db.session.commit()
        return edition

    def bring_live(self) -> None:
        """What the worker does with the publications that are owed, the index left out."""
        with publishing() as here:
            errands = waiting(datetime.now(UTC))
            publish(here, changes_of(errands))
            for errand in errands:
                ledger.settle(errand, at=datetime.now(UTC))
            db.session.commit()

    def application(
        self, organ: Organ | None = None, statement: str = "申请采伐自留山上的杉木十二株。"
    ) -> Application:
        """An application of a citizen for an item of the organ."""
        item = ItemSnapshot(
            code="990123CZ-XK-0001",
            name="林木采伐许可",
            organ_id=(organ or self.finance).id,
            edition_id=1,
            promised_limit=LimitSnapshot("5个工作日", 5, "工作日"),
        )
        typed = ApplicationInput(
            applicant_kind="自然人",
            applicant_name="赵小禾",
            id_kind=IdKind.RESIDENT_ID.value,
            id_number="11010519491231002X",
            phone="13800138000",
            statement=statement,
        )
        ticket = secrets.token_urlsafe(16)
        keyring = self.app.extensions["keyring"]
        receipt = case_operations.receive(
            typed, item=item, keyring=keyring, ticket=ticket, at=datetime.now(UTC)
        )
        db.session.commit()
        return db.session.scalars(db.select(Application).where(Application.number == receipt.number)).one()


PEOPLE: dict[str, tuple[str, tuple[Role, ...]]] = {
    "editor": ("艾编辑", (Role.EDITOR,)),
    "reviewer": ("包审核", (Role.REVIEWER,)),
    "legal_reviewer": ("法审核", (Role.LEGAL_REVIEWER,)),
    "disclosure_reviewer": ("公开员", (Role.DISCLOSURE_REVIEWER,)),
    "publisher": ("常发布", (Role.PUBLISHER,)),
    "duty_publisher": ("应值守", (Role.DUTY_PUBLISHER,)),
    "clerk": ("陈窗口", (Role.CLERK,)),
    "supervisor": ("丁监察", (Role.SUPERVISOR,)),
    "allround": ("多面手", (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER)),
    "nobody": ("方无权", ()),
}


@pytest.fixture
def office(make_app: Callable[..., Flask]) -> Iterator[Office]:
    app = make_app("admin")
    with app.app_context():
        begin_with("office", _settle)
        yield _office(app)


def _office(app: Flask) -> Office:
    site = the_site()
    assert site is not None
    organs = {organ.code: organ for organ in db.session.scalars(db.select(Organ))}
    people = {
        officer.login: officer for officer in db.session.scalars(db.select(Officer).order_by(Officer.id))
    }
    channel = db.session.scalars(db.select(Channel).where(Channel.code == "czxx")).one()
    return Office(app, site, organs["990123-CZ"], organs["990123-SL"], channel, people)


def _settle() -> None:
    at = datetime.now(UTC)
    site = founding.found("青崖县", "990123", at=at)
    site.is_sample = True
    region = db.session.scalars(db.select(Region)).one()
    finance = Organ(
        code="990123-CZ",
        name="青崖县财政局",
        short_name="县财政局",
        kind=OrganKind.DEPARTMENT,
        region=region,
        uscc="11990123MB1234567A",
        letters="CZ",
    )
    water = Organ(
        code="990123-SL",
        name="青崖县水利局",
        short_name="县水利局",
        kind=OrganKind.DEPARTMENT,
        region=region,
        uscc="11990123MB7654321B",
        letters="SL",
    )
    db.session.add_all([finance, water])
    db.session.flush()
    for login, (name, roles) in PEOPLE.items():
        _hire(login, name, finance, roles, finance)
    ordinary = tuple(role for role in Role if role not in (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR))
    _hire("stranger", "冯外局", water, ordinary, water)
    _hire("strange_keeper", "葛外管", water, (Role.SECURITY_ADMINISTRATOR,), water)
    _hire("administrator", "郭管理", finance, (Role.ADMINISTRATOR,), None)
    _hire("security_administrator", "何安管", finance, (Role.SECURITY_ADMINISTRATOR,), None)
    _hire("deputy", "侯二管", finance, (Role.ADMINISTRATOR,), None)
    _hire("auditor", "季审计", finance, (Role.AUDITOR,), None)


def _hire(login: str, name: str, home: Organ, roles: tuple[Role, ...], organ: Organ | None) -> None:
    at = datetime.now(UTC)
    officer = sign_in.create_officer(login, name, home, by=None, at=at)
    officer.password_hash = KNOWN
    for role in roles:
        sign_in.grant_role(officer, role, organ, by=None, at=at)
    db.session.flush()


KNOWN = sign_in.HASHER.hash(PASSWORD)  # hashed once: argon2 is slow on purpose
