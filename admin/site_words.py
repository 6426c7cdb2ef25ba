"""The files of the public site, and what changes them, in the officers' words."""

import re
from collections.abc import Iterable, Mapping

from content import queries
from content.models import Edition, EditionState
from county.organs import every_organ
from database import db
from publisher import PlannedFile, address_of

FIXED = {
    "/": "首页",
    "/xxgk/": "政府信息公开专栏首页",
    "/zwfw/": "政务服务专栏首页",
    "/map.html": "网站地图",
    "/notice.html": "紧急通知",
    "/notice.css": "各页上方的紧急通知",
    "/robots.txt": "搜索引擎的访问规则",
    "/opensearch.xml": "浏览器的站内搜索",
    "/404.html": "“没有找到”提示页",
    "/feed.xml": "最新信息订阅",
    "/assets/chrome.json": "页眉和导航",
}
DOCUMENT = re.compile(r"(?:xxgk|zwfw)/(\d+)/index\.html")
NUMBERED = re.compile(r"/(\d+)\.html$")
MARK = "/gone"  # beside a notice: its address answers that the page is gone
CHANGES = {"added": "新增", "changed": "改动", "removed": "移除"}


def is_worth_showing(path: str) -> bool:
    """Whether a file means something to an officer."""
    return not path.endswith(MARK)


def page_words(path: str, title: str = "") -> str:
    """What stands at a file of the site; `title` is that of the page, where it is known."""
    address = address_of(path)
    if address in FIXED:
        return FIXED[address]
    if path.startswith("sitemap"):
        return "搜索引擎用的站点地图"
    if path.startswith("assets/"):
        return "页面样式和图标"
    if path.startswith("files/"):
        return f"附件（{path.rpartition('.')[2]} 文件）"
    number = NUMBERED.search(address)
    return f"{title or address}（第 {number[1]} 页）" if number else title or address


def titles_of(paths: Iterable[str]) -> dict[str, str]:
    """What the pages of documents, channels and organs among these files are called now."""
    found: dict[str, str] = {}
    known = {f"/xxgk/c/{channel.code}/": channel.name for channel in queries.channels()}
    for organ in every_organ():
        known |= {f"/{column}/o/{organ.id}/": organ.name for column in ("xxgk", "zwfw")}
    given = list(paths)
    documents = {path: int(number[1]) for path in given if (number := DOCUMENT.fullmatch(path))}
    titles = live_titles(documents.values())
    for path in given:
        title = known.get(f"{address_of(path).rpartition('/')[0]}/") or titles.get(documents.get(path, 0))
        if title:
            found[path] = title
    return found


def live_titles(documents: Iterable[int]) -> dict[int, str]:
    """The titles of documents that are public."""
    wanted = (Edition.state == EditionState.PUBLISHED, Edition.document_id.in_(set(documents)))
    rows = db.session.execute(db.select(Edition.document_id, Edition.title).where(*wanted))
    return {row.document_id: row.title for row in rows}


def reason_words(reasons: Iterable[str], titles: Mapping[int, str], own: int | None = None) -> list[str]:
    """What touches a page, each as a sentence; `titles` are those of documents, `own` is the one at hand."""
    return list(dict.fromkeys(_reason(reason, titles, own) for reason in reasons))


def _reason(reason: str, titles: Mapping[int, str], own: int | None) -> str:
    kind, _, what = reason.partition(" ")
    if kind == "document" and what.isdigit():
        title = titles.get(int(what))
        return "显示这一稿的内容" if int(what) == own else f"显示《{title}》" if title else "显示其他信息"
    return {
        "question": "显示咨询答复",
        "organ": "显示单位的名称和联系方式",
        "alert": "紧急通知有变化",
        "list": "所在的列表有增减",
        "everything": "全站更新",
    }.get(kind, reason)


def documents_in(files: Iterable[PlannedFile]) -> set[int]:
    """Documents that are reasons for a change."""
    found = (reason.partition(" ") for file in files for reason in file.reason)
    return {int(key) for kind, _, key in found if kind == "document" and key.isdigit()}
