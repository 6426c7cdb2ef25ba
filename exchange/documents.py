"""Rows that become documents: found again by their keys, compared, changed by a revision, taken over when nothing is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from content import operations, queries, rules
from content.errors import NumberTakenError
from content.models import (
    Channel,
    DisclosureEdition,
    Document,
    DocumentKind,
    Edition,
    EditionState,
    LimitUnit,
    ServiceEdition,
)
from content.operations import LINKS
from content.operations.parts import PARTS, part_values
from county import ledger
from county.errors import RefusedError
from county.organs import Organ
from database import db
from exchange import attachments, links
from exchange.attachments import FormFiles
from exchange.errors import RowInTheWayError
from exchange.report import Outcome
from exchange.run import PUBLISHED, ImportOptions, Run
from exchange.values import Reader, clean

OPEN = (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.RETURNED, EditionState.APPROVED)
TEXTS = {
    "body", "summary", "item_content", "acceptance_conditions", "fee_basis_and_standard", "catalog_duty",
    "catalog_content",
}  # fmt: skip
LINE_END = re.compile(r"[\r\n]+")
LIMITS = ("legal_limit", "promised_limit")


@dataclass
class Entry:
    """What a row says of a document."""

    kind: DocumentKind
    organ: Organ
    channel: Channel | None
    foreign_id: str | None
    number: str | None
    values: dict[str, Any]
    source: str
    names_channel: bool = False  # whether the row, and not only the command, names a channel
    files: list[Path] = field(default_factory=list)
    form_files: list[FormFiles] = field(default_factory=list)  # of each service form, in their order
    old_addresses: list[str] = field(default_factory=list)  # none: the row does not speak of them
    doubts: list[str] = field(default_factory=list)  # fields whose text is kept but could not be read

    @property
    def published_on(self) -> date | None:
        return self.values.get("published_on")


def enter(entry: Entry, run: Run) -> Outcome:
    """Take one row in: add its document, change it, or leave it as it is.

    Raises: RefusedError of any kind; the caller undoes what was begun.
    """
    document = find(entry, run)
    if document is None:
        return _add(entry, run)
    run.claim(entry.kind.value, document.id)
    return _compare(document, entry, run)


def find(entry: Entry, run: Run) -> Document | None:
    """The document of this row: by its id, else its number, else organ and title.

    Raises: NumberTakenError when id and number belong to two documents.
    """
    by_id = _by_foreign_id(entry, run)
    by_number = queries.document_by_number(entry.kind, entry.number) if entry.number else None
    if by_number is not None and by_number is not by_id:
        if by_id is not None or (entry.foreign_id and by_number.foreign_id):
            raise NumberTakenError(entry.number or "")
        return by_number
    if by_id is not None or entry.foreign_id or entry.number:
        return by_id
    return queries.document_by_title(entry.kind, entry.organ.id, entry.values["title"], entry.published_on)


def foreign_id_of(document: Document, site_code: str) -> str:
    """The `id` under which a document is exported: the one it came with, else one that names its home."""
    return document.foreign_id or f"{site_code}:{document.id}"


def _by_foreign_id(entry: Entry, run: Run) -> Document | None:
    if not entry.foreign_id:
        return None
    found = queries.document_by_foreign_id(entry.kind, entry.foreign_id)
    own = re.fullmatch(rf"{re.escape(run.site_code)}:(\d{{1,9}})", entry.foreign_id)
    if found or not own or not run.site_code:
        return found
    document = db.session.get(Document, int(own[1]))
    return document if document and document.kind is entry.kind and not document.foreign_id else None


def _add(entry: Entry, run: Run) -> Outcome:
    options = run.options
    edition = operations.create_document(
        entry.kind,
        organ=entry.organ,
        channel=entry.channel,
        site_id=run.site_id,
        values=entry.values,
        by=options.by,
        at=options.at,
        foreign_id=entry.foreign_id,
    )
    run.claim(entry.kind.value, edition.document_id)
    if entry.number:
        operations.keep_number(edition.document, entry.number, by=options.by, at=options.at)
    _lead(edition.document, entry, run)
    attach(edition, entry, run.options)
    return _close("added", edition, entry, run)


def _compare(document: Document, entry: Entry, run: Run) -> Outcome:
    """Change what differs. An officer's own draft is never overwritten."""
    options = run.options
    alive = [one for one in document.editions if one.state is not EditionState.DISCARDED]
    opened = next((one for one in alive if one.state in OPEN), None)
    live = next((one for one in alive if one.state is EditionState.PUBLISHED), None)
    filed, led = _file(document, entry, run), _lead(document, entry, run)
    numbered = bool(entry.number) and entry.number != document.number
    if entry.number and numbered:
        operations.keep_number(document, entry.number, by=options.by, at=options.at)
    for known in (opened, live, alive[-1] if alive else None):
        if known is not None and not differing(known, entry, run):
            change = "changed" if filed or led or numbered else "unchanged"
            return _close(change, known, entry, run)
    edition = _edition_to_change(document, opened, run)
    operations.save_draft(edition, _merged(edition, entry), by=options.by, at=options.at)
    attach(edition, entry, run.options)
    return _close("changed", edition, entry, run)


