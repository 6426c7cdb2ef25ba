"""From what is published to entries of the index: the only place that knows both."""

from collections.abc import Collection, Iterator

from content import queries
from content.addresses import document_address, question_address
from content.models import Channel, DisclosureEdition, Question, ServiceEdition
from content.rules import plain_text
from search.entries import Entry


def published_entries(document_ids: Collection[int] | None = None) -> Iterator[Entry]:
    """An entry for everything the public may read, or only for these documents."""
    channels = {channel.id: channel for channel in queries.channels()}
    for disclosure in queries.live_disclosures(document_ids):
        yield disclosure_entry(disclosure, channels)
    for item in queries.live_services(document_ids):
        yield service_entry(item)
    if document_ids is None:
        yield from published_questions()


def entries_of(edition_ids: Collection[int]) -> Iterator[Entry]:
    """An entry for each of these editions, whether live or not."""
    channels = {channel.id: channel for channel in queries.channels()}
    for edition in queries.editions(edition_ids):
        if isinstance(edition, DisclosureEdition):
            yield disclosure_entry(edition, channels)
        elif isinstance(edition, ServiceEdition):
            yield service_entry(edition)


def published_questions() -> Iterator[Entry]:
    """An entry for every published question."""
    return (question_entry(question) for question in queries.live_questions())


def disclosure_entry(edition: DisclosureEdition, channels: dict[int, Channel]) -> Entry:
    """What the index knows of a disclosure."""
    document = edition.document
    files = [file.display_name for file in edition.attachments]
    return Entry(
        id=f"disclosure-{document.id}",
        kind="disclosure",
        title=edition.title,
        url=document_address(document.kind, document.id),
        body="\n".join([plain_text(edition.body_html), edition.keywords, *files]),
        number=document.number or "",
        document_no=edition.document_no,
        organ_code=document.organ.code,
        organ_name=document.organ.name,
        channel_codes=_with_ancestors(document.channel_id, channels),
        year=edition.published_on.year if edition.published_on else None,
        published_on=edition.published_on,
        validity=edition.validity.value,
        summary=edition.summary,
    )


def service_entry(edition: ServiceEdition) -> Entry:
    """What the index knows of a service item: all a reader of its guide sees."""
    document = edition.document
    parts = [
        edition.item_category.value if edition.item_category else "",
        edition.item_content,
        plain_text(edition.body_html),
        edition.handling_department,
        edition.acceptance_conditions,
        edition.fee_basis_and_standard,
        edition.handling_place,
        *(f"{basis.citation} {basis.wording}" for basis in edition.legal_basis),
        *(f"{material.name} {material.note}" for material in edition.materials),
        *(form.form_name for form in edition.service_forms),
        *(f"{question.question}\n{question.answer}" for question in edition.faq),
        " ".join([*edition.audience, *edition.life_events]),
    ]
    return Entry(
        id=f"service-{document.id}",
        kind="service",
        title=edition.title,
        url=document_address(document.kind, document.id),
        body="\n".join(part for part in parts if part),
        number=document.number or "",
        organ_code=document.organ.code,
        organ_name=document.organ.name,
        channel_codes=("zwfw",),
        summary=edition.summary or edition.item_content,
    )


def question_entry(question: Question) -> Entry:
    """What the index knows of a question and its answer."""
    return Entry(
        id=f"question-{question.id}",
        kind="question",
        title=question.question[:200],
        url=question_address(question.id),
        body=f"{question.question}\n{question.answer}",
        organ_code=question.organ.code,
        organ_name=question.organ.name,
        channel_codes=("hudong",),
        year=question.answered_on.year if question.answered_on else None,
        published_on=question.answered_on,
        summary=question.answer[:200],
    )


def _with_ancestors(channel_id: int | None, channels: dict[int, Channel]) -> tuple[str, ...]:
    codes: list[str] = []
    while channel_id is not None and (channel := channels.get(channel_id)) and channel.code not in codes:
        codes.append(channel.code)
        channel_id = channel.parent_id
    return tuple(codes)
