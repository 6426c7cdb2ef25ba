"""What every page must hold before it goes live. Pure: texts and addresses in, reasons out."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

from content.rules import plain_text
from county.privacy import FirstLook, find_personal_data, may_name_home
from publisher.page import Page, file_of

TARGETS = re.compile(r"""<(?:a|link|img|form|script)\b[^>]*?\s(?:href|src|action)="([^"]*)\"""")
ADDRESSES = tuple(re.compile(rf'{name}="([^"]*)"') for name in ("href", "src", "action"))  # of any tag
PLAIN_ADDRESS = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*+(?:/|\Z))*+")
WORDS_IN_TAGS = re.compile(r"""\s(?:title|alt|content|value|href|src|start)="([^"]*)\"""")
IDS = re.compile(r"""\sid="([^"]*)\"""")
MAIN = re.compile(r"<main\b")
EIGHT_WORDS = re.compile(
    r"<(?!br)[a-z][^<>]*+>[^<>&]*?[^\x00-\x7f\s]{8}"
)  # no entity and no blank has such signs
NOTES = re.compile(r"<(su[bp])\b[^<>]*>(?:[^<]|<(?!/?su[bp]\b))*+</\1>")
CELL_END = re.compile(r"</t[dh]>")
SPLIT_MOBILES = frozenset({(3, 4, 4), (3, 8), (7, 4), (1,) * 11})
ENDPOINT = re.compile(r"/svc/(?:search|lookup)")
LEAST_TEXT = 8
# As plain_text does: line ends are put in first, also where an attribute's value holds such a tag.
LINE_ENDS = r"</(?:p|h\d|li|tr|td|th|div|dd|dt|blockquote|caption)>|<br\s*/?>"
LOOK = FirstLook(between=rf"(?:<(?:[^<>]++|{LINE_ENDS}|<)*+>|&nbsp;)")
OTHER_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#34|#39);)")
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
MOST_GOOD = 50_000


class Known(Protocol):
    """What knows of a place whether it is there."""

    def __contains__(self, place: str, /) -> bool: ...


def faults_of(
    page: Page,
    text: str,
    *,
    files: Known,
    known: Known,
    public_url: str,
    good: set[str] | None = None,
) -> list[str]:
    """Why this page may not go live, in words for its editor; empty if it may.

    `files` are the files of the release, `known` the dynamic addresses that exist, such as that of an application.
    `good` is filled with links that lead somewhere from any page: pass one set for all pages of one release.

    Source: B-05, I-06; 个人信息保护法 arts. 28, 51; standards §1.2 (broken links are counted).
    """
    if not page.file.endswith(".html"):
        return []
    return [
        *_emptiness(text),
        *personal_data_on(text, page.contacts),
        *_broken_links(page, text, files, known, public_url, set() if good is None else good),
    ]


def personal_data_in(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Reasons not to publish a text: each kind of unmasked personal number in it."""
    found = find_personal_data(text, allowed)
    return [f"含有未脱敏的{hit.kind.label}（{hit.masked}），请脱敏后重新发布" for hit in found[:3]]


def _emptiness(text: str) -> Iterator[str]:
    begin = MAIN.search(text)
    end = text.find("</main>", begin.end()) if begin else -1
    main = text[begin.start() : end + len("</main>")] if begin and end >= 0 else ""
    if "<h1" not in main or not (EIGHT_WORDS.search(main) or len(plain_text(main)) >= LEAST_TEXT):
        yield "页面没有内容"


def personal_data_on(text: str, contacts: Iterable[str]) -> list[str]:
    """Reasons not to publish a page: personal numbers in its words, its attributes, or parted by tags or cells."""
    return _found_on(text, contacts) if may_hold_personal_data(text) else []


def _found_on(text: str, contacts: Iterable[str]) -> list[str]:
    words = unquote(html.unescape("\n；".join(WORDS_IN_TAGS.findall(text))))
    without_notes = plain_text(NOTES.sub("", text)) if NOTES.search(text) else ""
    split = "；".join(_numbers_split_over_cells(text))
    looks = (f"{plain_text(text)}\n；{words}", without_notes, split)
    return list(dict.fromkeys(reason for look in looks for reason in personal_data_in(look, contacts)))[:3]


def may_hold_personal_data(text: str) -> bool:
    """A first look at a page as it is written; what it does not understand, it takes for personal data."""
    if (
        OTHER_ENTITY.search(text)
        or ("%" in text and ENCODED.search(text))
        or LOOK.sees_number(text)
        or may_name_home(text)
    ):
        return True
    return ("<sub" in text or "<sup" in text) and LOOK.sees_number(NOTES.sub("", text))


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
    page: Page, text: str, files: Known, known: Known, public_url: str, good: set[str]
) -> Iterator[str]:
    def leads(link: str) -> bool:
        target = html.unescape(link)
        if target.startswith("#"):
            return f' id="{target[1:]}"' in text or target[1:] in IDS.findall(text)
        return leads_somewhere(page.url, target, files, known, public_url)

    links = {link for pattern in ADDRESSES for link in pattern.findall(text)} - good
    broken = {link for link in links if link.endswith("=") or not leads(link)}
    if broken:  # or what ends so has swallowed the beginning of a link: all are read again, tag by tag
        for link in dict.fromkeys(TARGETS.findall(text)):
            if not leads(link):
                yield _fault_of(html.unescape(link))
    if len(good) < MOST_GOOD:
        good |= {link for link in links - broken if link.startswith(("/", "http:", "https:"))}


def _fault_of(target: str) -> str:
    if target.startswith("#"):
        return f"页内链接 {target[:80]} 没有对应的位置"
    return f"链接 {target[:200]} 指向的页面不存在"


def leads_somewhere(url: str, target: str, files: Known, known: Known, public_url: str) -> bool:
    """Whether a link on the page at `url` leaves the site or meets a file or a known dynamic address."""
    if public_url and (target == public_url or target.startswith(f"{public_url}/")):
        target = target[len(public_url) :] or "/"
    place = target
    if not PLAIN_ADDRESS.fullmatch(target):
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
