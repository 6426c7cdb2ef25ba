"""What an application must hold (requirements §15.5), with a message for each field that does not."""

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cases.errors import InvalidApplicationError
from cases.models import ApplicantKind, IntakeMethod
from county.errors import RefusedError
from county.privacy import IdKind, check_identity

K = TypeVar("K", ApplicantKind, IdKind)
NAME_LIMIT = 100
STATEMENT_LIMIT = 10_000  # decisions: citizens' texts
RAW_LIMIT = 200  # nothing typed into one line is longer
AGENT_FIELDS = ("agent_name", "agent_id_kind", "agent_id_number", "agent_phone")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[1-9][0-9]{8,10}(?:转[0-9]{1,6})?")
FOREIGN = re.compile(r"(?:\+|00)[1-9][0-9]{6,14}")
PUNCTUATION_OF_PHONES = re.compile(r"[\s()\-‐‑–—.·]")


@dataclass(frozen=True)
class ApplicationInput:
    """What an applicant fills in, as typed; check_application returns it in the form that is stored."""

    applicant_kind: str = ""
    applicant_name: str = ""
    id_kind: str = ""
    id_number: str = ""
    phone: str = ""
    agent_name: str = ""
    agent_id_kind: str = ""
    agent_id_number: str = ""
    agent_phone: str = ""
    statement: str = ""
    method: IntakeMethod = IntakeMethod.ONLINE


def has_agent(application: ApplicationInput) -> bool:
    """Whether anything was said about an agent (联系人/代理人).

    Source: L-16.
    """
    return any(getattr(application, field).strip() for field in AGENT_FIELDS)


def check_application(application: ApplicationInput, *, today: date) -> ApplicationInput:
    """The application with every field normalised. An agent's four fields come all together or not at all.

    Source: E-03, L-16, §15.5; GB 11643, GB 32100 for the numbers.
    Raises: InvalidApplicationError with a message for every field at fault.
    """
    faults: dict[str, str] = {}
    clean: dict[str, str] = dict.fromkeys(AGENT_FIELDS, "")
    kind = _enumerated(ApplicantKind, application.applicant_kind)
    if kind is None:
        faults["applicant_kind"] = "请选择申请人类型。"
    else:
        clean["applicant_kind"] = kind.value
    is_person = kind is not ApplicantKind.ORGANISATION
    _check_party("", application, is_person=is_person, today=today, clean=clean, faults=faults)
    if has_agent(application):
        _check_party("agent_", application, is_person=None, today=today, clean=clean, faults=faults)
        if clean["agent_id_number"] and clean["agent_id_number"] == clean.get("id_number"):
            faults["agent_id_number"] = "代理人不能是申请人本人；由本人办理的，代理人各项请留空。"
    try:
        clean["statement"] = _check_statement(application.statement)
    except RefusedError as refusal:
        faults["statement"] = refusal.message
    if faults:
        raise InvalidApplicationError(faults)
    return dataclasses.replace(application, **clean)


def check_phone(text: str, *, field: str | None = None) -> str:
    """The phone number without spaces and dashes, or RefusedError saying how to write it.

    Source: §15.5 (contact of the applicant); numbering plan of 工业和信息化部 (mobile 11 digits, area code 0…).
    """
    compact = PUNCTUATION_OF_PHONES.sub("", unicodedata.normalize("NFKC", text))
    compact = re.sub(r"^(?:\+|00)86(?=[01])", "", compact)
    if not compact:
        raise RefusedError("请填写联系电话。", field)
    if compact.startswith("1") and not MOBILE.fullmatch(compact):
        raise RefusedError("手机号码应为11位数字，请核对。", field)
    if any(shape.fullmatch(compact) for shape in (MOBILE, LANDLINE, FOREIGN)):
        return compact
    if re.fullmatch(r"[2-9][0-9]{6,7}", compact):
        raise RefusedError("固定电话请加上区号，例如 010-12345678。", field)
    raise RefusedError("联系电话应为11位手机号码，或带区号的固定电话，例如 010-12345678。", field)


