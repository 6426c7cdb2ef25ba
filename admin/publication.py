"""What became of a publication after 发布: whether the public site shows it, since when, and if not, why."""

from dataclasses import dataclass
from datetime import datetime

import publisher
from admin.signed_in import now
from content.models import Document, Edition, EditionState
from county import ledger
from county.calendar import COUNTY_ZONE, county_day
from installation import settings

HELD = (
    "公开网站已回退，发布暂停：已发布和已撤回的内容暂不更新到公开网站。"
    "查明原因后，由系统管理员运行 flask site publish 恢复。"
)
STILL_SHOWN = "（页面已发布）"  # how the publisher marks a fault for which it keeps nothing back


@dataclass(frozen=True)
class SiteNote:
    """A sentence about the public page, and how it is to be shown: good, warn or error."""

    text: str
    tone: str


def site_place() -> publisher.Place:
    """Where this installation keeps its site."""
    given = settings()
    return publisher.Place(
        given.site_folder, given.upload_folder, given.public_url, given.read_back_url, given.keep_releases
    )


def note_on(edition: Edition, proofs: list[publisher.Proof]) -> SiteNote | None:
    """What the officer should know about the public page of an edition that is live for us, or was taken back.

    `proofs` are those of its document, newest first.
    """
    document: Document = edition.document
    if not _concerns_the_site(edition):
        return None
    standing = publisher.standing_of(document)
    if standing.is_held:
        return SiteNote(HELD, "error")
    errand = standing.errand
    if errand and errand.state == "failed":
        return SiteNote(f"公开网站更新失败，请联系系统管理员。错误：{errand.last_error}", "error")
    if errand and errand.state in ("waiting", "claimed"):
        return SiteNote(_waiting(errand), "warn")
    if standing.kept_back:
        return _kept_back(standing.kept_back)
    return _proof(edition, proofs[0]) if proofs else None


def clock_time(at: datetime) -> str:
    """A moment on the county's clock to the second, with its day unless that is today."""
    here, today = at.astimezone(COUNTY_ZONE), county_day(now())
    if here.date() == today:
        return f"{here:%H:%M:%S}"
    year = "" if here.year == today.year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here:%H:%M:%S}"


def _concerns_the_site(edition: Edition) -> bool:
    if edition.state is EditionState.WITHDRAWN:
        return edition.document.withdrawn_at is not None and edition is max(
            (one for one in edition.document.editions if one.state is EditionState.WITHDRAWN),
            key=lambda one: one.edition_no,
        )
    return edition.state is EditionState.PUBLISHED


def _waiting(errand: ledger.Errand) -> str:
    if errand.last_error:
        return "上一次更新没有成功，系统会自动重试。"
    return "公开网站正在更新，请稍后刷新本页。"


def _kept_back(reason: str) -> SiteNote:
    if STILL_SHOWN in reason:
        words = reason.replace(STILL_SHOWN, "")
        return SiteNote(f"这一稿已在公开网站上，但有问题：{words}。请另起新稿修改后重新发布。", "warn")
    return SiteNote(f"这一稿没有出现在公开网站上：{reason}。请另起新稿修改后重新发布。", "error")


def _proof(edition: Edition, proof: publisher.Proof) -> SiteNote | None:
    is_notice = edition.state is EditionState.WITHDRAWN
    if proof.edition_id != (None if is_notice else edition.id):
        return None
    what = "撤回说明" if is_notice else ""
    who = f"（由{proof.officer}发布）" if proof.officer else ""
    if proof.seen_at:
        return SiteNote(f"{what}已在公开网站看到 {clock_time(proof.seen_at)}{who}", "good")
    if proof.live_at is None:
        return SiteNote("正在写入公开网站，请稍后刷新本页。", "warn")
    written = f"{what}已写入公开网站 {clock_time(proof.live_at)}{who}"
    if not settings().read_back_url:
        return SiteNote(written, "good")
    why = proof.seen_note or "正在核对，请稍后刷新本页"
    return SiteNote(f"{written}，尚未从公开地址读到：{why}", "warn")
