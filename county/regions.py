"""Regions (行政区域), from province to village, and the sites some of them have."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import UtcDateTime, db, stored_as_value


class RegionLevel(enum.Enum):
    """Levels of administration (行政层级); the order is from high to low."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Region(db.Model):
    """An administrative region (行政区域) with its division code (行政区划代码)."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[RegionLevel] = mapped_column(stored_as_value(RegionLevel))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)

    parent: Mapped["Region | None"] = relationship(remote_side=[id])

    def __str__(self) -> str:
        return self.name


class Site(db.Model):
    """A public site (网站) of a region. An installation publishes one for now.

    The seven items of the foot (standards §1.2) and the page tags (SiteName, SiteDomain, SiteIDCode) come from here.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    domain: Mapped[str] = mapped_column(String(100), default="")
    identity_code: Mapped[str] = mapped_column(String(20), default="")  # 网站标识码
    organiser: Mapped[str] = mapped_column(String(100), default="")  # 主办单位
    undertaker: Mapped[str] = mapped_column(String(100), default="")  # 承办单位
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_address: Mapped[str] = mapped_column(String(200), default="")
    icp_number: Mapped[str] = mapped_column(String(60), default="")
    police_number: Mapped[str] = mapped_column(String(60), default="")  # 公安机关备案
    foot_note: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    disclosure_order: Mapped[str] = mapped_column(
        String(300), default=""
    )  # blocks of 政府信息公开专栏, by commas

    # How it looks. county.colours and county.emblems say what may stand here.
    colour: Mapped[str] = mapped_column(String(7), default="")  # main colour; empty: that of the style sheet
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary)
    emblem_suffix: Mapped[str] = mapped_column(String(4), default="")

    # The emergency notice that stands now (county.alerts); empty: none.
    alert_text: Mapped[str] = mapped_column(String(120), default="")
    alert_link: Mapped[str] = mapped_column(String(300), default="")
    alert_level: Mapped[str] = mapped_column(String(10), default="")
    alert_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    region: Mapped[Region] = relationship()

    def __str__(self) -> str:
        return self.name


def region_by_code(code: str) -> Region | None:
    """The region with this division code, or None."""
    return db.session.scalar(db.select(Region).where(Region.code == code))


def the_site() -> Site | None:
    """The site this installation publishes, or None before `flask county init`."""
    return db.session.scalar(db.select(Site).order_by(Site.id).limit(1))


def level_of_code(code: str) -> RegionLevel:
    """The level a division code tells by its length and its zeros (GB/T 2260, GB/T 10114)."""
    if len(code) > 6:
        return RegionLevel.TOWNSHIP if len(code) == 9 else RegionLevel.VILLAGE
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.CITY if code.endswith("00") else RegionLevel.COUNTY
