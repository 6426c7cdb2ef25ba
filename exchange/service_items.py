"""Rows of service items (政务服务事项). What a row does not say is a gap, never a guess."""

import re
from typing import Any

from content import rules
from content.models import (
    DocumentKind,
    Edition,
    HandlingType,
    ItemCategory,
    LimitUnit,
    OperationStage,
    ServiceEdition,
    SubjectNature,
)
from exchange import attachments, documents, service_parts
from exchange.disclosures import further_metadata, key_of
from exchange.errors import UnreadableValueError
from exchange.fields import EXCLUDED_STEPS, FLOW, SERVICE_ITEMS, label_of, translate
from exchange.report import Outcome
from exchange.run import Run
from exchange.sources import Row
from exchange.values import Reader, check_lengths, clean
from procedure.flow import FlowError, read_flow

TEXTS = ("summary", "body", "item_content", "acceptance_conditions", "fee_basis_and_standard")
LINES = (
    "handling_subject", "entrusting_unit", "handling_department", "legal_limit", "promised_limit",
    "handling_place", "office_hours", "contact_phone", "supervision_phone", "online_handling_url", "result_name",
    "result_delivery",
)  # fmt: skip
STORED = (  # what an edition holds under the name the row gives it
    *TEXTS, *LINES, "item_category", "subject_nature", "is_charged", "excluded_steps", "handling_type", "flow", "form",
    "discretion", "published_only", "audience", "life_events", "operation_stage", "visit_count",
    "results_published",
)  # fmt: skip
CATEGORIES = {
    "其他行政权力": ItemCategory.OTHER,
    "其他权力": ItemCategory.OTHER,
    "其他类": ItemCategory.OTHER,
    "许可": ItemCategory.LICENCE,
    "征收": ItemCategory.LEVY,
    "审批": ItemCategory.APPROVAL,
    "确认": ItemCategory.CONFIRMATION,
    "代理": ItemCategory.AGENCY,
    "给付": ItemCategory.BENEFIT,
    "奖励": ItemCategory.REWARD,
    "裁决": ItemCategory.ADJUDICATION,
    "检查": ItemCategory.INSPECTION,
    "强制": ItemCategory.COMPULSION,
    "处罚": ItemCategory.PENALTY,
    "便民": ItemCategory.CONVENIENCE,
}
NATURES = {
    "行政机关": SubjectNature.STATUTORY,
    "法律法规授权组织": SubjectNature.AUTHORISED,
    "受委托组织": SubjectNature.ENTRUSTED,
}
HANDLING_TYPES = {"即办": HandlingType.IMMEDIATE, "承诺": HandlingType.PROMISED}
FREE = {"不收费", "免费", "无", "否", "不收取费用", "不收取任何费用", "本事项不收费"}
ARROWS = re.compile(r"\s*(?:→|-+>|—+>)\s*")


def enter(row: Row, run: Run) -> Outcome:
    """Take in one service item.

    Raises: RefusedError naming the field.
    """
    return documents.enter(read(row, run), run)


def read(row: Row, run: Run) -> documents.Entry:
    """What the row says.

    Raises: UnreadableValueError naming the field that cannot be read.
    """
    known, keys, unknown = translate(row.values, SERVICE_ITEMS)
    reader = Reader(known, SERVICE_ITEMS, keys)
    doubts: list[str] = []
    values = _values(reader)
    values |= service_parts.read_parts(reader, unknown)
    values |= _structures(reader, unknown)
    _read_category(reader, keys, unknown, values, doubts)
    further = further_metadata(reader, unknown, run)
    if "source" in reader:
        further["source"] = reader.line("source")
    if further:
        values["extra"] = further
    check_lengths(values, ServiceEdition, SERVICE_ITEMS)
    check_lengths(values, Edition, SERVICE_ITEMS)
    named = next(
        (name for name in ("organ", "handling_subject", "handling_department") if name in reader), "organ"
    )
    return documents.Entry(
        kind=DocumentKind.SERVICE,
        organ=run.names.organ(reader.line(named), named),
        channel=None,
        foreign_id=key_of(reader, "id", 200),
        number=key_of(reader, "item_code", 100),
        values=values,
        source=reader.line("source") or row.file,
        files=attachments.files_beside(reader, row),
        form_files=attachments.form_files_beside(reader, row),
        old_addresses=documents.old_addresses_in(reader),
        doubts=doubts,
    )


