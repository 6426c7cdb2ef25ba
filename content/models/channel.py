"""Channels (栏目): the tree in which disclosures stand."""

import enum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.organs import Organ
from database import db, stored_as_value


class ChannelKind(enum.Enum):
    DISCLOSURE = "disclosure"  # 政府信息公开
    SERVICE = "service"  # 政务服务
    INTERACTION = "interaction"  # 政民互动


class Channel(db.Model):
    """A channel (栏目) of the site; it may have channels below it (D-03b)."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    code: Mapped[str] = mapped_column(String(60), unique=True)  # [a-z0-9-], part of addresses, never changes
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[ChannelKind] = mapped_column(stored_as_value(ChannelKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(Text, default="")
    update_within_days: Mapped[int | None]  # calendar days after which the channel counts as stale
    update_within_months: Mapped[int | None]  # the same in months, where no days are given
    confirm_within_months: Mapped[int | None]  # how often each text of the channel is to be confirmed
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))  # 责任单位: who keeps it fresh
    is_active: Mapped[bool] = mapped_column(default=True)
    created_by_import: Mapped[bool] = mapped_column(default=False)

    parent: Mapped["Channel | None"] = relationship(remote_side=[id])
    organ: Mapped[Organ | None] = relationship()

    def __str__(self) -> str:
        return self.name
