"""Documents, and the editions that hold their text."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.attachment import Attachment
from content.models.channel import Channel
from content.models.file_release import FileRelease
from content.models.review_step import ReviewStep
from county.officers import Officer
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value


class DocumentKind(enum.Enum):
    DISCLOSURE = "disclosure"  # 政府信息公开事项
    SERVICE = "service"  # 政务服务事项


class EditionState(enum.Enum):
    """Where an edition stands in its way to the reader (稿件状态). Legal validity is another matter: see Validity."""

    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 已退回
    APPROVED = "approved"  # 待发布
    PUBLISHED = "published"  # 已发布
    SUPERSEDED = "superseded"  # 已被新版替代
    WITHDRAWN = "withdrawn"  # 已撤回
    DISCARDED = "discarded"  # 已作废


PUBLISHED = text("state = 'published'")
NOT_ON_TIME = text("schedule_fault IS NOT NULL")
IS_LIVE = text("live_on IS NOT NULL")
OPEN = text("state IN ('draft', 'submitted', 'returned', 'approved')")


class Document(db.Model):
    """A disclosure item or a service item: what stays when its text changes.

    Identity, organ, channel and number are here; the text is in its editions.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        UniqueConstraint("kind", "foreign_id"),
        Index("document_by_channel", "channel_id", "sorted_on"),
        Index("document_by_organ", "organ_id", "sorted_on"),
        Index("document_by_day", "kind", "sorted_on"),
        # What an organ has, how complete and how fresh it is, is counted from this index alone.
        Index(
            "document_standing",
            "organ_id",
            "kind",
            "channel_id",
            "live_on",
            "score",
            "confirmed_on",
            "was_late",
        ),
        Index("document_names", "title", "number", "organ_id"),
        Index("document_live_in_channel", "channel_id", "live_on"),
        Index("document_by_score", "score", "organ_id", sqlite_where=IS_LIVE, postgresql_where=IS_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(stored_as_value(DocumentKind))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"))
    channel_id: Mapped[int | None] = mapped_column(
        ForeignKey("channel.id")
    )  # a service item stands by its category
    number: Mapped[str | None] = mapped_column(String(100))  # 索引号 or 事项编码; frozen once given
    issued_as: Mapped[str | None] = mapped_column(
        String(200)
    )  # 发布时的机构名称, where it is another one by now
    foreign_id: Mapped[str | None] = mapped_column(String(200))  # `id` of the row it was imported from
    sorted_on: Mapped[date | None]  # its place in lists: the day it first went public
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(40))
    withdrawal_note: Mapped[str | None] = mapped_column(Text)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"), index=True
    )  # withdrawn because it was merged (并入) into this one, to which its address leads
    title: Mapped[str] = mapped_column(
        String(300), default=""
    )  # of its newest edition that was not given up, as people look for it
    score: Mapped[int | None]  # 完整度, 0 to 100: of the live edition, else of the open one
    gaps: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys of its check list that it lacks (缺项)
    live_on: Mapped[date | None]  # the day of what the public reads now; None: nothing is public
    was_late: Mapped[bool | None]  # whether it went public more than 20 working days after it was made
    confirmed_on: Mapped[date | None]  # 最近确认: when somebody last said that it is still right
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organ: Mapped[Organ] = relationship()
    channel: Mapped[Channel | None] = relationship()
    confirmed_by: Mapped[Officer | None] = relationship()
    merged_into: Mapped["Document | None"] = relationship(remote_side=[id], viewonly=True)
    old_addresses: Mapped[list["OldAddress"]] = relationship(
        order_by="OldAddress.address", cascade="all, delete-orphan"
    )
    file_releases: Mapped[list[FileRelease]] = relationship(
        order_by=FileRelease.id, cascade="all, delete-orphan"
    )
    editions: Mapped[list["Edition"]] = relationship(back_populates="document", order_by="Edition.edition_no")

    def __str__(self) -> str:
        return self.number or f"未编号（{self.id}）"


