"""A flow (权力运行流程) as data: the steps an item passes, each with post, duty and time limit. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("start", "step", "condition", "end")


class FlowError(ValueError):
    """A flow that cannot be followed; the message tells the editor which step and why."""


@dataclass(frozen=True)
class Arrow:
    """Where a step leads, and in which case (流向)."""

    to: str
    label: str = ""


@dataclass(frozen=True)
class FlowStep:
    """One step (环节): who (岗位), what (职责), within which time (时限, working days)."""

    key: str
    name: str
    kind: str = "step"
    post: str = ""
    person: str = ""
    duty: str = ""
    authority: str = ""
    limit: str = ""
    limit_days: float | None = None
    next: tuple[Arrow, ...] = ()


def limit_of(step: FlowStep) -> str:
    """The time limit of a step in words, or nothing."""
    return step.limit or (f"{step.limit_days:g}个工作日" if step.limit_days else "")


def read_flow(rows: Iterable[Mapping[str, Any]]) -> tuple[FlowStep, ...]:
    """Read a flow from its stored rows. A row without `next` leads to the row after it.

    Source: C-19, C-24, C-25 (start and end; post, authority, procedure and time limit per step).
    Raises: FlowError naming the step that cannot be read or leads nowhere.
    """
    rows = list(rows)
    keys = [str(row.get("key") or f"s{number}") for number, row in enumerate(rows, 1)]
    if len(set(keys)) != len(keys):
        raise FlowError("流程中有两个环节使用了同一标识。")
    steps = tuple(_read_step(row, keys, position) for position, row in enumerate(rows))
    for step in steps:
        for arrow in step.next:
            if arrow.to not in keys:
                raise FlowError(f"环节“{step.name}”指向了不存在的环节“{arrow.to}”。")
    return steps


def _read_step(row: Mapping[str, Any], keys: list[str], position: int) -> FlowStep:
    name = str(row.get("name") or "").strip()
    if not name:
        raise FlowError(f"流程第{position + 1}个环节没有名称。")
    kind = row.get("kind") or "step"
    if kind not in KINDS:
        raise FlowError(f"环节“{name}”的类型“{kind}”无法识别。")
    days = row.get("limit_days")
    if days is not None and (
        isinstance(days, bool) or not isinstance(days, int | float) or not 0 <= days < 10_000
    ):
        raise FlowError(f"环节“{name}”的时限应为不小于零的天数。")
    given = row.get("next")
    if given is None:
        given = keys[position + 1 : position + 2] if kind != "end" else []
    arrows = tuple(Arrow(**arrow) if isinstance(arrow, Mapping) else Arrow(str(arrow)) for arrow in given)
    texts = {part: str(row.get(part) or "") for part in ("post", "person", "duty", "authority", "limit")}
    return FlowStep(key=keys[position], name=name, kind=kind, limit_days=days, next=arrows, **texts)
