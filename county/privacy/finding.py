"""Personal data found in a text, and blacked out."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from county.privacy.first_look import FirstLook
from county.privacy.masks import mask_bank_card, mask_id_number, mask_phone
from county.privacy.numbers import CONTEXT, FindingKind, Hit, hits_in
from county.privacy.signs import STOPS

_MASKS = {
    FindingKind.ID_NUMBER: mask_id_number,
    FindingKind.MOBILE: mask_phone,
    FindingKind.BANK_CARD: mask_bank_card,
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
    """Identity, mobile and bank card numbers in `text`, by place; also in full width or parted by spaces.

    `allowed` are the declared contacts and accounts of offices, each a free text: numbers in them are exempt,
    identity numbers never. Time and memory grow with the length of the text only.
    Source: 个人信息保护法 art. 28, 51; design decision on the personal-data gate.
    """
    found = list(_hits(text))
    if not found:
        return []
    exempt = {
        hit.number for entry in allowed for hit in _hits(entry) if hit.kind is not FindingKind.ID_NUMBER
    }
    return [
        Finding(hit.kind, hit.start, hit.end, _MASKS[hit.kind](hit.number))
        for hit in found
        if hit.number not in exempt
    ]


def find_marked(text: str, key: str) -> list[tuple[Finding, str]]:
    """As find_personal_data, each with a mark that is the same for the same number under the same key."""
    return [
        (Finding(hit.kind, hit.start, hit.end, _MASKS[hit.kind](hit.number)), _mark(hit.number, key))
        for hit in _hits(text)
    ]


def marks_of_contacts(contacts: Iterable[str], key: str) -> set[str]:
    """The marks of the numbers of offices under this key; identity numbers are nobody's office contact."""
    return {
        _mark(hit.number, key)
        for contact in contacts
        for hit in _hits(contact)
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
