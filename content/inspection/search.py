"""The search of a file for personal data. Runs in the reading process: imports no database and no web framework."""

from typing import BinaryIO

from content.inspection.report import MOST_FINDINGS, FileFinding, Inspection
from county.privacy import find_marked
from extraction import CannotReadError, Piece, read
from extraction.pictures import LOCATION

MOST_UNREAD = 100
LOCATION_FINDING = ("location", LOCATION, "已隐去")


def search(file: BinaryIO, suffix: str, key: str) -> Inspection:
    """Everything found in the file; `key` is its hash, with which numbers are marked."""
    findings: dict[tuple[str, str], FileFinding] = {}
    unread: list[str] = []
    more = 0
    try:
        for found in read(file, suffix):
            if not isinstance(found, Piece):
                unread.append(found.place)
                continue
            for finding in _findings(found, key):
                if len(findings) < MOST_FINDINGS:
                    findings.setdefault((finding.place, finding.mark), finding)
                else:
                    more += 1
    except CannotReadError as refusal:
        return Inspection(refusal=refusal.reason)
    except MemoryError:
        return Inspection(refusal="内容过多，无法检查，请拆分成几个文件后上传")
    return Inspection(list(findings.values()), list(dict.fromkeys(unread))[:MOST_UNREAD], more)


def _findings(piece: Piece, key: str) -> list[FileFinding]:
    if piece.text == LOCATION:
        kind, label, masked = LOCATION_FINDING
        return [FileFinding(kind, label, piece.place, masked, kind)]
    return [
        FileFinding(found.kind.value, found.kind.label, piece.place_of(found.start), found.masked, mark)
        for found, mark in find_marked(piece.text, key)
    ]
