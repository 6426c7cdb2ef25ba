"""Questions of the public with the organ's answer (咨询答复), published in the interaction column."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.document import Document
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class QuestionState(enum.Enum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Question(db.Model):
    """A question and its answer (C-16, D-08b); it may belong to a service item."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    foreign_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    state: Mapped[QuestionState] = mapped_column(stored_as_value(QuestionState), default=QuestionState.DRAFT)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organ: Mapped[Organ] = relationship()
    document: Mapped[Document | None] = relationship()
