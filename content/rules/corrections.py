"""What is a slip of the pen and what is a change of the text: limits of the quick correction of a live edition."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from content.comparing import Piece, compare
from content.errors import Fault
from content.models import DocumentKind

CORRECTABLE: dict[DocumentKind, dict[str, str]] = {
    DocumentKind.DISCLOSURE: {"summary": "内容概述", "body": "正文"},
    DocumentKind.SERVICE: {
        "summary": "内容概述", "body": "事项说明", "item_content": "内容", "acceptance_conditions": "受理条件",
        "result_delivery": "结果送达",
    },
}  # fmt: skip
MOST_PLACES = 5
MOST_AT_ONE_PLACE = 10  # characters, gone or new
MOST_IN_ALL = 30
CONTEXT = 8  # characters shown before and after a change
UNIT = "年月日号时点分元角万亿％%条款项章节编次期级届折倍周天个名人户亩里米吨页份件类批岁度成路线层楼栋"
FIRM = {
    "网址或邮箱": re.compile(r"https?://[^\s)）]+|[\w.+-]+@[\w.-]+"),
    "数字、日期或金额": re.compile(
        r"[0-9０-９]+(?:[.,．，:：/-][0-9０-９]+)*[%％‰]?"
        r"|百分之[〇零一二三四五六七八九十百点]+"
        rf"|第[〇零一二三四五六七八九十百千]+|[〇零一二两三四五六七八九十百千万亿]+(?=[{UNIT}])"
        r"|[零壹贰叁肆伍陆柒捌玖拾佰仟萬]{2,}"
    ),
    "数量单位": re.compile(
        r"(?<=[0-9０-９〇零一二两三四五六七八九十百千万亿])(?:[年月日号时点分元角万亿％%‰天]|工作日|个月|小时)"
    ),
    "改变意思的词语": re.compile(
        "不|未|无|非|禁止|免|应当|必须|可以|或者|以上|以下|以内|以外|超过|少于|上调|下调|提高|降低|增加|减少|准予|同意|拒绝"
        "|废止|失效|施行|暂停|恢复"
    ),
    "排版符号": re.compile(r"[\n#*|`<>\[\]]"),
}


def correction_of(
    kind: DocumentKind, before: Mapping[str, str], after: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The changes of a correction, place by place, if it is one of slips only: few characters, and nothing that counts.

    Source: decisions (a slip of the pen has a quick way of its own, on record); 党政机关公文处理工作条例 art. 20-25 (a signed text is
    not changed in substance without review again).
    Raises: Fault naming the field and what may not be changed this way.
    """
    labels = CORRECTABLE[kind]
    found: list[dict[str, Any]] = []
    for name, new in after.items():
        if name not in labels:
            raise Fault("这一项不能用笔误更正修改，请另起新稿。", name)
        old = before.get(name, "")
        if old == new:
            continue
        _check_firm(name, labels[name], old, new)
        found += _places(name, compare(old, new))
    if not found:
        raise Fault("没有任何改动。", next(iter(labels)))
    _check_size(found)
    return found


def check_correction_reason(reason: str) -> None:
    """Refuse a correction that does not say what was wrong.

    Source: I-06, F-30 (traces of every operation are kept).
    Raises: Fault.
    """
    if not reason.strip():
        raise Fault("请写明更正的原因，例如：“截止”误为“截至”。", "reason")


def _check_firm(name: str, label: str, old: str, new: str) -> None:
    for what, pattern in FIRM.items():
        if pattern.findall(old) != pattern.findall(new):
            raise Fault(f"{label}的改动涉及{what}，不属于笔误更正，请另起新稿送审。", name)


def _check_size(found: list[dict[str, Any]]) -> None:
    if len(found) > MOST_PLACES:
        raise Fault(
            f"改动有 {len(found)} 处，笔误更正一次最多 {MOST_PLACES} 处，请另起新稿送审。", found[-1]["field"]
        )
    for place in found:
        if max(len(place["gone"]), len(place["new"])) > MOST_AT_ONE_PLACE:
            raise Fault(
                f"“{place['gone'] or place['new']}”一处的改动超过 {MOST_AT_ONE_PLACE} 个字，请另起新稿送审。"[
                    :200
                ],
                place["field"],
            )
    if sum(max(len(place["gone"]), len(place["new"])) for place in found) > MOST_IN_ALL:
        raise Fault(f"改动合计超过 {MOST_IN_ALL} 个字，请另起新稿送审。", found[-1]["field"])


def _places(name: str, pieces: list[Piece]) -> Iterator[dict[str, Any]]:
    """Each place that changed, with some characters around it."""
    place = 0
    while place < len(pieces):
        if pieces[place].kind == "same":
            place += 1
            continue
        start = place
        while place < len(pieces) and pieces[place].kind != "same":
            place += 1
        run = pieces[start:place]
        yield {
            "field": name,
            "before": pieces[start - 1].text[-CONTEXT:] if start else "",
            "gone": "".join(piece.text for piece in run if piece.kind == "gone"),
            "new": "".join(piece.text for piece in run if piece.kind == "new"),
            "after": pieces[place].text[:CONTEXT] if place < len(pieces) else "",
        }
