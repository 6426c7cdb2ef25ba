"""Which way each arrow of a flow chart takes, where it leaves its step and where it enters the next. Pure."""

from collections.abc import Iterator

from procedure.chart import PORT, SPREAD, Node, Way

Grid = dict[tuple[int, int], Node]


def _is_free(grid: Grid, column: int, above: int, below: int) -> bool:
    return not any((row, column) in grid for row in range(above + 1, below))


def choose_routes(ways: list[Way], grid: Grid) -> None:
    left: set[int] = set()  # steps that are left, and entered, straight below already
    for way in ways:
        source, target = way.source, way.target
        if target.row <= source.row:
            way.route = "left"
        elif _is_free(grid, target.column, source.row, target.row):
            is_below = source.column == target.column and id(source) not in left
            way.route = "straight" if is_below else "ahead"
            if is_below:
                left.add(id(source))
        elif _is_free(grid, source.column, source.row, target.row):
            way.route = "behind"
        else:
            way.route = "right"


def _heading(way: Way) -> float:
    """To which side an arrow goes, for the order in which arrows leave a step."""
    if way.route in ("left", "right"):
        return -99.0 if way.route == "left" else 99.0
    return float(way.target.column - way.source.column)


def choose_exits(ways: list[Way], grid: Grid) -> None:
    columns = max(column for _, column in grid) + 1
    used: dict[int, list[tuple[int, int]]] = {}  # row: columns along which an arrow leaves sideways
    for node in grid.values():
        out = sorted((way for way in ways if way.source is node), key=_heading)
        if len(out) > 1:
            for way, side in ((out[0], -1), (out[-1], 1)):
                _try_corner(way, side, grid, columns, used.setdefault(node.row, []))
        below = [way for way in out if not way.side]
        others = [way for way in below if way.route != "straight"]
        for way, offset in zip(others, _offsets(node, others, below, grid), strict=True):
            way.leaves = offset
        widest = max((abs(way.leaves) for way in below), default=0)
        node.width = max(node.width, 2 * widest + 44)


def _try_corner(way: Way, side: int, grid: Grid, columns: int, used: list[tuple[int, int]]) -> None:
    """Have an arrow leave by a corner, if nothing stands beside the step on that way."""
    if way.route in ("straight", "behind") or _heading(way) * side <= 0:
        return
    here = way.source.column
    there = way.target.column if way.route == "ahead" else (columns if side > 0 else -1)
    span = (here, there) if side > 0 else (there, here)
    beside = range(here + 1, min(there, columns - 1) + 1) if side > 0 else range(max(there, 0), here)
    if any((way.source.row, column) in grid for column in beside):
        return
    if any(first < span[1] and span[0] < last for first, last in used):
        return
    used.append(span)
    way.side = side


def _offsets(node: Node, others: list[Way], below: list[Way], grid: Grid) -> Iterator[float]:
    """How far beside its middle each arrow leaves a step; odd tens, which no arrow that enters has."""
    if len(others) < len(below):  # one goes straight down
        lefts = [way for way in others if _heading(way) < 0]
        yield from (float(-90 - SPREAD * place) for place in reversed(range(len(lefts))))
        yield from (float(90 + SPREAD * place) for place in range(len(others) - len(lefts)))
    elif len(others) == 1:
        has_below = any(column == node.column and row > node.row for row, column in grid)
        yield (30.0 if _heading(others[0]) > 0 else -30.0) if has_below else 0.0
    else:
        first = -(SPREAD // 2) * (len(others) - 1)
        first += 0 if first % PORT else PORT // 2
        yield from (float(first + SPREAD * place) for place in range(len(others)))


def choose_entries(ways: list[Way]) -> None:
    for node in {id(way.target): way.target for way in ways}.values():
        into = [way for way in ways if way.target is node]
        others = sorted((way for way in into if way.route != "straight"), key=_coming)
        if len(others) < len(into):
            lefts = [way for way in others if _coming(way)[0] < node.column]
            rights = others[len(lefts) :]
            for place, way in enumerate(reversed(lefts), 1):
                way.enters = float(-PORT * place)
            for place, way in enumerate(rights, 1):
                way.enters = float(PORT * place)
        else:
            for place, way in enumerate(others):
                way.enters = float(PORT * (place - (len(others) - 1) // 2))
        widest = max((abs(way.enters) for way in into), default=0)
        node.width = max(node.width, 2 * widest + 44)


def _coming(way: Way) -> tuple[float, int]:
    if way.route in ("left", "right"):
        return (-1.0 if way.route == "left" else 99.0), way.source.row
    return float(way.source.column), way.source.row