def _values(reader: Reader) -> dict[str, Any]:
    values: dict[str, Any] = {name: reader.text(name) for name in TEXTS if name in reader}
    values |= {name: reader.line(name) for name in LINES if name in reader}
    values["title"] = reader.line("item_name")
    if "is_charged" in reader:
        values["is_charged"] = reader.yes_or_no("is_charged")
    elif reader.is_foreign("fee_basis_and_standard") and _is_free(values.get("fee_basis_and_standard", "")):
        values["is_charged"] = False
    if "published_only" in reader:
        values["published_only"] = reader.yes_or_no("published_only")
    if "subject_nature" in reader:
        values["subject_nature"] = reader.member("subject_nature", SubjectNature, NATURES)
    if "handling_type" in reader:
        values["handling_type"] = reader.member("handling_type", HandlingType, HANDLING_TYPES)
    if "operation_stage" in reader:
        values["operation_stage"] = reader.member("operation_stage", OperationStage)
    if "visit_count" in reader:
        values["visit_count"] = reader.whole_number("visit_count")
    if "results_published" in reader:
        values["results_published"] = reader.yes_or_no("results_published")
    if "expires_at" in reader:
        values["expires_at"] = reader.moment("expires_at")
    for name in ("audience", "life_events"):
        if name in reader:
            values[name] = _entries(reader, name)
    return values


def _entries(reader: Reader, name: str) -> list[str]:
    """The entries of a list; a text of others separates them by commas as well."""
    entries = reader.names(name)
    if isinstance(reader.known[name], str) and not reader.known[name].lstrip().startswith("["):
        entries = [part.strip() for entry in entries for part in re.split(r"[、，,]", entry)]
    return [entry for entry in entries if entry]


def _is_free(text: str) -> bool:
    return re.sub(r"[\s。]", "", text) in FREE


def _read_category(
    reader: Reader, keys: dict[str, str], unknown: dict[str, Any], values: dict[str, Any], doubts: list[str]
) -> None:
    """A category of another list is kept as it stands: the item waits for somebody who knows."""
    try:
        values["item_category"] = reader.member("item_category", ItemCategory, CATEGORIES)
    except UnreadableValueError:
        unknown[keys["item_category"]] = reader.line("item_category")
        doubts.append("item_category")
    if values.get("item_category") is None:
        values.pop("item_category", None)


def _structures(reader: Reader, unknown: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "flow" in reader:
        values["flow"] = _flow(reader, unknown)
    if "excluded_steps" in reader:
        values["excluded_steps"] = [
            _given({"name": step.line("name"), "explanation": step.text("explanation"), "days": _days(step)})
            for step in reader.records("excluded_steps", EXCLUDED_STEPS, "name", unknown)
        ]
    for name in ("form", "discretion"):
        if name in reader:
            values[name] = _cleaned(reader.structure(name, dict), name)
    return values


def _flow(reader: Reader, unknown: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a flow; 「受理→审查→办结」 is one, too.

    Raises: UnreadableValueError when it leads nowhere.
    """
    text = reader.known["flow"]
    if isinstance(text, str) and ARROWS.search(text) and not text.lstrip().startswith("["):
        reader = Reader({"flow": ARROWS.split(text.strip())}, SERVICE_ITEMS)
    rows = [_step(step) for step in reader.records("flow", FLOW, "name", unknown)]
    try:
        read_flow(rows)
    except (FlowError, TypeError) as error:
        message = str(error) if isinstance(error, FlowError) else "办理流程的结构无法识别。"
        raise UnreadableValueError("flow", message) from None
    return rows


def _step(step: Reader) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: step.line(name)
        for name in ("key", "kind", "name", "post", "person", "duty", "authority", "limit")
    }
    row["limit_days"] = _limit_days(step, row["limit"])
    following = step.known.get("next")
    row["next"] = _cleaned([following] if isinstance(following, str) else following, "flow")
    return _given(row)


def _limit_days(step: Reader, limit: str) -> Any:
    """The working days of a step: as given, or as its time limit says."""
    given = step.known.get("limit_days")
    if isinstance(given, str) and re.fullmatch(r"\d{1,4}", given.strip()):
        return int(given)
    read = rules.read_limit(limit) if given is None and limit and step.is_foreign("limit") else None
    return read.value if read and read.unit is LimitUnit.WORKING_DAY else given


def _days(step: Reader) -> int | str | None:
    """Days where they are a number, else the words."""
    text = step.line("days")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text or None


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _cleaned(value: Any, field: str) -> Any:
    if isinstance(value, str):
        return clean(value, field, label_of(field, SERVICE_ITEMS))
    if isinstance(value, list):
        return [_cleaned(part, field) for part in value]
    if isinstance(value, dict):
        return {str(key): _cleaned(part, field) for key, part in value.items()}
    if value is None or isinstance(value, int | float | bool):
        return value
    raise UnreadableValueError(field, f"{label_of(field, SERVICE_ITEMS)}中有无法识别的内容。")
