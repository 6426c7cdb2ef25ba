"""Numbers of people who do not exist: always the same for the same application, and nobody's in the real world. Pure."""

import hashlib
from datetime import date, timedelta

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

REGION = "990123"  # no division of the country begins with 99
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_number(seed: str) -> str:
    """A resident identity number in a region that is not."""
    number = _number(seed)
    born = date(1952, 1, 1) + timedelta(days=number % 18_000)
    front = f"{REGION}{born:%Y%m%d}{number // 18_000 % 1000:03}"
    return front + mod_11_2.calc_check_digit(front)


def credit_code(seed: str) -> str:
    """A credit code of an enterprise in a region that is not."""
    number = _number(seed)
    body = "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(7))
    front = f"91{REGION}MA{body}"
    return front + uscc.calc_check_digit(front)


def phone(seed: str) -> str:
    """A mobile number of a block that is not given out."""
    return f"1990000{_number(seed) % 10_000:04}"


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
