"""Where the steps of a flow stand on its chart, and which way each arrow takes. Pure, and the same for the same flow.

Steps stand in rows (how far from the start) and columns (the main way on the left). Arrows run at right angles: down out
of a step, along a channel below its row, down into the next. Each has a track of its own in every channel, a lane of its own
beside the columns where steps are in its way, and a place of its own at the step it enters, so that no two lines lie on
each other and none runs through a step.
"""

from collections.abc import Sequence

from procedure.chart import (
    BOX,
    DIAMOND,
    LABEL,
    NAME_LINE,
    OVAL,
    SMALL_LINE,
    Chart,
    Node,
    Way,
)
from procedure.flow import FlowStep, limit_of
from procedure.positions import give_x, give_y, place_label, points_of
from procedure.routing import choose_entries, choose_exits, choose_routes
from procedure.text import balanced, wrapped


def laid_out(steps: Sequence[FlowStep]) -> Chart:
    """Lay out a flow that can be followed (see flow_rules.flow_faults)."""
    nodes = {step.key: _node(step) for step in steps}
    forward = _forward(steps)
    _give_rows(steps, nodes, forward)
    _give_columns(steps, nodes, forward)
    grid = {(node.row, node.column): node for node in nodes.values()}
    ways = [
        Way(nodes[step.key], nodes[arrow.to], wrapped(arrow.label, LABEL))
        for step in steps
        for arrow in step.next
    ]
    choose_routes(ways, grid)
    choose_exits(ways, grid)
    choose_entries(ways)
    width, lanes = give_x(list(nodes.values()), ways)
    height = give_y(list(nodes.values()), ways, lanes)
    for way in ways:
        way.points = points_of(way, lanes)
        place_label(way)
    return Chart(list(nodes.values()), ways, width, height)


def _node(step: FlowStep) -> Node:
    if step.kind == "condition":
        names, small = balanced(step.name, 8), 9.5
    elif step.kind in ("start", "end"):
        names, small = balanced(step.name, 9), 11
    else:
        names, small = balanced(step.name, 14.5), 17.5
    who = f"{step.post}（{step.person}）" if step.post and step.person else step.post or step.person
    limit = limit_of(step)
    texts = (who, step.duty, f"时限：{limit}" if limit else "")
    details = [line for text in texts if text for line in balanced(text, small)]
    text_height = len(names) * NAME_LINE + len(details) * SMALL_LINE
    if step.kind == "condition":
        return Node(step, names, details, DIAMOND, 2 * text_height + 12)
    if step.kind in ("start", "end"):
        return Node(step, names, details, OVAL, max(44, 1.5 * text_height + 8))
    return Node(step, names, details, BOX, text_height + 18)


def _forward(steps: Sequence[FlowStep]) -> dict[str, list[str]]:
    """Where each step leads, without the arrows that lead back."""
    ways = {step.key: [arrow.to for arrow in step.next] for step in steps}
    forward: dict[str, list[str]] = {key: [] for key in ways}
    done: set[str] = set()
    for step in sorted(steps, key=lambda step: step.kind != "start"):
        path = [(step.key, iter(ways[step.key]))] if step.key not in done else []
        here = {key for key, _ in path}
        while path:
            key, rest = path[-1]
            target = next(rest, None)
            if target is None:
                done.add(key)
                here.discard(path.pop()[0])
            elif target not in here:
                forward[key].append(target)
                if target not in done:
                    path.append((target, iter(ways[target])))
                    here.add(target)
    return forward


def _in_order(steps: Sequence[FlowStep], forward: dict[str, list[str]]) -> list[str]:
    """The steps, each after all that lead to it."""
    waits = dict.fromkeys(forward, 0)
    for targets in forward.values():
        for target in targets:
            waits[target] += 1
    ready = [step.key for step in steps if not waits[step.key]]
    for key in ready:
        for target in forward[key]:
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return ready


def _give_rows(steps: Sequence[FlowStep], nodes: dict[str, Node], forward: dict[str, list[str]]) -> None:
    for key in _in_order(steps, forward):
        for target in forward[key]:
            nodes[target].row = max(nodes[target].row, nodes[key].row + 1)


def _give_columns(steps: Sequence[FlowStep], nodes: dict[str, Node], forward: dict[str, list[str]]) -> None:
    """The longest way stays in the column it is in; what branches off goes to the right."""
    ahead = dict.fromkeys(forward, 0)
    for key in reversed(_in_order(steps, forward)):
        ahead[key] = max((ahead[target] + 1 for target in forward[key]), default=0)
    before: dict[str, list[Node]] = {key: [] for key in forward}
    for key, targets in forward.items():
        for target in targets:
            before[target].append(nodes[key])
    place = {step.key: number for number, step in enumerate(steps)}
    taken: set[tuple[int, int]] = set()
    for key in sorted(forward, key=lambda key: (nodes[key].row, -ahead[key], place[key])):
        node = nodes[key]
        node.column = min(((-each.row, each.column) for each in before[key]), default=(0, 0))[1]
        while (node.row, node.column) in taken:
            node.column += 1
        taken.add((node.row, node.column))
