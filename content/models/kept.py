"""What is being written and is not saved yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.officers import Officer
from database import UtcDateTime, db


class KeptText(db.Model):
    """What an officer has open in a form: who is there, what was typed there and not saved (自动保存), what it began from."""

    __tablename__ = "kept_text"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(
        String(60), primary_key=True
    )  # the form: of an edition, or of a new one
    fields: Mapped[list[Any] | None] = mapped_column(
        JSON
    )  # pairs of name and text, as the form was; None: nothing typed
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    base: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict
    )  # the edition as it was when the form was opened
    base_version: Mapped[int] = mapped_column(default=0)

    officer: Mapped[Officer] = relationship()
