"""The rules of cases: what an application must hold, its numbers, moves, days and limits. All pure."""

from cases.rules.application import (
    AGENT_FIELDS,
    RAW_LIMIT,
    STATEMENT_LIMIT,
    ApplicationInput,
    check_application,
    check_phone,
    has_agent,
)
from cases.rules.days import ItemSnapshot, LimitSnapshot, days_left, due_day, limit_in_force
from cases.rules.looking_up import (
    LOOK_UP_WINDOW,
    TRIES_PER_ADDRESS,
    TRIES_PER_SUBJECT,
    address_group,
    may_look_up,
)
from cases.rules.moves import MOVE_LABELS, STATE_LABELS, check_officer_text, check_result, next_state
from cases.rules.numbers import (
    APPLICATION_PREFIX,
    CASE_PREFIX,
    check_character,
    draw_number,
    draw_query_code,
    normalise_number,
    normalise_query_code,
)

__all__ = [
    "AGENT_FIELDS",
    "APPLICATION_PREFIX",
    "CASE_PREFIX",
    "LOOK_UP_WINDOW",
    "MOVE_LABELS",
    "RAW_LIMIT",
    "STATEMENT_LIMIT",
    "STATE_LABELS",
    "TRIES_PER_ADDRESS",
    "TRIES_PER_SUBJECT",
    "ApplicationInput",
    "ItemSnapshot",
    "LimitSnapshot",
    "address_group",
    "check_application",
    "check_character",
    "check_officer_text",
    "check_phone",
    "check_result",
    "days_left",
    "draw_number",
    "draw_query_code",
    "due_day",
    "has_agent",
    "limit_in_force",
    "may_look_up",
    "next_state",
    "normalise_number",
    "normalise_query_code",
]
