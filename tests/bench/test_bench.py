"""The benchmarks measure what they say: one county for every size, taken in whole, and the same pages by Hugo."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

import exchange
from bench import hugo_content, hugo_program
from bench.compare import compare
from bench.corpus import item, items, write
from bench.existing import convert
from bench.figures import hashes_of, touched
from bench.guides import guide
from bench.prepare import KINDS
from bench.words import COUNTY, COUNTY_CODE
from commands.publishing import build_site
from config import Settings
from content import founding
from content.rules import plain_text, render_markdown
from county.privacy import find_personal_data
from database import db


@pytest.fixture
def county(app, now: datetime) -> datetime:
    founding.found(COUNTY, COUNTY_CODE, at=now)
    return now


def take_in(folder: Path, at: datetime) -> list[exchange.ImportReport]:
    options = exchange.ImportOptions(at=at, state="published")
    return [
        exchange.import_path(kind, folder / f"{kind}.jsonl", options, after_batch=db.session.flush)
        for kind in KINDS
    ]


def is_whole(reports: list[exchange.ImportReport]) -> bool:
    documents = [report.as_json() for report in reports[2:]]
    return not any(report.refused for report in reports) and all(
        one["published"] == one["added"] for one in documents
    )


def test_the_corpus_is_the_same_each_time_it_is_made(tmp_path):
    write(30, tmp_path / "first")
    write(30, tmp_path / "second")

    files = [
        (tmp_path / name / f"{kind}.jsonl").read_bytes() for kind in KINDS for name in ("first", "second")
    ]
    assert files[::2] == files[1::2]


def test_a_larger_county_is_the_smaller_one_with_more_in_it():
    small, large = list(items(40)), list(items(90))

    assert [row for row in large if int(row["id"].removeprefix("bench-")) <= 40] == small
    assert small == sorted(small, key=lambda row: row["published_on"])


def test_no_item_and_no_guide_holds_personal_data():
    rows = [*(item(number) for number in range(1, 271)), *(guide(number) for number in range(1, 31))]

    texts = [plain_text(render_markdown(row.pop("body"))) for row in rows] + [
        json.dumps(row, ensure_ascii=False) for row in rows
    ]
    assert [text for text in texts if find_personal_data(text)] == []


def test_the_import_takes_every_item_and_every_guide_as_published(county: datetime, tmp_path: Path):
    write(50, tmp_path)

    reports = take_in(tmp_path, county)

    assert is_whole(reports)
    assert [report.as_json()["added"] for report in reports] == [40, 60, 50, 5]


def test_a_corpus_of_others_is_taken_in_whole(county: datetime, tmp_path: Path):
    source = tmp_path / "other"
    (source / "md/doc").mkdir(parents=True)
    categories = [
        {"slug": "c01", "name": "财政", "parent": ""},
        {"slug": "c0101", "name": "预算", "parent": "c01"},
    ]
    site = {"depts": [{"slug": "d01", "name": "石门镇人民政府"}], "cats": categories}
    (source / "site.json").write_text(json.dumps(site, ensure_ascii=False), "utf-8")
    common = 'title: "年度预算公开"\ndate: "2020-05-02"\ndepts: ["d01"]\ncategories: ["c01", "c0101"]\n'
    handling = {
        "office": "石门镇人民政府", "kind": "行政确认", "basis": "《预算法》第3条；《会计法》第4条", "cond": "有住所", "fee": "不收费",
        "legal_days": "15个工作日", "promise_days": "5个工作日", "place": "一楼", "hours": "工作日", "tel": "0377-6200001",
        "supervise_tel": "0377-6200002", "object": "居民", "result": "证书", "forms": "申请表、户口簿",
    }  # fmt: skip
    guide_fields = "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in handling.items()
    )
    for name, fields in (
        ("i1", 'doctype: item\nindex_no: "1/2020"\ndoc_no: "云财〔2020〕1号"\n'),
        ("g1", f"doctype: guide\n{guide_fields}"),
    ):
        (source / f"md/doc/{name}.md").write_text(
            f"---\n{common}{fields}---\n预算收支情况公开如下。\n", "utf-8"
        )

    assert convert(source, tmp_path / "rows") == 1
    assert is_whole(take_in(tmp_path / "rows", county))


def test_hugo_makes_the_same_pages_of_the_same_documents(
    county: datetime, settings: Settings, tmp_path: Path
):
    if hugo_program.PROGRAM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("install the package hugo")
    write(50, tmp_path / "rows")
    assert is_whole(take_in(tmp_path / "rows", county))
    db.session.commit()
    build_site()
    tree = settings.live_tree.resolve()

    site = hugo_program.lay_out(tree, tmp_path / "site")
    hugo_content.write_site(site)
    hugo_program.build(site, tmp_path / "made")

    found = compare(tree, tmp_path / "made", sample=10_000)
    assert (found.only_first, found.only_second, found.different) == ((), (), {})
    assert found.compared == found.pages > 150
    assert found.characters > 50 * 500  # the least that a text of the corpus has


def test_what_a_change_touched_is_told_by_the_bytes_of_files(tmp_path: Path):
    for name in ("a.html", "b.html", "c.html", "c.html.gz"):
        (tmp_path / name).write_text("old")
    before = hashes_of(tmp_path)
    (tmp_path / "a.html").write_text("new")
    (tmp_path / "b.html").unlink()
    (tmp_path / "c.html.gz").write_text("new")
    (tmp_path / "d.html").write_text("new")

    found = touched("a change", before, hashes_of(tmp_path))

    assert (found.added, found.changed, found.removed, found.of) == (1, 1, 1, 3)
