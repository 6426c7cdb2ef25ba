"""What a search of a file found, kept by what the file holds: the same bytes are looked into once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database import UtcDateTime, db


class FileSearch(db.Model):
    """The findings in one file (附件检查). No number stands here, only its masked form and a mark to compare it by."""

    __tablename__ = "file_search"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    suffix: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int]  # of the search; see extraction.VERSION
    searched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refusal: Mapped[str] = mapped_column(Text)  # why it cannot be looked into, or empty
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    more: Mapped[int]  # findings beyond those
    unread: Mapped[list[str]] = mapped_column(
        JSON
    )  # places that hold no text to be searched, such as scanned pages
