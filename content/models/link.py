"""Relations between disclosures (信息之间的关联): what an edition says its document is to another one."""

import enum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from database import db, stored_as_value


class LinkKind(enum.Enum):
    """What the document is to the other."""

    INTERPRETS = "interprets"  # 政策解读
    OUTCOME_OF = "outcome_of"  # 征集结果反馈
    REPLACES = "replaces"  # 废止、替代


class DocumentLink(db.Model):
    """One relation, part of an edition. `target_id` is open while the document that `target_key` names is not there."""

    __tablename__ = "document_link"
    __table_args__ = (Index("link_to_come", "target_id", "target_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[LinkKind] = mapped_column(stored_as_value(LinkKind))
    target_key: Mapped[str] = mapped_column(String(200), default="")  # id or index number, as it was given
    target_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    @property
    def target(self) -> int | str:
        """The id of the other document, or the key of one that is still to come."""
        return self.target_id if self.target_id is not None else self.target_key