class Edition(db.Model):
    """One version of a document's text and parts (稿件). Immutable once submitted; a change is a new edition."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("document_id", "edition_no"),
        # Two officers may publish, or begin a revision, at the same moment; the database lets one of them win.
        Index(
            "one_live_edition", "document_id", unique=True, sqlite_where=PUBLISHED, postgresql_where=PUBLISHED
        ),
        Index("one_open_edition", "document_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR reviewer_id IS NOT NULL OR taken_over_from IS NOT NULL",
            name="reviewed_before_live",
        ),
        Index("edition_by_state", "state", "kind"),
        # What waits at desks is counted without reading texts.
        Index("edition_waiting", "state", "updated_at", "publish_at", "document_id"),
        Index("edition_not_on_time", "id", sqlite_where=NOT_ON_TIME, postgresql_where=NOT_ON_TIME),
        # Lists of the back office: their rows, counts and searches are read from these alone.
        Index("edition_listed", "kind", "is_listed", "updated_at", "id", "document_id", "state", "title"),
        Index("edition_titled", "kind", "is_listed", "title", "id"),
        # Asked every second: with the state in front, so that the many live editions are not looked through.
        Index("edition_due", "state", "publish_at"),
        Index("edition_expiring", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(stored_as_value(DocumentKind))
    edition_no: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(
        default=1
    )  # counts the saves of this edition; a stale form is refused by it
    state: Mapped[EditionState] = mapped_column(stored_as_value(EditionState), default=EditionState.DRAFT)
    is_listed: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # it is the row of its document in lists: the newest, unless that was given up and an older one stands
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown, as written
    body_html: Mapped[str] = mapped_column(Text, default="")  # rendered and cleaned when saved
    extra: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # further metadata, and unknown import keys
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    submitter_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_note: Mapped[str] = mapped_column(Text, default="")
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publish_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # when the approved edition goes live by itself (定时发布)
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))  # who answers for it
    schedule_fault: Mapped[str | None] = mapped_column(Text)  # why it did not go live when its time had come
    expires_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # when the document is taken back by itself (到期撤下); content, as the text is
    approved_plan: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # seal of the page that was approved: digests of its text, files and visibility, and when it was made
    recheck_reason: Mapped[str | None] = mapped_column(Text)  # why an approval is asked for again
    forced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # published past its review (强制发布)
    force_ground: Mapped[str | None] = mapped_column(String(40))  # of the list in content.rules
    force_note: Mapped[str | None] = mapped_column(Text)
    taken_over_from: Mapped[str | None] = mapped_column(
        String(500)
    )  # it was public elsewhere before we took it over
    taken_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(back_populates="editions")
    author: Mapped[Officer | None] = relationship(foreign_keys=[author_id])
    submitter: Mapped[Officer | None] = relationship(foreign_keys=[submitter_id])
    reviewer: Mapped[Officer | None] = relationship(foreign_keys=[reviewer_id])
    publisher: Mapped[Officer | None] = relationship(foreign_keys=[publisher_id])
    scheduled_by: Mapped[Officer | None] = relationship(foreign_keys=[scheduled_by_id])
    attachments: Mapped[list[Attachment]] = relationship(
        order_by=Attachment.position, cascade="all, delete-orphan", passive_deletes=True
    )
    review_steps: Mapped[list[ReviewStep]] = relationship(
        order_by=(ReviewStep.round, ReviewStep.position), cascade="all, delete-orphan", passive_deletes=True
    )  # of every round; content.reviews says which is the last

    __mapper_args__ = {"polymorphic_on": kind}

    def __str__(self) -> str:
        return self.title


class OldAddress(db.Model):
    """An address of the site before this one (原网址), taken over at import; it leads to the document."""

    __tablename__ = "old_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(
        String(500), unique=True
    )  # path and query, from the root of the site
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)

    def __str__(self) -> str:
        return self.address
