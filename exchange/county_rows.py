"""Rows of the county itself: regions, organs, the working-day calendar, and the channels of its site."""

import re
from collections.abc import Callable
from typing import Any

from content import queries
from content.models import Channel, ChannelKind
from county import ledger
from county.calendar import CalendarDay
from county.organs import Organ, OrganKind, organ_by_code_or_name
from county.privacy import check_credit_code
from county.regions import Region, RegionLevel, level_of_code, region_by_code
from database import db
from exchange.errors import ParentMissingError, RowInTheWayError, UnreadableValueError
from exchange.fields import CALENDAR, CHANNELS, ORGANS, REGIONS, Fields, translate
from exchange.report import Outcome
from exchange.run import Run
from exchange.sources import Row
from exchange.values import Reader, check_lengths

LEVELS = {
    "省": RegionLevel.PROVINCE,
    "自治区": RegionLevel.PROVINCE,
    "市": RegionLevel.CITY,
    "州": RegionLevel.CITY,
    "县": RegionLevel.COUNTY,
    "区": RegionLevel.COUNTY,
    "乡": RegionLevel.TOWNSHIP,
    "镇": RegionLevel.TOWNSHIP,
    "乡镇": RegionLevel.TOWNSHIP,
    "街道": RegionLevel.TOWNSHIP,
    "村": RegionLevel.VILLAGE,
    "社区": RegionLevel.VILLAGE,
}
ORGAN_KINDS = {
    "政府": OrganKind.GOVERNMENT,
    "人民政府": OrganKind.GOVERNMENT,
    "部门": OrganKind.DEPARTMENT,
    "工作部门": OrganKind.DEPARTMENT,
    "事业单位": OrganKind.INSTITUTION,
    "乡镇": OrganKind.TOWNSHIP,
    "乡镇政府": OrganKind.TOWNSHIP,
    "科室": OrganKind.SECTION,
    "窗口": OrganKind.WINDOW,
}
CHANNEL_KINDS = {
    "政府信息公开": ChannelKind.DISCLOSURE,
    "信息公开": ChannelKind.DISCLOSURE,
    "政务服务": ChannelKind.SERVICE,
    "政民互动": ChannelKind.INTERACTION,
    "互动交流": ChannelKind.INTERACTION,
}


def enter_region(row: Row, run: Run) -> Outcome:
    """Take in one region.

    Raises: RefusedError naming the field; ParentMissingError when its parent may still come.
    """
    reader = _reader(row, REGIONS, run)
    code = reader.line("code")
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise reader.refuse("code", "应为6位、9位或12位数字。")
    values: dict[str, Any] = {name: reader.line(name) for name in ("name",) if name in reader}
    values["level"] = reader.member("level", RegionLevel, LEVELS) or level_of_code(code)
    if "parent" in reader:
        values["parent"] = _parent(reader, region_by_code, _region_by_name)
    return _save(Region, region_by_code(code), code, values, REGIONS, run)


def enter_organ(row: Row, run: Run) -> Outcome:
    """Take in one organ. Its code is its key; an `id` stands in for a code that is not given.

    Raises: RefusedError naming the field; ParentMissingError when its parent may still come.
    """
    reader = _reader(row, ORGANS, run)
    texts = (
        "name",
        "short_name",
        "uscc",
        "letters",
        "subject_code",
        "address",
        "phone",
        "supervision_phone",
        "office_hours",
    )
    values: dict[str, Any] = {name: reader.line(name) for name in texts if name in reader}
    if "uscc" in reader:  # numbers are made of it
        values["uscc"] = check_credit_code(values["uscc"], field="uscc")
    if "kind" in reader:
        values["kind"] = reader.member("kind", OrganKind, ORGAN_KINDS)
    if "region" in reader:
        values["region"] = region_by_code(reader.line("region")) or _region_by_name(reader.line("region"))
        if values["region"] is None:
            raise reader.refuse("region", "不是已有的行政区划，请先导入行政区划。")
    if "parent" in reader:
        values["parent"] = _parent(reader, organ_by_code_or_name)
    code = reader.line("code") or reader.line("id")
    organ = organ_by_code_or_name(code or reader.line("name"))
    if not code and organ is None:
        raise UnreadableValueError("code", "没有机构代码，也没有同名的机构；请补充机构代码。")
    if organ is not None and code and organ.code != code:
        organ = None  # `code` happens to be another organ's name
    return _save(Organ, organ, code or (organ.code if organ else ""), values, ORGANS, run)


