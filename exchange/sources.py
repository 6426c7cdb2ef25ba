"""Rows out of files: JSON lines, CSV, and folders of Markdown files with YAML front matter. Streaming."""

import codecs
import csv
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from content import inspection
from content.files import FileRefusedError, check_file
from exchange.errors import UnreadableFileError

LONGEST_LINE = 8 * 1024 * 1024  # a body of 500,000 characters with everything around it is a quarter of this
LONGEST_CELL = 1_000_000  # characters
LONGEST_NUMBER = 40  # characters; nothing that is counted needs more, and reading digits takes their square
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
FORMATS = (".jsonl", ".csv", ".xlsx")

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Row:
    """One row as it stands in its file."""

    file: str
    line: int
    values: dict[str, Any]
    folder: Path  # where attachments are looked for


@dataclass(frozen=True)
class UnreadableRow:
    """A row that cannot be read as such."""

    file: str
    line: int
    reason: str


def read_rows(path: Path) -> Iterator[Row | UnreadableRow]:
    """The rows of a `.jsonl` or `.csv` file, or of a folder of `.md` files, one at a time.

    Raises: UnreadableFileError when the file as a whole cannot be read.
    """
    if path.is_dir():
        return _markdown_rows(path)
    suffix = path.suffix.lower()
    if suffix not in (*FORMATS, ".json"):
        raise UnreadableFileError(
            f"不支持“{path.suffix or path.name}”格式，请使用 .jsonl、.json、.csv、.xlsx 或存放 .md 文件的文件夹。"
        )
    if not path.is_file():
        raise UnreadableFileError(f"找不到文件：{path}")
    readers = {".jsonl": _json_rows, ".json": _document_rows, ".csv": _csv_rows, ".xlsx": _sheet_rows}
    return readers[suffix](path)


def named_like(rows: Iterator[Row | UnreadableRow], name: str) -> Iterator[Row | UnreadableRow]:
    """The rows of a file that lies under another name than its sender gave it."""
    return (replace(row, file=name) for row in rows)


def _document_rows(path: Path) -> Iterator[Row | UnreadableRow]:
    """The objects of one JSON document: a list of them, or the only list of them within an object."""
    if path.stat().st_size > LONGEST_LINE:
        raise UnreadableFileError(
            f"{path.name} 超过{LONGEST_LINE // 1024 // 1024} MB，请改用 .jsonl，每行一条。"
        )
    try:
        found = json.loads(
            path.read_text("utf-8-sig"),
            parse_constant=_no_constant,
            parse_float=_finite,
            object_pairs_hook=_without_twins,
        )
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are of the first kind
        raise UnreadableFileError(f"{path.name} 不是完整的JSON，或者不是UTF-8编码。") from None
    lists = (
        [found]
        if isinstance(found, list)
        else [each for each in found.values() if isinstance(each, list)]
        if isinstance(found, dict)
        else []
    )
    if len(lists) != 1:
        raise UnreadableFileError(f"{path.name} 应为一组对象（[{{…}}, …]），或只含一组对象的JSON。")
    for number, values in enumerate(lists[0], 1):
        if isinstance(values, dict):
            yield Row(path.name, number, values, path.parent)
        else:
            yield UnreadableRow(path.name, number, "这一项不是JSON对象（{…}）。")


def _sheet_rows(path: Path) -> Iterator[Row | UnreadableRow]:
    """The rows of a workbook of one sheet, read in the closed process."""
    try:
        check_file(path)
        found = inspection.tables(path, ".xlsx")
    except FileRefusedError as refusal:
        found = refusal.reason
    if isinstance(found, str):
        raise UnreadableFileError(f"{path.name} 不能导入：{found}。")
    grids = [grid for grid in found.grids if grid.rows]
    if len(grids) != 1:
        raise UnreadableFileError(f"{path.name} 有{len(grids)}个有内容的工作表，请只留一个。")
    (_, cells), *rows = grids[0].rows
    header = [(cell or "").strip() for cell in cells]
    _check_header(path, header)
    for number, cells in rows:
        texts = [cell or "" for cell in cells]
        yield _csv_row(path, number, header, texts, str)


def _check_header(path: Path, header: list[str]) -> None:
    if not any(header):
        raise UnreadableFileError(f"{path.name} 的第一行应为列名。")
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise UnreadableFileError(f"{path.name} 的列名“{min(doubled)}”出现了不止一次。")


