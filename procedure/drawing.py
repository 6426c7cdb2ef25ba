"""The flow chart of an item (权力运行流程图) as SVG, drawn from its definition: the same flow, the same bytes. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape

from procedure.chart import (
    LABEL_LINE,
    NAME_LINE,
    NAME_SIZE,
    SMALL_LINE,
    SMALL_SIZE,
    Chart,
    Node,
    Way,
)
from procedure.flow import FlowStep
from procedure.flow_rules import flow_faults, with_marks
from procedure.layout import laid_out

ARROW = (
    '<defs><marker id="flow-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L10 5L0 10z" fill="currentColor"/></marker></defs>'
)


@lru_cache(maxsize=4096)
def drawn(steps: tuple[FlowStep, ...], title: str) -> str:
    """The chart of a flow as an SVG element, or nothing for a flow that is empty or cannot be followed.

    Ellipses are start and end, boxes steps, diamonds conditions, arrows the way of control. Colours and type are the
    page's own; it holds at most one chart, as the ids are fixed.

    Source: C-14, C-19 … C-25, C-27 (form A2 with its notes).
    """
    if not steps or flow_faults(steps):
        return ""
    return "".join(_parts(laid_out(with_marks(steps)), title))


def _parts(chart: Chart, title: str) -> Iterator[str]:
    width, height = _n(chart.width), _n(chart.height)
    yield (
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-labelledby="flow-t flow-d"><title id="flow-t">{escape(title)}</title>'
        f'<desc id="flow-d">{escape(_described(chart))}</desc>{ARROW}'
        '<g class="ways" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round">'
    )
    yield from map(_line, chart.ways)
    yield f'</g><g class="labels" font-size="{SMALL_SIZE}" fill="currentColor">'
    yield from (_label(way) for way in chart.ways if way.label)
    yield (
        f'</g><g class="shapes" font-size="{NAME_SIZE}" text-anchor="middle" fill="none" stroke="currentColor"'
        ' stroke-width="1.5">'
    )
    yield from map(_shape, chart.nodes)
    yield "</g></svg>"


def _described(chart: Chart) -> str:
    """The chart in a sentence; the list of steps beside it says the rest."""
    steps = sum(node.step.kind == "step" for node in chart.nodes)
    conditions = sum(node.step.kind == "condition" for node in chart.nodes)
    judged = f"、{conditions}个判断" if conditions else ""
    return f"从“{chart.nodes[0].step.name}”开始，共{steps}个环节{judged}；文字说明见分步列表。"


def _line(way: Way) -> str:
    x, y = way.points[0]
    parts = [f"M{_n(x)} {_n(y)}"]
    for to_x, to_y in way.points[1:]:
        if to_x != x:
            parts.append(f"H{_n(to_x)}")
        if to_y != y:
            parts.append(f"V{_n(to_y)}")
        x, y = to_x, to_y
    return f'<path d="{"".join(parts)}" marker-end="url(#flow-head)"/>'


def _label(way: Way) -> str:
    anchor = ' text-anchor="end"' if way.label_anchor == "end" else ""
    return "".join(
        f'<text x="{_n(way.label_x)}" y="{_n(way.label_y + LABEL_LINE * number)}"{anchor}>{escape(line)}</text>'
        for number, line in enumerate(way.label)
    )


def _shape(node: Node) -> str:
    return f'<g class="{node.step.kind}">{_outline(node)}{_text(node)}</g>'


def _outline(node: Node) -> str:
    x, y, wide, tall = node.x, node.y, node.width / 2, node.height / 2
    if node.step.kind in ("start", "end"):
        return f'<ellipse cx="{_n(x)}" cy="{_n(y)}" rx="{_n(wide)}" ry="{_n(tall)}"/>'
    if node.step.kind == "condition":
        return f'<path d="M{_n(x - wide)} {_n(y)}L{_n(x)} {_n(y - tall)}L{_n(x + wide)} {_n(y)}L{_n(x)} {_n(y + tall)}z"/>'
    return (
        f'<rect x="{_n(x - wide)}" y="{_n(y - tall)}" width="{_n(2 * wide)}" height="{_n(2 * tall)}" rx="4"/>'
    )


def _text(node: Node) -> str:
    height = len(node.names) * NAME_LINE + len(node.details) * SMALL_LINE
    y = node.y - height / 2 + NAME_LINE - 5.5
    lines = []
    for name in node.names:
        lines.append(f'<tspan class="name" x="{_n(node.x)}" y="{_n(y)}">{escape(name)}</tspan>')
        y += NAME_LINE
    y -= NAME_LINE - SMALL_LINE
    for detail in node.details:
        lines.append(f'<tspan x="{_n(node.x)}" y="{_n(y)}" font-size="{SMALL_SIZE}">{escape(detail)}</tspan>')
        y += SMALL_LINE
    return f'<text fill="currentColor" stroke="none">{"".join(lines)}</text>'


def _n(number: float) -> str:
    """A length with one decimal at most, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")
