"""What the site shows, read from the database as pages ask for it, or at once for who goes through all of it."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from content import published, queries
from content.addresses import document_address
from content.models import DocumentKind
from database import db
from procedure.flow import FlowError
from publisher.candidates import Candidate
from publisher.facts import (
    ChannelFacts,
    DisclosureFacts,
    DisclosureHead,
    FileFacts,
    OrganFacts,
    QuestionFacts,
    ServiceFacts,
    ServiceHead,
    WithdrawnFacts,
)
from publisher.guides import guide_facts
from publisher.models import KeptBack, ShownDocument
from publisher.old_addresses import place_of
from publisher.places import Places
from publisher.reading import (
    disclosure_facts,
    disclosure_head,
    file_facts,
    question_facts,
    service_head,
    withdrawn_facts,
)
from publisher.relations import Relations
from publisher.surroundings import Surroundings, read_surroundings

Head = DisclosureHead | ServiceHead
NEWEST_DAYS = "newest days"  # in the memo: by organ and channel, of what is shown


class Source:
    """The county as the site is to show it.

    Of the documents in `work` the edition that is live now is shown, of every other the one that the site shows already.
    `whole`: every document is work, and what lists need is read once. `candidates` are editions to be shown although
    they are not live, for a look ahead.
    """

    def __init__(
        self,
        work: Collection[int] = (),
        *,
        whole: bool = False,
        candidates: Mapping[int, Candidate] | None = None,
    ):
        self.whole = whole
        self.surroundings: Surroundings = read_surroundings()
        self.places = Places(whole=whole)
        self.candidates = dict(candidates or {})
        self.memo: dict[str, Any] = {}  # what many pages share and is made once
        self._work = set(work) | set(self.candidates)
        self._heads: dict[int, Head | None] = {}
        self._bodies: dict[int, DisclosureFacts | ServiceFacts] = {}
        self._questions: dict[int, QuestionFacts | None] = {}
        self._withdrawn: dict[int, WithdrawnFacts | None] = {}
        self.shown_before: dict[int, int] = self._shown(None if whole else self._work)
        self._kinds: dict[int, DocumentKind] = {}
        self._expected: dict[str, int] = {}
        self.unreadable: dict[int, str] = {}
        self.relations = Relations(self._work, whole=whole, candidates=self.candidates)
        if whole:
            self._read_whole()

    @property
    def work(self) -> set[int]:
        """Documents of which the edition that is live now is to be shown."""
        return self._work

    @property
    def organs(self) -> dict[int, OrganFacts]:
        return self.surroundings.organs

    @property
    def channels(self) -> dict[str, ChannelFacts]:
        return self.surroundings.channels

    def disclosures(self, ids: Iterable[int]) -> list[DisclosureHead]:
        """What lists show of these documents, as far as they are disclosures and shown."""
        wanted = list(ids)
        self.load_heads(wanted)
        return [head for key in wanted if isinstance(head := self._heads.get(key), DisclosureHead)]

    def services(self, ids: Iterable[int]) -> list[ServiceHead]:
        """What lists show of these documents, as far as they are service items and shown."""
        wanted = list(ids)
        self.load_heads(wanted)
        return [head for key in wanted if isinstance(head := self._heads.get(key), ServiceHead)]

    def head(self, document: int) -> Head | None:
        """What lists show of a document, or None where the site does not show it."""
        self.load_heads([document])
        return self._heads.get(document)

    def document(self, document: int) -> DisclosureFacts | ServiceFacts | None:
        """Everything the page of a document shows, or None where the site does not show it."""
        head = self.head(document)
        if head is None:
            return None
        if document not in self._bodies:
            self.load_bodies([document])
        return self._bodies.get(document)

    def question(self, question: int) -> QuestionFacts | None:
        """A published question, or None."""
        self._load_questions([question])
        return self._questions[question]

    def questions(self, ids: Iterable[int]) -> list[QuestionFacts]:
        """These questions, as far as they are published."""
        wanted = list(ids)
        self._load_questions(wanted)
        return [found for key in wanted if (found := self._questions[key])]

    def withdrawn(self, document: int) -> WithdrawnFacts | None:
        """What is to be said of a document that was taken back, or None."""
        if document not in self._withdrawn:
            rows = [] if self.whole else published.withdrawn([document])
            self._withdrawn[document] = self._withdrawn_facts(rows[0]) if rows else None
        return self._withdrawn[document]

    def kind_of(self, document: int) -> DocumentKind | None:
        """The kind of a document, public or not."""
        if document not in self._kinds:
            self._kinds |= published.kinds([document])
        return self._kinds.get(document)

    def moved(self, place: str) -> str | None:
        """Where an old address leads, or None where no document of ours was taken over from it."""
        document = self._expected.get(place) or self.old_places.get(place)
        if document is None:
            return None
        head, gone = self.head(document), self.withdrawn(document)
        if head is None and gone is not None:
            return gone.moved_to or gone.url
        return head.url if head else None

    def expect_moved(self, place: str, document: int) -> None:
        """Know an old address without reading them all."""
        self._expected[place] = document

    @cached_property
    def old_places(self) -> dict[str, int]:
        """Documents by the place in the tree that an old address of theirs has."""
        rows = published.old_addresses()
        return {place: row.document_id for row in rows if (place := place_of(row.address))}

    def show(self, document: int, edition: int | None) -> None:
        """Show this edition of a document, or nothing of it."""
        self._bodies.pop(document, None)
        self.unreadable.pop(document, None)
        self.__dict__.pop("_applicable", None)
        self.memo.pop(NEWEST_DAYS, None)
        self._heads[document] = None
        if edition is not None:
            self._keep_heads(
                published.disclosure_heads(editions=[edition]), published.guide_heads(editions=[edition])
            )

    def may_be_applied_for(self, code: str) -> bool:
        """Whether an item with this code is shown that one may apply for."""
        if self.whole:
            return code in self._applicable
        ahead = (key for key, candidate in self.candidates.items() if candidate.number == code)
        document = queries.document_by_number(DocumentKind.SERVICE, code)
        key = document.id if document else next(ahead, None)
        head = self.head(key) if key else None
        return isinstance(head, ServiceHead) and head.apply_url is not None

    @cached_property
    def _applicable(self) -> set[str]:
        return {head.code for head in self.documents() if isinstance(head, ServiceHead) and head.apply_url}

    def without_question(self, question: int) -> None:
        """Show nothing of a question."""
        self._questions[question] = None

    def documents(self) -> list[Head]:
        """Every document shown, of those read so far; all of them in a whole source."""
        return [head for head in self._heads.values() if head]

    def all_questions(self) -> list[QuestionFacts]:
        """Every question read so far; all of them in a whole source."""
        return [question for question in self._questions.values() if question]

    def all_withdrawn(self) -> list[WithdrawnFacts]:
        """Every document taken back that was read so far; all of them in a whole source."""
        return [item for item in self._withdrawn.values() if item]

    def load_heads(self, ids: Iterable[int]) -> None:
        """Read what lists show of these documents, in a few queries."""
        missing = {key for key in ids if key not in self._heads}
        if not missing:
            return
        self._heads.update(dict.fromkeys(missing))
        live = missing & self._work - self.candidates.keys()
        before = {} if self.whole else self._shown(missing - self._work)  # in a whole source all is work
        shown = {
            *before.values(),
            *(self.candidates[key].edition_id for key in missing & self.candidates.keys()),
        }
        if live:
            self._keep_heads(published.disclosure_heads(live), published.guide_heads(live))
        if shown:
            self._keep_heads(
                published.disclosure_heads(editions=shown), published.guide_heads(editions=shown)
            )

    def load_bodies(self, ids: Iterable[int]) -> None:
        """Read everything the pages of these documents show, in a few queries."""
        self.load_heads(ids)
        heads = [head for key in ids if (head := self._heads.get(key)) and key not in self._bodies]
        disclosures = {head.edition_id: head for head in heads if isinstance(head, DisclosureHead)}
        guides = {head.edition_id: head for head in heads if isinstance(head, ServiceHead)}
        files = published.attachments_of([*disclosures, *guides])
        for row in published.disclosure_bodies(disclosures):
            head = disclosures[row.edition_id]
            self._bodies[head.id] = disclosure_facts(head, row, files.get(row.edition_id, ()))
        if guides:
            self._load_guides(guides, files)

    def forget_bodies(self) -> None:
        """Give back the memory of what has been rendered."""
        self._bodies.clear()

    def files_of(self, editions: Collection[int]) -> dict[str, FileFacts]:
        """The files of these editions by their address."""
        found = (file_facts(row) for rows in published.attachments_of(editions).values() for row in rows)
        return {file.url: file for file in found}

    @cached_property
    def kept_back_before(self) -> list[KeptBack]:
        """Pages that the last publication kept back."""
        return list(db.session.scalars(db.select(KeptBack).order_by(KeptBack.page)))

    def _load_guides(self, guides: Mapping[int, ServiceHead], files: Mapping[int, Any]) -> None:
        parts = published.parts_of(guides)
        for row in published.guide_bodies(guides):
            head = guides[row.edition_id]
            own = {name: rows.get(row.edition_id, []) for name, rows in parts.items()}
            try:
                self._bodies[head.id] = guide_facts(head, row, own, files.get(row.edition_id, ()))
            except FlowError as error:
                self.unreadable[head.id] = str(error)

    def _keep_heads(self, disclosures: Iterable[Any], guides: Iterable[Any]) -> None:
        near = self.surroundings
        for row in map(self._as_published, disclosures):
            self._heads[row.document_id] = disclosure_head(row, near)
        for row in map(self._as_published, guides):
            self._heads[row.document_id] = service_head(row, near)

    def _as_published(self, row: Any) -> Any:
        """A row of an edition; of a candidate, as publishing it would leave it."""
        candidate = self.candidates.get(row.document_id)
        return candidate.as_published(row) if candidate and candidate.edition_id == row.edition_id else row

    def _withdrawn_facts(self, row: Any) -> WithdrawnFacts:
        target = published.merged_target(row.document_id, self.candidates) if row.merged_into_id else None
        return withdrawn_facts(row, self.organs, document_address(target.kind, target.id) if target else "")

    def _load_questions(self, ids: Collection[int]) -> None:
        missing = {key for key in ids if key not in self._questions}
        if missing:
            self._questions.update(dict.fromkeys(missing))
            if not self.whole:
                self._keep_questions(published.questions(missing))

    def _keep_questions(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self._questions[row.id] = question_facts(row, self.organs)

    def _shown(self, ids: Collection[int] | None) -> dict[int, int]:
        query = db.select(ShownDocument.document_id, ShownDocument.edition_id)
        if ids is not None:
            if not ids:
                return {}
            query = query.where(ShownDocument.document_id.in_(ids))
        return {row.document_id: row.edition_id for row in db.session.execute(query)}

    def _read_whole(self) -> None:
        self._keep_heads(published.disclosure_heads(), published.guide_heads())
        self._work = set(self._heads) | self._work
        for document, candidate in self.candidates.items():
            self.show(document, candidate.edition_id)
        self._keep_questions(published.questions())
        for row in published.withdrawn():
            self._withdrawn[row.document_id] = self._withdrawn_facts(row)
