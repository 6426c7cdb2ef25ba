"""查找: one box in the head of every page, over whatever the officer may see."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_admin import expose

import search
from admin.editions.listing import EDITORIAL
from admin.officer_view import OfficerView, holds, scope_of
from admin.posts import reviewed_elsewhere
from admin.signed_in import the_officer
from admin.standing import LOOKING, view_of
from cases import queries as case_queries
from content import finding, standing
from content.models import Document, EditionState
from content.rules import STATE_LABELS
from county.officers import Officer, Right
from installation import search_index, settings

MOST_SHOWN = 30
MOST_TEXTS = 5


@dataclass(frozen=True)
class Hit:
    """A document that was found: where it leads, and the edition on which one goes on."""

    document: Document
    url: str
    state: EditionState


class FindView(OfficerView):
    """Open to everybody who works here; what it finds is what each may open anyway."""

    rights = frozenset(Right)

    def __init__(self) -> None:
        super().__init__(name="查找", endpoint="find", url="find")

    def is_visible(self) -> bool:
        return False  # the box is on every page

    @expose("/")
    def index_view(self) -> Any:
        """What was found."""
        officer, text = the_officer(), request.args.get("q", "")
        words = finding.words_of(text)
        documents = self._documents(officer, words)
        return self.render(
            "office/find.html",
            asked=" ".join(words),
            hits=documents[:MOST_SHOWN],
            more=len(documents) > MOST_SHOWN,
            applications=self._applications(officer, text),
            organs=finding.organs_named(words, scope_of(officer, LOOKING), longest=8),
            texts=self._texts(officer, words, {f"{hit.document.kind.value}-{hit.document.id}" for hit in documents}),
            labels=STATE_LABELS,
        )  # fmt: skip

    def _documents(self, officer: Officer, words: list[str]) -> list[Hit]:
        organs = scope_of(officer, EDITORIAL)
        elsewhere = reviewed_elsewhere(officer) if words and organs is not None else None
        if not words or (organs is not None and not organs and elsewhere is None):
            return []
        found = finding.documents_named(words, organs, elsewhere, longest=MOST_SHOWN + 1)
        pages = standing.pages_of(found)
        return [
            Hit(one, self.get_url(f"{view_of(one.kind)}.details_view", id=pages[one.id][0]), pages[one.id][1])
            for one in found
            if one.id in pages
        ]

    def _applications(self, officer: Officer, text: str) -> Any:
        if not holds(officer, Right.HANDLE_CASES):
            return []
        return case_queries.applications_numbered(
            text[: finding.LONGEST], scope_of(officer, (Right.HANDLE_CASES,))
        )

    def _texts(self, officer: Officer, words: list[str], named: set[str]) -> list[tuple[search.Hit, str]]:
        """Public pages whose text holds the words, for those who write or watch over texts."""
        if not words or not any(holds(officer, right) for right in LOOKING):
            return []
        try:
            found = search.find(search_index(), " ".join(words), per_page=MOST_TEXTS * 2).results
        except (search.IndexDamagedError, search.IndexBusyError):
            return []  # the names are found without it
        others = [hit for hit in found if hit.id not in named and not hit.partial][:MOST_TEXTS]
        return [(hit, f"{settings().public_url}{hit.url}") for hit in others]
