"""Cases (办件; requirements §15.6–15.7): what an accepted application becomes."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.application import Application
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class CaseOutcome(enum.Enum):
    """办结状态."""

    GRANTED = "准予"
    DENIED = "不予"
    DONE = "办结"


class Case(db.Model):
    """A case (办件) with its number, its due day and its result (D-10b)."""

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 办件编号
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))  # 办件名称; never a person's name
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    due_on: Mapped[date | None] = mapped_column(index=True)
    due_is_provisional: Mapped[bool] = mapped_column(default=False)  # the calendar of a year was not out yet
    opinion: Mapped[str] = mapped_column(Text, default="")  # 处理意见 (F-27)
    outcome: Mapped[CaseOutcome | None] = mapped_column(stored_as_value(CaseOutcome))
    result: Mapped[str] = mapped_column(Text, default="")  # 办理结果, with the reason where it is denied
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))

    application: Mapped[Application] = relationship(back_populates="case")
    organ: Mapped[Organ] = relationship()

    def __str__(self) -> str:
        return self.number
