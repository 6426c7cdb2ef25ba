"""How index numbers and item codes are made (编码规则), and the serials given so far."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content.models.document import DocumentKind
from database import db, stored_as_value


class CodingRule(db.Model):
    """The pattern by which numbers of one kind are made (B-15, B-16). Changing it touches no number already given."""

    __tablename__ = "coding_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[DocumentKind] = mapped_column(stored_as_value(DocumentKind))
    name: Mapped[str] = mapped_column(String(100))
    pattern: Mapped[str] = mapped_column(
        String(300)
    )  # see content.coding; empty: a reference, never in force
    shapes: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict
    )  # what its codes match, by what they are of
    reference: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the rule in its publisher's words
    is_active: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


class NumberSeries(db.Model):
    """The last serial given under one front part of a number."""

    __tablename__ = "number_series"

    front: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
