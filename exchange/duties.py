"""Rows of what must be published, by whom, by when (政府信息公开事项目录)."""

from typing import Any

from content import operations, queries
from content.models import DocumentKind, Duty
from county import ledger
from county.organs import Organ
from database import db
from exchange.disclosures import further_metadata, key_of
from exchange.errors import RowInTheWayError
from exchange.fields import DUTIES, translate
from exchange.naming import path_of
from exchange.report import Outcome
from exchange.run import Run
from exchange.sources import Row
from exchange.values import Reader, check_lengths

KIND = "duty"
KINDS = {"政府信息": DocumentKind.DISCLOSURE, "政务服务事项": DocumentKind.SERVICE}
REQUIRED = ("duty", "content", "time_limit")  # beside who and what


def enter(row: Row, run: Run) -> Outcome:
    """Take in one entry; what the catalogue should say and the row does not is a gap.

    Raises: RefusedError naming the field.
    """
    known, keys, unknown = translate(row.values, DUTIES)
    reader = Reader(known, DUTIES, keys)
    organ = run.names.organ(reader.line("organ"))
    values = _values(reader, organ, run)
    foreign_id = key_of(reader, "id", 200)
    duty = _find(foreign_id, organ, values, run)
    further = {**(duty.extra if duty else {}), **further_metadata(reader, unknown, run)}
    if further:
        values["extra"] = further
    check_lengths(values, Duty, DUTIES)
    return _save(duty, foreign_id, values, run)


def foreign_id_of(duty: Duty, site_code: str) -> str:
    """The `id` under which an entry is exported."""
    return duty.foreign_id or f"{site_code}:d{duty.id}"


def _values(reader: Reader, organ: Organ, run: Run) -> dict[str, Any]:
    values: dict[str, Any] = {"organ": organ, "title": reader.line("title")}
    values |= {name: reader.line(name) for name in ("topic", "time_limit", "list_name") if name in reader}
    values |= {name: reader.text(name) for name in ("duty", "content", "basis") if name in reader}
    if "position" in reader:
        values["position"] = reader.whole_number("position")
    if "kind" in reader:
        values["kind"] = reader.member("kind", DocumentKind, KINDS) or DocumentKind.DISCLOSURE
    if "channel" in reader:
        values["channel"] = run.names.channel(path_of(reader.line("channel")))
    return values


def _find(foreign_id: str | None, organ: Organ, values: dict[str, Any], run: Run) -> Duty | None:
    if not foreign_id:
        return queries.duty_by_title(organ.id, values.get("topic", ""), values["title"])
    found = queries.duty_by_foreign_id(foreign_id)
    head, _, own = foreign_id.partition(":d")
    if found or head != run.site_code or not own.isdigit() or len(own) > 9:
        return found
    duty = db.session.get(Duty, int(own))
    return duty if duty and not duty.foreign_id else None


def _save(duty: Duty | None, foreign_id: str | None, values: dict[str, Any], run: Run) -> Outcome:
    options = run.options
    if duty is None:
        values |= {"site_id": run.site_id, "foreign_id": foreign_id}
        duty = operations.save_duty(None, values, by=options.by, at=options.at)
        run.claim(KIND, duty.id)
        return _outcome("added", duty)
    run.claim(KIND, duty.id)
    if all(getattr(duty, name) == value for name, value in values.items()):
        return _outcome("unchanged", duty)
    if ledger.touched_by_officer(duty):
        raise RowInTheWayError("该公开事项已由工作人员修改，导入的内容与之不同，未予覆盖。", "id")
    operations.save_duty(duty, values, by=options.by, at=options.at)
    return _outcome("changed", duty)


def _outcome(change: str, duty: Duty) -> Outcome:
    return Outcome(change, "published", tuple(name for name in REQUIRED if not getattr(duty, name)))
