"""Reading the database once: every later step works on what is read here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from content import queries, rules
from content.models import (
    Channel,
    ChannelKind,
    DisclosureEdition,
    Document,
    Question,
)
from county import ledger
from county.calendar import county_day
from county.organs import Organ, OrganKind, organs_in_use
from county.regions import Site, the_site
from procedure.flow import FlowError
from publisher.bodies import readable
from publisher.editions import file_facts, minute_of
from publisher.errors import PublishError
from publisher.facts import (
    ChannelFacts,
    DisclosureFacts,
    OrganFacts,
    QuestionFacts,
    ServiceFacts,
    SiteFacts,
    Snapshot,
    WithdrawnFacts,
)
from publisher.guides import guide_facts

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
            services.append(guide_facts(edition, _organ(edition.document.organ, organs)))
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
        published_minute=minute_of(edition, edition.published_on or document.sorted_on),
        produced_on=edition.produced_on,
        effective_on=edition.effective_on,
        document_no=edition.document_no,
        subject=edition.subject,
        genre=edition.genre,
        validity=edition.validity.value,
        mode=edition.mode.value,
        keywords=edition.keywords,
        source=edition.content_source or organ.name,
        files=tuple(file_facts(file) for file in edition.attachments),
    )


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
