"""Application and case numbers, and the query code of a receipt."""

import secrets
import unicodedata
from datetime import date

APPLICATION_PREFIX = "SQ"  # 申请
CASE_PREFIX = "BJ"  # 办件
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
VALUES = {character: value for value, character in enumerate(ALPHABET)}
MISREAD = str.maketrans("ILO", "110")
RANDOM_CHARACTERS = 9  # 45 bits beside the date
QUERY_CODE_CHARACTERS = 16  # 80 bits
NUMBER_LENGTH = len(APPLICATION_PREFIX) + 8 + RANDOM_CHARACTERS + 1
FIELD = 0b100101  # x⁵ + x² + 1: the field of 32 elements in which the check character is reckoned


def check_character(body: str) -> str:
    """The character that makes `body` a number in which every single slip shows.

    Damm's scheme over 32 elements: any one wrong character and any two neighbours exchanged are detected.
    Source: H. M. Damm, Total anti-symmetrische Quasigruppen (2004); D-09b.
    """
    return ALPHABET[_residue(body)]


def draw_number(prefix: str, day: date) -> str:
    """A new number such as SQ20260302-7K3QM-9XTR4: prefix, day, 45 random bits, check character.

    Source: D-09b, D-10a; the day is the county's.
    """
    body = f"{prefix}{day:%Y%m%d}" + _draw(RANDOM_CHARACTERS)
    return _group_number(body + check_character(body))


def draw_query_code() -> str:
    """A new query code (查询码) of 80 random bits, in groups of four.

    Source: D-09b; the code is what makes a look-up safe, the number alone is not a secret.
    """
    return _group_query_code(_draw(QUERY_CODE_CHARACTERS))


def normalise_number(text: str, prefix: str) -> str | None:
    """The number as it is stored, however it was typed; None if it cannot be one (a slip, another kind).

    Source: D-09b, D-10a; spaces, dashes, full width, small letters and O for 0, I or L for 1 are forgiven.
    """
    compact = _compact(text)
    if len(compact) != NUMBER_LENGTH or not compact.startswith(prefix) or not _is_base32(compact):
        return None
    return _group_number(compact) if _residue(compact) == 0 and compact[2:10].isdigit() else None


def normalise_query_code(text: str) -> str | None:
    """The query code as it was given, however it was typed; None if it cannot be one.

    Source: D-09b.
    """
    compact = _compact(text)
    is_code = len(compact) == QUERY_CODE_CHARACTERS and _is_base32(compact)
    return _group_query_code(compact) if is_code else None


def _residue(text: str) -> int:
    residue = 0
    for character in text:
        residue = (residue ^ VALUES[character]) << 1
        if residue >= len(ALPHABET):
            residue ^= FIELD
    return residue


def _draw(characters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))


def _compact(text: str) -> str:
    letters = unicodedata.normalize("NFKC", text[:200]).upper()
    return "".join(letter for letter in letters if letter.isalnum()).translate(MISREAD)


def _is_base32(text: str) -> bool:
    return all(character in VALUES for character in text)


def _group_number(compact: str) -> str:
    return f"{compact[:10]}-{compact[10:15]}-{compact[15:]}"


def _group_query_code(compact: str) -> str:
    return "-".join(compact[place : place + 4] for place in range(0, len(compact), 4))
