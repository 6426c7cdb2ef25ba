"""What was found in a file, as it is sent from the reading process and kept."""

from dataclasses import asdict, dataclass, field
from typing import Any

TOO_MUCH = "内容过于复杂，无法检查，请简化或拆分后重新导出上传"
MOST_FINDINGS = 500  # kept with their places; there is no end to the list of a whole village


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Personal data in a file. The number itself is not kept: `mark` tells, beside the file, whether another is the same."""

    kind: str  # a FindingKind, or "location"
    label: str
    place: str
    masked: str
    mark: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file holds. With a `refusal` it could not be looked into and must not be published."""

    findings: list[FileFinding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # places that hold no text to be searched
    more: int = 0  # findings beyond those kept
    refusal: str = ""

    def as_data(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Inspection":
        """What `as_data` gave."""
        return cls(**{**data, "findings": [FileFinding(**finding) for finding in data.get("findings", ())]})
