"""The applications of the sample county and what clerks made of them."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cases import operations
from cases.models import ApplicantKind, Application, Case, CaseOutcome
from cases.operations import Receipt
from cases.rules import ApplicationInput, ItemSnapshot, LimitSnapshot
from content import queries
from content.models import DocumentKind, ServiceEdition
from county.errors import RefusedError
from county.keys import Keyring
from county.officers import Officer, Right
from county.privacy import IdKind
from county.working_days import WorkingCalendar
from database import db
from exchange.sample import people
from exchange.sample.dates import day_of
from exchange.sample.desk import Desk
from exchange.sample.timeline import Timeline

APPLICANT_KINDS = {"自然人": ApplicantKind.PERSON.value}
ID_KINDS = {kind.label: kind.value for kind in IdKind}


class SampleApplication:
    """One application of the sample and its fate."""

    def __init__(
        self, row: dict[str, Any], anchor: date, *, keyring: Keyring, calendar: WorkingCalendar, desk: Desk
    ):
        self.row = row
        self.anchor = anchor
        self.keyring = keyring
        self.calendar = calendar
        self.desk = desk
        self.receipt: Receipt | None = None

    def plan(self, place: int, timeline: Timeline) -> None:
        """Plan its receipt and what follows, so many working days later, each act two hours after the one before."""
        applied_on = day_of(self.row["applied"], self.anchor)
        timeline.plan(applied_on, 8, 30 + place, self._receive)
        for number, step in enumerate(self.row["fate"]):
            day = self._day_after(applied_on, int(step["after_days"]))
            timeline.plan(day, min(10 + 2 * number, 17), place, self._act(step))

    def _day_after(self, applied_on: date, working_days: int) -> date:
        day = self.calendar.after(applied_on, working_days).day if working_days else applied_on
        return day if day < self.anchor else applied_on + timedelta(days=working_days)

    def _receive(self, at: datetime) -> None:
        self.receipt = operations.receive(
            self._input(), item=self._item(), keyring=self.keyring, ticket=secrets.token_urlsafe(32), at=at
        )

    def _act(self, step: dict[str, Any]) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            application = self._application()
            clerk = self.desk.officer(Right.HANDLE_CASES, application.organ_id)
            if step["act"] == "accept":
                case = operations.accept(application, by=clerk.id, at=at, calendar=self.calendar)
                operations.record_opinion(case, step["text"], by=clerk.id, at=at)
            elif step["act"] == "refuse":
                operations.refuse(application, step["text"], by=clerk.id, at=at)
            else:
                self._act_on_case(_case_of(application), step, clerk, at)

        return act

    def _act_on_case(self, case: Case, step: dict[str, Any], clerk: Officer, at: datetime) -> None:
        if step["act"] == "opinion":
            operations.record_opinion(case, step["text"], by=clerk.id, at=at)
        elif step["act"] == "decide":
            operations.decide(case, CaseOutcome(step["outcome"]), step["text"], by=clerk.id, at=at)
        else:
            raise RefusedError(f"{self.row['id']}：不能识别的办理动作“{step['act']}”。", "fate")

    def _application(self) -> Application:
        if self.receipt is None:
            raise RuntimeError("an application is received before anything else happens to it")
        return db.session.scalars(
            db.select(Application).where(Application.number == self.receipt.number)
        ).one()

    def _item(self) -> ItemSnapshot:
        document = queries.document_by_foreign_id(DocumentKind.SERVICE, self.row["item"])
        edition = queries.live_edition(document.id) if document else None
        if document is None or not document.number or not isinstance(edition, ServiceEdition):
            raise RefusedError(f"{self.row['id']}：事项“{self.row['item']}”没有发布。", "item")
        return ItemSnapshot(
            code=document.number,
            name=edition.title,
            organ_id=document.organ_id,
            edition_id=edition.id,
            promised_limit=_limit(edition, "promised_limit"),
            legal_limit=_limit(edition, "legal_limit"),
        )

    def _input(self) -> ApplicationInput:
        row, seed = self.row, self.row["id"]
        agent = row.get("agent_name", "")
        return ApplicationInput(
            applicant_kind=APPLICANT_KINDS.get(row["applicant_kind"], ApplicantKind.ORGANISATION.value),
            applicant_name=row["applicant_name"],
            id_kind=ID_KINDS[row["id_kind"]],
            id_number=_number(ID_KINDS[row["id_kind"]], seed),
            phone=people.phone(seed),
            agent_name=agent,
            agent_id_kind=IdKind.RESIDENT_ID.value if agent else "",
            agent_id_number=people.id_number(f"{seed} agent") if agent else "",
            agent_phone=people.phone(f"{seed} agent") if agent else "",
            statement=row["statement"],
        )


def _case_of(application: Application) -> Case:
    if application.case is None:
        raise RuntimeError("an opinion comes after acceptance")
    return application.case


def _limit(edition: ServiceEdition, name: str) -> LimitSnapshot:
    unit = getattr(edition, f"{name}_unit")
    return LimitSnapshot(
        getattr(edition, name), getattr(edition, f"{name}_value"), unit.value if unit else None
    )


def _number(kind: str, seed: str) -> str:
    return people.credit_code(seed) if kind == IdKind.CREDIT_CODE.value else people.id_number(seed)
