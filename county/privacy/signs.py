"""How the signs of a text are read where numbers are looked for: digits, what parts them, what shows nothing."""

import unicodedata

INVISIBLE = "\u200b"
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
PLAIN_CONTROLS = "\t\n\v\f\r"
LINE_OR_CELL_ENDS = frozenset(PLAIN_CONTROLS)
WIDE = frozenset("./_,·•・‧")  # part the groups of an identity number, but also dates and sums of money
SEPARATORS = WIDE | frozenset(
    f"{PLAIN_CONTROLS} {INVISIBLE}-－﹣﹘\u2212" + "".join(map(chr, range(0x2010, 0x2016)))
)


class _Plain(dict[int, str]):
    """What each character is read as, one to one, so that places in the translated text are places in the text."""

    def __init__(self, *, numbered: bool = False):
        self._digit = unicodedata.digit if numbered else unicodedata.decimal
        super().__init__({ord(sign): "X" for sign in "ХхΧχ"} | {ord("＋"): "+"})

    def __missing__(self, code: int) -> str:
        sign = self[code] = self._read(chr(code))
        return sign

    def _read(self, sign: str) -> str:
        if sign in PLAIN_CONTROLS or " " <= sign <= "~":
            return sign
        if (digit := self._digit(sign, None)) is not None:
            return str(int(digit))
        category = unicodedata.category(sign)
        if category in ("Cc", "Cf", "Mn", "Me") or sign in _BLANKS:
            return INVISIBLE
        if category[0] == "Z":
            return " "
        folded = unicodedata.normalize("NFKC", sign)
        return folded if folded in ("X", "x", *WIDE) else sign


PLAIN = _Plain()
PLAIN_NUMBERED = _Plain(numbered=True)

# Insides of character classes. GAPS: every reading takes them for something between digits, or for nothing; STOPS: no
# reading does, nor for a digit or a letter. A sign in neither is rare, and is for the full search to judge.
SPACES = r"\t-\r ,-/_"
FAINT = (  # may be read as nothing at all, so that the digits on both sides meet
    r"\x00-\x08\x0e-\x1f\x7f-\xa0\xad\xb7\u2000-\u2015\u2022\u2024\u2027-\u202f\u205f-\u2064\u2066-\u206f\u2212\u3000"
    r"\u30fb\ufeff\uff0c-\uff0f\uff3f"
)
GAPS = SPACES + FAINT
STOPS = (
    r"!-+:-@\[-^`{-~\xa1-\xac\xae-\xb1\xd7\xf7\u0388-\u03a6\u03a8-\u03c6\u2016-\u2021\u2023\u2025\u2026\u2030-\u205e"
    r"\u20a0-\u20cf\u2100-\u2168\u2170-\u2178\u2190-\u2211\u2213-\u22ff\u2500-\u2775\u3001-\u3029\u3041-\u3096"
    r"\u30a0-\u30fa\u30fc-\u312f\u3200-\u9fff\uff01-\uff0b\uff1a-\uff20\uff3b-\uff3e\uff5b-\uff64"
)
