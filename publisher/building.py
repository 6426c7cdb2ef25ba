"""build: the whole site from the database into a fresh folder, checked, then switched to."""

import hashlib
import os
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from content.addresses import question_address
from county.privacy import redact
from publisher.checks import faults_of, personal_data_in, personal_data_on
from publisher.chrome import CHROME_URL, chrome_of, read_assets
from publisher.errors import PublishError
from publisher.facts import FileFacts, OrganFacts, Snapshot
from publisher.freeze import freeze
from publisher.manifest import Blocked, Manifest, describe, difference, read_manifest, write_manifest
from publisher.page import Page, file_of
from publisher.pages import page_table
from publisher.release import (
    drop,
    drop_leftovers,
    drop_old,
    live_tree,
    new_tree,
    one_builder,
    switch,
    sync_beside,
    sync_tree,
)
from publisher.site import create_site
from publisher.snapshot import read_snapshot, without

FEWER_NEEDS_ASKING = 20  # pages: under this, a shrinking site is no sign of a mistake


@dataclass(frozen=True)
class BuildReport:
    """What a build made: counts of files against the release that was live before."""

    release: str
    pages: int
    files: int
    bytes: int
    seconds: float
    added: int
    changed: int
    removed: int
    blocked: tuple[Blocked, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return asdict(self)


@dataclass
class _Draft:
    """A release in the making."""

    tree: Path
    snapshot: Snapshot
    uploads: Path
    public_url: str
    blocked: list[Blocked] = field(default_factory=list)
    pages: tuple[Page, ...] = ()
    blobs: dict[str, bytes] = field(default_factory=dict)
    attached: dict[str, FileFacts] = field(default_factory=dict)


def build(
    *, site_folder: Path, upload_folder: Path, public_url: str, at: datetime, keep: int = 5,
    out: Path | None = None, accept_fewer: bool = False,
) -> BuildReport:  # fmt: skip
    """Build the whole site and make it live; with `out`, only into that folder.

    A page that may not go live is left out with everything that leads to it, and reported. `accept_fewer` allows a
    site less than half as large as the live one, which otherwise is taken for a mistake.

    Raises: BusyError if another builder is at work; PublishError; OSError. The live site is then as it was.
    """
    started = time.monotonic()
    with one_builder(site_folder):
        drop_leftovers(site_folder)
        live = live_tree(site_folder)
        previous = read_manifest(live) if live else None
        tree = _empty_folder(out) if out else new_tree(site_folder, at)
        try:
            draft = _Draft(tree, read_snapshot(), upload_folder, public_url)
            _fill(draft)
            manifest = _finish(draft, at, previous, accept_fewer)
            if out is None:
                switch(site_folder, tree)
        except BaseException:
            drop(tree)
            raise
        if out is None:
            drop_old(site_folder, keep)
    added, changed, removed = difference(previous, manifest.files)
    return BuildReport(
        release=tree.name,
        pages=manifest.pages,
        files=len(manifest.files),
        bytes=manifest.total_bytes,
        seconds=round(time.monotonic() - started, 2),
        added=added,
        changed=changed,
        removed=removed,
        blocked=tuple(draft.blocked),
    )


def _fill(draft: _Draft) -> None:
    """Render and check until no page is left that may not go live."""
    draft.blocked += [Blocked(page, reason) for page, reason in draft.snapshot.refused]
    _keep_back_questions(draft)
    _keep_back_missing_files(draft)
    _mask_shared_facts(draft)
    while True:
        faults = _render_and_check(draft)
        owners = {page.url: page.document_id for page in draft.pages}
        of_documents = {url: reason for url, reason in faults.items() if owners[url] is not None}
        if not of_documents:
            break
        _keep_back(draft, of_documents)
    _publish_with_faults(draft, faults)
    for file in draft.attached.values():
        _attach(file, draft.uploads, draft.tree)


def _render_and_check(draft: _Draft) -> dict[str, str]:
    """Freeze the table of pages as it is now; return the pages that may not go live, with the reason."""
    assets = read_assets()
    chrome = chrome_of(draft.snapshot.site, draft.public_url, assets)
    draft.pages = page_table(draft.snapshot)
    draft.blobs = {CHROME_URL: chrome.as_json(), **dict(assets.values())}
    draft.attached = _attachments(draft.snapshot)
    by_url = {page.url: page for page in draft.pages}
    urls = [page.url for page in draft.pages]
    if len(by_url) != len(urls):
        raise PublishError(f"有两个页面使用同一地址：{next(url for url in urls if urls.count(url) > 1)}")
    faults = freeze(create_site(by_url, draft.blobs, chrome), [*urls, *draft.blobs], draft.tree)
    files = {page.file for page in draft.pages} | {file_of(url) for url in (*draft.blobs, *draft.attached)}
    known = {item.apply_url for item in draft.snapshot.services if item.apply_url}
    for page in draft.pages:
        if page.url not in faults:
            text = (draft.tree / page.file).read_text(encoding="utf-8")
            found = faults_of(page, text, files=files, known=known, public_url=draft.public_url)
            if found:
                faults[page.url] = "；".join(found)
    return faults


def _publish_with_faults(draft: _Draft, faults: dict[str, str]) -> None:
    """Lists and columns go live all the same, as everything hangs on them: reported, personal data blacked out.

    Raises: PublishError for one that could not be rendered or blacked out.
    """
    by_url = {page.url: page for page in draft.pages}
    for url, reason in faults.items():
        page, file = by_url[url], draft.tree / by_url[url].file
        if not file.is_file():
            raise PublishError(f"页面 {url} 不能发布：{reason}")
        text = file.read_text(encoding="utf-8")
        note = "页面已发布"
        if personal_data_on(text, page.contacts):
            note = "已遮盖后发布"
            text = redact(text, page.contacts)
            file.write_text(text, encoding="utf-8")
        if personal_data_on(text, page.contacts):
            raise PublishError(f"页面 {url} 不能发布：{reason}")
        draft.blocked.append(Blocked(url, f"{reason}（{note}）"))


def _mask_shared_facts(draft: _Draft) -> None:
    """What organs and channels say of themselves stands on many pages: blacked out there, and reported once."""
    found: dict[str, str] = {}
    snapshot = draft.snapshot
    organs = {
        organ: _masked(organ, organ.contacts, f"单位“{organ.short_name}”", found)
        for organ in _organs_of(snapshot)
    }
    with_organ = {
        name: tuple(replace(each, organ=organs[each.organ]) for each in getattr(snapshot, name))
        for name in ("disclosures", "services", "questions", "withdrawn")
    }
    draft.snapshot = replace(
        snapshot,
        site=_masked(snapshot.site, (snapshot.site.contact_phone,), "网站信息", found),
        organs=tuple(organs[organ] for organ in snapshot.organs),
        channels=tuple(_masked(each, (), f"栏目“{each.code}”", found) for each in snapshot.channels),
        **with_organ,
    )
    draft.blocked += [Blocked(place, reason) for place, reason in found.items()]


def _organs_of(snapshot: Snapshot) -> set[OrganFacts]:
    owned = (*snapshot.disclosures, *snapshot.services, *snapshot.questions, *snapshot.withdrawn)
    return {*snapshot.organs, *(each.organ for each in owned)}


def _masked(facts: Any, contacts: tuple[str, ...], place: str, found: dict[str, str]) -> Any:
    texts = {name: value for name, value in vars(facts).items() if isinstance(value, str) and name != "code"}
    faults = {
        name: reasons for name, value in texts.items() if (reasons := personal_data_in(value, contacts))
    }
    if faults:
        reasons = dict.fromkeys(reason for each in faults.values() for reason in each)
        found[redact(place, contacts)] = "；".join(reasons) + "（已遮盖后发布）"
    return replace(facts, **{name: redact(texts[name], contacts) for name in faults})


def _keep_back_questions(draft: _Draft) -> None:
    """Questions share pages, so each is looked at by itself."""
    found = {
        question.id: reasons
        for question in draft.snapshot.questions
        if (reasons := personal_data_in(f"{question.question}\n{question.answer}", question.organ.contacts))
    }
    draft.blocked += [Blocked(question_address(key), "；".join(reasons)) for key, reasons in found.items()]
    draft.snapshot = without(draft.snapshot, (), found)


def _keep_back_missing_files(draft: _Draft) -> None:
    """A document whose attachment is not in the upload folder as it was registered does not go live."""
    reasons = {}
    for item in (*draft.snapshot.disclosures, *draft.snapshot.services):
        for file in _files_of(item):
            if not _is_intact(draft.uploads / file.stored_name, file):
                reasons[item.id] = (item.url, f"附件“{file.name}”缺失或内容与登记不符，请重新上传")
    draft.blocked += [Blocked(url, reason) for url, reason in reasons.values()]
    draft.snapshot = without(draft.snapshot, reasons, ())


def _keep_back(draft: _Draft, faults: dict[str, str]) -> None:
    by_url = {page.url: page for page in draft.pages}
    for url, reason in faults.items():
        draft.blocked.append(Blocked(url, reason))
    gone = {by_url[url].document_id for url in faults}
    draft.snapshot = without(draft.snapshot, (key for key in gone if key is not None), ())
    shutil.rmtree(draft.tree)  # rendered anew, so that no list keeps a trace
    draft.tree.mkdir()


def _files_of(item: Any) -> tuple[FileFacts, ...]:
    forms = tuple(form.file for form in getattr(item, "forms", ()) if form.file)
    return (*item.files, *forms)


def _attachments(snapshot: Snapshot) -> dict[str, FileFacts]:
    return {
        file.url: file for item in (*snapshot.disclosures, *snapshot.services) for file in _files_of(item)
    }


def _is_intact(source: Path, file: FileFacts) -> bool:
    if not source.is_file() or source.stat().st_size != file.size_bytes:
        return False
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def _attach(file: FileFacts, uploads: Path, tree: Path) -> None:
    target = tree / "files" / file.stored_name
    if not target.resolve().is_relative_to(tree.resolve()):
        raise PublishError(f"附件“{file.name}”的存放位置在发布目录之外。")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(uploads / file.stored_name, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(uploads / file.stored_name, target)


def _finish(draft: _Draft, at: datetime, previous: Manifest | None, accept_fewer: bool) -> Manifest:
    """Hold the tree to its table, write the manifest beside it, and have both on the disk."""
    files = describe(draft.tree)
    expected = {page.file for page in draft.pages} | {file_of(url) for url in (*draft.blobs, *draft.attached)}
    if files.keys() != expected:
        odd = sorted(files.keys() ^ expected)
        raise PublishError(f"生成的文件与页面清单不一致，例如 {odd[0]}。")
    pages = sum(1 for page in draft.pages if page.file.endswith(".html"))
    if previous and not accept_fewer and previous.pages >= FEWER_NEEDS_ASKING and pages * 2 < previous.pages:
        raise PublishError(
            f"新站点只有 {pages} 页，不到现有 {previous.pages} 页的一半，可能连错了数据库；"
            "确认无误请加 --accept-fewer 重新发布。"
        )
    manifest = Manifest(
        draft.tree.name, at.isoformat(), draft.snapshot.watermark, pages, files, tuple(draft.blocked)
    )
    sync_tree(draft.tree)
    write_manifest(manifest, draft.tree)
    sync_beside(draft.tree)
    return manifest


def _empty_folder(folder: Path) -> Path:
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise PublishError(f"目录 {folder} 不是空的，请换一个目录或先清空。")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
