"""Reading the guide of a service item with all its sub-records."""

from collections.abc import Mapping, Sequence
from typing import Any

from content.models import OperationStage
from procedure.drawing import drawn
from procedure.flow import FlowStep, limit_of, read_flow
from publisher.bodies import readable
from publisher.facts import (
    BasisFacts,
    DiscretionFacts,
    ExcludedStep,
    FormFacts,
    MaterialFacts,
    ServiceFacts,
    ServiceHead,
    StepFacts,
)
from publisher.reading import file_facts

STEP_KINDS = {"start": "开始", "condition": "判断", "end": "结束"}


def guide_facts(
    head: ServiceHead, row: Any, parts: Mapping[str, Sequence[Any]], attachments: Sequence[Any]
) -> ServiceFacts:
    """The guide of an item as pages show it, from the row of its edition, its sub-records and its files.

    Raises: FlowError when its flow leads nowhere.
    """
    files = {file.id: file_facts(file) for file in attachments}
    in_forms = {
        key for form in parts["service_forms"] for key in (form.attachment_id, form.sample_attachment_id)
    }
    flow = read_flow(row.flow or ())
    return ServiceFacts(
        **vars(head),
        body_html=readable(row.body_html),
        handling_subject=row.handling_subject,
        subject_nature=row.subject_nature.value if row.subject_nature else "",
        entrusting_unit=row.entrusting_unit,
        conditions=_lines(row.acceptance_conditions),
        is_charged=row.is_charged,
        fee=row.fee_basis_and_standard,
        legal_limit=row.legal_limit,
        promised_limit=row.promised_limit,
        excluded_steps=tuple(_excluded(step) for step in row.excluded_steps or ()),
        place=row.handling_place,
        office_hours=row.office_hours,
        handling_type=row.handling_type.value if row.handling_type else "",
        online_url=row.online_handling_url,
        flow=_flow(flow),
        chart=drawn(flow, f"{head.title}办理流程图"),
        discretion=_discretion(row.discretion),
        is_trial=row.operation_stage is OperationStage.TRIAL,
        visit_count=row.visit_count,
        result_name=row.result_name,
        result_delivery=row.result_delivery,
        bases=tuple(
            BasisFacts(basis.citation, basis.clause, basis.wording, basis.rank.value if basis.rank else "")
            for basis in parts["legal_basis"]
        ),
        materials=tuple(
            MaterialFacts(
                material.name, material.format, material.carrier, material.submission_method,
                material.storage_requirement, material.is_required, material.copies, material.note,
            )
            for material in parts["materials"]
        ),
        forms=tuple(
            FormFacts(
                form.form_no, form.form_name, form.brief_note, form.form_description, form.filling_notes,
                files.get(form.attachment_id), files.get(form.sample_attachment_id),
            )
            for form in parts["service_forms"]
        ),
        faq=tuple((each.question, each.answer) for each in parts["faq"]),
        files=tuple(file for key, file in files.items() if key not in in_forms),
    )  # fmt: skip


def _flow(steps: Sequence[FlowStep]) -> tuple[StepFacts, ...]:
    """The flow as a list: where one step has one successor that is the next, nothing need be said of it."""
    numbers = {step.key: number for number, step in enumerate(steps, 1)}
    names = {step.key: step.name for step in steps}
    return tuple(
        StepFacts(
            step.name,
            STEP_KINDS.get(step.kind, ""),
            f"{step.post}（{step.person}）" if step.post and step.person else step.post or step.person,
            limit_of(step),
            step.duty,
            step.authority,
            tuple((arrow.label, numbers[arrow.to], names[arrow.to]) for arrow in step.next)
            if [numbers[arrow.to] for arrow in step.next] not in ([], [number + 1])
            else (),
        )
        for number, step in enumerate(steps, 1)
    )


def _excluded(row: Any) -> ExcludedStep:
    """A step that does not count in the time limit (F-09); imports may bring a bare name."""
    if not isinstance(row, dict):
        return ExcludedStep(str(row), "", "")
    days = row.get("days")
    return ExcludedStep(
        str(row.get("name") or ""), str(row.get("explanation") or ""), "" if days is None else str(days)
    )


def _discretion(stored: dict[str, Any] | None) -> DiscretionFacts | None:
    if not stored:
        return None
    return DiscretionFacts(
        _texts(stored.get("scope")), _texts(stored.get("kinds")), _degrees(stored.get("degrees"))
    )


def _degrees(value: Any) -> tuple[tuple[str, str], ...]:
    """Degrees as rows of a table; a line of text has its circumstance before the first colon."""
    rows: list[tuple[str, str]] = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            first, *rest = [str(each) for each in part.values() if each] or [""]
            rows.append((first, "；".join(rest)) if rest else ("", first))
        else:
            rows += [_divided(line) for line in _texts(part)]
    return tuple(row for row in rows if any(row))


def _divided(line: str) -> tuple[str, str]:
    head, colon, rest = line.partition("：")
    return (head.strip(), rest.strip()) if colon and rest.strip() and len(head) <= 60 else ("", line)


def _texts(value: Any) -> tuple[str, ...]:
    """A text, a list of texts or a list of records as lines."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return ("：".join(str(part) for part in value.values() if part),)
    if isinstance(value, list):
        return tuple(line for part in value for line in _texts(part))
    return _lines(str(value))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
