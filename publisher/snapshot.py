"""Reading the database once: every later step works on what is read here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from content import queries, rules
from content.models import (
    Attachment,
    Channel,
    ChannelKind,
    DisclosureEdition,
    Document,
    Edition,
    ItemCategory,
    OperationStage,
    Question,
    ServiceEdition,
)
from county import ledger
from county.calendar import COUNTY_ZONE, county_day
from county.organs import Organ, OrganKind, organs_in_use
from county.regions import Site, the_site
from procedure.flow import FlowError, FlowStep, read_flow
from publisher.bodies import readable
from publisher.errors import PublishError
from publisher.facts import (
    CATEGORIES,
    BasisFacts,
    ChannelFacts,
    DisclosureFacts,
    DiscretionFacts,
    ExcludedStep,
    FileFacts,
    FormFacts,
    MaterialFacts,
    OrganFacts,
    QuestionFacts,
    ServiceFacts,
    SiteFacts,
    Snapshot,
    StepFacts,
    WithdrawnFacts,
)

SAFE_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
OUTSIDE_LISTS = (OrganKind.SECTION, OrganKind.WINDOW)


def read_snapshot() -> Snapshot:
    """Read everything the site shows. The watermark is read first, so that it never promises too much.

    Raises: PublishError before the installation has a site.
    """
    site = the_site()
    if site is None:
        raise PublishError("还没有站点，请先运行 flask county init 或 flask sample load。")
    watermark = ledger.last_act_id()
    organs: dict[int, OrganFacts] = {}
    channels, refused = _channels(queries.channels())
    known = {channel.code for channel in channels}
    disclosures = [_disclosure(edition, organs, known) for edition in queries.live_disclosures()]
    services: list[ServiceFacts] = []
    for edition in queries.live_services():
        try:
            services.append(_service(edition, organs))
        except FlowError as error:
            refused.append((f"/zwfw/{edition.document_id}/", str(error)))
    questions = [_question(question, organs) for question in queries.live_questions()]
    withdrawn = [_withdrawn(document, organs) for document in queries.withdrawn_documents()]
    listed = [_organ(organ, organs) for organ in organs_in_use() if organ.kind not in OUTSIDE_LISTS]
    return Snapshot(
        watermark=watermark,
        site=_site(site),
        organs=(*listed, *(organ for organ in organs.values() if organ not in listed)),
        channels=channels,
        disclosures=tuple(reversed(disclosures)),
        services=tuple(services),
        questions=tuple(reversed(questions)),
        withdrawn=tuple(withdrawn),
        refused=tuple(refused),
    )


def without(snapshot: Snapshot, documents: Iterable[int], questions: Iterable[int]) -> Snapshot:
    """The same county without these documents and questions, in lists too."""
    gone, unasked = frozenset(documents), frozenset(questions)
    return replace(
        snapshot,
        disclosures=tuple(each for each in snapshot.disclosures if each.id not in gone),
        services=tuple(each for each in snapshot.services if each.id not in gone),
        withdrawn=tuple(each for each in snapshot.withdrawn if each.id not in gone),
        questions=tuple(each for each in snapshot.questions if each.id not in unasked),
    )


def _site(site: Site) -> SiteFacts:
    return SiteFacts(
        name=site.name,
        region=site.region.name,
        domain=site.domain,
        identity_code=site.identity_code,
        organiser=site.organiser,
        undertaker=site.undertaker,
        contact_phone=site.contact_phone,
        contact_address=site.contact_address,
        icp_number=site.icp_number,
        police_number=site.police_number,
        is_sample=site.is_sample,
    )


def _organ(organ: Organ, organs: dict[int, OrganFacts]) -> OrganFacts:
    if organ.id not in organs:
        organs[organ.id] = OrganFacts(
            id=organ.id,
            name=organ.name,
            short_name=organ.short_name or organ.name,
            is_township=organ.kind is OrganKind.TOWNSHIP,
            address=organ.address,
            phone=organ.phone,
            supervision_phone=organ.supervision_phone,
            office_hours=organ.office_hours,
        )
    return organs[organ.id]


def _channels(rows: Sequence[Channel]) -> tuple[tuple[ChannelFacts, ...], list[tuple[str, str]]]:
    """Channels in use, from the top down; one whose code is unfit for an address is reported, not followed."""
    reason = "栏目代码只能由小写字母、数字和连字符组成，请修改后重新发布。"
    disclosing = [row for row in rows if row.kind is ChannelKind.DISCLOSURE]
    refused = [(f"栏目“{row.name}”", reason) for row in disclosing if not SAFE_CODE.fullmatch(row.code)]
    usable = {row.id: row for row in disclosing if SAFE_CODE.fullmatch(row.code)}
    facts = tuple(
        ChannelFacts(
            code=row.code,
            name=row.name,
            description=row.description,
            path=_path(row, usable),
            below=tuple(other.code for other in usable.values() if other.parent_id == row.id),
        )
        for row in usable.values()
    )
    return facts, refused


def _path(row: Channel, usable: dict[int, Channel]) -> tuple[tuple[str, str], ...]:
    path: list[tuple[str, str]] = []
    here: Channel | None = row
    while here is not None and len(path) < 20:
        path.append((here.code, here.name))
        here = usable.get(here.parent_id) if here.parent_id else None
    return tuple(reversed(path))


def _disclosure(
    edition: DisclosureEdition, organs: dict[int, OrganFacts], known: set[str]
) -> DisclosureFacts:
    document = edition.document
    organ = _organ(document.organ, organs)
    channel = document.channel.code if document.channel else None
    return DisclosureFacts(
        id=document.id,
        number=document.number or "",
        title=edition.title,
        summary=edition.summary,
        body_html=readable(edition.body_html),
        organ=organ,
        channel=channel if channel in known else None,
        sorted_on=document.sorted_on,
        published_on=edition.published_on,
        published_minute=_minute(edition, edition.published_on or document.sorted_on),
        produced_on=edition.produced_on,
        effective_on=edition.effective_on,
        document_no=edition.document_no,
        subject=edition.subject,
        genre=edition.genre,
        validity=edition.validity.value,
        mode=edition.mode.value,
        keywords=edition.keywords,
        source=edition.content_source or organ.name,
        files=tuple(_file(file) for file in edition.attachments),
    )


def _minute(edition: Edition, day: Any) -> str:
    """The moment of publication where it is known; a date that came without a time stays a date."""
    moment = edition.published_at
    if moment is None or (day is not None and county_day(moment) != day) or edition.taken_over_at:
        return f"{day or ''}"
    return f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"


def _service(edition: ServiceEdition, organs: dict[int, OrganFacts]) -> ServiceFacts:
    document = edition.document
    day = county_day(edition.published_at) if edition.published_at else None
    files = {file.id: _file(file) for file in edition.attachments}
    in_forms = {form.attachment_id for form in edition.service_forms}
    return ServiceFacts(
        id=document.id,
        code=document.number or "",
        title=edition.title,
        summary=edition.summary,
        body_html=readable(edition.body_html),
        organ=_organ(document.organ, organs),
        sorted_on=document.sorted_on,
        published_minute=_minute(edition, day),
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


def _file(file: Attachment) -> FileFacts:
    return FileFacts(file.display_name, file.sha256, file.suffix, file.size_bytes)


def _question(question: Question, organs: dict[int, OrganFacts]) -> QuestionFacts:
    return QuestionFacts(
        id=question.id,
        question=question.question,
        answer=question.answer,
        organ=_organ(question.organ, organs),
        document_id=question.document_id,
        answered_on=question.answered_on,
    )


def _withdrawn(document: Document, organs: dict[int, OrganFacts]) -> WithdrawnFacts:
    return WithdrawnFacts(
        id=document.id,
        kind=document.kind.value,
        number=document.number or "",
        organ=_organ(document.organ, organs),
        withdrawn_on=county_day(document.withdrawn_at) if document.withdrawn_at else None,
        reason=rules.WITHDRAWAL_REASONS.get(document.withdrawal_reason or "", "其他原因"),
    )
