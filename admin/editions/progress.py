"""The course of a review as an edition's page shows it: the steps of this round, those of earlier ones, whom it waits for."""

from dataclasses import dataclass

from admin.posts import may_decide, on_behalf_of, principals
from content import reviews
from content.models import Edition, EditionState, ReviewStep, StepState
from county.officers import Officer


@dataclass(frozen=True)
class Review:
    """What is shown of a review."""

    steps: list[ReviewStep]
    earlier: list[ReviewStep]  # decided in earlier rounds, newest first
    waits_for: str  # the name of the step that is to be decided, or empty
    stands_for: str  # in whose place this officer would decide it


def review_of(edition: Edition, officer: Officer) -> Review:
    """The review of an edition as this officer sees it."""
    steps = reviews.steps_of(edition)
    said = (StepState.PASSED, StepState.RETURNED)
    earlier = [step for step in reversed(edition.review_steps) if step not in steps and step.state in said]
    other = None
    if edition.state is EditionState.SUBMITTED and principals(officer) and may_decide(officer, edition):
        other = on_behalf_of(officer, edition)
    return Review(steps, earlier, waits_for(edition), other.name if other else "")


def waits_for(edition: Edition) -> str:
    """Whose decision an edition in review waits for: 法制机构."""
    if edition.state is not EditionState.SUBMITTED:
        return ""
    step = reviews.waiting_step(edition)
    return step.name if step is not None else ""
