"""The steps an edition takes through its review (审核环节), copied from its chain when it is submitted."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.officers import Officer, Role
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class StepKind(enum.Enum):
    DECISION = "decision"  # 审核: a person of ours decides
    CONFIRMATION = "confirmation"  # 登记上级确认: what another body decided is put on record


class StepState(enum.Enum):
    AHEAD = "ahead"  # 未到
    WAITING = "waiting"  # 等待
    PASSED = "passed"  # 已通过
    RETURNED = "returned"  # 已退回
    DROPPED = "dropped"  # 未进行: the edition was returned, or published by force, before its turn came


WAITING = text("state = 'waiting'")


class ReviewStep(db.Model):
    """One step of one round of review. Rounds are counted by submissions; what was decided in an earlier one stays."""

    __tablename__ = "review_step"
    __table_args__ = (
        UniqueConstraint("edition_id", "round", "position"),
        Index("one_step_waits", "edition_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
        Index("review_step_by_post", "organ_id", "role", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    round: Mapped[int]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))  # as the chain called it: 法制机构
    kind: Mapped[StepKind] = mapped_column(stored_as_value(StepKind))
    role: Mapped[Role] = mapped_column(stored_as_value(Role))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))  # None: the document's own organ
    state: Mapped[StepState] = mapped_column(stored_as_value(StepState))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))  # in whose place (代理)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[str] = mapped_column(String(100), default="")  # the body that confirmed
    confirmed_on: Mapped[date | None]
    document_no: Mapped[str] = mapped_column(String(100), default="")  # 文号 of its confirmation

    organ: Mapped[Organ | None] = relationship(lazy="joined")
    decided_by: Mapped[Officer | None] = relationship(foreign_keys=[decided_by_id], lazy="joined")
    decided_for: Mapped[Officer | None] = relationship(foreign_keys=[decided_for_id], lazy="joined")

    @property
    def decider(self) -> str:
        """Who decided, as it is written: 何二代包审核."""
        if self.decided_by is None:
            return ""
        return (
            f"{self.decided_by.name} 代 {self.decided_for.name}" if self.decided_for else self.decided_by.name
        )
