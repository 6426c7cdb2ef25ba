"""Forms out of files: form A1 with its chart, or a table of many items with a head. What is not understood is named."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from exchange.forms.chart import Step, column_of
from exchange.forms.fields import CODE, field_of, label_of, level
from exchange.forms.sheet import KEY_LABEL
from extraction.grids import Grid, Tables

KEY = re.compile(rf"{KEY_LABEL}\s*[:：]\s*(\S+?)\s*(?:[（(].*)?")
PLACEHOLDER = re.compile(r"[{｛].*[}｝]", re.DOTALL)  # the printed form's own explanation of a row
IGNORED = {"序号", "备注"}
LEAST_LABELS = 2  # of a head, or of a form, before a table is taken for one


@dataclass
class Form:
    """What a form says of one item, before anything of it was understood but its labels."""

    place: str
    key: str = ""
    code: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    steps: list[Step] | None = None
    faults: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)  # columns that a task sheet adds

    def as_data(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Form":
        """What `as_data` gave."""
        return cls(**data)


def forms_in(tables: Tables, file: str, also: Mapping[str, str] | None = None) -> list[Form]:
    """Every form in a file. `also` are further columns of a table of items: their labels and names.

    A file without any is one form with a fault.
    """
    found: list[Form] = []
    for grid in tables.grids:
        place = f"{file} {grid.place}" if len(tables.grids) > 1 else file
        head = _head_row(grid, also or {})
        if head is not None:
            found += _items(grid, head, place, also or {})
        elif chart := _chart(grid):
            if found:
                found[-1].steps = chart
        elif _looks_like_a1(grid):
            found.append(_a1(grid, place))
    keys = [said[1] for line in _lines(tables) if (said := KEY.fullmatch(line))]
    for form, key in zip([form for form in found if not form.key], keys, strict=False):
        form.key = key
    return found or [Form(file, faults=[_nothing_found(tables)])]


def _nothing_found(tables: Tables) -> str:
    if not any(grid.rows for grid in tables.grids):
        return "文件里没有表格。请使用本系统下载的表式填写。"
    return "没有找到“政务服务事项内容信息表”或事项目录表：表中应有“事项名称”“行使依据”等项目。请使用本系统下载的表式填写。"


def _lines(tables: Tables) -> Iterator[str]:
    yield from (unicodedata.normalize("NFKC", line) for line in tables.lines)
    for grid in tables.grids:
        yield from (
            unicodedata.normalize("NFKC", cells[0]).strip()
            for _, cells in grid.rows
            if len(cells) == 1 and cells[0]
        )


def _looks_like_a1(grid: Grid) -> bool:
    labels = {field_of(cells[0]) for _, cells in grid.rows if cells} - {None}
    return len(labels) >= LEAST_LABELS


def _a1(grid: Grid, place: str) -> Form:
    """A form of labels and contents beside them; a row without a label goes on with the one above."""
    form, name, parts = Form(place), None, dict[str, list[str]]()
    for number, cells in grid.rows:
        if len(cells) == 1 and (field_of(cells[0]) is None or len(grid.rows) == 1):
            continue  # a heading or a line across the table
        label, rest = cells[0], cells[1:]
        if level(label or ""):
            name = field_of(label)
            if name is None:
                if any(level(cell or "") for cell in rest):
                    form.faults.append(_unknown(place, number, label))
                continue
            if name in parts:
                form.faults.append(f"第{number}行：“{level(label or '')}”出现了不止一次，请只保留一个。")
            parts.setdefault(name, [])
        name = _fill(parts, name, rest)
    for name, texts in parts.items():
        _say(form, name, "\n".join(texts))
    return form


def _fill(parts: dict[str, list[str]], name: str | None, cells: Sequence[str | None]) -> str | None:
    """Put contents where they belong; a form of four columns has a second label within a row."""
    for place, cell in enumerate(cells):
        label = field_of(cell) if place + 1 < len(cells) else None
        if label is not None and label not in parts:
            name = label
            parts[name] = []
        elif name is not None and cell and cell.strip():
            parts[name].append(cell)
    return name


def _unknown(place: str, number: int, label: str | None) -> str:
    return f"第{number}行：“{level(label or '')[:30]}”不是表中的项目。请改成表式印好的名称，或删去这一行。"


def _say(form: Form, name: str, text: str) -> None:
    text = level(text)
    if not text or PLACEHOLDER.fullmatch(text):
        return
    if name == CODE:
        form.code = unicodedata.normalize("NFKC", text).replace(" ", "")
    else:
        form.cells[name] = text


def _head_row(grid: Grid, also: Mapping[str, str]) -> int | None:
    """The place of the row that names the columns of a table of items."""
    for place, (_, cells) in enumerate(grid.rows[:10]):
        names = {field_of(cell) for cell in cells} - {None}
        if "item_name" in names and len(names) > LEAST_LABELS and field_of(cells[0] or "") != "item_name":
            return place
        if "item_name" in names and also.keys() & {level(cell or "") for cell in cells}:
            return place
    return None


def _items(grid: Grid, head: int, place: str, also: Mapping[str, str]) -> list[Form]:
    number, labels = grid.rows[head]
    forms, above = [], dict[int, str | None]()
    named = [(field_of(label), level(label or "")) for label in labels]
    strange = [
        words for name, words in named if name is None and words not in {*IGNORED, *also, KEY_LABEL, ""}
    ]
    for line, cells in grid.rows[head + 1 :]:
        form = Form(f"{place} 第{line}行")
        for column, ((name, words), cell) in enumerate(zip(named, cells, strict=False)):
            text = above.get(column) if cell is None else cell
            above[column] = text
            if name is not None:
                _say(form, name, text or "")
            elif words == KEY_LABEL:
                form.key = level(text or "")
            elif words in also and level(text or ""):
                form.extra[also[words]] = level(text or "")
        if not (form.cells or form.key or form.code):
            continue
        if strange:
            form.faults.append(
                f"第{number}行的列“{'”“'.join(strange)[:60]}”不是表中的项目。请改成表式印好的列名，或删去这一列。"
            )
        if any(cell and cell.strip() for cell in cells[len(labels) :]):
            form.faults.append("这一行比表头多出了有内容的单元格，请检查是否错位。")
        forms.append(form)
    return forms


def _chart(grid: Grid) -> list[Step]:
    """The steps of form A2, if the table is one."""
    for place, (_, cells) in enumerate(grid.rows[:5]):
        names = [column_of(cell) for cell in cells]
        if "name" in names and len(set(names) - {None}) >= 3:
            steps = [
                {name: level(cell or "") for name, cell in zip(names, row, strict=False) if name}
                for _, row in grid.rows[place + 1 :]
            ]
            return [step for step in steps if any(step.values())]
    return []


def label_words(name: str) -> str:
    """What a row is called on the preview."""
    return "权力运行流程图（A2表）" if name == "flow" else label_of(name)
