"""Another corpus as input of the benchmarks: `python -m bench.existing SOURCE FOLDER`.

A corpus is a folder with `site.json` and one Markdown file a document below `md/doc`.

Front matter holds one `name: value` a line, each value as JSON: title, index_no, date, doc_no, doctype (item or guide), depts and
categories (codes, the lower category last), and for guides the fields of theirs. What our import wants and such a corpus has not
(credit codes, letters of organs, legal bases as records) is made up here.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.corpus import write_rows
from bench.structure import ORGANS, Row, organ

KINDS = {"行政许可", "行政确认", "行政给付", "公共服务"}


def convert(source: Path, folder: Path) -> int:
    """Write the four files of the import from another corpus; how many items it has."""
    folder.mkdir(parents=True, exist_ok=True)
    site = json.loads((source / "site.json").read_text("utf-8"))
    documents = sorted(_documents(source), key=lambda row: (row["date"], row["id"]))
    items = [row for row in documents if row["doctype"] == "item"]
    write_rows(
        folder / "organs.jsonl",
        [ORGANS[0], *(_organ(row, place) for place, row in enumerate(site["depts"], 1))],
    )
    write_rows(folder / "channels.jsonl", [_channel(row, place) for place, row in enumerate(site["cats"])])
    write_rows(folder / "disclosures.jsonl", map(_item, items))
    write_rows(folder / "services.jsonl", (_guide(row) for row in documents if row["doctype"] == "guide"))
    return len(items)


def _documents(source: Path) -> Iterator[Row]:
    for file in sorted((source / "md" / "doc").glob("*.md")):
        head, _, body = file.read_text("utf-8").removeprefix("---\n").partition("\n---\n")
        fields: dict[str, Any] = {}
        for line in head.splitlines():
            name, _, value = line.partition(": ")
            fields[name] = json.loads(value) if value[:1] in '"[' else value
        yield fields | {"id": file.stem, "body": body}


def _organ(row: Row, place: int) -> Row:
    """An organ by its code there, with what numbers are made of by its place."""
    kind = "township" if row["name"].endswith(("镇人民政府", "乡人民政府")) else "department"
    return organ(place, kind, row["name"]) | {
        "code": row["slug"],
        "name": row["name"],
        "short_name": row["name"],
    }


def _channel(row: Row, place: int) -> Row:
    return {
        "code": row["slug"],
        "name": row["name"],
        "parent": row["parent"] or "xxgk",
        "position": 100 + place,
    }


def _item(row: Row) -> Row:
    return {
        "id": row["id"], "title": row["title"], "organ": row["depts"][0], "channel": row["categories"][-1],
        "index_no": row["index_no"], "published_on": row["date"], "document_no": row["doc_no"], "body": row["body"],
    }  # fmt: skip


def _guide(row: Row) -> Row:
    return {
        "id": row["id"], "item_name": row["title"], "organ": row["depts"][0], "body": row["body"],
        "item_category": row["kind"] if row["kind"] in KINDS else "其他",
        "handling_subject": row["office"], "handling_department": row["office"], "subject_nature": "法定机关",
        "legal_basis": [{"citation": one} for one in row["basis"].split("；")],
        "acceptance_conditions": row["cond"], "is_charged": row["fee"] != "不收费",
        "fee_basis_and_standard": "" if row["fee"] == "不收费" else row["fee"],
        "legal_limit": row["legal_days"], "promised_limit": row["promise_days"], "handling_place": row["place"],
        "office_hours": row["hours"], "contact_phone": row["tel"], "supervision_phone": row["supervise_tel"],
        "audience": [row["object"]], "result_name": row["result"],
        "materials": [{"name": name} for name in row["forms"].split("、")],
        "flow": [{"key": f"s{number}", "name": name} for number, name in enumerate(("申请", "受理", "审查", "决定"), 1)],
    }  # fmt: skip


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
