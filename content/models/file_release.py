"""Personal data in a file that may be public all the same: who asked, on what ground, and who agreed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.officers import Officer
from database import UtcDateTime, db


class FileRelease(db.Model):
    """The release (附件放行) of exactly these bytes in one document; in force once a second person has granted it."""

    __tablename__ = "file_release"
    __table_args__ = (UniqueConstraint("document_id", "sha256", "suffix"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    suffix: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(40))  # of the list in content.rules
    note: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    granted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asked_by: Mapped[Officer] = relationship(foreign_keys=[asked_by_id])
    granted_by: Mapped[Officer | None] = relationship(foreign_keys=[granted_by_id])
