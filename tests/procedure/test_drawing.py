"""The flow chart: drawn from the definition, complete, legible, and the same for the same flow (C-14, C-19 … C-25)."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedure.chart import LABEL_LINE, Chart, Node, Way
from procedure.drawing import drawn
from procedure.flow import read_flow
from procedure.flow_rules import flow_faults, with_marks
from procedure.layout import laid_out
from procedure.text import balanced, width_of, wrapped

LICENCE = [
    {"key": "start", "kind": "start", "name": "申请人提交申请", "next": ["accept"]},
    {"key": "accept", "name": "受理", "post": "综合窗口", "person": "首席代表", "duty": "核对材料", "limit_days": 1, "next": ["check"]},
    {"key": "check", "kind": "condition", "name": "材料是否齐全", "next": [{"to": "decide", "label": "齐全"}, {"to": "reject", "label": "不齐全"}]},
    {"key": "decide", "name": "决定", "post": "审批科", "authority": "作出许可决定", "limit": "3个工作日", "next": ["end"]},
    {"key": "reject", "kind": "end", "name": "不予受理"},
    {"key": "end", "kind": "end", "name": "领证"},
]  # fmt: skip
TEXTS = st.text(alphabet="办理审核许可（）、，。县局ab1 ·ཀུ", max_size=40).map(lambda text: text.strip())
NAMES = st.text(alphabet="受理审查决定送达现场核查", min_size=1, max_size=24)


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  our own


@st.composite
def flows(draw):
    """Flows that can be followed: a way through all steps, with branches, joins and ways back added at random."""
    count = draw(st.integers(1, 9))
    ends = ["e0", *(f"e{number}" for number in range(1, draw(st.integers(1, 3))))]
    keys = [f"k{number}" for number in range(count)]
    rows = [{"key": "s", "kind": "start", "name": draw(NAMES), "next": [keys[0]]}]
    for number, key in enumerate(keys):
        straight = keys[number + 1] if number + 1 < count else "e0"
        kind = draw(st.sampled_from(("step", "step", "condition")))
        targets = [straight, *draw(st.lists(st.sampled_from(["s", *keys, *ends]), max_size=3))]
        targets = [target for target in targets if target != key]
        if kind == "condition" and len(targets) == 1:
            targets.append(draw(st.sampled_from([each for each in [*keys, *ends] if each != key])))
        if kind == "step":
            targets = targets[: draw(st.sampled_from((1, 1, 1, 2)))]
        arrows = [{"to": to, "label": draw(NAMES) if kind == "condition" else ""} for to in targets]
        rows.append({
            "key": key, "kind": kind, "name": draw(NAMES), "post": draw(TEXTS), "person": draw(TEXTS),
            "duty": draw(TEXTS), "limit_days": draw(st.sampled_from((None, 1, 0.5))), "next": draw(st.permutations(arrows)),
        })  # fmt: skip
    reached = {arrow["to"] for row in rows[1:] for arrow in row["next"]}
    rows += [{"key": key, "kind": "end", "name": draw(NAMES)} for key in ends if key in reached]
    return read_flow(draw(st.permutations(rows)))


def box_of(node: Node) -> tuple[float, float, float, float]:
    return (
        node.x - node.width / 2,
        node.y - node.height / 2,
        node.x + node.width / 2,
        node.y + node.height / 2,
    )


def label_box(way: Way) -> tuple[float, float, float, float]:
    wide = max(map(width_of, way.label)) * 12.5
    left = way.label_x - (wide if way.label_anchor == "end" else 0)
    top = way.label_y - 12.5
    return left, top, left + wide, way.label_y + LABEL_LINE * (len(way.label) - 1) + 2


def overlap(one, other, slack=0.0) -> bool:
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


def segments(way: Way):
    for (x1, y1), (x2, y2) in pairwise(way.points):
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def lie_on_each_other(one, other) -> bool:
    for across, along in ((0, 1), (1, 0)):
        if one[across] == one[across + 2] == other[across] == other[across + 2]:
            return min(one[along + 2], other[along + 2]) - max(one[along], other[along]) > 0.5
    return False


def check(chart: Chart) -> None:
    for one, other in combinations(chart.nodes, 2):
        assert not overlap(box_of(one), box_of(other)), (one.step.name, other.step.name)
    for way in chart.ways:
        for part in segments(way):
            assert part[0] == part[2] or part[1] == part[3]
            for node in chart.nodes:
                if node is not way.source and node is not way.target:
                    assert not overlap(part, box_of(node), 0.5), (way, node.step.name)
        assert way.points[-1] == (way.target.x + way.enters, way.target.y - way.target.edge(way.enters))
        assert way.points[-2][1] < way.points[-1][1]  # every arrow comes from above
    for one, other in combinations(chart.ways, 2):
        for first in segments(one):
            for second in segments(other):
                assert not lie_on_each_other(first, second), (one, other)
    labels = [(way, label_box(way)) for way in chart.ways if way.label]
    for (_, one), (_, other) in combinations(labels, 2):
        assert not overlap(one, other, 1)
    for way, box in labels:
        assert box[0] >= 0
        assert box[2] <= chart.width
        for node in chart.nodes:
            if node is not way.source:
                assert not overlap(box, box_of(node), 1), (way.label, node.step.name)
    assert all(0 <= x <= chart.width and 0 <= y <= chart.height for way in chart.ways for x, y in way.points)


@pytest.mark.row("C-19", "C-20", "C-21", "C-22", "C-23")
@settings(max_examples=120, deadline=None)
@given(flows())
def test_any_flow_is_drawn_whole_without_anything_lying_on_anything(flow):
    assert flow_faults(flow) == []
    marked = with_marks(flow)
    check(laid_out(marked))

    drawn.cache_clear()
    text = drawn(flow, "流程图")
    drawn.cache_clear()
    assert drawn(flow, "流程图") == text
    svg = parsed(text)
    kinds = [step.kind for step in marked]
    shapes = svg.find("g[@class='shapes']")
    assert shapes is not None
    assert len(shapes.findall("*/ellipse")) == kinds.count("start") + kinds.count("end")
    assert len(shapes.findall("*/rect")) == kinds.count("step")
    assert len(shapes.findall("*/path")) == kinds.count("condition")
    arrows = svg.findall("g[@class='ways']/path")
    assert len(arrows) == sum(len(step.next) for step in marked)
    assert all(arrow.get("marker-end") for arrow in arrows)
    written = "".join(shapes.itertext()).replace(" ", "")
    for step in marked:
        for said in (step.name, step.post, step.duty):
            assert said.replace(" ", "") in written


@pytest.mark.row("C-14", "C-24", "C-25")
def test_the_chart_names_post_person_duty_and_time_of_each_step():
    written = "".join(parsed(drawn(read_flow(LICENCE), "许可流程图")).itertext())

    for said in (
        "综合窗口（首席代表）",
        "核对材料",
        "时限：1个工作日",
        "审批科",
        "时限：3个工作日",
        "不齐全",
    ):
        assert said in written


def test_a_plain_list_of_steps_gets_its_start_and_its_end():
    flow = read_flow([{"name": "受理"}, {"name": "办结"}])

    svg = parsed(drawn(flow, "流程图"))

    assert [step.name for step in with_marks(flow)] == ["开始", "受理", "办结", "结束"]
    assert len(svg.findall(".//ellipse")) == 2


def test_the_chart_has_a_name_and_a_description_and_no_style_of_its_own():
    text = drawn(read_flow(LICENCE), '许可<b>&"流程图')
    svg = parsed(text)

    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "flow-t flow-d")
    assert svg.findtext("title") == '许可<b>&"流程图'
    assert "4个环节" in (svg.findtext("desc") or "") or "个环节" in (svg.findtext("desc") or "")
    assert not any(tag in text for tag in ("style", "<script"))


def test_another_process_draws_the_same_bytes():
    code = (
        "from tests.procedure.test_drawing import LICENCE\nfrom procedure.drawing import drawn\n"
        "from procedure.flow import read_flow\nprint(hash(drawn(read_flow(LICENCE), 'x')) and drawn(read_flow(LICENCE), 'x'))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            encoding="utf-8", check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip

    assert made[0] == made[1] != ""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"key": "a", "kind": "start", "name": "甲", "next": ["b"]}, {"key": "b", "name": "乙"}], "没有结束"),
        ([{"key": "a", "name": "甲", "next": ["b"]}, {"key": "b", "kind": "end", "name": "乙"}], "没有开始"),
        (
            [
                {"kind": "start", "name": "甲", "next": ["e"]},
                {"kind": "start", "name": "乙", "next": ["e"]},
                {"key": "e", "kind": "end", "name": "完"},
            ],
            "2个开始",
        ),
        (
            [
                {"kind": "start", "name": "甲", "next": ["e"]},
                {"name": "孤岛", "next": ["e"]},
                {"key": "e", "kind": "end", "name": "完"},
            ],
            "“孤岛”从开始走不到",
        ),
        (
            [
                {"kind": "start", "name": "甲", "next": ["b"]},
                {"key": "b", "name": "死路", "next": []},
                {"kind": "end", "name": "完"},
            ],
            "“死路”没有下一环节",
        ),
        (
            [
                {"kind": "start", "name": "甲", "next": ["b"]},
                {"key": "b", "kind": "condition", "name": "判", "next": [{"to": "c", "label": "是"}, {"to": "e", "label": "否"}]},
                {"key": "c", "name": "打转", "next": ["d"]},
                {"key": "d", "name": "回来", "next": ["c"]},
                {"key": "e", "kind": "end", "name": "完"},
            ],
            "“打转”走不到结束",
        ),
        (
            [
                {"kind": "start", "name": "甲"},
                {"kind": "condition", "name": "独木桥"},
                {"kind": "end", "name": "完"},
            ],
            "只有一个去向",
        ),
        (
            [
                {"kind": "start", "name": "甲"},
                {"kind": "condition", "name": "哑巴", "next": ["e", {"to": "f", "label": "否"}]},
                {"key": "e", "kind": "end", "name": "完"},
                {"key": "f", "kind": "end", "name": "停"},
            ],
            "没有写明条件",
        ),
    ],
)  # fmt: skip
def test_a_flow_that_cannot_be_followed_is_told_why_and_not_drawn(rows, said):
    flow = read_flow(rows)

    assert any(said in fault for fault in flow_faults(flow))
    assert drawn(flow, "流程图") == ""


def test_lines_are_broken_by_width_and_begin_with_no_closing_mark():
    assert wrapped("一二三四五，六七", 5) == ["一二三四五，", "六七"]
    assert wrapped("一二三四（五六", 5) == ["一二三四", "（五六"]
    assert balanced("一二三四五六", 5) == ["一二三四", "五六"] or balanced("一二三四五六", 5) == [
        "一二三",
        "四五六",
    ]
