"""Whether what would be published is what was approved."""

from collections.abc import Mapping
from typing import Any

PARTS = {"page": "页面文字", "files": "附件", "visibility": "公开范围或期限"}


def changed_parts(approved: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What of a document's own page is not as it was approved, in words; a neighbour's change is none.

    Source: A-10, B-06 (what is published is what was reviewed); 政府信息公开条例 art. 17.
    """
    return [label for name, label in PARTS.items() if approved.get(name) != now.get(name)]
