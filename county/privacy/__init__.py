"""Personal data: its numbers checked, masked, found and blacked out, here and nowhere else. Pure."""

from county.privacy.finding import Finding, find_marked, find_personal_data, marks_of_contacts, redact
from county.privacy.first_look import FirstLook
from county.privacy.homes import may_name_home
from county.privacy.identity import (
    BIRTH_YEARS,
    ID_LENGTH,
    IdKind,
    check_credit_code,
    check_id_number,
    check_identity,
)
from county.privacy.masks import (
    MASK,
    mask_bank_card,
    mask_id_number,
    mask_name,
    mask_phone,
    normalise_id_number,
)
from county.privacy.numbers import FindingKind
from county.privacy.titles import mask_title

__all__ = [
    "BIRTH_YEARS",
    "ID_LENGTH",
    "MASK",
    "Finding",
    "FindingKind",
    "FirstLook",
    "IdKind",
    "check_credit_code",
    "check_id_number",
    "check_identity",
    "find_marked",
    "find_personal_data",
    "marks_of_contacts",
    "mask_bank_card",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "mask_title",
    "may_name_home",
    "normalise_id_number",
    "redact",
]
