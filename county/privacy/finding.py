"""Personal data found in a text, and blacked out."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from county.privacy.first_look import FirstLook
from county.privacy.homes import homes_in, mask_home
from county.privacy.masks import mask_bank_card, mask_id_number, mask_phone
from county.privacy.numbers import CONTEXT, FindingKind, Hit, hits_in
from county.privacy.signs import STOPS

_MASKS = {
    FindingKind.ID_NUMBER: mask_id_number,
    FindingKind.MOBILE: mask_phone,
    FindingKind.BANK_CARD: mask_bank_card,
    FindingKind.HOME: mask_home,
}
_LOOK = FirstLook()
_PIECE = re.compile(rf"[^{STOPS}](?:[{STOPS}]{{0,{CONTEXT}}}+[^{STOPS}])*+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at text[start:end]. Only the masked form is kept: a finding may be shown and logged."""

    kind: FindingKind
    start: int
    end: int
    masked: str


def find_personal_data(text: str, allowed: Iterable[str] = ()) -> list[Finding]:
    """Identity, mobile and bank card numbers in `text`, also in full width or parted by spaces, and homes, by place.

    `allowed` are the declared contacts, addresses and accounts of offices, each a free text: what stands in them is
    exempt, identity numbers never. Time and memory grow with the length of the text only.
    Source: 个人信息保护法 art. 28, 51; design decision on the personal-data gate.
    """
    found = _everything(text)
    if not found:
        return []
    allowed = list(allowed)
    exempt = {
        hit.number for entry in allowed for hit in _hits(entry) if hit.kind is not FindingKind.ID_NUMBER
    }
    return [
        Finding(hit.kind, hit.start, hit.end, _MASKS[hit.kind](hit.number))
        for hit in found
        if hit.number not in exempt and not _is_office(hit, allowed)
    ]


def find_marked(text: str, key: str) -> list[tuple[Finding, str]]:
    """As find_personal_data, each with a mark that is the same for the same number under the same key."""
    return [
        (Finding(hit.kind, hit.start, hit.end, _MASKS[hit.kind](hit.number)), _mark(hit.number, key))
        for hit in _everything(text)
    ]


def marks_of_contacts(contacts: Iterable[str], key: str) -> set[str]:
    """The marks of the numbers of offices under this key; identity numbers are nobody's office contact."""
    return {
        _mark(hit.number, key)
        for contact in contacts
        for hit in _everything(contact)
        if hit.kind is not FindingKind.ID_NUMBER
    }


def _mark(number: str, key: str) -> str:
    return hashlib.blake2b(number.encode(), key=key.encode()[:64], digest_size=8).hexdigest()


def redact(text: str, allowed: Iterable[str] = ()) -> str:
    """The text with each finding replaced by its masked form."""
    pieces, done = [], 0
    for finding in find_personal_data(text, allowed):
        pieces += [text[done : finding.start], finding.masked]
        done = finding.end
    return "".join([*pieces, text[done:]])


def _everything(text: str) -> list[Hit]:
    """Numbers and homes by place; a number within a home is found by itself."""
    numbers = list(_hits(text))
    taken = [range(hit.start, hit.end) for hit in numbers]
    homes = [
        home
        for home in homes_in(text)
        if all(home.end <= other.start or other.stop <= home.start for other in taken)
    ]
    return sorted([*numbers, *homes], key=lambda hit: hit.start)


def _is_office(hit: Hit, allowed: Iterable[str]) -> bool:
    return hit.kind is FindingKind.HOME and any(hit.number in entry for entry in allowed)


def _hits(text: str) -> Iterator[Hit]:
    """What the full search finds, which looks only at the pieces in which the first look sees a number.

    Pieces are parted by more signs that stand in no number than the search ever looks around one.
    """
    if not _LOOK.sees_number(text):
        return
    for piece in _PIECE.finditer(text):
        if _LOOK.sees_number(text, *piece.span()):
            start = max(0, piece.start() - CONTEXT)
            for hit in hits_in(text[start : piece.end() + CONTEXT]):
                yield replace(hit, start=hit.start + start, end=hit.end + start)