def enter_channel(row: Row, run: Run) -> Outcome:
    """Take in one channel. Its code is part of addresses and never changes.

    Raises: RefusedError naming the field; ParentMissingError when its parent may still come.
    """
    reader = _reader(row, CHANNELS, run)
    code = reader.line("code") or reader.line("id")
    if not re.fullmatch(r"[a-z0-9-]{1,60}", code):
        raise UnreadableValueError(
            "code", f"栏目代码“{code[:60]}”只能使用小写字母、数字和连字符，最长60个字符。"
        )
    values: dict[str, Any] = {"name": reader.line("name")} if "name" in reader else {}
    if "description" in reader:
        values["description"] = reader.text("description")
    values |= {
        name: reader.whole_number(name)
        for name in ("update_within_days", "update_within_months", "confirm_within_months", "position")
        if name in reader
    }
    if "parent" in reader:
        values["parent"] = _parent(reader, queries.channel_by_code, _channel_by_name)
    if "kind" in reader:
        values["kind"] = reader.member("kind", ChannelKind, CHANNEL_KINDS)
    channel = queries.channel_by_code(code)
    if channel is None:
        above: Channel | None = values.get("parent")
        if "kind" not in values and above is None:
            raise UnreadableValueError("kind", "没有写明栏目类型，请填：政府信息公开、政务服务、政民互动。")
        values.setdefault("kind", above.kind if above else None)
        values.setdefault("position", _places_below(above))
        values["site_id"] = run.site_id
    return _save(Channel, channel, code, values, CHANNELS, run)


def enter_day(row: Row, run: Run) -> Outcome:
    """Take in one day of the calendar.

    Raises: RefusedError naming the field.
    """
    reader = _reader(row, CALENDAR, run)
    day, is_working = reader.day("date"), reader.yes_or_no("is_working")
    if day is None:
        raise UnreadableValueError("date", "没有日期。")
    if is_working is None:
        raise UnreadableValueError("is_working", "没有写明是否上班。")
    values: dict[str, Any] = {"is_working": is_working}
    values |= {name: reader.line(name) for name in ("name", "source") if name in reader}
    check_lengths(values, CalendarDay, CALENDAR)
    run.claim("calendar_day", day.toordinal())
    known = db.session.get(CalendarDay, day)
    if known is None:
        db.session.add(CalendarDay(day=day, **values))
        db.session.flush()
        return Outcome("added")
    return Outcome("changed" if _set(known, values) else "unchanged")


def _reader(row: Row, fields: Fields, run: Run) -> Reader:
    known, _, unknown = translate(row.values, fields)
    run.unknown |= unknown.keys()
    return Reader(known, fields)


def _parent(reader: Reader, *finders: Callable[[str], Any]) -> Any:
    text = reader.line("parent")
    found = next((found for find in finders if (found := find(text)) is not None), None)
    if found is None:
        raise ParentMissingError(text)
    return found


def _region_by_name(name: str) -> Region | None:
    named = db.session.scalars(db.select(Region).where(Region.name == name).limit(2)).all()
    return named[0] if len(named) == 1 else None


def _channel_by_name(name: str) -> Channel | None:
    named = [channel for channel in queries.channels() if channel.name == name]
    return named[0] if len(named) == 1 else None


def _places_below(above: Channel | None) -> int:
    above_id = above.id if above else None
    return sum(channel.parent_id == above_id for channel in queries.channels())


def _save(
    model: type[Any], known: Any, code: str, values: dict[str, Any], fields: Fields, run: Run
) -> Outcome:
    check_lengths({"code": code, **values}, model, fields)
    if known is None:
        if not values.get("name"):
            raise UnreadableValueError("name", "没有名称。")
        known = model(code=code, **values)
        db.session.add(known)
        ledger.record("create", known, by=run.options.by, at=run.options.at, organ_id=_organ_id(known))
        db.session.flush()
        run.claim(model.__tablename__, known.id)
        return Outcome("added")
    run.claim(model.__tablename__, known.id)
    _check_no_circle(known, values.get("parent"))
    changed = _set(known, values)
    if not changed:
        return Outcome("unchanged")
    details = {"fields": changed}
    ledger.record(
        "save", known, by=run.options.by, at=run.options.at, organ_id=_organ_id(known), details=details
    )
    return Outcome("changed")


def _set(record: Any, values: dict[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, values[name])
    db.session.flush()
    return changed


def _check_no_circle(record: Any, above: Any) -> None:
    while above is not None:
        if above is record:
            raise RowInTheWayError("上级不能是自己或自己的下级。", "parent")
        above = above.parent


def _organ_id(record: Any) -> int | None:
    return record.id if isinstance(record, Organ) else None