def _file(document: Document, entry: Entry, run: Run) -> bool:
    """Move a document to the organ and channel its row names, unless an officer has dealt with its place."""
    channel = entry.channel if entry.names_channel or document.channel is None else document.channel
    place = (entry.organ.id, channel.id if channel else None)
    if place == (document.organ_id, document.channel_id):
        return False
    if ledger.touched_by_officer(document):
        raise RowInTheWayError("该条目所属的机构和栏目已由工作人员确定，与导入的不同，未予更改。", "organ")
    operations.file_document(
        document, organ=entry.organ, channel=channel, by=run.options.by, at=run.options.at
    )
    return True


def _lead(document: Document, entry: Entry, run: Run) -> bool:
    """Let the old addresses of the row, where it names any, lead to the document."""
    options = run.options
    return bool(entry.old_addresses) and operations.keep_old_addresses(
        document, entry.old_addresses, by=options.by, at=options.at
    )


def _edition_to_change(document: Document, opened: Edition | None, run: Run) -> Edition:
    if opened is None:
        return operations.revise(document, by=run.options.by, at=run.options.at)
    if opened.state is not EditionState.DRAFT or opened.author_id or ledger.touched_by_officer(opened):
        state = rules.STATE_LABELS[opened.state]
        raise RowInTheWayError(
            f"该条目已有工作人员处理的稿件（{state}），导入的内容与之不同；请先完成或作废该稿件再导入。", "id"
        )
    return opened


def differing(edition: Edition, entry: Entry, run: Run) -> list[str]:
    """Names of the fields in which the row differs from the edition."""
    names = values_differing(edition, _merged(edition, entry))
    if isinstance(edition, DisclosureEdition):
        given = [name for name in LINKS if name in entry.values]
        names += [name for name in given if links.differ(edition, name, entry.values[name])]
    if not run.options.dry_run and attachments.differ(edition, entry.files, entry.form_files, run.options):
        names.append("attachments")
    return names


def values_differing(edition: Edition, values: Mapping[str, Any]) -> list[str]:
    """Names of the values, sub-records included and relations left out, that the edition holds otherwise."""
    names = [
        name
        for name, value in values.items()
        if name not in PARTS
        and name not in LINKS
        and _comparable(getattr(edition, name), name) != _comparable(value, name)
    ]
    if isinstance(edition, ServiceEdition):
        parts = [name for name in PARTS if name in values]
        names += [name for name in parts if not _same_parts(edition, name, values[name])]
    return names


def _merged(edition: Edition, entry: Entry) -> dict[str, Any]:
    """Further metadata that others added stays."""
    if "extra" not in entry.values:
        return entry.values
    return {**entry.values, "extra": {**edition.extra, **entry.values["extra"]}}


