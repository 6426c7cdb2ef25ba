"""Where steps, arrows and labels of a flow chart come to stand, once their rows, columns and ways are known. Pure."""

from procedure.chart import (
    CHANNEL_END,
    CHANNEL_TOP,
    GAP,
    LABEL_LINE,
    LANE,
    MARGIN,
    TRACK,
    Node,
    Way,
)

Lanes = dict[int, float]  # of each arrow that takes one, by its id: its x


def give_x(nodes: list[Node], ways: list[Way]) -> tuple[float, Lanes]:
    by_lane = {
        side: sorted(
            (way for way in ways if way.route == side),
            key=lambda way: abs(way.target.row - way.source.row),
        )
        for side in ("left", "right")
    }
    lanes: Lanes = {}
    has_labels = any(way.side < 0 and way.route == "left" and way.label for way in ways)
    x = MARGIN + LANE * len(by_lane["left"]) + (GAP - LANE if has_labels else 0)
    start = x - (GAP - LANE if has_labels else 0)
    for place, way in enumerate(by_lane["left"]):
        lanes[id(way)] = start - LANE * (place + 0.5)
    for column in range(max(node.column for node in nodes) + 1):
        here = [node for node in nodes if node.column == column]
        wide = max((node.width for node in here), default=0)
        for node in here:
            node.x = x + wide / 2
        x += wide + GAP
    x -= GAP
    has_labels = any(way.side > 0 and way.route == "right" and way.label for way in ways)
    spill = max((way.source.x + way.leaves + 6 + 80 for way in ways if way.label and not way.side), default=0)
    x = max(x + (GAP - LANE if has_labels else 0), spill)
    for place, way in enumerate(by_lane["right"]):
        lanes[id(way)] = x + LANE * (place + 1)
    return x + LANE * len(by_lane["right"]) + MARGIN, lanes


def give_y(nodes: list[Node], ways: list[Way], lanes: Lanes) -> float:
    y = float(MARGIN)
    rows = max(node.row for node in nodes) + 1
    for row in range(-1, rows):
        if row >= 0:
            here = [node for node in nodes if node.row == row]
            lines = max((len(way.label) for way in ways if way.side and way.source.row == row), default=0)
            tall = max([*(node.height for node in here), 2 * (lines * LABEL_LINE + 6)])
            for node in here:
                node.y = y + tall / 2
            y += tall
        y = _give_tracks(row, y, ways, lanes, is_last=row == rows - 1)
    return y


def _give_tracks(row: int, y: float, ways: list[Way], lanes: Lanes, *, is_last: bool) -> float:
    """The tracks of the channel below a row; where the channel ends."""
    along = [way for way in ways if row in way.channels]
    if (row < 0 or is_last) and not along:
        return y + (MARGIN if is_last else 0)
    lines = max(
        (len(way.label) for way in ways if way.source.row == row and not way.side and way.route), default=0
    )
    y += max(CHANNEL_TOP, lines * LABEL_LINE + 8)
    for way in sorted(along, key=lambda way: _track_order(way, row, lanes)):
        y += TRACK
        way.tracks[row] = y
    return y + CHANNEL_END


def _track_order(way: Way, row: int, lanes: Lanes) -> tuple[float, float]:
    """Who comes from further on the side to which it goes runs above the others, and does not cross them."""
    lane = lanes.get(id(way), 0.0)
    starts = way.source.x + way.leaves if row == way.source.row or way.route == "behind" else lane
    leads = lane if row == way.source.row and way.route in ("left", "right") else way.target.x + way.enters
    return (0.0, -starts) if leads > starts else (1.0, starts)


def points_of(way: Way, lanes: Lanes) -> list[tuple[float, float]]:
    source, target = way.source, way.target
    goal = (target.x + way.enters, target.y - target.edge(way.enters))
    if way.side:
        points = [(source.x + way.side * source.width / 2, source.y)]
    else:
        points = [(source.x + way.leaves, source.y + source.edge(way.leaves))]
    x, y = points[0]
    for number, channel in enumerate(way.channels):
        by_lane = way.route in ("left", "right") and (number == 0 or way.side)
        if way.side and by_lane:
            x = lanes[id(way)]
            points.append((x, y))
        y = way.tracks[channel]
        points.append((x, y))
        x = lanes[id(way)] if by_lane and not way.side else goal[0]
        points.append((x, y))
    if not way.channels and way.side:
        points.append((goal[0], y))
    return [*points, goal]


def place_label(way: Way) -> None:
    x, y = way.points[0]
    if way.side:
        way.label_x, way.label_anchor = x + 6 * way.side, "start" if way.side > 0 else "end"
        way.label_y = y - 6 - LABEL_LINE * (len(way.label) - 1)
    else:
        way.label_x = x + 6
        way.label_y = way.source.y + way.source.height / 2 + LABEL_LINE
