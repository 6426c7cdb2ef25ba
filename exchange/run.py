"""What one import is about and what it remembers from row to row."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from exchange.errors import RowInTheWayError
from exchange.naming import Names
from exchange.report import ImportReport

DRAFT, PUBLISHED = "draft", "published"


@dataclass(frozen=True)
class ImportOptions:
    """How rows are to be taken in. Organ and channel serve rows that name none."""

    at: datetime
    state: str = DRAFT
    organ_id: int | None = None
    channel_id: int | None = None
    create_missing: bool = False
    dry_run: bool = False
    by: int | None = None
    uploads: Path = Path("uploads")
    upload_max_bytes: int = 20 * 1024 * 1024


@dataclass
class Run:
    """One import under way."""

    options: ImportOptions
    site_id: int  # 0 where there is no site and none is needed
    site_code: str
    names: Names
    report: ImportReport = field(default_factory=ImportReport)
    position: tuple[str, int] = ("", 0)  # file and line of the row at hand
    unknown: set[str] = field(default_factory=set)  # keys of the row at hand that nobody knows
    _claimed: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    _claims: list[tuple[str, int]] = field(default_factory=list)  # of the row at hand

    def begin(self, file: str, line: int) -> None:
        """Turn to the next row."""
        self.position, self.unknown, self._claims = (file, line), set(), []

    def give_back(self) -> None:
        """The row at hand was refused: what it made is gone, and its ids may come again."""
        for claim in self._claims:
            del self._claimed[claim]
        self.names.forget()

    def claim(self, kind: str, record_id: int) -> None:
        """Two rows of one file may not both be one record: they would overwrite each other at every import.

        Raises: RowInTheWayError naming the line that came first.
        """
        if (kind, record_id) not in self._claimed:
            self._claimed[kind, record_id] = self.position
            self._claims.append((kind, record_id))
        first = self._claimed[kind, record_id]
        if first != self.position:
            place = f"第{first[1]}行" if first[0] == self.position[0] else first[0]
            raise RowInTheWayError(f"与{place}是同一条记录（标识、编号或名称相同），请只保留一行。", "id")
