"""Review chains (审核流程): which steps a text takes before it may be published, by kind and channel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.channel import Channel
from content.models.document import DocumentKind
from content.models.review_step import StepKind
from county.officers import Role
from county.organs import Organ
from database import UtcDateTime, db, stored_as_value

NO_CHANNEL = text("channel_id IS NULL")


class ReviewChain(db.Model):
    """The chain of a kind of document, or of one channel and those below it. It is copied when a text is submitted."""

    __tablename__ = "review_chain"
    __table_args__ = (
        UniqueConstraint("kind", "channel_id"),
        Index(
            "one_chain_of_a_kind", "kind", unique=True, sqlite_where=NO_CHANNEL, postgresql_where=NO_CHANNEL
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(stored_as_value(DocumentKind))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))  # None: all without their own
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    channel: Mapped[Channel | None] = relationship()
    steps: Mapped[list["ChainStep"]] = relationship(
        order_by="ChainStep.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return " → ".join(step.name for step in self.steps)


class ChainStep(db.Model):
    """One step of a chain: what it is called, and which role of which organ decides."""

    __tablename__ = "chain_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("review_chain.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[StepKind] = mapped_column(stored_as_value(StepKind), default=StepKind.DECISION)
    role: Mapped[Role] = mapped_column(stored_as_value(Role), default=Role.REVIEWER)
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))  # None: the document's own organ

    organ: Mapped[Organ | None] = relationship()
