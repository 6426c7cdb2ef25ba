"""Personal data masked for those who may see that it is there but not what it is, and numbers brought to one form."""

import re
import unicodedata

MASK = "*"
MOBILE = re.compile(r"1[3-9][0-9]{9}")
COUNTRY_PREFIX = re.compile(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)")

# 复姓 still borne today; a name that begins so keeps both characters.
COMPOUND_SURNAMES = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|"
    "公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|"
    "拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|梁丘|左丘|东门|西门|第五|歐陽|諸葛|東方|萬俟|尉遲"
)
_COMPOUND_SURNAME = re.compile(COMPOUND_SURNAMES)
_NAME_JOINTS = frozenset("·•・‧. ")


def mask_id_number(number: str) -> str:
    """The number with its first 3 and last 2 characters; shorter than 9, first and last; under 5, none.

    Source: design decision on masks (110*************2X).
    """
    compact = normalise_id_number(number)
    if len(compact) < 5:
        return MASK * len(compact)
    head, tail = (3, 2) if len(compact) >= 9 else (1, 1)
    return compact[:head] + MASK * (len(compact) - head - tail) + compact[-tail:]


def mask_phone(number: str) -> str:
    """A mobile number as 138****5678; of another number the last 2 characters, of a short one none."""
    compact = COUNTRY_PREFIX.sub("", normalise_id_number(number))
    if MOBILE.fullmatch(compact):
        return compact[:3] + MASK * 4 + compact[-4:]
    tail = 2 if len(compact) >= 7 else 0
    return MASK * (len(compact) - tail) + compact[len(compact) - tail :]


def mask_bank_card(number: str) -> str:
    """Only the last 4 digits of a card number, of a short one nothing."""
    compact = normalise_id_number(number)
    tail = 4 if len(compact) >= 12 else 0
    return MASK * (len(compact) - tail) + compact[len(compact) - tail :]


def mask_name(name: str, *, is_natural_person: bool = True) -> str:
    """A person's name with only the surname: 张*, 欧阳**, 阿***·***. An enterprise's stays as it is."""
    shown = " ".join(name.split())
    if not is_natural_person:
        return shown
    joined = shown.replace(" ", "")
    if joined and all(map(_is_han, joined)):
        kept = 2 if len(joined) > 2 and _COMPOUND_SURNAME.match(joined) else 1
        return joined[: min(kept, len(joined) - 1)] + MASK * max(len(joined) - kept, 1)
    rest = (letter if letter in _NAME_JOINTS else MASK for letter in shown[1:])
    return (shown[:1] if len(shown) > 1 else MASK * len(shown)) + "".join(rest)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000" or letter == "〇"


def normalise_id_number(text: str) -> str:
    """The number as it is compared and stored: half width, capitals, no spaces, dashes or invisible signs."""
    return "".join(filter(_is_kept, unicodedata.normalize("NFKC", text))).upper()


def _is_kept(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] != "Z" and category not in ("Cc", "Cf", "Pd") and letter != "−"