def _check_party(
    prefix: str,
    application: ApplicationInput,
    *,
    is_person: bool | None,
    today: date,
    clean: dict[str, str],
    faults: dict[str, str],
) -> None:
    """Check name, document and phone of the applicant or the agent; `is_person` None: may be either."""
    who = "代理人" if prefix else "申请人"
    checks = {
        "name": lambda text: _check_name(text, who, is_person=is_person),
        "id_kind": lambda text: _check_id_kind(text, who, is_person=is_person),
        "id_number": lambda text: _check_id_number(
            text, getattr(application, f"{prefix}id_kind"), who, today
        ),
        "phone": lambda text: _check_phone_of(text, who),
    }
    for part, check in checks.items():
        field = "applicant_name" if (prefix, part) == ("", "name") else prefix + part
        try:
            clean[field] = check(getattr(application, field))
        except RefusedError as refusal:
            message = refusal.message
            faults[field] = message if not prefix or who in message else f"{who}：{message}"


def _check_phone_of(text: str, who: str) -> str:
    if not text.strip():
        raise RefusedError(f"请填写{who}联系电话。")
    return check_phone(text)


def _check_name(text: str, who: str, *, is_person: bool | None) -> str:
    label = f"{who}姓名" if is_person else f"{who}名称" if is_person is False else f"{who}姓名或名称"
    letters = (letter for letter in text if unicodedata.category(letter) != "Cf")
    name = " ".join("".join(letters).split())
    if not name:
        raise RefusedError(f"请填写{label}。")
    if len(name) > NAME_LIMIT:
        raise RefusedError(f"{label}不能超过{NAME_LIMIT}个字符，现有{len(name)}个。")
    strange = next((letter for letter in name if not _may_stand_in_name(letter)), None)
    if strange is not None:
        shown = f"“{strange}”" if strange.isprintable() else "控制字符"
        raise RefusedError(f"{label}中不能有{shown}，请删除。")
    if is_person and any(letter.isdecimal() for letter in name):
        raise RefusedError(f"{label}中不能有数字，请按证件上的姓名填写。")
    if not any(letter.isalpha() or ord(letter) > 0xFFFF or "\ue000" <= letter <= "\uf8ff" for letter in name):
        raise RefusedError(f"{label}中没有文字，请按证件填写。")
    return name


def _may_stand_in_name(letter: str) -> bool:
    # Rare characters of names lie in planes 2 and 3, of which this Python may not know the newest.
    category = unicodedata.category(letter)
    if 0x20000 <= ord(letter) < 0x40000:
        return True
    return category not in ("Cc", "Cn", "Cs", "So", "Sk", "Sm", "Sc") and letter not in "*?<>\\|"


def _check_id_kind(text: str, who: str, *, is_person: bool | None) -> str:
    kind = _enumerated(IdKind, text)
    if kind is None:
        raise RefusedError(f"请选择{who}证件类型。")
    if is_person and kind is IdKind.CREDIT_CODE:
        raise RefusedError("申请人类型为个人时，请选择身份证件；以单位名义申请的，请改选申请人类型。")
    if is_person is False and kind not in (IdKind.CREDIT_CODE, IdKind.OTHER):
        raise RefusedError("以单位名义申请的，证件类型请选择统一社会信用代码；没有该代码的请选择其他。")
    return kind.value


def _check_id_number(text: str, kind_text: str, who: str, today: date) -> str:
    if not text.strip():
        raise RefusedError(f"请填写{who}证件号码。")
    if len(text) > RAW_LIMIT:
        raise RefusedError(f"{who}证件号码过长，请核对。")
    kind = _enumerated(IdKind, kind_text)
    if kind is None:  # said at the kind already
        return ""
    return check_identity(kind, text, today=today)


def _check_statement(text: str) -> str:
    statement = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not statement:
        raise RefusedError("请填写申请内容。")
    if len(statement) > STATEMENT_LIMIT:
        raise RefusedError(f"申请内容不能超过{STATEMENT_LIMIT}个字符，现有{len(statement)}个，请精简。")
    for place, letter in enumerate(statement, 1):
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            raise RefusedError(f"申请内容的第{place}个字符是无法显示的控制字符，请删除。")
    return statement


def _enumerated(kinds: type[K], text: str) -> K | None:
    try:
        return kinds(text)
    except ValueError:
        return None
