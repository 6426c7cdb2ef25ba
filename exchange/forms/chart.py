"""Form A2 (权力运行流程图) as a table: a row for each step, as people fill it in."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from content.errors import Fault
from content.flow_rows import flow_from_rows, rows_from_flow
from exchange.forms.fields import level

KINDS = {"step": "办理", "start": "开始", "condition": "判断", "end": "结束"}
COLUMNS = {
    "key": "标识",
    "name": "环节",
    "kind": "类型",
    "post": "岗位",
    "person": "人员",
    "duty": "职责",
    "authority": "权限",
    "limit": "时限",
    "limit_days": "时限天数",
    "next": "流向",
}
ALSO = {
    "环节名称": "name",
    "步骤": "name",
    "办理人员": "person",
    "责任人": "person",
    "办理时限": "limit",
    "下一环节": "next",
}
NAMES = {label: name for name, label in COLUMNS.items()} | ALSO
WIDTHS = (8, 14, 8, 12, 10, 18, 12, 10, 9, 15)
Step = dict[str, str]


def steps_of(flow: list[dict[str, Any]]) -> list[Step]:
    """The rows of the table for a stored flow."""
    return [_levelled(row | {"kind": KINDS.get(row["kind"], "办理")}) for row in rows_from_flow(flow)]


def column_of(text: str | None) -> str | None:
    """The column that has this head."""
    return NAMES.get(re.sub(r"[\s（）()工作日]", "", unicodedata.normalize("NFKC", text or "")))


def words_of(steps: Sequence[Step]) -> str:
    """The table as text, a line for each step, to be compared and shown."""
    return "\n".join(
        "；".join(f"{COLUMNS[name]}：{step[name]}" for name in COLUMNS if step.get(name)) for step in steps
    )


def read_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The flow the table describes.

    Raises: Fault naming the step that cannot be read.
    """
    kinds = {label: kind for kind, label in KINDS.items()}
    rows = []
    for step in map(_levelled, steps):
        if not step["name"]:
            raise Fault("A2表中有一行没有填写环节名称。", "flow")
        if step["kind"] and step["kind"] not in kinds:
            raise Fault(f"A2表环节“{step['name']}”的类型应为：{'、'.join(kinds)}。", "flow")
        rows.append(step | {"kind": kinds.get(step["kind"], "step")})
    return flow_from_rows(rows)


def _levelled(row: dict[str, Any]) -> Step:
    return {name: level(str(row.get(name) or "")) for name in COLUMNS}
