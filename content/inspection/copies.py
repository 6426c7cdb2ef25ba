"""Cleaned copies of files. Runs in the reading process, as the search does."""

from collections.abc import Sequence
from typing import BinaryIO

import extraction
from content.inspection.report import TOO_MUCH, Inspection
from county.privacy import find_personal_data


def clean(file: BinaryIO, copy: BinaryIO, suffix: str, contacts: Sequence[str]) -> Inspection:
    """Write a copy with every number masked that is no contact of an office; a refusal says why there is none.

    Source: 个人信息保护法 art. 28, 51; decisions (masks; contacts of offices are exempt).
    """

    def masks(text: str) -> list[tuple[int, int, str]]:
        return [(found.start, found.end, found.masked) for found in find_personal_data(text, contacts)]

    try:
        extraction.clean(file, copy, suffix, masks)
    except extraction.CannotReadError as refusal:
        return Inspection(refusal=refusal.reason)
    except MemoryError:
        return Inspection(refusal=TOO_MUCH)
    return Inspection()
