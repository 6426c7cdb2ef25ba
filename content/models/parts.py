"""Sub-records of a service item's edition (requirements §15.2–15.3). Copied with the edition, never shared."""

import enum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.attachment import Attachment
from database import db, stored_as_value


class LawRank(enum.Enum):
    """Rank of a legal basis, from high to low (B-28: 从高到低依次列举)."""

    CONSTITUTION = "宪法"
    LAW = "法律"
    ADMINISTRATIVE_REGULATION = "行政法规"
    LOCAL_REGULATION = "地方性法规"
    MINISTRY_RULE = "部门规章"
    LOCAL_GOVERNMENT_RULE = "地方政府规章"
    NORMATIVE_DOCUMENT = "规范性文件"
    OTHER = "其他"


class Law(db.Model):
    """A law, regulation or document that items cite (行使依据库, F-14)."""

    __tablename__ = "law"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300), unique=True)  # without 《》
    document_no: Mapped[str] = mapped_column(String(100), default="")
    rank: Mapped[LawRank | None] = mapped_column(stored_as_value(LawRank))

    def __str__(self) -> str:
        return f"《{self.title}》"


class LegalBasis(db.Model):
    """A basis of an item (行使依据): which law, which clause, and the wording as it stood (C-04, B-28)."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    law_id: Mapped[int | None] = mapped_column(ForeignKey("law.id"))
    citation: Mapped[str] = mapped_column(String(500))  # as published: 《…法》第…条
    clause: Mapped[str] = mapped_column(String(200), default="")
    wording: Mapped[str] = mapped_column(Text, default="")

    law: Mapped[Law | None] = relationship()


class Material(db.Model):
    """A piece of application material (申请材料, F-10, F-11)."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(300))
    format: Mapped[str] = mapped_column(String(100), default="")  # 格式
    carrier: Mapped[str] = mapped_column(String(100), default="")  # 载体
    submission_method: Mapped[str] = mapped_column(String(100), default="")  # 报送方式
    storage_requirement: Mapped[str] = mapped_column(String(200), default="")  # 存储要求
    is_required: Mapped[bool | None]  # None: not said
    copies: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")


class ServiceForm(db.Model):
    """A form to download (服务表格, C-15, D-07b; requirements §15.3)."""

    __tablename__ = "service_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    form_no: Mapped[str] = mapped_column(String(60), default="")
    form_name: Mapped[str] = mapped_column(String(200))
    brief_note: Mapped[str] = mapped_column(String(300), default="")
    form_description: Mapped[str] = mapped_column(Text, default="")
    filling_notes: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="SET NULL"))
    sample_attachment_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id", ondelete="SET NULL")
    )  # 示范文本, the form filled in

    attachment: Mapped[Attachment | None] = relationship(foreign_keys=[attachment_id])
    sample_attachment: Mapped[Attachment | None] = relationship(foreign_keys=[sample_attachment_id])


class ItemQuestion(db.Model):
    """A frequent question of an item, with its answer (常见问题解答, C-16)."""

    __tablename__ = "item_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
