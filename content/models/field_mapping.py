"""How the columns of somebody else's file become our fields. Data: an administrator makes it, no code knows the file."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from database import UtcDateTime, db


class FieldMapping(db.Model):
    """A mapping of columns (字段对照) for files of one origin."""

    __tablename__ = "field_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # of rows, as the import knows them
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # source, field, prefix, values, sample
    constants: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # our field: what every row says
    dates: Mapped[str] = mapped_column(String(3), default="")  # order of day, month and year; empty: ours
    keeps_others: Mapped[bool] = mapped_column(default=False)  # columns without a field, as further metadata
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def __str__(self) -> str:
        return self.name
