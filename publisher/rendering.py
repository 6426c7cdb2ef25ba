"""Rendering pages and judging them: which may go live, and what stands in the place of those that may not."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from county.privacy import redact
from publisher.checks import faults_of, personal_data_in, personal_data_on
from publisher.chrome import CHROME_URL, chrome_of, read_assets
from publisher.errors import PublishError
from publisher.facts import FileFacts
from publisher.freeze import PageFreezer
from publisher.page import Page, file_of
from publisher.pages import Touched, exists, page_at, settle_document, touch_document, touch_moved
from publisher.site import Press
from publisher.source import Source

Keep = Callable[[str, bytes], None]
GONE = "gone"  # marks, beside a notice, that its address is to answer with 410
NO_BYTES = hashlib.sha256(b"").hexdigest()


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
    shown: dict[int, int | None] = field(
        default_factory=dict
    )  # document: edition, where it is not the live one

    def __post_init__(self) -> None:
        self.assets = read_assets()
        self.chrome = chrome_of(self.source.surroundings.site, self.public_url, self.assets)
        self.blobs = {CHROME_URL: self.chrome.as_json(), **dict(self.assets.values())}
        self._asset_paths = {file_of(url) for url in self.blobs}
        self.press = Press(self.chrome)
        self._freezer = PageFreezer(self.find, self.press)
        self._exists: dict[str, bool] = {}
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
            if page is None:
                unreadable = self._unreadable(url)
                yield unreadable or Outcome(url, self._freezer.place(url))
            else:
                yield self._outcome(page, self._freezer.bytes_of(page))

    def settle(self, outcomes: Iterable[Outcome], touched: Touched) -> None:
        """Judge what was rendered; render anew what a judgement touches, until nothing changes any more."""
        pending = list(outcomes)
        while pending:
            self.outcomes |= {outcome.url: outcome for outcome in pending}
            again = Touched()
            for outcome in pending:
                if outcome.faults:
                    self._judge(outcome, again)
            touched.pages |= again.pages
            pending = list(self.render(list(again.pages)))

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

    def _outcome(self, page: Page, content: bytes | Exception) -> Outcome:
        path = self._freezer.place(page.url)
        common = {"url": page.url, "path": path, "document_id": page.document_id}
        if isinstance(content, Exception):
            reason = f"页面无法生成（{type(content).__name__}）"
            return Outcome(**common, faults=(reason,), may_not_be_shown=True)
        text = content.decode()
        faults = faults_of(page, text, files=self, known=self, public_url=self.public_url)
        missing = [file.name for file in page.files if not self._is_intact(file)]
        faults += [f"附件“{name}”缺失或内容与登记不符，请重新上传" for name in missing]
        personal = bool(faults) and bool(personal_data_on(text, page.contacts))
        if personal and page.document_id is None:
            content = self._blacked_out(page, text, faults)
        if not (personal or missing) or page.document_id is None:
            self.keep(path, content)
        return Outcome(
            **common,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            is_page=path.endswith(".html"),
            is_gone=page.is_gone,
            files=page.files,
            faults=tuple(faults),
            may_not_be_shown=page.document_id is not None and bool(personal or missing),
        )

    def _blacked_out(self, page: Page, text: str, faults: list[str]) -> bytes:
        """A page on which everything hangs goes live all the same, its personal data blacked out."""
        redacted = redact(text, page.contacts)
        if personal_data_on(redacted, page.contacts):
            raise PublishError(f"页面 {page.url} 不能发布：{'；'.join(faults)}")
        return redacted.encode()

    def _judge(self, outcome: Outcome, again: Touched) -> None:
        document, reason = outcome.document_id, "；".join(outcome.faults)
        if document is None:
            if outcome.may_not_be_shown:
                raise PublishError(f"页面 {outcome.url} 不能发布：{reason}")
            note = "已遮盖后发布" if any("未脱敏" in fault for fault in outcome.faults) else "页面已发布"
            self.kept_back[outcome.url] = (f"{reason}（{note}）", None)
            return
        head = self.source.head(document)
        before = self.source.shown_before.get(document)
        fallback = before if head and before != head.edition_id and document not in self._judged else None
        is_old = head is not None and (before == head.edition_id or document in self._judged)
        if head is None or (is_old and not outcome.may_not_be_shown):
            self.kept_back.setdefault(outcome.url, (f"{reason}（页面已发布）", document))
            return
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
        if place not in self._exists:
            self._exists[place] = self._leads_somewhere(place)
        return self._exists[place]

    def _leads_somewhere(self, place: str) -> bool:
        if place.startswith("/svc/apply/"):
            return self.source.may_be_applied_for(place.removeprefix("/svc/apply/"))
        if place.startswith("files/"):
            return (self.uploads / place.removeprefix("files/")).is_file()
        if place in self._asset_paths:
            return True
        address = f"/{place.removesuffix('index.html')}" if place.endswith("/index.html") else f"/{place}"
        return exists(self.source, "/" if place == "index.html" else address)

    def _is_intact(self, file: FileFacts) -> bool:
        source = self.uploads / file.stored_name
        if not source.is_file() or source.stat().st_size != file.size_bytes:
            return False
        if self.known_files(f"files/{file.stored_name}"):
            return True  # hashed when it went live
        with source.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def keep_back_questions(source: Source, ids: Iterable[int]) -> dict[str, tuple[str, int]]:
    """Show no question with personal data in it: they share pages, so each is looked at by itself."""
    kept = {}
    for question in source.questions(ids):
        reasons = personal_data_in(f"{question.question}\n{question.answer}", question.organ.contacts)
        if reasons:
            kept[question.url] = ("；".join(reasons), question.id)
            source.without_question(question.id)
    return kept