def _comparable(value: Any, name: str) -> Any:
    """A value without what reading levels out: blank ends and, but for texts of several lines, runs of blanks."""
    if isinstance(value, str):
        text = clean(value, name, name)
        return text if name in TEXTS else " ".join(text.split())
    if isinstance(value, list):
        return [_comparable(part, "") for part in value]
    if isinstance(value, dict):
        return {_comparable(key, ""): _comparable(part, "") for key, part in value.items()}
    return value


def _same_parts(edition: ServiceEdition, name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    given = [{key: value for key, value in row.items() if key != "rank"} for row in rows]
    names = given[0] if given else {}
    stored = [{key: part_values(part).get(key) for key in names} for part in getattr(edition, name)]
    sides = (_comparable(stored, ""), _comparable(given, ""))
    if name == "legal_basis":  # stored from high rank to low, whatever their order in the row
        sides = (sorted(sides[0], key=repr), sorted(sides[1], key=repr))
    return sides[0] == sides[1]


def _close(change: str, edition: Edition, entry: Entry, run: Run) -> Outcome:
    """Take the edition over if that is asked for and nothing is missing; say what is."""
    if edition.state is EditionState.PUBLISHED:
        return Outcome(change, "published")
    gaps = gaps_of(edition, entry, run)
    if run.options.state == PUBLISHED and not gaps and _may_be_taken_over(edition):
        try:
            with db.session.begin_nested():
                operations.take_over(edition, source=entry.source, by=run.options.by, at=run.options.at)
        except RefusedError as error:
            gaps = [error.field or "state"]
        else:
            return Outcome("changed" if change == "unchanged" else change, "published")
    return Outcome(change, "draft", tuple(gaps))


def gaps_of(edition: Edition, entry: Entry, run: Run) -> list[str]:
    """Fields that keep an edition from its readers, each once, in order."""
    fields = [fault.field or "" for fault in rules.faults_before_publication(edition)]
    fault = operations.number_fault(edition, at=run.options.at)
    if fault and fault.field not in fields:
        fields.append(fault.field or "number")
    if isinstance(edition, ServiceEdition):
        fields += [name for name in LIMITS if getattr(edition, name) and not _is_read(edition, name)]
    return list(dict.fromkeys([*fields, *entry.doubts]))


def _is_read(edition: ServiceEdition, name: str) -> bool:
    return isinstance(getattr(edition, f"{name}_unit"), LimitUnit)


def _may_be_taken_over(edition: Edition) -> bool:
    """Not what an officer works on, took back, or has published after a review of our own."""
    reviewed = [
        one
        for one in edition.document.editions
        if one.state is EditionState.PUBLISHED and one.taken_over_from is None
    ]
    return (
        edition.state is EditionState.DRAFT
        and edition.document.withdrawn_at is None
        and not reviewed
        and not edition.author_id
        and not ledger.touched_by_officer(edition)
    )


def attach(edition: Edition, entry: Entry, options: ImportOptions) -> None:
    """Store the files a row names and attach them, those of service forms to their forms."""
    if options.dry_run:
        return
    attached = attachments.attach(edition, entry.files, entry.form_files, options)
    if any(form.blank for form in entry.form_files):
        forms = attachments.with_files(entry.values["service_forms"], entry.form_files, attached, options)
        operations.save_draft(edition, {"service_forms": forms}, by=options.by, at=options.at)


def old_addresses_in(reader: Reader) -> list[str]:
    """The old addresses a row names, as a list or one a line.

    Raises: UnreadableValueError, Fault for what is no old address.
    """
    texts = reader.parts("old_addresses", LINE_END)
    if not all(isinstance(text, str) for text in texts):
        raise reader.refuse("old_addresses", "应为一组网址，每行一个。")
    return [rules.read_old_address(text) for text in texts]
