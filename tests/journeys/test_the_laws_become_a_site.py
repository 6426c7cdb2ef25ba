"""575 real laws through the commands: taken over, published, each page with its record, and found."""

import json
import os
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from content import queries
from content.addresses import document_address
from content.models import DocumentKind
from database import db
from tests.people import settle_in

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.sqlite,
]  # that the laws go in is tested in both rounds by exchange/test_real_data.py
FILES = ("laws_falv", "laws_xingzhengfagui", "laws_bumenguizhang", "laws_difangxingfagui_henan")


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self, text: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found |= {
            value for name, value in attrs if name in ("href", "src") and value and value.startswith("/")
        }


def test_the_laws_become_a_site_and_are_found(app, settings):
    """A-02 … A-05, A-14, D-11."""
    people = settle_in()
    run = app.test_cli_runner()

    def command(*words):
        result = run.invoke(args=list(words))
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    rows = []
    for name in FILES:
        file = Path(os.environ["ZHUANLAN_REAL_DATA"], f"{name}.jsonl")
        rows += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        options = ("--organ", people.organ.code, "--create-missing", "--state", "published", "--json")
        report = command("exchange", "import", "disclosures", str(file), *options)
        assert (report["refused"], report["drafts"]) == ([], 0)
    report = command("site", "build", "--json")
    assert report["blocked"] == []
    assert command("search", "rebuild", "--json")["entries"] == len(rows) == 575

    # every record has its page, every page its record, and every link leads somewhere
    live = {
        document_address(DocumentKind.DISCLOSURE, edition.document_id)
        for edition in queries.live_disclosures()
    }
    tree = settings.live_tree
    pages = {"/" + str(file.parent.relative_to(tree)) + "/" for file in tree.glob("xxgk/*/index.html")}
    assert {page for page in pages if re.fullmatch(r"/xxgk/\d+/", page)} == live
    assert len(live) == 575
    for file in tree.rglob("*.html"):
        for link in Links(file.read_text(encoding="utf-8")).found:
            path = link.partition("#")[0].partition("?")[0]
            if not path.startswith(("/svc/", "/admin/")):
                place = tree / path.strip("/")
                assert (place / "index.html" if path.endswith("/") else place).is_file(), (file, link)

    # the State Council's regulation comes before the longer local titles
    found = command("search", "find", "优化营商环境条例", "--json")
    assert found["results"][0]["title"] == "优化营商环境条例"
    assert {hit["title"] for hit in found["results"][1:5]} == {
        row["title"]
        for row in rows
        if row["title"].endswith("优化营商环境条例") and row["title"] != "优化营商环境条例"
    }

    # one clause from the middle of a law finds that law
    db.session.expunge_all()
    for row in random.Random(20).sample(rows, 12):
        clause = middle_clause(row["body"])
        titles = [hit["title"] for hit in command("search", "find", clause, "--json")["results"]]
        assert row["title"] in titles[:1], (row["title"], clause)


def middle_clause(body: str) -> str:
    """A clause of at least 25 characters nearest to the middle."""
    clauses = [clause for clause in re.split(r"[，。；：、\s]", body) if len(clause) >= 25]
    return clauses[len(clauses) // 2][:60] if clauses else body[len(body) // 2 :][:40]
