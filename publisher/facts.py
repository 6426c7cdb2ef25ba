"""What pages are given: plain frozen records, read from the database once. Templates never see a model."""

from dataclasses import dataclass
from datetime import date

from content.addresses import document_address, question_address
from content.models import DocumentKind
from publisher.categories import Category

PUBLIC_NOTICE = "公示"  # the genre of what anybody may object to until a day


@dataclass(frozen=True)
class SiteFacts:
    """The site and its region; what the foot of every page says."""

    name: str
    region: str
    domain: str
    identity_code: str
    organiser: str
    undertaker: str
    contact_phone: str
    contact_address: str
    icp_number: str
    police_number: str
    is_sample: bool
    foot_note: str = ""
    colour: str = ""
    emblem: bytes | None = None
    emblem_suffix: str = ""
    alert: "AlertFacts | None" = None
    disclosure_order: tuple[str, ...] = ()  # blocks of 政府信息公开专栏; empty: as the law's list has them


@dataclass(frozen=True)
class AlertFacts:
    """The emergency notice that stands."""

    text: str
    link: str
    level: str  # red, orange, yellow, blue
    minute: str


@dataclass(frozen=True)
class OrganFacts:
    """An organ with the contacts it has declared as public."""

    id: int
    name: str
    short_name: str
    is_township: bool
    is_listed: bool  # shown by itself in navigation; sections and windows are not
    address: str
    phone: str
    supervision_phone: str
    office_hours: str
    parent_id: int | None = None
    is_window: bool = False  # a place where people are served, as long as it is in use
    successor_id: int | None = None  # the organ into which it was merged, in the end
    former_names: tuple[tuple[str, date], ...] = ()  # each with its last day

    @property
    def contacts(self) -> tuple[str, ...]:
        return (self.phone, self.supervision_phone, self.address)


@dataclass(frozen=True)
class ChannelFacts:
    """A channel of disclosures."""

    code: str
    name: str
    description: str
    path: tuple[tuple[str, str], ...]  # code and name, from the top to the channel itself
    below: tuple[str, ...]  # codes of the channels right below

    @property
    def url(self) -> str:
        return f"/xxgk/c/{self.code}/"


@dataclass(frozen=True)
class FileFacts:
    """A file to download: shown by its name, stored under its hash."""

    name: str
    sha256: str
    suffix: str
    size_bytes: int

    @property
    def stored_name(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256}{self.suffix}"

    @property
    def url(self) -> str:
        return f"/files/{self.stored_name}"

    @property
    def kind(self) -> str:
        return self.suffix.lstrip(".").upper()

    @property
    def size(self) -> str:
        if self.size_bytes < 1024 * 1024:
            return f"{max(1, round(self.size_bytes / 1024))} KB"
        return f"{self.size_bytes / 1024 / 1024:.1f} MB"


@dataclass(frozen=True)
class DisclosureHead:
    """A disclosure item as lists show it."""

    id: int
    edition_id: int
    number: str
    title: str
    summary: str
    organ: OrganFacts
    channel: ChannelFacts | None
    sorted_on: date | None
    published_on: date | None
    produced_on: date | None
    published_minute: str  # as the page tag PubDate wants it
    document_no: str = ""
    validity: str = "有效"
    opinions_until: date | None = None
    is_closed: bool = False  # the consultation is over

    @property
    def url(self) -> str:
        return document_address(DocumentKind.DISCLOSURE, self.id)

    @property
    def day(self) -> date | None:
        return self.published_on or self.sorted_on


@dataclass(frozen=True)
class DisclosureFacts(DisclosureHead):
    """A disclosure item as the public reads it (requirements §15.1)."""

    body_html: str = ""
    effective_on: date | None = None
    subject: str = ""
    genre: str = ""
    mode: str = ""
    keywords: str = ""
    source: str = ""
    issued_as: str = ""  # what its organ was called when it was published, where that is another name
    files: tuple[FileFacts, ...] = ()

    @property
    def is_public_notice(self) -> bool:
        """Whether its last day ends the time for objections (公示期, A-38), not for opinions."""
        return self.genre == PUBLIC_NOTICE


