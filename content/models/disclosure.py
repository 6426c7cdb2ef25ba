"""The text and metadata of a disclosure item (requirements §15.1, standards §5.2)."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.document import DocumentKind, Edition
from content.models.link import DocumentLink, LinkKind
from database import UtcDateTime, stored_as_value


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
    __table_args__ = (Index("opinions_closing", "opinions_closed_at", "opinions_until"),)

    id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    published_on: Mapped[date | None]  # 发布日期; the day of publishing where the editor names none
    produced_on: Mapped[date | None]  # 生成日期、成文日期
    document_no: Mapped[str] = mapped_column(String(100), default="")  # 发文字号
    mode: Mapped[DisclosureMode] = mapped_column(
        stored_as_value(DisclosureMode), default=DisclosureMode.PROACTIVE
    )
    effective_on: Mapped[date | None]
    validity: Mapped[Validity] = mapped_column(stored_as_value(Validity), default=Validity.IN_FORCE)
    opinions_until: Mapped[date | None]  # 意见征集截止日期: the last day on which opinions are taken
    opinions_closed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # set by the clock after that day
    subject: Mapped[str] = mapped_column(String(100), default="")  # 主题分类
    genre: Mapped[str] = mapped_column(String(60), default="")  # 体裁
    keywords: Mapped[str] = mapped_column(String(300), default="")  # separated by spaces
    content_source: Mapped[str] = mapped_column(String(200), default="")  # 信息来源; empty: the organ
    catalog_publisher: Mapped[str] = mapped_column(String(200), default="")  # 发布主体
    catalog_duty: Mapped[str] = mapped_column(Text, default="")  # 职责
    catalog_content: Mapped[str] = mapped_column(Text, default="")  # 内容
    catalog_time_limit: Mapped[str] = mapped_column(String(200), default="")  # 时限

    links: Mapped[list[DocumentLink]] = relationship(
        order_by=DocumentLink.position, cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"polymorphic_identity": DocumentKind.DISCLOSURE}

    @property
    def interprets(self) -> list[int | str]:
        return self.targets(LinkKind.INTERPRETS)

    @property
    def outcome_of(self) -> list[int | str]:
        return self.targets(LinkKind.OUTCOME_OF)

    @property
    def replaces(self) -> list[int | str]:
        return self.targets(LinkKind.REPLACES)

    def targets(self, kind: LinkKind) -> list[int | str]:
        """The documents to which it has this relation, in order."""
        return [link.target for link in self.links if link.kind is kind]
