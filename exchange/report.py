"""What an import did, row by row, as the command reports it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """What became of one row."""

    change: str  # added, changed, unchanged
    state: str | None = None  # draft, published; None where a kind knows no states
    gaps: tuple[str, ...] = ()  # fields that keep the row from its readers


@dataclass
class ImportReport:
    """Counts of an import, with each gap and each refusal by line."""

    counts: Counter[str] = field(default_factory=Counter)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    unknown_keys: Counter[str] = field(default_factory=Counter)
    made: list[dict[str, str]] = field(
        default_factory=list
    )  # organs and channels made for rows that named them

    def enter(self, file: str, line: int, outcome: Outcome) -> None:
        """Count one row that went in."""
        self.counts[outcome.change] += 1
        if outcome.state:
            self.counts[outcome.state] += 1
        self.gaps += [{"file": file, "line": line, "field": name} for name in outcome.gaps]

    def refuse(self, file: str, line: int, field_name: str | None, reason: str) -> None:
        """Count one row that did not."""
        self.refused.append({"file": file, "line": line, "field": field_name, "reason": reason})

    @property
    def rows(self) -> int:
        """Rows seen so far."""
        return sum(self.counts[change] for change in ("added", "changed", "unchanged")) + len(self.refused)

    def as_json(self) -> dict[str, Any]:
        """The report as the contract has it, with drafts, published, unknown keys and what was made beside it."""
        return {
            "added": self.counts["added"],
            "changed": self.counts["changed"],
            "unchanged": self.counts["unchanged"],
            "published": self.counts["published"],
            "drafts": self.counts["draft"],
            "gaps": self.gaps,
            "refused": self.refused,
            "unknown_keys": dict(self.unknown_keys),
            "made": self.made,
        }
