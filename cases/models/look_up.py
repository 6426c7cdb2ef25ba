"""Look-ups made, counted so that nobody can guess their way in."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from database import UtcDateTime, db


class LookUpAttempt(db.Model):
    """One look-up (查询尝试): which number and which address were used, as keyed hashes. Written on hit and miss alike."""

    __tablename__ = "look_up_attempt"
    __table_args__ = (
        Index("look_up_by_subject", "subject_hash", "at"),
        Index("look_up_by_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    was_hit: Mapped[bool] = mapped_column(default=False)
