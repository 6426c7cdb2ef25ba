"""Numbers of persons that nobody has, for tests: valid by their check digits."""

from datetime import date

from hypothesis import strategies as st

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def id_number(area: int, born: date, order: int) -> str:
    body = f"{area:06}{born:%Y%m%d}{order:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


def with_luhn(body: str) -> str:
    doubled = [int(digit) * (2 - offset % 2) for offset, digit in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


ID_NUMBERS = st.builds(
    id_number,
    st.integers(100000, 999999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
BANK_CARDS = st.from_regex(r"(?:4|5[1-5]|35)[0-9]{13,14}|62[0-9]{13,16}|9558[0-9]{13}", fullmatch=True).map(
    with_luhn
)
