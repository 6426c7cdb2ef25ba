"""Editions shown although they are not live, as publishing them would leave them: for a look ahead, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from content import rules
from content.models import Edition
from content.operations import number_ahead
from county.calendar import county_day
from database import db


@dataclass(frozen=True)
class Candidate:
    """An edition to be shown as live from `at` on, under the number its document has or would be given."""

    edition_id: int
    number: str
    at: datetime

    def as_published(self, row: Any) -> Any:
        """A row of this edition with what publishing fills in: number, moment, and dates that were left open.

        It says the same as `content.operations.publish` does; that both agree to the byte is held by a test.
        """
        values = dict(row._mapping)
        day = values.get("published_on") or county_day(self.at)
        values |= {"number": self.number, "published_at": self.at, "sorted_on": values["sorted_on"] or day}
        if "published_on" in values:
            values |= {"published_on": day, "produced_on": values["produced_on"] or day}
            is_over = rules.is_over(values["opinions_until"], county_day(self.at))
            values["opinions_closed_at"] = self.at if is_over else None
        return SimpleNamespace(**values)


def candidates_of(chosen: Mapping[int, int], at: datetime | None) -> dict[int, Candidate]:
    """The candidates for these documents (document: edition), to be live at this moment."""
    if chosen and at is None:
        raise ValueError("a look at editions that are not live needs the moment at which they would be")
    found: dict[int, Candidate] = {}
    for document, key in chosen.items():
        assert at is not None  # noqa: S101 - for the type checker
        edition = db.session.get_one(Edition, key)
        found[document] = Candidate(key, number_ahead(edition, at=at) or "", at)
    return found
