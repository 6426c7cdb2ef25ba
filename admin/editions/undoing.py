"""Undoing what was done to several editions at once: kept with the officer's own browser, signed, until the next such act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import session

from admin.editions.acts import ACTS, EditionAct, seen_mark
from content.errors import Fault
from content.models import Edition, EditionState

PLACE = "undo"
UNDOES = {"submit": "recall", "publish": "withdraw"}
FIELDS: Mapping[str, Mapping[str, str]] = {"withdraw": {"reason": "error", "note": "批量发布后撤销"}}


@dataclass(frozen=True)
class Undoing:
    """One edition on which an act of several is to be undone."""

    act: EditionAct
    edition_id: int
    seen: str

    @property
    def fields(self) -> Mapping[str, str]:
        return FIELDS.get(self.act.verb, {})

    def check(self, edition: Edition) -> None:
        """Raises: Fault where undoing would leave readers with nothing they had before."""
        others = (other.state for other in edition.document.editions if other is not edition)
        if self.act.verb == "withdraw" and EditionState.SUPERSEDED in others:
            raise Fault(
                "它替代了已公开的旧稿，撤销会使公众什么也看不到；请从“各稿”把旧稿恢复为新稿。", "state"
            )


def may_be_undone(place: str, act: EditionAct, editions: Iterable[Edition]) -> None:
    """Keep what was just done in a list, to be undone with one click."""
    if act.verb in UNDOES:
        done = [[edition.id, seen_mark(edition)] for edition in editions]
        session[PLACE] = {"place": place, "verb": UNDOES[act.verb], "done": done}


def waiting(place: str) -> tuple[str, int] | None:
    """What may be undone in this list: the name of the act, and on how many editions."""
    kept = session.get(PLACE)
    return (ACTS[kept["verb"]].label, len(kept["done"])) if kept and kept["place"] == place else None


def taken_back(place: str) -> list[Undoing]:
    """What is to be undone in this list; asked a second time there is nothing."""
    if waiting(place) is None:
        return []
    kept = session.pop(PLACE)
    return [Undoing(ACTS[kept["verb"]], int(key), seen) for key, seen in kept["done"]]
