"""The rules of content: moves between states, what may go public, limits, numbers, and clean text. All pure."""

from content.rules.attachments import check_unread_parts, findings_in, unread_parts
from content.rules.checklist import FULL, CheckRule, Gap, check_list, gaps_in, score_of
from content.rules.clock import check_expires_at, check_publish_at, is_over
from content.rules.coding import NumberFacts, check_kept_number, check_pattern, front_and_number
from content.rules.contacts import declared_contacts
from content.rules.corrections import (
    CORRECTABLE,
    MOST_AT_ONE_PLACE,
    MOST_IN_ALL,
    MOST_PLACES,
    check_correction_reason,
    correction_of,
)
from content.rules.forcing import FORCE_GROUNDS, check_force
from content.rules.freshness import fresh_until, may_be_late, months_on, was_late
from content.rules.limits import Limit, check_promised_limit, read_limit
from content.rules.moves import MOVE_LABELS, OPEN_STATES, STATE_LABELS, next_state
from content.rules.old_addresses import read_old_address
from content.rules.plans import changed_parts
from content.rules.publication import (
    WITHDRAWAL_REASONS,
    check_published_on,
    check_ready,
    check_saved_values,
    check_withdrawal,
    faults_before_publication,
    may_be_applied_for,
    results_are_public,
)
from content.rules.releases import RELEASE_GROUNDS, check_release, check_releases, releases_pending
from content.rules.reviews import (
    LONGEST_NOTE,
    STEP_KIND_LABELS,
    STEP_STATE_LABELS,
    check_chain,
    check_confirmation,
    check_decider,
    check_writer_apart,
    may_recall,
)
from content.rules.standing import WEIGHTS, Figures, shares, standing_score
from content.rules.tasks import SheetState, check_answered, is_open, is_overdue, sheet_state
from content.rules.text import (
    check_line,
    clean_html,
    law_title,
    plain_text,
    render_markdown,
    storable,
    without_controls,
)

__all__ = [
    "CORRECTABLE",
    "FORCE_GROUNDS",
    "FULL",
    "LONGEST_NOTE",
    "MOST_AT_ONE_PLACE",
    "MOST_IN_ALL",
    "MOST_PLACES",
    "MOVE_LABELS",
    "OPEN_STATES",
    "RELEASE_GROUNDS",
    "STATE_LABELS",
    "STEP_KIND_LABELS",
    "STEP_STATE_LABELS",
    "WEIGHTS",
    "WITHDRAWAL_REASONS",
    "CheckRule",
    "Figures",
    "Gap",
    "Limit",
    "NumberFacts",
    "SheetState",
    "changed_parts",
    "check_answered",
    "check_chain",
    "check_confirmation",
    "check_correction_reason",
    "check_decider",
    "check_expires_at",
    "check_force",
    "check_kept_number",
    "check_line",
    "check_list",
    "check_pattern",
    "check_promised_limit",
    "check_publish_at",
    "check_published_on",
    "check_ready",
    "check_release",
    "check_releases",
    "check_saved_values",
    "check_unread_parts",
    "check_withdrawal",
    "check_writer_apart",
    "clean_html",
    "correction_of",
    "declared_contacts",
    "faults_before_publication",
    "findings_in",
    "fresh_until",
    "front_and_number",
    "gaps_in",
    "is_open",
    "is_over",
    "is_overdue",
    "law_title",
    "may_be_applied_for",
    "may_be_late",
    "may_recall",
    "months_on",
    "next_state",
    "plain_text",
    "read_limit",
    "read_old_address",
    "releases_pending",
    "render_markdown",
    "results_are_public",
    "score_of",
    "shares",
    "sheet_state",
    "standing_score",
    "storable",
    "unread_parts",
    "was_late",
    "without_controls",
]
