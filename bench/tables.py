"""The figures as Markdown tables."""

from collections.abc import Mapping

from bench.figures import Figures, Result, Row

HEAD = "| | ours: time | CPU | memory | Hugo: time | CPU | memory | ours / Hugo: time | CPU | memory | goal |"


def table(result: Result) -> str:
    """Everything measured of one corpus."""
    parts = [
        f"### {result.name}: {result.pages} pages, {result.files} files, {result.megabytes:.1f} MB",
        "\n".join([HEAD, "|---" * 11 + "|", *map(_line, result.rows)]),
        _touched(result),
        _imports(result),
        *(f"- {note}" for note in result.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def table_of_pages(pages: Mapping[str, Mapping[str, float]]) -> str:
    """The pages of the back office over 100,000 documents; the goals are U8's."""
    lines = [
        f"| {name} | {page['median_ms']:.0f} ms | {page['p95_ms']:.0f} ms | {page['statements']:.0f} | {page['bytes'] / 1000:.0f} kB |"
        for name, page in pages.items()
    ]
    head = "| back office | median | 95 % (goal 150 ms) | queries (goal 10) | HTML (goal 300 kB) |"
    return "\n".join([head, "|---" * 5 + "|", *lines])


def _line(row: Row) -> str:
    ratios = [_ratio(row.ratio(figure)) for figure in ("wall", "cpu", "peak_mib")]
    name = row.name + (f" ({row.note})" if row.note else "")
    return f"| {name} | {' | '.join([*_cells(row.ours), *_cells(row.hugo), *ratios])} | {row.goal} |"


def _cells(figures: Figures | None) -> list[str]:
    if figures is None:
        return ["–", "–", "–"]
    return [
        _seconds(figures.wall),
        _seconds(figures.cpu),
        f"{figures.peak_mib:.0f} MiB" if figures.peak_mib else "",
    ]


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _touched(result: Result) -> str:
    if not result.touched:
        return ""
    lines = [
        f"| {one.change} | {one.total} | {one.added} | {one.changed} | {one.removed} | {one.of} |"
        for one in result.touched
    ]
    return "\n".join(
        ["| change | files touched | added | changed | removed | of |", "|---" * 6 + "|", *lines]
    )


def _imports(result: Result) -> str:
    lines = [
        f"| {kind} | {took['rows']:.0f} | {took['wall_s']:.1f} s | {took['cpu_s'] * 1000 / max(1, took['rows']):.1f} ms |"
        for kind, took in result.imports.items()
    ]
    return "\n".join(["| import | rows | time | CPU a row |", "|---" * 4 + "|", *lines]) if lines else ""
