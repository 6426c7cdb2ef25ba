"""The numbers by which persons and enterprises identify themselves, checked."""

import re
from datetime import date
from enum import StrEnum

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.iso7064 import mod_11_2

from county.errors import RefusedError
from county.privacy.masks import normalise_id_number

ID_LENGTH = 18
BIRTH_YEARS = range(1900, 2100)

_DIGITS_AND_X = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_NUMBER = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]")


class IdKind(StrEnum):
    """The kinds of identity document (证件类型) an applicant may give."""

    RESIDENT_ID = "resident_id"
    CREDIT_CODE = "credit_code"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_RESIDENT_ID = "foreign_resident_id"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name that a form shows."""
        return _ID_KIND_LABELS[self]


_ID_KIND_LABELS = {
    IdKind.RESIDENT_ID: "居民身份证",
    IdKind.CREDIT_CODE: "统一社会信用代码",
    IdKind.PASSPORT: "护照",
    IdKind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    IdKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    IdKind.FOREIGN_RESIDENT_ID: "外国人永久居留身份证",
    IdKind.OTHER: "其他",
}

_SHAPES = {
    IdKind.PASSPORT: (r"(?=.*[0-9])[A-Z0-9]{5,15}", "应为5至15位字母和数字"),
    IdKind.HK_MACAO_PERMIT: (r"[HM][0-9]{8}(?:[0-9]{2})?", "应为字母H或M加8位或10位数字"),
    IdKind.TAIWAN_PERMIT: (r"[0-9]{8}|[0-9]{10}(?:[A-Z]|\([A-Z]\))?", "应为8位数字，旧证为10位数字加字母"),
    IdKind.FOREIGN_RESIDENT_ID: (
        r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}",
        "应为以9开头的18位号码，旧证为3位字母加12位数字",
    ),
    IdKind.OTHER: (r"[^*]{2,50}", "应为2至50个字符，且不含星号"),
}


def check_id_number(text: str, *, field: str | None = None, today: date | None = None) -> str:
    """The normalised resident identity number (居民身份证号码), or RefusedError saying what is wrong with it.

    The address code is not looked up: people keep the code of the county they were born in, also after it
    is gone. With `today`, a later date of birth is refused.
    Source: GB 11643 (18 characters, date of birth, ISO 7064 MOD 11-2).
    """
    number = normalise_id_number(text)
    if len(number) == 15 and number.isdecimal():
        raise RefusedError("15位旧身份证号码已停用，请填写18位居民身份证号码。", field)
    if len(number) != ID_LENGTH:
        raise RefusedError(f"居民身份证号码应为18位，现填写了{len(number)}位，请对照证件核对。", field)
    if not _DIGITS_AND_X.fullmatch(number):
        raise RefusedError(
            "居民身份证号码的前17位应为数字且首位不为0，末位应为数字或X，请对照证件核对。", field
        )
    born = _birth_date(number)
    if born is None or (today is not None and born > today):
        raise RefusedError("居民身份证号码第7至14位不是有效的出生日期，请对照证件核对。", field)
    if not mod_11_2.is_valid(number):
        raise RefusedError("居民身份证号码的校验位不正确，可能有一位数字填错，请对照证件核对。", field)
    return number


def check_credit_code(text: str, *, field: str | None = None) -> str:
    """The normalised unified social credit code (统一社会信用代码), or RefusedError saying what is wrong.

    Source: GB 32100 (18 characters without I, O, Z, S, V; check character).
    """
    try:
        return uscc.validate(normalise_id_number(text))
    except InvalidLength:
        message = "统一社会信用代码应为18位，请对照营业执照或登记证书核对。"
    except InvalidChecksum:
        message = "统一社会信用代码的校验位不正确，可能有一位填错，请对照营业执照或登记证书核对。"
    except ValidationError:
        message = (
            "统一社会信用代码前8位应为登记部门、机构类别和区划代码，只含数字和大写字母（不含I、O、Z、S、V）。"
        )
    raise RefusedError(message, field)


def check_identity(kind: IdKind, text: str, *, field: str | None = None, today: date | None = None) -> str:
    """The normalised number of a document of `kind`, or RefusedError; most kinds are held to a shape only."""
    if kind is IdKind.RESIDENT_ID:
        return check_id_number(text, field=field, today=today)
    if kind is IdKind.CREDIT_CODE:
        return check_credit_code(text, field=field)
    number = normalise_id_number(text)
    shape, hint = _SHAPES[kind]
    if not re.fullmatch(shape, number):
        raise RefusedError(f"{kind.label}号码{hint}，请对照证件核对。", field)
    return number


def _birth_date(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year in BIRTH_YEARS else None


def is_id_number(number: str) -> bool:
    return bool(_ID_NUMBER.fullmatch(number) and _birth_date(number) and mod_11_2.is_valid(number))
