"""The text and metadata of a disclosure item (requirements §15.1, standards §5.2)."""

import enum
from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from content.models.document import DocumentKind, Edition
from database import stored_as_value


class DisclosureMode(enum.Enum):
    """公开方式."""

    PROACTIVE = "主动公开"
    ON_REQUEST = "依申请公开"


class Validity(enum.Enum):
    """Legal validity (有效性) of a document, which has nothing to do with the state of its edition."""

    IN_FORCE = "有效"
    EXPIRED = "失效"
    REPEALED = "废止"


class DisclosureEdition(Edition):
    """An edition of a disclosure item (政府信息公开事项稿件)."""

    __tablename__ = "disclosure_edition"

    id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    published_on: Mapped[date | None]  # 发布日期; the day of publishing where the editor names none
    produced_on: Mapped[date | None]  # 生成日期、成文日期
    document_no: Mapped[str] = mapped_column(String(100), default="")  # 发文字号
    mode: Mapped[DisclosureMode] = mapped_column(
        stored_as_value(DisclosureMode), default=DisclosureMode.PROACTIVE
    )
    effective_on: Mapped[date | None]
    validity: Mapped[Validity] = mapped_column(stored_as_value(Validity), default=Validity.IN_FORCE)
    subject: Mapped[str] = mapped_column(String(100), default="")  # 主题分类
    genre: Mapped[str] = mapped_column(String(60), default="")  # 体裁
    keywords: Mapped[str] = mapped_column(String(300), default="")  # separated by spaces
    content_source: Mapped[str] = mapped_column(String(200), default="")  # 信息来源; empty: the organ
    catalog_publisher: Mapped[str] = mapped_column(String(200), default="")  # 发布主体
    catalog_duty: Mapped[str] = mapped_column(Text, default="")  # 职责
    catalog_content: Mapped[str] = mapped_column(Text, default="")  # 内容
    catalog_time_limit: Mapped[str] = mapped_column(String(200), default="")  # 时限

    __mapper_args__ = {"polymorphic_identity": DocumentKind.DISCLOSURE}
