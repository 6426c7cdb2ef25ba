"""The chart of an item's flow, and the same as a list (004 A2)."""

from collections import Counter
from collections.abc import Iterator

from tests.columns.crawler import Kind, Page, children
from tests.columns.rules import rule
from tests.publisher.html_tree import Element

SIGNS = {"start": "ellipse", "end": "ellipse", "step": "rect", "condition": "path"}
SAID = {"开始": "start", "结束": "end", "判断": "condition"}


def charts(page: Page) -> list[Element]:
    return page.section("guide").every("svg", of="chart")


def listed(page: Page) -> list[Element]:
    """The steps as words."""
    return [step for steps in page.section("guide").every("ol", of="steps") for step in children(steps, "li")]


def kind_of(step: Element) -> str:
    tags = [tag.text for tag in step.every("span", of="tag")]
    return SAID.get(tags[0], "?") if tags else "step"


def squeezed(text: str) -> str:
    return "".join(text.split())


@rule(Kind.GUIDE, rows="A-42 A-43 C-14 C-27",
      breaks=[('(?s)<svg class="chart".*?</svg>', ""), ("<li><b>[^<]+", "<li><b>别的环节"), ('(?s)<ol class="steps">.*?</ol>', ""),
              ('role="img" aria-labelledby="flow-t', 'aria-labelledby="flow-t')])  # fmt: skip
def every_flow_is_drawn_and_said_in_words(page: Page) -> Iterator[str]:
    steps = listed(page)
    if bool(charts(page)) != bool(steps):
        yield "流程图和文字说明缺一样"
    for chart in charts(page):
        words = squeezed("".join(name.text for name in chart.every("tspan", of="name")))
        missing = [step.one("b").text for step in steps if squeezed(step.one("b").text) not in words]
        if missing:
            yield f"图上没有{missing}"
        if chart["role"] != "img" or not chart.every("title"):
            yield "流程图没有名称"


@rule(Kind.GUIDE, rows="C-19 C-20 C-21 C-22",
      breaks=[(f'<g class="{kind}"><{sign}', f'<g class="{kind}"><circle') for kind, sign in SIGNS.items()]
      + [('(?s)<g class="start">.*?</g>', ""), ('(?s)<g class="end">.*?</g>', ""), ('(?s)<g class="step">.*?</g>', "")])  # fmt: skip
def charts_have_ellipses_boxes_and_diamonds_for_what_they_mean(page: Page) -> Iterator[str]:
    said = Counter(kind_of(step) for step in listed(page))
    for chart in charts(page):
        shapes = children(chart.one("g", of="shapes"), "g")
        shown = Counter(shape["class"] for shape in shapes)
        if shown != said or not shown["start"] or not shown["end"]:
            yield f"图上是{dict(shown)}，文字是{dict(said)}"
        if any(children(shape)[0].tag != SIGNS.get(shape["class"]) for shape in shapes):
            yield "图形与含义不符"


@rule(
    Kind.GUIDE,
    rows="C-23",
    breaks=[(' marker-end="[^"]*"', ""), ('(<g class="ways"[^>]*>)<path[^>]*/>', r"\1")],
)
def every_way_is_an_arrow(page: Page) -> Iterator[str]:
    for chart in charts(page):
        ways = chart.one("g", of="ways").every("path")
        kinds = Counter(kind_of(step) for step in listed(page))
        least = kinds["start"] + kinds["step"] + 2 * kinds["condition"]
        if len(ways) < least or not all(way["marker-end"] for way in ways):
            yield f"{len(ways)}条箭头，至少应当{least}条"


@rule(
    Kind.GUIDE,
    rows="C-24 C-25",
    breaks=[('<p class="quiet">岗位：[^<]*</p>', ""), ("<p>职责：[^<]*</p>", ""), ("转第", "转到")],
)
def every_step_names_post_and_duty_and_a_condition_where_it_leads(page: Page) -> Iterator[str]:
    for step in listed(page):
        if kind_of(step) == "step" and not ("岗位：" in step.text and "职责：" in step.text):
            yield f"{step.text}没有岗位或者职责"
        if kind_of(step) == "condition" and step.text.count("转第") < 2:
            yield f"{step.text}没有去向"