def _json_rows(path: Path) -> Iterator[Row | UnreadableRow]:
    for number, line in _lines(path):
        if line is None:
            yield UnreadableRow(path.name, number, f"这一行超过{LONGEST_LINE // 1024 // 1024} MB，无法导入。")
            continue
        try:
            text = line.decode("utf-8").strip()
            if not text:
                continue
            values = json.loads(
                text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_without_twins
            )
        except UnicodeDecodeError:
            yield UnreadableRow(path.name, number, "这一行不是UTF-8编码，请将文件另存为UTF-8。")
        except json.JSONDecodeError as error:
            yield UnreadableRow(path.name, number, f"这一行不是完整的JSON（第{error.pos + 1}个字符处）。")
        except RecursionError:
            yield UnreadableRow(path.name, number, "这一行的JSON嵌套过深，无法读取。")
        except ValueError as error:
            yield UnreadableRow(path.name, number, f"这一行的JSON无法读取：{error}")
        else:
            if isinstance(values, dict):
                yield Row(path.name, number, values, path.parent)
            else:
                yield UnreadableRow(path.name, number, "这一行不是JSON对象（{…}）。")


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None stands for one that is too long, which is passed over without being kept."""
    with path.open("rb") as stream:
        start = stream.read(3)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UnreadableFileError(f"{path.name} 是UTF-16编码，请另存为UTF-8后再导入。")
        stream.seek(3 if start == codecs.BOM_UTF8 else 0)
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
                yield number, line
                continue
            while (rest := stream.readline(1024 * 1024)) and not rest.endswith(b"\n"):
                pass
            yield number, None


def _no_constant(name: str) -> Any:
    raise ValueError(f"不能使用 {name}")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"数值 {text[:40]} 过大")
    return number


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twin = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"“{twin}”出现了两次")
    return values


def _csv_rows(path: Path) -> Iterator[Row | UnreadableRow]:
    with path.open("r", encoding=_encoding_of(path), newline="") as stream:
        reader = csv.reader(stream)
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                limit = f"有单元格超过{LONGEST_CELL}个字，或引号没有配对"
                yield UnreadableRow(path.name, line, f"{limit}；从这一行起未再读取。")
                return
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield _csv_row(path, line, header, cells, plain_cell)


def _csv_row(
    path: Path, line: int, header: list[str], cells: list[str], read: Callable[[str], str]
) -> Row | UnreadableRow:
    if any(cell.strip() for cell in cells[len(header) :]):
        return UnreadableRow(path.name, line, f"这一行有{len(cells)}个单元格，多于列名的{len(header)}个。")
    values = {name: read(cell) for name, cell in zip(header, cells, strict=False) if name}
    if any(cell.strip() for name, cell in zip(header, cells, strict=False) if not name):
        return UnreadableRow(path.name, line, "有内容的单元格上方没有列名。")
    return Row(path.name, line, values, path.parent)


def plain_cell(cell: str) -> str:
    """A cell without the quote that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith("'") and _looks_like_formula(cell[1:]) else cell


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; `plain_cell` gives the text back."""
    return f"'{text}" if _looks_like_formula(text) else text


def _looks_like_formula(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA_START)


def _encoding_of(path: Path) -> str:
    """UTF-8 where the whole file is UTF-8, else GB 18030, as spreadsheets in China write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(1024 * 1024):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFileError(f"{path.name} 既不是UTF-8也不是GB 18030编码，请另存为UTF-8后再导入。")


class _PlainLoader(yaml.SafeLoader):
    """Front matter needs no references, and a few of them can stand for gigabytes; nor numbers without end."""

    def construct_scalar(self, node: Any) -> Any:
        text = super().construct_scalar(node)
        is_number = node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
        if is_number and (len(text) > LONGEST_NUMBER or text.lower().strip("+-") in (".inf", ".nan")):
            raise yaml.MarkedYAMLError(
                problem="数值过大或不是数，请加引号写成文字", problem_mark=node.start_mark
            )
        return text

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="不允许使用引用（*）", problem_mark=self.peek_event().start_mark
            )
        return super().compose_node(parent, index)


def _markdown_rows(folder: Path) -> Iterator[Row | UnreadableRow]:
    root = folder.resolve()
    for file in sorted(folder.rglob("*.md")):
        name = file.relative_to(folder).as_posix()
        if not file.resolve().is_relative_to(root):
            yield UnreadableRow(name, 1, "这是指向文件夹之外的链接，不予读取。")
        elif file.is_file():
            yield _markdown_row(file, name)


def _markdown_row(file: Path, name: str) -> Row | UnreadableRow:
    if file.stat().st_size > LONGEST_LINE:
        return UnreadableRow(name, 1, f"文件超过{LONGEST_LINE // 1024 // 1024} MB，无法导入。")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return UnreadableRow(name, 1, "文件不是UTF-8编码，请另存为UTF-8。")
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not (mark or head.endswith("\n---")):
        return UnreadableRow(name, 1, "文件开头应为两行“---”之间的YAML字段。")
    try:
        values = yaml.load(head.removesuffix("\n---"), Loader=_PlainLoader)  # noqa: S506 - a SafeLoader, stricter still
    except yaml.YAMLError as error:
        mark_of = getattr(error, "problem_mark", None)
        line = mark_of.line + 2 if mark_of else 1
        return UnreadableRow(name, line, f"YAML字段无法读取：{getattr(error, 'problem', None) or '格式错误'}")
    except (RecursionError, ValueError):
        return UnreadableRow(name, 1, "YAML字段无法读取。")
    if not isinstance(values, dict):
        return UnreadableRow(name, 1, "文件开头的YAML应为“字段: 值”。")
    values = {str(key): value for key, value in values.items()}
    if body.strip():
        values["body"] = body.strip("\n")
    values.setdefault("id", name.removesuffix(".md"))
    return Row(name, 1, values, file.parent)


def storable(value: Any) -> Any:
    """A value as JSON can hold it, days as text.

    Raises: ValueError for what no text file of ours can hold.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): storable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} 不是能保存的数")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ValueError(f"不能识别的值：{type(value).__name__}")
