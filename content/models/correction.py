"""Slips of the pen in live texts (笔误): what somebody proposes to correct, until a second person has confirmed it."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.document import Edition
from county.officers import Officer
from database import UtcDateTime, db, stored_as_value


class CorrectionState(enum.Enum):
    ASKED = "asked"  # 等待确认
    CONFIRMED = "confirmed"  # 已更正
    DECLINED = "declined"  # 未采纳


ASKED = text("state = 'asked'")


class Correction(db.Model):
    """A correction of a live edition (笔误更正): the fields with their corrected text, and what differs."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("one_correction_waits", "edition_id", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
        Index("correction_by_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    result_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))  # the edition it became
    state: Mapped[CorrectionState] = mapped_column(stored_as_value(CorrectionState))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # field, before, gone, new, after
    reason: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])
    result: Mapped[Edition | None] = relationship(foreign_keys=[result_id])
    asked_by: Mapped[Officer] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    decided_by: Mapped[Officer | None] = relationship(foreign_keys=[decided_by_id])
