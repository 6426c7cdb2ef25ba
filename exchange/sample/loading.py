"""Loading the sample county into an empty installation, all of it or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cases.operations import Receipt
from content import founding
from content.models import CodingRule
from county import ledger, sign_in
from county.calendar import COUNTY_ZONE, load_calendar
from county.errors import RefusedError
from county.keys import Keyring
from county.officers import ADMINISTRATORS, Officer, Right, Role
from county.organs import Organ, organ_by_code_or_name
from county.regions import Region, Site, region_by_code
from database import db
from exchange import questions
from exchange.importing import import_rows, start
from exchange.run import PUBLISHED, ImportOptions, Run
from exchange.sample.cases import SampleApplication
from exchange.sample.dates import day_of, with_days
from exchange.sample.desk import Desk
from exchange.sample.documents import plan_disclosures, plan_services, readable
from exchange.sample.timeline import Timeline
from exchange.sources import Row, read_rows

CODE = "990123"
SITE = {
    "name": "青崖县人民政府",
    "domain": "www.qingya.example",
    "identity_code": "9901230001",
    "organiser": "青崖县人民政府办公室",
    "undertaker": "青崖县行政审批局（政务服务管理局）",
    "contact_phone": "0990-4622998",
    "contact_address": "青崖县城关镇政务路1号",
    "icp_number": "示例ICP备99012300号",
    "police_number": "示例公网安备99012300000001号",
}
FOUNDED_DAYS_BEFORE = 1500  # before the oldest of its documents
COUNTY_WIDE = {*ADMINISTRATORS, Role.SUPERVISOR, Role.PUBLISHER}
OFFICE = f"{CODE}-FB"  # 县政府办公室: its editors and reviewers serve organs that have none
HALL = f"{CODE}-XS"  # 行政审批局: its clerks serve every window


@dataclass
class Loaded:
    """What the sample county holds now; the receipts are the only place of its query codes."""

    counts: dict[str, int] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)


def load_sample(folder: Path, *, anchor: date, now: datetime, keyring: Keyring, uploads: Path) -> Loaded:
    """Load the sample county: its dates hang on `anchor`, nothing happens after `now`.

    Raises: RefusedError when anything is stored already, or a file of the sample cannot be read.
    """
    if not is_empty():
        raise RefusedError("数据库中已有数据，样例县只能载入空的数据库；没有改动任何内容。")
    began = datetime.combine(anchor - timedelta(days=FOUNDED_DAYS_BEFORE), time(9), COUNTY_ZONE)
    options = ImportOptions(at=began, state=PUBLISHED, uploads=uploads)
    loaded = Loaded()
    for kind in ("regions", "organs", "calendar"):
        loaded.counts[kind] = _import(kind, folder, options)
    _found_site(began)
    loaded.counts["channels"] = _import("channels", folder, options)
    loaded.counts["duties"] = _import("duties", folder, options)
    loaded.counts["officers"] = _appoint(folder / "officers.jsonl", began)
    run, desk, timeline = start("disclosures", options), Desk(), Timeline(now)
    plan_disclosures(read_rows(folder / "disclosures"), anchor, run, desk, timeline)
    plan_services(read_rows(folder / "services"), anchor, run, desk, timeline)
    _plan_questions(folder, anchor, run, desk, timeline)
    applications = _plan_applications(folder, anchor, keyring, desk, timeline)
    timeline.run()
    loaded.receipts = [one.receipt for one in applications if one.receipt]
    return loaded


def is_empty() -> bool:
    """Whether nothing is stored yet."""
    return not any(
        db.session.scalar(db.select(model.id).limit(1)) is not None
        for model in (Region, Organ, Site, Officer)
    )


def _import(kind: str, folder: Path, options: ImportOptions) -> int:
    report = import_rows(kind, read_rows(folder / f"{kind}.jsonl"), options, after_batch=db.session.flush)
    for refused in report.refused:
        raise RefusedError(f"{refused['file']} 第{refused['line']}行：{refused['reason']}", refused["field"])
    return report.rows


def _found_site(at: datetime) -> None:
    region = region_by_code(CODE)
    if region is None:
        raise RefusedError(f"regions.jsonl 中没有 {CODE}。", "code")
    site = Site(region=region, is_sample=True, **SITE)
    db.session.add(site)
    db.session.flush()
    for name, kind, pattern, is_active in founding.CODING_RULES:
        db.session.add(
            CodingRule(site_id=site.id, kind=kind, name=name, pattern=pattern, is_active=is_active)
        )
    ledger.record("found", site, by=None, at=at)


def _appoint(file: Path, at: datetime) -> int:
    """The officers, without passwords: they come in by one-time links."""
    rows = list(_json_rows(file))
    for row in rows:
        home = organ_by_code_or_name(row["organ"])
        if home is None:
            raise RefusedError(f"{file.name}：找不到机构“{row['organ']}”。", "organ")
        officer = sign_in.create_officer(
            row["login"], row["name"], home, staff_no=row.get("staff_no", ""), by=None, at=at
        )
        for role in map(Role, row["roles"]):
            sign_in.grant_role(officer, role, None if _is_county_wide(role, home) else home, by=None, at=at)
    db.session.flush()
    return len(rows)


def _is_county_wide(role: Role, home: Organ) -> bool:
    return role in COUNTY_WIDE or home.code == OFFICE or (home.code == HALL and role is Role.CLERK)


def _plan_questions(folder: Path, anchor: date, run: Run, desk: Desk, timeline: Timeline) -> None:
    for place, row in enumerate(readable(read_rows(folder / "questions.jsonl"))):
        answered_on = day_of(row.values["answered_on"], anchor)
        values = {**with_days(row.values, answered_on), "answered_on": answered_on}
        timeline.plan(answered_on, 16, place, _answering(replace(row, values=values), run, desk))


def _answering(row: Row, run: Run, desk: Desk) -> Any:
    def answer(at: datetime) -> None:
        organ = run.names.organ(row.values["organ"])
        run.options = replace(run.options, at=at, by=desk.officer(Right.EDIT, organ.id).id)
        run.begin(row.file, row.line)
        questions.enter(row, run)

    return answer


def _plan_applications(
    folder: Path, anchor: date, keyring: Keyring, desk: Desk, timeline: Timeline
) -> list[SampleApplication]:
    calendar = load_calendar()
    applications = [
        SampleApplication(row, anchor, keyring=keyring, calendar=calendar, desk=desk)
        for row in _json_rows(folder / "applications.jsonl")
    ]
    for place, application in enumerate(applications):
        application.plan(place, timeline)
    return applications


def _json_rows(file: Path) -> Iterator[dict[str, Any]]:
    for row in readable(read_rows(file)):
        yield row.values
