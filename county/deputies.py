"""Deputies (代理人): who decides in the place of a reviewer who is away, from which day until which."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from county import ledger
from county.calendar import county_day
from county.errors import RefusedError
from county.officers import REVIEWING, Officer
from database import UtcDateTime, db

LONGEST = timedelta(days=366)  # who is away for longer is replaced, not stood in for


class Deputyship(db.Model):
    """A deputy named for an officer (代理): reviews in his place on these days, the last one included."""

    __tablename__ = "deputyship"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    named_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # taken back before its last day

    officer: Mapped[Officer] = relationship(foreign_keys=[officer_id])
    deputy: Mapped[Officer] = relationship(foreign_keys=[deputy_id])


def name_deputy(
    officer: Officer, deputy: Officer, *, from_on: date, until_on: date, note: str = "", by: int, at: datetime
) -> Deputyship:
    """Name who reviews in an officer's place (指定代理人). A deputy passes nothing on: he has no deputy for this.

    Raises: RefusedError for a period or a person that cannot be, naming the field.
    """
    _check_people(officer, deputy, by)
    _check_days(officer, from_on, until_on, county_day(at))
    row = Deputyship(
        officer=officer, deputy=deputy, from_on=from_on, until_on=until_on, note=note.strip()[:200],
        named_by_id=by, named_at=at,
    )  # fmt: skip
    db.session.add(row)
    days = {"deputy": deputy.id, "from": from_on.isoformat(), "until": until_on.isoformat()}
    ledger.record("name_deputy", officer, by=by, at=at, details=days)
    db.session.flush()
    return row


def end_deputyship(row: Deputyship, *, by: int, at: datetime) -> None:
    """Take a deputy's authority back before its last day (终止代理)."""
    if row.ended_at is not None or row.until_on < county_day(at):
        raise RefusedError("这项代理已经终止。")
    row.ended_at = at
    ledger.record("end_deputy", row.officer, by=by, at=at, details={"deputy": row.deputy_id})
    db.session.flush()


def deputyships(officer: Officer, today: date) -> Sequence[Deputyship]:
    """Those of an officer that run or are to come, as the one who is away and as the one who stands in."""
    mine = db.or_(Deputyship.officer_id == officer.id, Deputyship.deputy_id == officer.id)
    query = db.select(Deputyship).where(mine, Deputyship.ended_at.is_(None), Deputyship.until_on >= today)
    return db.session.scalars(query.order_by(Deputyship.from_on, Deputyship.id)).all()


def every_deputyship(today: date) -> Sequence[Deputyship]:
    """All that run or are to come."""
    query = db.select(Deputyship).where(Deputyship.ended_at.is_(None), Deputyship.until_on >= today)
    return db.session.scalars(query.order_by(Deputyship.from_on, Deputyship.id)).all()


def stood_in_for(deputy: Officer, today: date) -> list[Officer]:
    """The officers in whose place this one may decide today."""
    rows = db.session.scalars(
        db.select(Deputyship)
        .join(Officer, Officer.id == Deputyship.officer_id)
        .where(
            Deputyship.deputy_id == deputy.id,
            Deputyship.ended_at.is_(None),
            Deputyship.from_on <= today,
            Deputyship.until_on >= today,
            Officer.is_active,
        )
        .order_by(Deputyship.id)
    )
    return list(dict.fromkeys(row.officer for row in rows))


def stands_in(officer: Officer) -> bool:
    """Whether the officer was named as somebody's deputy, whatever the days, and that was not taken back."""
    named = db.select(Deputyship.id).where(Deputyship.deputy_id == officer.id, Deputyship.ended_at.is_(None))
    return db.session.scalar(named.limit(1)) is not None


def _check_people(officer: Officer, deputy: Officer, by: int) -> None:
    if deputy.id == officer.id:
        raise RefusedError("代理人不能是本人，请选择另一位工作人员。", "deputy")
    if deputy.id == by:
        raise RefusedError("不能指定自己代理他人，请由本人或另一位安全管理员指定。", "deputy")
    if not (deputy.is_active and officer.is_active):
        raise RefusedError("停用的账号不能设代理或担任代理人。", "deputy")
    if not any(grant.role in REVIEWING for grant in officer.grants):
        raise RefusedError("该工作人员没有审核角色，不需要代理人。", "officer")


def _check_days(officer: Officer, from_on: date, until_on: date, today: date) -> None:
    if until_on < from_on:
        raise RefusedError("代理的结束日期早于开始日期，请检查。", "until_on")
    if until_on < today:
        raise RefusedError("代理的结束日期已经过去，请改为今天或以后。", "until_on")
    if until_on - from_on > LONGEST:
        raise RefusedError("代理期限最长一年；更长的请调整角色。", "until_on")
    for other in deputyships(officer, today):
        if other.officer_id == officer.id and other.from_on <= until_on and other.until_on >= from_on:
            raise RefusedError(
                f"{other.from_on} 至 {other.until_on} 已指定{other.deputy.name}代理，日期不能重叠；请先终止。",
                "from_on",
            )
