"""A flow as rows that people type, and back."""

import re
from typing import Any

from content.errors import Fault
from procedure.flow import FlowError, read_flow

PLAIN = ("name", "post", "person", "duty", "authority", "limit")


def flow_from_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The flow that was typed, checked.

    Raises: Fault naming the step that cannot be read.
    """
    flow = [_step(row) for row in rows]
    try:
        read_flow(flow)
    except FlowError as error:
        raise Fault(str(error), "flow") from None
    return flow


def rows_from_flow(flow: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A stored flow as rows to be edited."""
    return [
        {name: step.get(name) or "" for name in (*PLAIN, "key")}
        | {
            "kind": step.get("kind") or "step",
            "limit_days": _days_text(step.get("limit_days")),
            "next": "；".join(_arrow_text(arrow) for arrow in step.get("next") or []),
        }
        for step in flow
    ]


def _step(row: dict[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = {name: row[name] for name in PLAIN if row[name]}
    step["kind"] = row["kind"] or "step"
    if row["key"]:
        step["key"] = row["key"]
    if row["limit_days"]:
        step["limit_days"] = _days(row["limit_days"], row["name"])
    arrows = [_arrow(part.strip()) for part in re.split(r"[；;]", row["next"]) if part.strip()]
    if arrows:
        step["next"] = arrows
    return step


def _days(text: str, name: str) -> int | float:
    if not re.fullmatch(r"\d{1,4}(\.\d)?", text):
        raise Fault(f"环节“{name}”的时限应写成天数，例如 3 或 0.5。", "flow")
    return float(text) if "." in text else int(text)


def _days_text(days: float | None) -> str:
    return "" if days is None else f"{days:g}"


def _arrow(text: str) -> str | dict[str, str]:
    label, separator, target = re.sub("：", ":", text).rpartition(":")
    return {"to": target.strip(), "label": label.strip()} if separator else text


def _arrow_text(arrow: Any) -> str:
    if isinstance(arrow, dict):
        return f"{arrow.get('label')}：{arrow.get('to')}" if arrow.get("label") else str(arrow.get("to"))
    return str(arrow)
