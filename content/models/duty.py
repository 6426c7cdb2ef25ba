"""What must be published, by whom, by when (政府信息公开事项目录)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.channel import Channel
from content.models.document import Document, DocumentKind
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class Duty(db.Model):
    """An entry of the catalogue of what an organ must publish (A-19): 发布主体、职责、内容、时限."""

    __tablename__ = "duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)  # 发布主体
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))  # where it is published
    foreign_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(
        stored_as_value(DocumentKind), default=DocumentKind.DISCLOSURE
    )  # of the documents that fulfil it
    list_name: Mapped[str] = mapped_column(
        String(100), default="", index=True
    )  # 来源目录: 基本目录, 基层政务公开标准目录 …; empty: the county's own
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))  # said by hand to fulfil it
    topic: Mapped[str] = mapped_column(String(200), default="")  # 一级事项
    title: Mapped[str] = mapped_column(String(300))  # 二级事项
    duty: Mapped[str] = mapped_column(Text, default="")  # 职责
    content: Mapped[str] = mapped_column(Text, default="")  # 内容
    basis: Mapped[str] = mapped_column(Text, default="")  # 公开依据
    time_limit: Mapped[str] = mapped_column(String(200), default="")  # 时限
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organ: Mapped[Organ] = relationship()
    channel: Mapped[Channel | None] = relationship()
    document: Mapped[Document | None] = relationship()

    def __str__(self) -> str:
        return self.title
