"""What makes a flow one that can be followed and drawn: one start, an end, no step that nobody reaches or leaves. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from procedure.flow import Arrow, FlowStep

START, END = "开始", "结束"


def with_marks(steps: Sequence[FlowStep]) -> tuple[FlowStep, ...]:
    """The flow with its start and end marked. A plain list of steps, which marks neither, is given both.

    Source: C-19 (a chart has a start and an end mark).
    """
    if not steps or any(step.kind in ("start", "end") for step in steps):
        return tuple(steps)
    keys = {step.key for step in steps}
    start, end = _free_key("start", keys), _free_key("end", keys)
    between = (step if step.next else replace(step, next=(Arrow(end),)) for step in steps)
    return (
        FlowStep(key=start, name=START, kind="start", next=(Arrow(steps[0].key),)),
        *between,
        FlowStep(key=end, name=END, kind="end"),
    )


def flow_faults(steps: Sequence[FlowStep]) -> list[str]:
    """Everything that keeps a flow from being followed from its start to an end, in words for the editor.

    Source: C-19, C-21, C-22, C-23 (marks, steps, conditions, arrows).
    """
    if not steps:
        return []
    marked = with_marks(steps)
    return [*_faults_of_marks(marked), *_faults_of_steps(marked), *_faults_of_ways(marked)]


def _faults_of_marks(steps: Sequence[FlowStep]) -> Iterator[str]:
    starts = [step.name for step in steps if step.kind == "start"]
    if not starts:
        yield "流程没有开始，请把第一个环节的类型改为“开始”。"
    if len(starts) > 1:
        yield f"流程有{len(starts)}个开始（{'、'.join(starts)}），只能有一个。"
    if not any(step.kind == "end" for step in steps):
        yield "流程没有结束，请把最后一个环节的类型改为“结束”。"


def _faults_of_steps(steps: Sequence[FlowStep]) -> Iterator[str]:
    for step in steps:
        targets = [arrow.to for arrow in step.next]
        if step.kind == "end" and targets:
            yield f"“{step.name}”是结束，不能再指向别的环节。"
        if step.kind != "end" and not targets:
            yield f"环节“{step.name}”没有下一环节，请填写流向，或者把它改为结束。"
        if step.key in targets:
            yield f"环节“{step.name}”指向了自己。"
        if step.kind == "condition" and len(targets) == 1:
            yield f"判断“{step.name}”只有一个去向，至少要有两个。"
        if step.kind == "condition" and len(targets) > 1 and not all(arrow.label for arrow in step.next):
            yield f"判断“{step.name}”有去向没有写明条件，例如“是：环节标识；否：环节标识”。"


def _faults_of_ways(steps: Sequence[FlowStep]) -> Iterator[str]:
    ways = {step.key: [arrow.to for arrow in step.next] for step in steps}
    back: dict[str, list[str]] = {key: [] for key in ways}
    for key, targets in ways.items():
        for target in targets:
            back[target].append(key)
    starts = [step.key for step in steps if step.kind == "start"]
    ends = [step.key for step in steps if step.kind == "end"]
    reached, ending = _reached(starts, ways), _reached(ends, back)
    for step in steps:
        if starts and step.key not in reached:
            yield f"环节“{step.name}”从开始走不到，请检查流向。"
        elif ends and step.next and step.key not in ending:
            yield f"从环节“{step.name}”走不到结束，请检查流向。"


def _reached(first: Iterable[str], ways: dict[str, list[str]]) -> set[str]:
    found, waiting = set(first), list(first)
    while waiting:
        for key in ways[waiting.pop()]:
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


def _free_key(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted
