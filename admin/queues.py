"""What waits for review, and what waits to be published."""

from collections.abc import Sequence
from typing import Any

from flask_admin import expose

from admin.editions.progress import waits_for
from admin.officer_view import OfficerView, scope_of
from admin.posts import posts_of
from admin.signed_in import now, the_officer
from content import queries, reviews
from content.models import Correction, Edition, EditionState
from county.officers import Right

MOST_SHOWN = 200


class QueueView(OfficerView):
    """Editions in one state, the longest waiting first."""

    right: Right
    state: EditionState
    title = ""
    intro = ""
    empty = ""

    @expose("/")
    def index_view(self) -> Any:
        """The queue."""
        editions, count, others = self.waiting()
        return self.render(
            "office/queue.html",
            editions=editions,
            count=count,
            others=others,
            corrections=self.corrections(),
            waits_for=waits_for,
            title=self.title,
            intro=self.intro,
            empty=self.empty,
            now=now(),
        )

    def corrections(self) -> Sequence[Correction]:
        """Slips of the pen that wait for their second person."""
        return ()

    def waiting(self) -> tuple[Sequence[Edition], int, Sequence[Edition]]:
        """What waits for this officer, how much that is in all, and what of his organs waits for others."""
        organs = scope_of(the_officer(), (self.right,))
        found = queries.editions_in((self.state,), organs, longest=MOST_SHOWN)
        return found, queries.count_editions_in((self.state,), organs), ()


class ReviewQueueView(QueueView):
    """待审核."""

    right = Right.REVIEW
    rights = frozenset({Right.REVIEW})
    state = EditionState.SUBMITTED
    title = "审核"
    intro = "编辑已送审的稿件。打开稿件核对内容，完成保密审查和个人信息审查后通过，或写明原因退回。自己编写或送审的稿件由另一位审核员审核。"
    empty = "没有等待审核的稿件。"

    def waiting(self) -> tuple[Sequence[Edition], int, Sequence[Edition]]:
        posts = posts_of(the_officer())
        mine = reviews.editions_waiting(posts, longest=MOST_SHOWN)
        organs = scope_of(the_officer(), (self.right,))
        every = reviews.editions_in_review(organs, longest=MOST_SHOWN)
        return mine, reviews.count_waiting(posts), [edition for edition in every if edition not in mine]

    def corrections(self) -> Sequence[Correction]:
        return reviews.corrections_waiting(scope_of(the_officer(), (self.right,)), longest=MOST_SHOWN)

    def __init__(self) -> None:
        super().__init__(name="审核", endpoint="review", url="review", category="内容")


class PublishQueueView(QueueView):
    """待发布."""

    right = Right.PUBLISH
    rights = frozenset({Right.PUBLISH})
    state = EditionState.APPROVED
    title = "发布"
    intro = "审核已通过、等待发布的稿件。设定了定时发布的，到时自动发布。"
    empty = "没有等待发布的稿件。"

    def __init__(self) -> None:
        super().__init__(name="发布", endpoint="publish", url="publish", category="内容")
