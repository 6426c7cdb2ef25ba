"""What every page must hold before it goes live. Pure: texts and addresses in, reasons out."""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit

from content.rules import plain_text
from county.privacy import find_personal_data
from publisher.page import Page, file_of

TARGETS = re.compile(r"""<(?:a|link|img|form|script)\b[^>]*?\s(?:href|src|action)="([^"]*)\"""")
WORDS_IN_TAGS = re.compile(r"""\s(?:title|alt|content|value)="([^"]*)\"""")
IDS = re.compile(r"""\sid="([^"]*)\"""")
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
LONG_ENOUGH = re.compile(r"(?:[0-9０-９][^0-9０-９<>]{0,4}){11}")  # no personal number is shorter
ENDPOINT = re.compile(r"/svc/(?:search|lookup)")
LEAST_TEXT = 8


def faults_of(
    page: Page, text: str, *, files: Collection[str], known: Collection[str], public_url: str
) -> list[str]:
    """Why this page may not go live, in words for its editor; empty if it may.

    `files` are the files of the release, `known` the dynamic addresses that exist, such as that of an application.

    Source: B-05, I-06; 个人信息保护法 arts. 28, 51; standards §1.2 (broken links are counted).
    """
    if not page.file.endswith(".html"):
        return []
    return [
        *_emptiness(text),
        *_personal_data(text, page.contacts),
        *_broken_links(page.url, text, files, known, public_url),
    ]


def personal_data_in(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Reasons not to publish a text: each kind of unmasked personal number in it."""
    if not LONG_ENOUGH.search(text):
        return []
    found = find_personal_data(text, allowed)
    return [f"含有未脱敏的{hit.kind.label}（{hit.masked}），请脱敏后重新发布" for hit in found[:3]]


def _emptiness(text: str) -> Iterator[str]:
    main = MAIN.search(text)
    if main is None or "<h1" not in main[0] or len(plain_text(main[0])) < LEAST_TEXT:
        yield "页面没有内容"


def _personal_data(text: str, contacts: Iterable[str]) -> list[str]:
    words = "\n".join(html.unescape(found) for found in WORDS_IN_TAGS.findall(text))
    return personal_data_in(f"{plain_text(text)}\n{words}", contacts)


def _broken_links(
    url: str, text: str, files: Collection[str], known: Collection[str], public_url: str
) -> Iterator[str]:
    ids: set[str] | None = None
    for raw in dict.fromkeys(TARGETS.findall(text)):
        target = html.unescape(raw)
        if target.startswith("#"):
            ids = set(IDS.findall(text)) if ids is None else ids
            if target[1:] not in ids:
                yield f"页内链接 {target[:80]} 没有对应的位置"
        elif not leads_somewhere(url, target, files, known, public_url):
            yield f"链接 {target[:200]} 指向的页面不存在"


def leads_somewhere(
    url: str, target: str, files: Collection[str], known: Collection[str], public_url: str
) -> bool:
    """Whether a link on the page at `url` leaves the site or meets a file or a known dynamic address."""
    if public_url and (target == public_url or target.startswith(f"{public_url}/")):
        target = target[len(public_url) :] or "/"
    try:
        parts = urlsplit(urljoin(url, target))
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "mailto", "tel", "")
    place = unquote(parts.path)
    if ENDPOINT.fullmatch(place) or place.startswith("/admin/") or place in known:
        return True
    return file_of(place) in files or file_of(f"{place}/") in files