@dataclass(frozen=True)
class BasisFacts:
    citation: str
    clause: str
    wording: str
    rank: str


@dataclass(frozen=True)
class MaterialFacts:
    name: str
    format: str
    carrier: str
    submission_method: str
    storage: str
    is_required: bool | None
    copies: int | None
    note: str


@dataclass(frozen=True)
class FormFacts:
    number: str
    name: str
    note: str
    description: str
    filling_notes: str
    file: FileFacts | None
    sample: FileFacts | None  # 示范文本


@dataclass(frozen=True)
class ExcludedStep:
    name: str
    explanation: str
    days: str


@dataclass(frozen=True)
class StepFacts:
    """A step of the flow as an entry of a numbered list; `branches` say in which case it goes on where."""

    name: str
    kind: str  # 开始, 判断, 结束, or nothing for a step
    post: str
    limit: str
    duty: str
    authority: str
    branches: tuple[tuple[str, int, str], ...]  # case, number and name of the step it leads to


@dataclass(frozen=True)
class DiscretionFacts:
    """裁量基准 (A-34): scope and kinds as lines of text, degrees as circumstance and standard where they are told apart."""

    scope: tuple[str, ...]
    kinds: tuple[str, ...]
    degrees: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ServiceHead:
    """A service item as lists show it."""

    id: int
    edition_id: int
    code: str
    title: str
    summary: str
    organ: OrganFacts
    sorted_on: date | None
    updated_on: date | None
    published_minute: str
    category: Category | None
    content: str
    department: str
    phone: str
    supervision_phone: str
    may_be_applied_for: bool
    is_penalty: bool
    results_are_public: bool
    audience: tuple[str, ...]
    life_events: tuple[str, ...]

    @property
    def url(self) -> str:
        return document_address(DocumentKind.SERVICE, self.id)

    @property
    def day(self) -> date | None:
        return self.sorted_on

    @property
    def apply_url(self) -> str | None:
        return f"/svc/apply/{self.code}" if self.may_be_applied_for and self.code else None

    @property
    def handled_by(self) -> str:
        return self.department or self.organ.name


@dataclass(frozen=True)
class ServiceFacts(ServiceHead):
    """A service item's guide as the public reads it (requirements §15.2)."""

    body_html: str
    handling_subject: str
    subject_nature: str
    entrusting_unit: str
    conditions: tuple[str, ...]
    is_charged: bool | None
    fee: str
    legal_limit: str
    promised_limit: str
    excluded_steps: tuple[ExcludedStep, ...]
    place: str
    office_hours: str
    handling_type: str
    online_url: str
    flow: tuple[StepFacts, ...]
    chart: str  # the same as SVG; nothing where there is no flow that can be followed
    discretion: DiscretionFacts | None
    is_trial: bool
    visit_count: int | None
    result_name: str
    result_delivery: str
    bases: tuple[BasisFacts, ...]
    materials: tuple[MaterialFacts, ...]
    forms: tuple[FormFacts, ...]
    faq: tuple[tuple[str, str], ...]
    files: tuple[FileFacts, ...]


@dataclass(frozen=True)
class ResultFacts:
    """The result of a closed case as everybody may read it (D-10d)."""

    id: int
    number: str
    name: str  # names of natural persons in it are masked
    outcome: str
    closed_minute: str


@dataclass(frozen=True)
class QuestionFacts:
    """A question of the public with its answer."""

    id: int
    question: str
    answer: str
    organ: OrganFacts
    document_id: int | None
    answered_on: date | None

    @property
    def url(self) -> str:
        return question_address(self.id)


@dataclass(frozen=True)
class WithdrawnFacts:
    """A document taken back. Its title is not among the facts: it may be the reason."""

    id: int
    kind: str
    number: str
    organ: OrganFacts
    withdrawn_on: date | None
    reason: str
    moved_to: str = ""  # the address of the document it was merged into

    @property
    def url(self) -> str:
        return document_address(DocumentKind(self.kind), self.id)
