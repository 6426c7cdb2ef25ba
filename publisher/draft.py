"""From what changed to the pages it touches, rendered and judged: what a publication is to show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from content import published
from database import db
from publisher import results
from publisher.candidates import Candidate
from publisher.facts import FileFacts
from publisher.manifest import live_files
from publisher.models import KeptBack, ShownDocument
from publisher.page import GONE, file_of
from publisher.pages import DETAIL, documents_on, every_address
from publisher.places import DOCUMENT, QUESTION
from publisher.processes import Progress, render_all, without_collection
from publisher.rendering import NO_BYTES, Keep, Rendering, keep_back_questions
from publisher.report import Stopwatch
from publisher.source import Source
from publisher.touching import (
    Changes,
    Touched,
    settle_document,
    settle_question,
    touch_alert,
    touch_document,
    touch_moved,
    touch_organ,
    touch_question,
    touch_result,
)
from publisher.trees import Place


@dataclass
class Draft:
    """What a publication is to show, worked out but not yet written anywhere but in the staging folder."""

    source: Source
    rendering: Rendering
    touched: Touched
    kept_back: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # address: reason, kind, id
    attached: dict[str, FileFacts] = field(default_factory=dict)  # path of a file to download
    detached: set[str] = field(default_factory=set)


def draft_of(
    place: Place, changes: Changes, keep: Keep, *, candidates: Mapping[int, Candidate] | None = None,
    progress: Progress | None = None, watch: Stopwatch | None = None,
    announce: Callable[[Iterable[str]], None] = lambda _paths: None,
) -> Draft:  # fmt: skip
    """Work out what the site is to show after these changes.

    `announce` is told beforehand which files will be rendered; `keep` gets every one that was.
    """
    watch = watch or Stopwatch()
    with without_collection():
        rendering, touched, kept_questions = _read(changes, place, keep, candidates)
    announce(map(file_of, touched.pages))
    watch.stage("read")
    if changes.everything:
        rendering.render_assets()
        outcomes = render_all(rendering, list(touched.pages), progress)
    else:
        outcomes = list(rendering.render(list(touched.pages)))
    rendering.settle(outcomes, touched)
    draft = Draft(rendering.source, rendering, touched)
    collect_kept_back(draft, kept_questions)
    attach(draft, {})
    watch.stage("render")
    watch.split("render", "check", rendering.checked_s)
    watch.split("render", "catalogues", rendering.catalogued_s)
    return draft


def page_ahead(place: Place, keep: Keep, url: str, candidates: Mapping[int, Candidate]) -> Rendering:
    """Render and judge one page as it would be with these candidates live; other pages only where its judgement asks for them."""
    with without_collection():
        rendering, touched, _ = _read(Changes(), place, keep, candidates)
    rendering.settle(list(rendering.render([url])), touched)
    return rendering


def _read(
    changes: Changes, place: Place, keep: Keep, candidates: Mapping[int, Candidate] | None
) -> tuple[Rendering, Touched, dict[str, tuple[str, int]]]:
    """What is to be rendered, with its places in lists settled; the pages this touches; questions that are not shown."""
    documents, questions = (set[int](), set[int]()) if changes.everything else work_of(changes)
    source = Source(documents, whole=changes.everything, candidates=candidates)
    if changes.everything:
        documents = {head.id for head in source.documents()} | set(source.shown_before)
        questions = {question.id for question in source.all_questions()} | set(
            source.places.subjects(QUESTION)
        )
    documents |= set(candidates or {})
    kept_questions = keep_back_questions(source, questions)
    touched = settle_places(source, changes, documents, questions)
    known = {path for path in live_files(None) if path.startswith("files/")} if changes.everything else None
    rendering = Rendering(
        source, place.public_url, place.upload_folder, keep,
        known_files=known.__contains__ if known is not None else lambda path: bool(live_files([path])),
    )  # fmt: skip
    if not changes.everything:
        own, listed = documents_on(source, touched.pages)
        source.load_heads(own | listed)
        source.relations.expect(own)
        source.load_bodies(documents | own)
    return rendering, touched, kept_questions


def work_of(changes: Changes) -> tuple[set[int], set[int]]:
    """Documents and questions that changes ask to be looked at, those kept back last time among them."""
    documents, questions = set(changes.documents), set(changes.questions)
    for organ in changes.organs:
        documents |= set(published.documents_of_organ(organ))
        questions |= set(published.questions_of_organ(organ))
    for row in db.session.scalars(db.select(KeptBack)):
        if row.subject_kind == DOCUMENT:
            documents.add(row.subject_id)
        elif row.subject_kind == QUESTION:
            questions.add(row.subject_id)
    return documents, questions


def settle_places(
    source: Source, changes: Changes, documents: Iterable[int], questions: Iterable[int]
) -> Touched:
    """Give every record of the work its places in lists; the pages this touches, seen from before and from after."""
    touched, moved = Touched(), set[str]()
    documents, questions = _in_order(source, documents), sorted(questions)
    cases = results.results_in(source, changes.cases)
    for settle, touch, records in (
        (settle_document, touch_document, documents),
        (settle_question, touch_question, questions),
        (results.settle_result, touch_result, cases),
    ):
        for record in records:
            if not source.whole:
                touch(source, record, touched)
            moved |= settle(source, record)
    if source.whole:
        touched.pages = {address: {"everything"} for address in every_address(source)}
        return touched
    for document in documents:
        touch_document(source, document, touched)
    for question in questions:
        touch_question(source, question, touched)
    for case in cases:
        touch_result(source, case, touched)
    for organ in changes.organs:
        touch_organ(source, organ, touched)
    if changes.alert:
        touch_alert(touched)
    for address in moved:
        touch_moved(source, address, touched)
    return touched


def _in_order(source: Source, documents: Iterable[int]) -> list[int]:
    """Who goes live together gets places by date: the oldest first."""
    wanted = list(documents)
    source.load_heads(wanted)
    days = {key: str(head.sorted_on or "") if (head := source.head(key)) else "" for key in wanted}
    return sorted(wanted, key=lambda key: (days[key], key))


def attach(draft: Draft, live: Mapping[str, Any]) -> None:
    """Files to download go live with the first page that has them, and leave with the last."""
    for outcome in draft.rendering.outcomes.values():
        for file in outcome.files:
            draft.attached[file_of(file.url)] = file
    if draft.source.whole:
        return
    after = {head.edition_id for key in draft.source.shown_before if (head := draft.source.head(key))}
    left = set(draft.source.shown_before.values()) - after
    for url, file in draft.source.files_of(left).items():
        path = file_of(url)
        if path in draft.attached:
            continue
        others = published.editions_with_file(file.sha256, file.suffix) - left
        chosen = db.select(ShownDocument.edition_id).where(ShownDocument.edition_id.in_(others))
        if not db.session.scalar(chosen.limit(1)):
            draft.detached.add(path)


def wanted_files(draft: Draft) -> dict[str, tuple[str | None, int]]:
    """What stands at each path that was looked at: hash and size, or None for nothing."""
    wanted: dict[str, tuple[str | None, int]] = dict.fromkeys(draft.detached, (None, 0))
    for outcome in draft.rendering.outcomes.values():
        wanted[outcome.path] = (outcome.sha256, outcome.size_bytes)
        if DETAIL.fullmatch(outcome.url):
            mark = f"{outcome.path.removesuffix('index.html')}{GONE}"
            wanted[mark] = (NO_BYTES, 0) if outcome.is_gone else (None, 0)
    for path, file in draft.attached.items():
        wanted[path] = (file.sha256, file.size_bytes)
    return wanted


def collect_kept_back(draft: Draft, questions: Mapping[str, tuple[str, int]]) -> None:
    """Everything that was kept back, from every side."""
    for place, reason in draft.source.surroundings.kept_back.items():
        draft.kept_back[place] = (reason, "", 0)
    for page, (reason, question) in questions.items():
        draft.kept_back[page] = (reason, QUESTION, question)
    for page, (reason, document) in draft.rendering.kept_back.items():
        draft.kept_back[page] = (reason, DOCUMENT if document else "", document or 0)
