"""An organ, its people, an item, an application, and the deeds done to it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from cases import operations
from cases.models import Application
from cases.rules import ApplicationInput, ItemSnapshot, LimitSnapshot
from county.calendar import CalendarDay
from county.keys import Keyring
from county.officers import Officer, Role, RoleGrant
from county.organs import Organ
from county.working_days import WorkingCalendar
from database import db

ID_NUMBER = "11010519491231002X"  # the example of the standard


@pytest.fixture
def organ(app: Flask) -> Organ:
    organ = Organ(code="mzj", name="青崖县民政局", phone="0530-7654321")
    db.session.add(organ)
    db.session.flush()
    return organ


@pytest.fixture
def make_officer(organ: Organ, now: datetime) -> Callable[..., Officer]:
    def make(login: str, role: Role | None = None, at_organ: Organ | None = None) -> Officer:
        officer = Officer(login=login, name=login.title(), organ=at_organ or organ, created_at=now)
        if role:
            officer.grants.append(RoleGrant(role=role, organ=at_organ or organ))
        db.session.add(officer)
        db.session.flush()
        return officer

    return make


@pytest.fixture
def clerk(make_officer: Callable[..., Officer]) -> Officer:
    return make_officer("chen", Role.CLERK)


@pytest.fixture
def item(organ: Organ) -> ItemSnapshot:
    return ItemSnapshot(
        code="990123-MZ-XK-0001",
        name="社会团体成立登记",
        organ_id=organ.id,
        edition_id=1,
        promised_limit=LimitSnapshot("10个工作日", 10, "工作日"),
        legal_limit=LimitSnapshot("60日", 60, "日"),
    )


@pytest.fixture
def typed() -> ApplicationInput:
    return ApplicationInput(
        applicant_kind="自然人",
        applicant_name="欧阳青竹",
        id_kind="resident_id",
        id_number=ID_NUMBER,
        phone="13912345678",
        statement="申请成立青崖县山茶协会，会员单位五十六家。",
    )


@pytest.fixture
def calendar() -> WorkingCalendar:
    return WorkingCalendar({date(2027, 1, 1): False}, frozenset({2026}))


@pytest.fixture
def known_year(app: Flask) -> None:
    db.session.add(CalendarDay(day=date(2026, 10, 1), is_working=False, name="国庆节"))
    db.session.flush()


@pytest.fixture
def receive(
    typed: ApplicationInput, item: ItemSnapshot, keyring: Keyring, now: datetime
) -> Callable[..., tuple[Application, operations.Receipt]]:
    """Receives an application; each call is a ticket of its own."""
    tickets = iter(f"ticket-{number}" for number in range(1000))

    def make(
        application: ApplicationInput = typed, at: datetime = now
    ) -> tuple[Application, operations.Receipt]:
        receipt = operations.receive(application, item=item, keyring=keyring, ticket=next(tickets), at=at)
        received = db.session.scalar(db.select(Application).where(Application.number == receipt.number))
        assert received is not None
        return received, receipt

    return make


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(hours=1)
