"""Organs that change (机构调整): renamed, merged, and what of their people goes along."""

from datetime import date, datetime

from county import ledger
from county.errors import RefusedError
from county.officers import Officer, RoleGrant
from county.organs import FormerName, Organ, organ_and_below
from database import db


def rename(
    organ: Organ, name: str, short_name: str, *, on: date, document_no: str = "", by: int, at: datetime
) -> None:
    """Give an organ a new name from this day on; the old one is kept with its last day.

    Raises: RefusedError when it is no new name, or another organ in use has it.
    """
    if not name or name == organ.name:
        raise RefusedError("请填写新的机构名称。", "name")
    taken = db.select(Organ.id).where(Organ.name == name, Organ.is_active, Organ.id != organ.id)
    if db.session.scalar(taken):
        raise RefusedError(f"已有名为“{name}”的机构；如果是合并，请用“并入”。", "name")
    former = FormerName(organ_id=organ.id, name=organ.name, short_name=organ.short_name, until_on=on)
    db.session.add(former)
    organ.former_names.append(former)
    details = {"from_name": organ.name, "name": name, "day": on.isoformat(), "document_no": document_no}
    organ.name, organ.short_name = name, short_name
    ledger.record("rename_organ", organ, by=by, at=at, organ_id=organ.id, details=details)


def check_target(organ: Organ, target: Organ | None) -> Organ:
    """The organ that is to take over.

    Raises: RefusedError unless it is another one, in use, and not below this one.
    """
    if target is None or not target.is_active:
        raise RefusedError("请填写一个在用机构的全称或代码。", "target")
    if target.id in organ_and_below(organ.id):
        raise RefusedError("不能移交给它自己或它的下级机构。", "target")
    return target


def close_into(organ: Organ, target: Organ, *, on: date) -> dict[str, int]:
    """Close an organ that was merged: its sections and its people belong to the other from now on.

    Roles stay what they were: who gives rights says who does what in the new organ.
    """
    organ.is_active, organ.successor_id, organ.closed_on = False, target.id, on
    sections = db.session.execute(
        db.update(Organ).where(Organ.parent_id == organ.id).values(parent_id=target.id)
    )
    return {"sections": sections.rowcount, "officers": move_officers(organ, target, None)}  # type: ignore[attr-defined]


def move_officers(organ: Organ, target: Organ, ids: set[int] | None) -> int:
    """Let officers of an organ (all, or these) belong to another."""
    moving = db.update(Officer).where(Officer.organ_id == organ.id)
    if ids is not None:
        moving = moving.where(Officer.id.in_(ids))
    return db.session.execute(moving.values(organ_id=target.id)).rowcount  # type: ignore[attr-defined]


def officers_of(organ: Organ) -> list[Officer]:
    """Who belongs to an organ and may sign in."""
    query = db.select(Officer).where(Officer.organ_id == organ.id, Officer.is_active)
    return list(db.session.scalars(query.order_by(Officer.name)))


def holders_in(organ: Organ) -> list[str]:
    """Names of those who hold a role for just this organ: they need one for the other."""
    query = (
        db.select(Officer.name)
        .join(RoleGrant, RoleGrant.officer_id == Officer.id)
        .where(RoleGrant.organ_id == organ.id, Officer.is_active)
    )
    return sorted(set(db.session.scalars(query)))


def sections_of(organ: Organ) -> int:
    """How many sections and windows stand right below an organ."""
    return db.session.scalar(db.select(db.func.count(Organ.id)).where(Organ.parent_id == organ.id)) or 0
