"""What happened to an application, in order (办理过程, F-30). Append-only; the state is what they add up to."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.officers import Officer
from database import UtcDateTime, db


class CaseEvent(db.Model):
    """An event of an application or its case."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # receive, accept, refuse, opinion, decide
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    text: Mapped[str] = mapped_column(Text, default="")

    officer: Mapped[Officer | None] = relationship()
