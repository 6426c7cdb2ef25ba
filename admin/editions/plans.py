"""The plan that is approved: the page of an edition as its approver saw it, sealed, and looked at again at publication."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import publisher
from admin.previews import moment_of
from admin.publication import site_place
from admin.signed_in import now
from admin.site_words import is_worth_showing
from content import reviews
from content.errors import Fault
from content.models import Edition
from county.errors import RefusedError


@dataclass(frozen=True)
class PlanInShort:
    """What an approver reads of the plan beside the form in which he approves it."""

    digest: str
    counts: dict[str, int]
    public: tuple[str, ...]
    trouble: str = ""  # why nothing can be approved now


def decides_on_plan(edition: Edition) -> bool:
    """Whether the step at which the edition stands is the decision on what will be published."""
    step = reviews.waiting_step(edition)
    return step is None or reviews.is_last_decision(step, reviews.steps_of(edition))


def plan_in_short(edition: Edition) -> PlanInShort:
    """The plan of an edition, worked out now."""
    at, place = moment_of(edition, now()), site_place()
    try:
        digest = publisher.own_page(place, edition, at=at).seal()["digest"]
        plan = publisher.make_plan(
            place, publisher.Changes(), candidates={edition.document_id: edition.id}, at=at, alone=True, differences=False
        )  # fmt: skip
    except publisher.PublishError as error:
        return PlanInShort("", {}, (), error.message)
    files = [file for file in plan.files if is_worth_showing(file.path)]
    counts = {kind: sum(file.change == kind for file in files) for kind in ("added", "changed", "removed")}
    return PlanInShort(digest, counts, tuple(line.partition(" ")[2] for line in plan.public))


def plan_seen(edition: Edition, digest: str, at: datetime) -> dict[str, Any] | None:
    """The seal to be kept with an approval; None where this step does not decide on the plan.

    Raises: Fault unless the page is still the one whose digest the approver had before his eyes.
    """
    if not decides_on_plan(edition):
        return None
    moment = moment_of(edition, at)
    try:
        seal = publisher.own_page(site_place(), edition, at=moment).seal()
    except publisher.PublishError as error:
        raise RefusedError(f"这一稿现在不能生成公开页面：{error.message}。请退回编辑修改。") from None
    if seal["digest"] != digest:
        raise Fault(
            "公开页面的方案与您看到的不同，或者还没有查看；本页已是最新方案，请核对后再通过。", "plan"
        )
    return seal | {"at": moment.isoformat()}


def plan_as_it_is(edition: Edition) -> dict[str, Any] | None:
    """The seal of the page as it would be now, to be held against the approved one; None where none was sealed."""
    if edition.approved_plan is None:
        return None
    try:
        return publisher.seal_again(site_place(), edition)
    except publisher.PublishError as error:
        raise RefusedError(f"这一稿现在不能生成公开页面：{error.message}。") from None
