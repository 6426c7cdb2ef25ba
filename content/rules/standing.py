"""How an organ, or the county, stands: what its score is made of."""

from dataclasses import dataclass

WEIGHTS = {"completeness": 60, "coverage": 20, "freshness": 20}


@dataclass(frozen=True)
class Figures:
    """What is counted of an organ; `+` adds those of another."""

    guides: int = 0  # live documents, by kind
    disclosures: int = 0
    score_sum: int = 0  # of the scores of both
    incomplete: int = 0  # live documents with less than 100
    late: int = 0  # disclosures that went public too late
    duties: int = 0  # what it must have
    missing: int = 0  # of these it has not
    channels: int = 0  # that it keeps fresh
    stale: int = 0  # of these
    to_confirm: int = 0  # live documents that are to be confirmed from time to time
    unconfirmed: int = 0  # of these overdue

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(self.__dict__.values())

    @property
    def documents(self) -> int:
        return self.guides + self.disclosures


def shares(figures: Figures) -> dict[str, float | None]:
    """What an organ's score is made of, each from 0 to 1; None where there is nothing to judge.

    Source: A-25, G-13 (coverage, completeness and timeliness per department).
    """
    fresh = [
        1 - bad / of
        for bad, of in ((figures.stale, figures.channels), (figures.unconfirmed, figures.to_confirm))
        if of
    ]
    return {
        "completeness": figures.score_sum / 100 / figures.documents if figures.documents else None,
        "coverage": 1 - figures.missing / figures.duties if figures.duties else None,
        "freshness": sum(fresh) / len(fresh) if fresh else None,
    }


def standing_score(figures: Figures) -> int | None:
    """0 to 100, rounded down: 60 for completeness, 20 for coverage, 20 for freshness, of the parts that can be judged.

    Source: A-25, G-13; the weights are this project's (decision 0027).
    """
    known = {name: share for name, share in shares(figures).items() if share is not None}
    if not known:
        return None
    whole = sum(WEIGHTS[name] for name in known)
    return int(100 * sum(WEIGHTS[name] * share for name, share in known.items()) / whole + 1e-9)
