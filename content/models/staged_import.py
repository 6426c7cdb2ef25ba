"""What was brought in and waits for somebody to look at what it would change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.officers import Officer
from county.organs import Organ
from database import UtcDateTime, db


class StagedImport(db.Model):
    """An import (导入批次) that is read, shown and not written yet; applied at most once."""

    __tablename__ = "staged_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # forms, rows
    name: Mapped[str] = mapped_column(Text)  # of the files
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)  # for what is new
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    data: Mapped[Any] = mapped_column(JSON)  # what was read; emptied when it was applied
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    outcome: Mapped[Any] = mapped_column(JSON, default=None, nullable=True)

    organ: Mapped[Organ] = relationship()
    officer: Mapped[Officer] = relationship(foreign_keys=[officer_id])
    applied_by: Mapped[Officer | None] = relationship(foreign_keys=[applied_by_id])

    def __str__(self) -> str:
        return self.name[:60]
