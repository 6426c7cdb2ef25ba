"""What became of a publication after 发布: whether the public site shows it, and if not, why."""

from dataclasses import dataclass

import publisher
from content.addresses import document_address
from content.models import Document, Edition, EditionState
from county import ledger


@dataclass(frozen=True)
class SiteNote:
    """A sentence about the public page, and how it is to be shown: good, warn or error."""

    text: str
    tone: str


def blocked_pages() -> dict[str, str]:
    """Pages that the site built last keeps back: address and reason."""
    return publisher.kept_back()


def note_on(edition: Edition) -> SiteNote | None:
    """What the officer should know about the public page of an edition that is live for us."""
    if edition.state is not EditionState.PUBLISHED:
        return None
    document: Document = edition.document
    errand = ledger.latest_errand("publish_document", document.id)
    if errand and errand.state == "failed":
        return SiteNote(f"公开网站更新失败，请联系系统管理员。错误：{errand.last_error}", "error")
    if errand and errand.state in ("waiting", "claimed"):
        retry = (
            "上一次更新没有成功，系统会自动重试。"
            if errand.last_error
            else "公开网站正在更新，请稍后刷新本页。"
        )
        return SiteNote(retry, "warn")
    reason = blocked_pages().get(document_address(document.kind, document.id))
    if reason:
        return SiteNote(f"这一稿没有出现在公开网站上：{reason}。请另起新稿修改后重新发布。", "error")
    return None
