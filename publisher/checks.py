"""What every page must hold before it goes live. Pure: texts and addresses in, reasons out."""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from urllib.parse import unquote, urljoin, urlsplit

from content.rules import plain_text
from county.privacy import find_personal_data
from publisher.page import Page, file_of

TARGETS = re.compile(r"""<(?:a|link|img|form|script)\b[^>]*?\s(?:href|src|action)="([^"]*)\"""")
WORDS_IN_TAGS = re.compile(r"""\s(?:title|alt|content|value|href|src|start)="([^"]*)\"""")
IDS = re.compile(r"""\sid="([^"]*)\"""")
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
NOTES = re.compile(r"<(su[bp])\b[^<>]*>(?:[^<]|<(?!/?su[bp]\b))*+</\1>")
CELL_END = re.compile(r"</t[dh]>")
SPLIT_MOBILES = frozenset({(3, 4, 4), (3, 8), (7, 4), (1,) * 11})
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
        *personal_data_on(text, page.contacts),
        *_broken_links(page.url, text, files, known, public_url),
    ]


def personal_data_in(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Reasons not to publish a text: each kind of unmasked personal number in it."""
    found = find_personal_data(text, allowed)
    return [f"含有未脱敏的{hit.kind.label}（{hit.masked}），请脱敏后重新发布" for hit in found[:3]]


def _emptiness(text: str) -> Iterator[str]:
    main = MAIN.search(text)
    if main is None or "<h1" not in main[0] or len(plain_text(main[0])) < LEAST_TEXT:
        yield "页面没有内容"


def personal_data_on(text: str, contacts: Iterable[str]) -> list[str]:
    """Reasons not to publish a page: personal numbers in its words, its attributes, or parted by tags or cells."""
    words = "\n；".join(unquote(html.unescape(found)) for found in WORDS_IN_TAGS.findall(text))
    without_notes = plain_text(NOTES.sub("", text)) if NOTES.search(text) else ""
    split = "；".join(_numbers_split_over_cells(text))
    looks = (f"{plain_text(text)}\n；{words}", without_notes, split)
    return list(dict.fromkeys(reason for look in looks for reason in personal_data_in(look, contacts)))[:3]


def _numbers_split_over_cells(text: str) -> Iterator[str]:
    """Neighbouring cells of digits that make a mobile number, in tables where no row of digits is anything else.

    Identity numbers are found across cells anyhow; three columns of statistics are no telephone.
    """
    for table in text.split("</table>")[:-1]:
        rows = [row.rpartition("<tr")[2].partition(">")[2] for row in table.split("</tr>")[:-1]]
        runs = [run for row in rows for run in _runs_of_digits(map(plain_text, CELL_END.split(row)))]
        if runs and all(tuple(map(len, run)) in SPLIT_MOBILES for run in runs):
            yield from map("".join, runs)


def _runs_of_digits(cells: Iterable[str]) -> Iterator[list[str]]:
    for is_digits, run in groupby(cells, key=str.isdecimal):
        found = list(run)
        if is_digits and len(found) > 1:
            yield found


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
