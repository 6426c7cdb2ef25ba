"""Organs (行政机关): governments, departments, townships, their sections (科室) and windows (窗口)."""

import enum
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county.regions import Region
from database import db, stored_as_value


class OrganKind(enum.Enum):
    GOVERNMENT = "government"
    DEPARTMENT = "department"
    INSTITUTION = "institution"
    TOWNSHIP = "township"
    SECTION = "section"
    WINDOW = "window"


class Organ(db.Model):
    """An organ (机关、单位). Sections and windows are organs below the one they belong to."""

    __tablename__ = "organ"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    short_name: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[OrganKind] = mapped_column(stored_as_value(OrganKind), default=OrganKind.DEPARTMENT)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    uscc: Mapped[str | None] = mapped_column(String(18))  # 统一社会信用代码
    letters: Mapped[str | None] = mapped_column(String(2))  # 部门业务代码, two letters of an item code
    subject_code: Mapped[str | None] = mapped_column(
        String(3)
    )  # 行政主体代码, three characters of an item code
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    supervision_phone: Mapped[str] = mapped_column(String(60), default="")
    office_hours: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))  # into which it was merged
    closed_on: Mapped[date | None]  # the day of that
    created_by_import: Mapped[bool] = mapped_column(
        default=False
    )  # made by --create-missing: to be completed

    parent: Mapped["Organ | None"] = relationship(remote_side=[id], foreign_keys=[parent_id])
    former_names: Mapped[list["FormerName"]] = relationship(order_by="FormerName.until_on, FormerName.id")
    region: Mapped[Region | None] = relationship()

    def __str__(self) -> str:
        return self.name


class FormerName(db.Model):
    """A name an organ had (曾用名), and until when."""

    __tablename__ = "former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(100), default="")
    until_on: Mapped[date]  # its last day


def organ_by_code_or_name(text: str) -> Organ | None:
    """The organ whose code is `text`, else the only one of that full or short name; None if none or several."""
    organ = db.session.scalar(db.select(Organ).where(Organ.code == text))
    if organ:
        return organ
    named = db.session.scalars(
        db.select(Organ).where(db.or_(Organ.name == text, Organ.short_name == text)).limit(2)
    ).all()
    return named[0] if len(named) == 1 else None


def organ_and_below(organ_id: int) -> set[int]:
    """Ids of an organ and of everything under it."""
    below = db.select(Organ.id).where(Organ.id == organ_id).cte("below", recursive=True)
    below = below.union(db.select(Organ.id).join(below, Organ.parent_id == below.c.id))
    return set(db.session.scalars(db.select(below.c.id)))


def organ_matches(words: str) -> ColumnElement[bool]:
    """Organs in whose name, short name or code every one of these words stands; exactly so named alone, where one is."""
    exact = db.select(Organ.id).where(db.or_(Organ.name == words, Organ.code == words))
    columns = (Organ.name, Organ.short_name, Organ.code)
    found = (
        db.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()
    )
    return db.or_(Organ.id.in_(exact), ~db.exists(exact) & db.and_(db.true(), *found))


def organs_found(
    words: str, *, longest: int, within: Collection[int] | None = None, in_use: bool = False
) -> Sequence[Organ]:
    """The first of the organs with these words, by code; `within` are the ids that may be found, None stands for all."""
    query = db.select(Organ).where(organ_matches(words)) if words.strip() else db.select(Organ)
    if within is not None:
        query = query.where(Organ.id.in_(within))
    if in_use:
        query = query.where(Organ.is_active)
    return db.session.scalars(query.order_by(Organ.code).limit(longest)).all()


def led_to(organ_id: int, successors: Mapping[int, int]) -> int:
    """The organ that does in the end what this one did, over however many mergers."""
    seen: set[int] = set()
    while organ_id in successors and organ_id not in seen:
        seen.add(organ_id)
        organ_id = successors[organ_id]
    return organ_id


def successors() -> dict[int, int]:
    """Of each organ that was merged, the one it was merged into."""
    merged = db.select(Organ.id, Organ.successor_id).where(Organ.successor_id.is_not(None))
    return {row.id: row.successor_id for row in db.session.execute(merged)}


def former_names() -> list[FormerName]:
    """Every name an organ had, the oldest first."""
    return list(db.session.scalars(db.select(FormerName).order_by(FormerName.until_on, FormerName.id)))


def organs_in_use() -> list[Organ]:
    """Every active organ, in the order in which they were entered."""
    return list(db.session.scalars(db.select(Organ).where(Organ.is_active).order_by(Organ.id)))


def every_organ() -> list[Organ]:
    """Every organ, closed ones included, in the order in which they were entered."""
    return list(db.session.scalars(db.select(Organ).order_by(Organ.id)))
