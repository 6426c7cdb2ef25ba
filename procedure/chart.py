"""A flow chart as data: steps with their places, arrows with their ways. Lengths are pixels. Pure."""

from dataclasses import dataclass, field
from math import sqrt

from procedure.flow import FlowStep

NAME_SIZE, SMALL_SIZE = 15, 12.5
NAME_LINE, SMALL_LINE = 21, 18
BOX, OVAL, DIAMOND = 248, 200, 248  # widths
PORT, SPREAD = 20, 100  # between arrows that enter a step, and between those that leave it
GAP, LANE, TRACK, MARGIN = 112, 16, 12, 12
LABEL, LABEL_LINE = 6.4, 16  # widest label in characters
CHANNEL_TOP, CHANNEL_END = 14, 18


@dataclass
class Node:
    """A step on the chart: its middle, its size, and its text in lines."""

    step: FlowStep
    names: list[str]
    details: list[str]
    width: float
    height: float
    row: int = 0
    column: int = 0
    x: float = 0
    y: float = 0

    def edge(self, offset: float) -> float:
        """How far above or below the middle the outline is, so far beside the middle."""
        half, part = self.height / 2, min(1.0, abs(offset) * 2 / self.width)
        if self.step.kind == "condition":
            return half * (1 - part)
        return half * sqrt(1 - part * part) if self.step.kind in ("start", "end") else half


@dataclass
class Way:
    """An arrow: from where to where, by which way, and where its label stands."""

    source: Node
    target: Node
    label: list[str]
    route: str = (
        ""  # straight; ahead: down in the target's column; behind: in the source's; right, left: by a lane
    )
    side: int = 0  # leaves by the left (-1) or the right (1) corner instead of below
    leaves: float = 0  # beside the middle of the source
    enters: float = 0  # beside the middle of the target
    lane: int = 0
    tracks: dict[int, float] = field(default_factory=dict)  # channel, numbered by the row above it: its y
    points: list[tuple[float, float]] = field(default_factory=list)
    label_x: float = 0
    label_y: float = 0  # of the first line's foot
    label_anchor: str = "start"

    @property
    def channels(self) -> list[int]:
        """The channels along which it runs sideways."""
        above, last = self.source.row, self.target.row - 1
        if self.route == "straight":
            return []
        if self.route == "ahead":
            return [] if self.side else [above]
        if self.route == "behind":
            return [last]
        return [last] if self.side else [above, last]


@dataclass
class Chart:
    """A flow laid out."""

    nodes: list[Node]
    ways: list[Way]
    width: float
    height: float
