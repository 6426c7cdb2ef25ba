"""Reading the guide of a service item with all its sub-records."""

from collections.abc import Mapping, Sequence
from typing import Any

from content.models import OperationStage
from procedure.flow import FlowStep, read_flow
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


def guide_facts(
    head: ServiceHead, row: Any, parts: Mapping[str, Sequence[Any]], attachments: Sequence[Any]
) -> ServiceFacts:
    """The guide of an item as pages show it, from the row of its edition, its sub-records and its files.

    Raises: FlowError when its flow leads nowhere.
    """
    files = {file.id: file_facts(file) for file in attachments}
    in_forms = {form.attachment_id for form in parts["service_forms"]}
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
        flow=_flow(read_flow(row.flow or ())),
        discretion=_discretion(row.discretion),
        is_trial=row.operation_stage is OperationStage.TRIAL,
        result_name=row.result_name,
        result_delivery=row.result_delivery,
        bases=tuple(
            BasisFacts(basis.citation, basis.clause, basis.wording, basis.rank.value if basis.rank else "")
            for basis in parts["legal_basis"]
        ),
        materials=tuple(
            MaterialFacts(
                material.name, material.format, material.carrier, material.submission_method,
                material.is_required, material.copies, material.note,
            )
            for material in parts["materials"]
        ),
        forms=tuple(
            FormFacts(
                form.form_no, form.form_name, form.brief_note, form.form_description, form.filling_notes,
                files.get(form.attachment_id) if form.attachment_id else None,
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
            step.post,
            step.limit or (f"{step.limit_days:g}个工作日" if step.limit_days else ""),
            step.duty,
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
    return DiscretionFacts(*(_texts(stored.get(key)) for key in ("scope", "kinds", "degrees")))


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
