"""完整性和时效性: how organs stand, the page of one organ, and the figures as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, make_response, request
from flask_admin import expose

from admin.editions.listing import EDITORIAL
from admin.officer_view import OfficerView, holds, row_id, scope_of
from admin.signed_in import now, the_officer
from content import standing
from content.models import Document, DocumentKind
from content.rules import WEIGHTS, Figures, check_list, shares, standing_score
from content.standing import DutyState, Standing
from county import ledger
from county.calendar import county_day
from county.officers import Officer, Right
from county.organs import Organ
from database import db
from exchange.sources import safe_cell
from installation import settings

LOOKING = EDITORIAL | {Right.ADMINISTER, Right.READ_LEDGER}
GOOD, POOR = 90, 60
MOST_SHOWN = 20
PAGE_SIZE = 100
SHARE_LABELS = {"completeness": "内容完整", "coverage": "应有尽有", "freshness": "更新及时"}
HEADINGS = (
    "机构代码", "机构", "得分", "办事指南", "政府信息", "不完整", "逾期公开", "应有事项", "缺少", "有期限的栏目", "超期栏目",
    "须确认", "未按期确认",
)  # fmt: skip


@dataclass(frozen=True)
class OrganLine:
    """One organ in the overview, or all of them."""

    organ: Any  # id, code and name
    figures: Figures

    @cached_property
    def score(self) -> int | None:
        return standing_score(self.figures)

    @property
    def parts(self) -> list[tuple[str, int, int | None]]:
        """What the score is made of: label, weight, percent."""
        found = shares(self.figures)
        return [
            (SHARE_LABELS[name], WEIGHTS[name], None if share is None else int(100 * share + 1e-9))
            for name, share in found.items()
        ]


class StandingView(OfficerView):
    """Open to whoever has to do with texts; each sees the organs of his own."""

    rights = LOOKING

    def __init__(self) -> None:
        super().__init__(name="完整与时效", endpoint="standing", url="standing", category="内容")

    @expose("/")
    def index_view(self) -> Any:
        """The organs, the lowest score first."""
        organs = scope_of(the_officer(), LOOKING)
        here = standing_of(organs)
        lines = lines_of(here)
        whole = sum((line.figures for line in lines), Figures())
        if organs is None:
            ownerless = [one for one in here.channels() if one.channel.organ_id is None]
            whole += Figures(channels=len(ownerless), stale=sum(one.is_stale for one in ownerless))
        page = row_id(request.args.get("page", "0"))
        return self.render(
            "office/standing/overview.html", lines=lines[page * PAGE_SIZE : (page + 1) * PAGE_SIZE], count=len(lines),
            page=page, pages=-(-len(lines) // PAGE_SIZE), whole=OrganLine(Organ(name="合计"), whole), tone=tone,
        )  # fmt: skip

    @expose("/organ/")
    def organ_view(self) -> Any:
        """What an organ has, lacks, let grow old, and lately did."""
        officer, organ = the_officer(), self._organ()
        here = standing_of({organ.id})
        incomplete = standing.incomplete_documents({organ.id}, longest=MOST_SHOWN)
        unconfirmed = standing.unconfirmed_documents(here, longest=MOST_SHOWN)
        return self.render(
            "office/standing/organ.html",
            line=OrganLine(organ, here.figures().get(organ.id, Figures())),
            tone=tone,
            missing=[state for state in here.duties if not state.is_met],
            create_url=self.create_url,
            may_edit=_may(officer, Right.EDIT, organ.id),
            may_administer=_may(officer, Right.ADMINISTER, organ.id),
            channels=here.channels(),
            incomplete=[(document, lacks(document)) for document in incomplete],
            urls=page_urls(self, [*incomplete, *unconfirmed], officer),
            unconfirmed=unconfirmed,
            acts=ledger.acts_of_organ(organ.id, longest=MOST_SHOWN) if self._sees_acts(officer, organ) else [],
        )  # fmt: skip

    @expose("/file.csv")
    def file_view(self) -> Any:
        """The overview as a file for spreadsheets."""
        text = io.StringIO()
        lines = [_cells(line) for line in lines_of(standing_of(scope_of(the_officer(), LOOKING)))]
        csv.writer(text, lineterminator="\r\n").writerows(
            [safe_cell(str(cell)) for cell in row] for row in (HEADINGS, *lines)
        )
        name = f"standing-{county_day(now()):%Y%m%d}.csv"
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return make_response("\ufeff" + text.getvalue(), 200, headers)

    def create_url(self, state: DutyState) -> str:
        """Where what is missing is begun, with what the list says of it filled in."""
        duty = state.duty
        view = "services" if duty.kind is DocumentKind.SERVICE else "disclosures"
        given = {"organ": duty.organ_id, "title": duty.title, "channel": duty.channel_id}
        if duty.kind is DocumentKind.SERVICE:
            given.pop("channel")
        return self.get_url(f"{view}.create_view", **given)

    def _organ(self) -> Organ:
        organ = db.session.get(Organ, row_id(request.args.get("id")))
        organs = scope_of(the_officer(), LOOKING)
        if organ is None or (organs is not None and organ.id not in organs):
            abort(404)
        return organ

    def _sees_acts(self, officer: Officer, organ: Organ) -> bool:
        return any(_may(officer, right, organ.id) for right in (Right.READ_LEDGER, Right.EDIT, Right.PUBLISH))


def standing_of(organ_ids: set[int] | None) -> Standing:
    """How these organs stand today."""
    return Standing(county_day(now()), organ_ids, guide_months=settings().confirm_guides_months)


def lines_of(here: Standing) -> list[OrganLine]:
    """The organs that have, or should have, something: the lowest score first, those without any at the end."""
    figures, organ_ids = here.figures(), here.organ_ids
    query = db.select(Organ.id, Organ.code, Organ.name)
    query = query if organ_ids is None else query.where(Organ.id.in_(organ_ids))
    lines = [OrganLine(row, figures[row.id]) for row in db.session.execute(query) if row.id in figures]
    return sorted(lines, key=lambda line: (line.score if line.score is not None else 101, line.organ.code))


def tone(score: int | None) -> str:
    """The colour of a score; the number itself is always there."""
    return "" if score is None else "good" if score >= GOOD else "warn" if score >= POOR else "bad"


def lacks(document: Any) -> list[str]:
    """What a document lacks, by name."""
    names = {rule.key: rule.name for rule in check_list(document.kind)}
    return [names[key] for key in document.gaps if key in names]


def page_urls(view: OfficerView, documents: Sequence[Document], officer: Officer) -> dict[int, str]:
    """Addresses of the pages on which one goes on with these documents, as far as the officer may open them."""
    mine = scope_of(officer, EDITORIAL)
    open_to = [document for document in documents if mine is None or document.organ_id in mine]
    pages = standing.pages_of(open_to)
    return {
        document.id: view.get_url(f"{view_of(document.kind)}.details_view", id=pages[document.id][0])
        for document in open_to
        if document.id in pages
    }


def view_of(kind: DocumentKind) -> str:
    """The endpoint of the pages of a kind."""
    return "services" if kind is DocumentKind.SERVICE else "disclosures"


def _may(officer: Officer, right: Right, organ_id: int) -> bool:
    organs = scope_of(officer, (right,))
    return holds(officer, right) and (organs is None or organ_id in organs)


def _cells(line: OrganLine) -> tuple[Any, ...]:
    figures = line.figures
    score = "" if line.score is None else line.score
    return (
        line.organ.code, line.organ.name, score, figures.guides, figures.disclosures, figures.incomplete, figures.late,
        figures.duties, figures.missing, figures.channels, figures.stale, figures.to_confirm, figures.unconfirmed,
    )  # fmt: skip
