"""Task sheets (任务分解单): which items an organ is to check or complete, by when, and what it answered."""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.document import Document
from county.officers import Officer
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class TaskAnswer(enum.Enum):
    """What an organ says of an item of its sheet (反馈)."""

    CONFIRMED = "无变化"
    CHANGED = "已修改"
    CANCEL = "建议取消"


class TaskVerdict(enum.Enum):
    """What became of an answer in the review item by item (B-18)."""

    ACCEPTED = "通过"
    RETURNED = "退回"


class TaskSheet(db.Model):
    """A sheet of items for one organ to go through (B-17)."""

    __tablename__ = "task_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")  # what is to be done
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organ: Mapped[Organ] = relationship()
    issued_by: Mapped[Officer] = relationship()
    rows: Mapped[list["TaskRow"]] = relationship(
        order_by="TaskRow.position", back_populates="sheet", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.title


class TaskRow(db.Model):
    """An item of a task sheet: the organ's answer, and the verdict on it."""

    __tablename__ = "task_row"
    __table_args__ = (UniqueConstraint("sheet_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("task_sheet.id", ondelete="CASCADE"))
    position: Mapped[int]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    answer: Mapped[TaskAnswer | None] = mapped_column(stored_as_value(TaskAnswer))
    note: Mapped[str] = mapped_column(Text, default="")
    changed: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # labels of the fields that were changed with it
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict: Mapped[TaskVerdict | None] = mapped_column(stored_as_value(TaskVerdict))
    verdict_note: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sheet: Mapped[TaskSheet] = relationship(back_populates="rows")
    document: Mapped[Document] = relationship()
    answered_by: Mapped[Officer | None] = relationship(foreign_keys=[answered_by_id])
    judged_by: Mapped[Officer | None] = relationship(foreign_keys=[judged_by_id])
