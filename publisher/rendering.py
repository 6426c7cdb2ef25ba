"""Rendering pages and judging them: which may go live, and what stands in the place of those that may not."""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from markupsafe import escape

from county.privacy import redact
from publisher.checks import faults_of, personal_data_in, personal_data_on
from publisher.chrome import CHROME_URL, chrome_of, read_assets
from publisher.errors import PublishError
from publisher.facts import FileFacts
from publisher.freeze import PageFreezer
from publisher.page import Page, file_of
from publisher.pages import FIXED, exists, is_list, page_at
from publisher.site import Press
from publisher.source import Source
from publisher.touching import Touched, settle_document, touch_document, touch_moved

Keep = Callable[[str, bytes], None]
LASTING = re.compile(
    r"/(?:map\.html|feed\.xml|assets/[\w.-]+|files/\w+/\w+\.\w+|(?:xxgk|zwfw|hudong)/(?:[a-z](?:[\w/-]|\.html)*)?)?"
)
NO_BYTES = hashlib.sha256(b"").hexdigest()


class LastingLinks(set[str]):
    """Links that lead somewhere whichever documents are shown; a link to a document is looked at on every page."""

    def __ior__(self, links: Set[str]) -> "LastingLinks":  # type: ignore[override, misc]
        self.update(filter(LASTING.fullmatch, links))
        return self


@dataclass(frozen=True)
class Outcome:
    """What became of one address: the bytes of its file by their hash, or nothing; and what is wrong with it."""

    url: str
    path: str
    sha256: str | None = None
    size_bytes: int = 0
    is_page: bool = False
    is_gone: bool = False
    document_id: int | None = None
    files: tuple[FileFacts, ...] = ()
    leads_to: tuple[str, ...] = ()  # of a document's page: places that are there as long as others are shown
    faults: tuple[str, ...] = ()
    may_not_be_shown: bool = False  # whatever the reader would lose: personal data, or no page at all


