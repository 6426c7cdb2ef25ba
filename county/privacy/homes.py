"""Where somebody's home is named in a text: more exactly than by town, village or street."""

import re
from collections.abc import Iterator

from county.privacy.numbers import FindingKind, Hit

_N = "[0-9０-９一二三四五六七八九十〇零]"
_HOME = re.compile(
    rf"{_N}{{1,4}}(?:号楼|[栋幢])(?:{_N}{{1,2}}单元)?{_N}{{2,5}}(?:室|号|房)"
    rf"|{_N}{{1,3}}单元(?:{_N}{{1,3}}[层楼])?{_N}{{2,5}}(?:室|号|房)?"
    rf"|(?<=[村庄屯寨])第?{_N}{{1,3}}(?:村民)?[组社]{_N}{{1,5}}号"
    rf"|(?:住址|住所地|户籍地|户籍地址|户籍所在地|居住地|居住地址)[：:为是]?[\u4e00-\u9fff0-9０-９]{{2,40}}?{_N}{{1,5}}(?:号|室|户)(?![\u4e00-\u9fff]?楼)"
)
# A first look: where none of these stands there is no home.
_HINT = re.compile(rf"单元|住址|住所地|户籍|居住地|[楼栋幢]{_N}{{2}}|[组社]{_N}{{1,5}}号")
# What stands shortly before says that it is an office.
_OFFICE = re.compile(
    r"办公|政务|中心|大厅|大厦|大楼|机关|窗口|委员会|公司|[局厅所院校站馆](?![\u4e00-\u9fff]*[住户居])"
)
_BEFORE = 16  # signs looked at in front of a home
_ENDS = re.compile(r"[。；;！？\n]")
_NUMBERS = re.compile(_N)


def may_name_home(text: str) -> bool:
    """A first look: "perhaps" too often, "no" never wrongly."""
    return _HINT.search(text) is not None


def homes_in(text: str) -> Iterator[Hit]:
    """Homes named in a text: a flat by its unit and room, a house by its village group and number, what follows 住址.

    Offices are passed over where the words in front say that it is one.
    Source: design decision on the personal-data gate (addresses below township).
    """
    if not may_name_home(text):
        return
    for found in _HOME.finditer(text):
        before = _ENDS.split(text[max(0, found.start() - _BEFORE) : found.start()])[-1]
        if not _OFFICE.search(before):
            yield Hit(FindingKind.HOME, found.start(), found.end(), found[0], 0)


def mask_home(address: str) -> str:
    """The address without its numbers."""
    return _NUMBERS.sub("*", address)
