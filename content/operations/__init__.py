"""The officer's verbs on documents and editions. They flush; the edges commit."""

from content.operations.attachments import attach
from content.operations.chains import remove_chain, set_chain
from content.operations.cleaning import clean_attachment
from content.operations.consulting import close_consultations
from content.operations.correcting import (
    ask_correction,
    confirm_correction,
    correction_waiting,
    decline_correction,
)
from content.operations.duties import save_duty
from content.operations.forcing import force_publish
from content.operations.keeping import arrive, base_of, forget, keep, kept_text, others_at, rebase
from content.operations.linking import LINKS, meet_links, met
from content.operations.merging import last_target, merge
from content.operations.numbering import assign_number, keep_number, number_ahead, number_fault
from content.operations.old_addresses import keep_old_addresses
from content.operations.publishing import publish, take_over, withdraw
from content.operations.questions import save_question
from content.operations.releasing import ask_release
from content.operations.reviewing import approve, ask_again, recall, record_confirmation, send_back, submit
from content.operations.scheduling import publish_due, schedule, unschedule, withdraw_expired
from content.operations.searching import search_files
from content.operations.standing import confirm, count_standing
from content.operations.tasks import answer_row, issue_sheet, judge_row
from content.operations.writing import create_document, discard, file_document, restore, revise, save_draft

__all__ = [
    "LINKS",
    "answer_row",
    "approve",
    "arrive",
    "ask_again",
    "ask_correction",
    "ask_release",
    "assign_number",
    "attach",
    "base_of",
    "clean_attachment",
    "close_consultations",
    "confirm",
    "confirm_correction",
    "correction_waiting",
    "count_standing",
    "create_document",
    "decline_correction",
    "discard",
    "file_document",
    "force_publish",
    "forget",
    "issue_sheet",
    "judge_row",
    "keep",
    "keep_number",
    "keep_old_addresses",
    "kept_text",
    "last_target",
    "meet_links",
    "merge",
    "met",
    "number_ahead",
    "number_fault",
    "others_at",
    "publish",
    "publish_due",
    "rebase",
    "recall",
    "record_confirmation",
    "remove_chain",
    "restore",
    "revise",
    "save_draft",
    "save_duty",
    "save_question",
    "schedule",
    "search_files",
    "send_back",
    "set_chain",
    "submit",
    "take_over",
    "unschedule",
    "withdraw",
    "withdraw_expired",
]
