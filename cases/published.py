"""What the public may read of cases, as plain rows: nothing of who applied, and no word that a clerk wrote about them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cases.models import Application, Case
from county.privacy import mask_title
from database import db

AT_ONCE = 500  # values in one IN list


@dataclass(frozen=True)
class PublicResult:
    """A closed case as a public list shows it (D-10d), and the code of the item it belongs to."""

    id: int
    number: str  # 办件编号
    name: str  # 办件名称, with the names of natural persons masked
    outcome: str  # 办理结果; the text of the decision is for the applicant alone
    closed_at: datetime  # 办结时间
    item_code: str


def results(ids: Collection[int] | None = None) -> list[PublicResult]:
    """Closed cases: all, or these, in the order in which they were closed."""
    query = (
        db.select(
            Case.id, Case.number, Case.name, Case.outcome, Case.closed_at, Application.item_code, Application.item_name
        )
        .join(Application, Application.id == Case.application_id)
        .where(Case.closed_at.is_not(None), Case.outcome.is_not(None))
    )  # fmt: skip
    if ids is None:
        rows = list(db.session.execute(query))
    else:
        wanted = sorted(ids)
        parts = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
        rows = [row for some in parts for row in db.session.execute(query.where(Case.id.in_(some)))]
    found = [
        PublicResult(
            row.id, row.number, mask_title(row.name, (row.item_name,)), row.outcome.value, row.closed_at, row.item_code
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.closed_at, each.id))
