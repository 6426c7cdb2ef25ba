"""Applications (网上申请; requirements §15.5). Whatever names a person is sealed (encrypted) before it is stored."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.organs import Organ
from database import UtcDateTime, db, stored_as_value

if TYPE_CHECKING:
    from cases.models.case import Case
    from cases.models.event import CaseEvent


class ApplicationState(enum.Enum):
    """Where an application stands (申请状态)."""

    RECEIVED = "received"  # 已收件，待受理
    ACCEPTED = "accepted"  # 已受理，办理中
    REFUSED = "refused"  # 不予受理
    DECIDED = "decided"  # 已办结


class ApplicantKind(enum.Enum):
    """申请人类型: a person is masked where an organisation is not."""

    PERSON = "自然人"
    ORGANISATION = "法人或其他组织"


class IntakeMethod(enum.Enum):
    """办件申请方式."""

    ONLINE = "网上申请"
    WINDOW = "窗口申请"
    PHONE = "电话申请"


class Application(db.Model):
    """An application for a service item. The item's name, code and limits are as they were when it came in."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)  # 申请编号 (D-09b)
    query_code_hash: Mapped[str] = mapped_column(
        String(64)
    )  # keyed hash; the code itself is on the receipt only
    ticket_hash: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # one form sent twice is one application
    content_hash: Mapped[str] = mapped_column(String(64))  # keyed hash of what was sent
    receipt_sealed: Mapped[bytes] = mapped_column(
        LargeBinary
    )  # the query code, readable only with the ticket at hand
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(100), index=True)
    item_name: Mapped[str] = mapped_column(String(300))
    item_edition_id: Mapped[int]  # the guide as it stood; no foreign key: cases do not know content
    promised_limit: Mapped[str] = mapped_column(String(200), default="")
    promised_limit_value: Mapped[int | None]
    promised_limit_unit: Mapped[str | None] = mapped_column(String(10))
    legal_limit: Mapped[str] = mapped_column(String(200), default="")
    legal_limit_value: Mapped[int | None]
    legal_limit_unit: Mapped[str | None] = mapped_column(String(10))
    method: Mapped[IntakeMethod] = mapped_column(stored_as_value(IntakeMethod), default=IntakeMethod.ONLINE)
    state: Mapped[ApplicationState] = mapped_column(
        stored_as_value(ApplicationState), default=ApplicationState.RECEIVED, index=True
    )
    applicant_kind: Mapped[ApplicantKind] = mapped_column(stored_as_value(ApplicantKind))
    applicant_name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    applicant_id_kind: Mapped[str] = mapped_column(String(40))
    applicant_id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    applicant_id_hash: Mapped[str] = mapped_column(String(64), index=True)  # keyed; look-ups match it
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    agent_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # JSON: agent_name, agent_id_kind, agent_id_number, agent_phone
    statement_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # free text may name anyone
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal_reason: Mapped[str] = mapped_column(Text, default="")

    organ: Mapped[Organ] = relationship()
    case: Mapped["Case | None"] = relationship(back_populates="application")
    events: Mapped[list["CaseEvent"]] = relationship(order_by="CaseEvent.id")

    def __str__(self) -> str:
        return self.number
