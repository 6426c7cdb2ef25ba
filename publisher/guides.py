"""Reading the guide of a service item with all its sub-records."""

from collections.abc import Sequence
from typing import Any

from content import rules
from content.models import ItemCategory, OperationStage, ServiceEdition
from county.calendar import county_day
from procedure.flow import FlowStep, read_flow
from publisher.bodies import readable
from publisher.categories import CATEGORIES
from publisher.editions import file_facts, minute_of
from publisher.facts import (
    BasisFacts,
    DiscretionFacts,
    ExcludedStep,
    FormFacts,
    MaterialFacts,
    OrganFacts,
    ServiceFacts,
    StepFacts,
)


def guide_facts(edition: ServiceEdition, organ: OrganFacts) -> ServiceFacts:
    """The guide of an item as pages show it.

    Raises: FlowError when its flow leads nowhere.
    """
    document = edition.document
    day = county_day(edition.published_at) if edition.published_at else None
    files = {file.id: file_facts(file) for file in edition.attachments}
    in_forms = {form.attachment_id for form in edition.service_forms}
    return ServiceFacts(
        id=document.id,
        code=document.number or "",
        title=edition.title,
        summary=edition.summary,
        body_html=readable(edition.body_html),
        organ=organ,
        sorted_on=document.sorted_on,
        published_minute=minute_of(edition, day),
        updated_on=day,
        category=CATEGORIES[edition.item_category] if edition.item_category else None,
        content=edition.item_content,
        handling_subject=edition.handling_subject,
        subject_nature=edition.subject_nature.value if edition.subject_nature else "",
        entrusting_unit=edition.entrusting_unit,
        department=edition.handling_department,
        conditions=_lines(edition.acceptance_conditions),
        is_charged=edition.is_charged,
        fee=edition.fee_basis_and_standard,
        legal_limit=edition.legal_limit,
        promised_limit=edition.promised_limit,
        excluded_steps=tuple(_excluded(row) for row in edition.excluded_steps or ()),
        place=edition.handling_place,
        office_hours=edition.office_hours,
        phone=edition.contact_phone,
        supervision_phone=edition.supervision_phone,
        handling_type=edition.handling_type.value if edition.handling_type else "",
        online_url=edition.online_handling_url,
        flow=_flow(read_flow(edition.flow or ())),
        discretion=_discretion(edition.discretion),
        may_be_applied_for=rules.may_be_applied_for(edition),
        is_penalty=edition.item_category is ItemCategory.PENALTY,
        is_trial=edition.operation_stage is OperationStage.TRIAL,
        audience=tuple(map(str, edition.audience or ())),
        life_events=tuple(map(str, edition.life_events or ())),
        result_name=edition.result_name,
        result_delivery=edition.result_delivery,
        bases=tuple(
            BasisFacts(basis.citation, basis.clause, basis.wording, _rank(basis)) for basis in edition.legal_basis
        ),
        materials=tuple(
            MaterialFacts(
                material.name, material.format, material.carrier, material.submission_method,
                material.is_required, material.copies, material.note,
            )
            for material in edition.materials
        ),
        forms=tuple(
            FormFacts(
                form.form_no, form.form_name, form.brief_note, form.form_description, form.filling_notes,
                files.get(form.attachment_id) if form.attachment_id else None,
            )
            for form in edition.service_forms
        ),
        faq=tuple((each.question, each.answer) for each in edition.faq),
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


def _rank(basis: Any) -> str:
    return basis.law.rank.value if basis.law and basis.law.rank else ""


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
