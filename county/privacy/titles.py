"""Names of natural persons in the titles of public lists (公示标题): the one place that masks them."""

import re
from collections.abc import Collection

from county.privacy.finding import redact
from county.privacy.masks import COMPOUND_SURNAMES, mask_name

# The hundred or so surnames that nine of ten people bear, and some of the peoples of the south-west.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文柳颜裴阿岩刀"
)
NAME = rf"(?:(?:{COMPOUND_SURNAMES})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{1,5}}(?:[·•・‧][\u4e00-\u9fff]{{1,5}})+)"
LABELS = "申请人|当事人|被处罚人|被许可人|相对人|姓名|户主|经营者|负责人|法定代表人|监护人|死者"
AFTER_LABEL = re.compile(
    rf"(?<=[\u4e00-\u9fff])(?:{LABELS})[:：为是\s]*({NAME})(?![\u4e00-\u9fff])|(?:{LABELS})[:：\s]*({NAME})(?=$|[^\u4e00-\u9fff])"
)
BEFORE_WORD = re.compile(
    rf"(?:^|(?<=关于)|(?<=给予)|(?<=准予)|(?<=同意)|(?<=对)|(?<=[（(]))({NAME})(?=同志|本人|等\d|等[一二三四五六七八九十]|的|申请|申办|办理|[（(、，,：:—-]|户[，,）)]|等人)"
)
WHOLE = re.compile(rf"^\W*({NAME})\W*$")


def mask_title(title: str, known: Collection[str] = ()) -> str:
    """A title with the names of natural persons masked (张*) and their numbers blacked out.

    `known` are texts that name nobody, such as the name of the item: they stay. A name is known by its place: after a word
    such as 申请人, before one such as 申请, or alone beside a known text. Names of enterprises stay.

    Source: D-10d with 个人信息保护法 art. 6 and 政府信息公开条例 art. 15 (privacy); 行政许可法 art. 5.
    """
    fixed = [text for text in sorted(known, key=len, reverse=True) if text]
    pattern = f"({'|'.join(map(re.escape, fixed))})" if fixed else r"(\Z\A)"
    parts = re.split(pattern, redact(" ".join(title.split())))
    return "".join(part if part in fixed else _masked(part) for part in parts)


def _masked(part: str) -> str:
    for pattern in (AFTER_LABEL, BEFORE_WORD, WHOLE):
        part = pattern.sub(_name_masked, part)
    return part


def _name_masked(found: re.Match[str]) -> str:
    name = found[found.lastindex or 0]
    start = found.start(found.lastindex or 0) - found.start()
    return found[0][:start] + mask_name(name) + found[0][start + len(name) :]