@dataclass
class Rendering:
    """Pages of a source rendered, judged, and kept by `keep`, which is given the path and the bytes of each."""

    source: Source
    public_url: str
    uploads: Path
    keep: Keep
    known_files: Callable[[str], bool] = field(
        default=lambda _path: False
    )  # whether the live tree holds a file
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    kept_back: dict[str, tuple[str, int | None]] = field(default_factory=dict)  # address: reason, document
    checked_s: float = 0  # seconds that the checks of what was rendered here took
    catalogued_s: float = 0  # seconds that catalogues as files took
    shown: dict[int, int | None] = field(
        default_factory=dict
    )  # document: edition, where it is not the live one

    def __post_init__(self) -> None:
        self.assets = read_assets(self.source.surroundings.site)
        self.chrome = chrome_of(self.source.surroundings.site, self.public_url, self.assets)
        self.blobs = {CHROME_URL: self.chrome.as_json(), **dict(self.assets.values())}
        self._asset_paths = {file_of(url) for url in self.blobs}
        self.press = Press(self.chrome)
        self._freezer = PageFreezer(self.find, self.press)
        site = self.source.surroundings.site
        in_foot = (site.contact_phone, site.contact_address)
        self._contacts_in_foot = tuple(filter(personal_data_in, in_foot))  # mostly none, and nothing to copy
        self._exists: dict[str, bool] = {}
        self._asked: set[str] = set()  # places that the page at hand leads to
        self._lasting_links = LastingLinks()
        self._judged: set[int] = set()

    def find(self, url: str) -> Page | bytes | None:
        """What stands at an address: the bytes of an asset, or a page."""
        return self.blobs.get(url) or page_at(self.source, url)

    def render_assets(self) -> None:
        """Keep every asset, and the file in which the endpoint reads their names."""
        for url, content in self.blobs.items():
            path = self._freezer.place(url)
            self.keep(path, content)
            self.outcomes[url] = Outcome(url, path, hashlib.sha256(content).hexdigest(), len(content))

    def render(self, urls: Iterable[str]) -> Iterator[Outcome]:
        """Render addresses, keep what was rendered, and say what became of each."""
        for url in urls:
            page = page_at(self.source, url)
            if page is not None and self._contacts_in_foot:
                page = replace(page, contacts=(*page.contacts, *self._contacts_in_foot))
            if page is None:
                unreadable = self._unreadable(url)
                yield unreadable or Outcome(url, self._freezer.place(url))
            elif page.make is None:
                yield self._outcome(page, self._freezer.text_of(page))
            else:
                began = time.perf_counter()
                outcome = self._outcome(page, self._freezer.text_of(page))
                self.catalogued_s += time.perf_counter() - began
                yield outcome

    def settle(self, outcomes: Iterable[Outcome], touched: Touched) -> None:
        """Judge what was rendered; render anew what a judgement touches, until nothing changes any more."""
        pending = list(outcomes)
        while pending:
            self.outcomes |= {outcome.url: outcome for outcome in pending}
            again = Touched()
            for outcome in pending:
                if outcome.document_id is not None and outcome.faults:
                    self._judge_document(outcome, outcome.document_id, again)
            if again.pages:
                self._touch_leading(again)
            for outcome in pending:
                if outcome.document_id is None and outcome.url not in again.pages:
                    self._judge_shared(outcome)
            touched.pages |= again.pages
            pending = list(self.render(list(again.pages)))

    def _touch_leading(self, again: Touched) -> None:
        """Pages of documents that lead to what is not shown any more."""
        for outcome in self.outcomes.values():
            if not all(map(self.__contains__, outcome.leads_to)):
                again.add("link", outcome.url)

    def _unreadable(self, url: str) -> Outcome | None:
        """What became of the page of a document whose parts cannot be read, such as a flow that leads nowhere."""
        for document, reason in self.source.unreadable.items():
            head = self.source.head(document)
            if head is not None and head.url == url:
                return Outcome(
                    url,
                    self._freezer.place(url),
                    document_id=document,
                    faults=(reason,),
                    may_not_be_shown=True,
                )
        return None

    def _outcome(self, page: Page, rendered: str | bytes | Exception) -> Outcome:
        path = self._freezer.place(page.url)
        common = {"url": page.url, "path": path, "document_id": page.document_id}
        if isinstance(rendered, Exception):
            reason = f"页面无法生成（{type(rendered).__name__}）"
            return Outcome(**common, faults=(reason,), may_not_be_shown=True)
        if isinstance(rendered, bytes):  # what it says was judged on the pages of the records it lists
            self.keep(path, rendered)
            return Outcome(**common, sha256=hashlib.sha256(rendered).hexdigest(), size_bytes=len(rendered))
        text = _without_personal_data_of_others(page, rendered)
        faults, missing = self._faults(page, text)
        personal = bool(faults) and bool(personal_data_on(text, page.contacts))
        if personal and (page.document_id is None or page.is_gone):
            # A page on which others hang goes live all the same, its personal data blacked out.
            text = redact(text, page.contacts)
            personal = bool(personal_data_on(text, page.contacts))
        content = text.encode()
        if not (personal or missing):
            self.keep(path, content)
        return Outcome(
            **common,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            is_page=path.endswith(".html"),
            is_gone=page.is_gone,
            files=page.files,
            leads_to=self._passing_places() if page.document_id is not None else (),
            faults=tuple(faults),
            may_not_be_shown=personal or missing,
        )

    def _faults(self, page: Page, text: str) -> tuple[list[str], bool]:
        """What is wrong with a page, and whether a file is missing from it."""
        self._asked.clear()
        began = time.perf_counter()
        faults = faults_of(
            page, text, files=self, known=self, public_url=self.public_url, good=self._lasting_links
        )
        self.checked_s += time.perf_counter() - began
        missing = [file.name for file in page.files if not self._is_intact(file)]
        return [*faults, *(f"附件“{name}”缺失或内容与登记不符，请重新上传" for name in missing)], bool(
            missing
        )

    def _judge_shared(self, outcome: Outcome) -> None:
        """Report what is wrong with a page that goes live all the same.

        Raises: PublishError for one that may not, such as one whose personal data cannot be blacked out.
        """
        reason = "；".join(outcome.faults)
        if outcome.may_not_be_shown:
            raise PublishError(f"页面 {outcome.url} 不能发布：{reason}")
        if reason:
            note = "已遮盖后发布" if "未脱敏" in reason else "页面已发布"
            self.kept_back[outcome.url] = (f"{reason}（{note}）", outcome.document_id)
        elif outcome.sha256:
            self.kept_back.pop(outcome.url, None)

    def _judge_document(self, outcome: Outcome, document: int, again: Touched) -> None:
        """Have a document's last good edition stand for one with faults, or nothing where there was none."""
        head, before = self.source.head(document), self.source.shown_before.get(document)
        if head is None:  # the notice that it was taken back
            self._judge_shared(outcome)
            return
        reason = "；".join(outcome.faults)
        is_old = before == head.edition_id or document in self._judged
        if is_old and not outcome.may_not_be_shown:
            self.kept_back.setdefault(outcome.url, (f"{reason}（页面已发布）", document))
            return
        fallback = None if is_old else before
        note = "（公开网站仍显示上一稿）" if fallback else ""
        self.kept_back[outcome.url] = (reason + note, document)
        self._judged.add(document)
        self._show_instead(document, fallback, again)

    def _show_instead(self, document: int, edition: int | None, again: Touched) -> None:
        touch_document(self.source, document, again)
        self.shown[document] = edition
        self.source.show(document, edition)
        self._exists.clear()
        for address in settle_document(self.source, document):
            touch_moved(self.source, address, again)
        touch_document(self.source, document, again)

    def __contains__(self, place: str) -> bool:
        """Whether a link leads somewhere: to a page, an asset, a file to download, or an item to apply for."""
        self._asked.add(place)
        if place not in self._exists:
            self._exists[place] = self._leads_somewhere(place)
        return self._exists[place]

    def _leads_somewhere(self, place: str) -> bool:
        if place.startswith("/svc/apply/"):
            return self.source.may_be_applied_for(place.removeprefix("/svc/apply/"))
        if place.startswith("/"):  # no other address beside those of pages is known
            return False
        if place.startswith("files/"):
            return (self.uploads / place.removeprefix("files/")).is_file()
        if place in self._asset_paths:
            return True
        return exists(self.source, _address_of(place))

    def _passing_places(self) -> tuple[str, ...]:
        """Of the places to which the page at hand leads, those that are gone when some document is not shown."""
        return tuple(
            place for place in sorted(self._asked) if self._exists[place] and self._is_passing(place)
        )

    def _is_passing(self, place: str) -> bool:
        address = _address_of(place)
        is_lasting = (
            place.startswith(("assets/", "files/")) or address in FIXED or is_list(self.source, address)
        )
        return not is_lasting

    def _is_intact(self, file: FileFacts) -> bool:
        source = self.uploads / file.stored_name
        if not source.is_file() or source.stat().st_size != file.size_bytes:
            return False
        if self.known_files(f"files/{file.stored_name}"):
            return True  # hashed when it went live
        with source.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def _without_personal_data_of_others(page: Page, text: str) -> str:
    """A document's page without the numbers in titles of others, which are judged where they are at home."""
    for title in page.beside:
        if personal_data_in(title, page.contacts):
            text = text.replace(str(escape(title)), str(escape(redact(title, page.contacts))))
    return text


def _address_of(file: str) -> str:
    """The address at which a file of the tree answers."""
    return (
        "/"
        if file == "index.html"
        else f"/{file.removesuffix('index.html') if file.endswith('/index.html') else file}"
    )


def keep_back_questions(source: Source, ids: Iterable[int]) -> dict[str, tuple[str, int]]:
    """Show no question with personal data in it: they share pages, so each is looked at by itself."""
    kept = {}
    for question in source.questions(ids):
        reasons = personal_data_in(f"{question.question}\n{question.answer}", question.organ.contacts)
        if reasons:
            kept[question.url] = ("；".join(reasons), question.id)
            source.without_question(question.id)
    return kept
