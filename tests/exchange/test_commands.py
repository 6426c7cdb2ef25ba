"""`flask exchange` and `flask sample` as operators and scripts meet them: exit status, JSON alone on standard output."""

import json

import pytest

from content.models import Document
from county.officers import Officer, Role
from county.regions import the_site
from database import db
from demo import team
from tests.beginnings import begin_with
from tests.exchange.conftest import write_lines
from tests.exchange.test_disclosures import NOTICE
from tests.papers import docx, table
from tests.people import make_service, settle_in


@pytest.fixture
def run(app):
    def run(*words):
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        db.session.rollback()
        return result

    return run


@pytest.fixture
def notices(tmp_path):
    return write_lines(tmp_path / "a.jsonl", [NOTICE])


def test_json_stands_alone_on_standard_output(people, run, notices):
    result = run("exchange", "import", "disclosures", notices, "--state", "published", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "added": 1, "changed": 0, "unchanged": 0, "published": 1, "drafts": 0, "gaps": [], "refused": [],
        "unknown_keys": {"阅读次数": 1}, "made": [],
    }  # fmt: skip
    assert db.session.query(Document).count() == 1


def test_a_refused_row_ends_with_status_three(people, run, tmp_path):
    path = write_lines(tmp_path / "a.jsonl", [NOTICE, NOTICE | {"id": "2", "索引号": "2", "发布日期": "?"}])

    result = run("exchange", "import", "disclosures", path, "--json")

    assert result.exit_code == 3
    [refused] = json.loads(result.stdout)["refused"]
    assert {"file", "line", "field", "reason"} == refused.keys()
    assert "refused a.jsonl:2 published_on" in run("exchange", "import", "disclosures", path).stderr


def test_a_dry_run_writes_nothing(people, run, notices):
    result = run("exchange", "import", "disclosures", notices, "--dry-run", "--state", "published", "--json")

    assert json.loads(result.stdout)["published"] == 1
    assert db.session.query(Document).count() == 0


@pytest.mark.parametrize(
    "words",
    [
        ("import", "laws", "a.jsonl"),
        ("import", "disclosures", "none.jsonl"),
        ("import", "disclosures", "{file}", "--organ", "查无此局"),
        ("import", "disclosures", "{file}", "--channel", "none"),
        ("import", "disclosures", "{file}", "--state", "live"),
        ("export", "disclosures", "out.pdf"),
    ],
)
def test_wrong_usage_ends_with_status_two(people, run, notices, words):
    assert run("exchange", *[word.format(file=notices) for word in words]).exit_code == 2


def test_a_file_that_cannot_be_read_ends_with_status_one(people, run, tmp_path):
    (tmp_path / "a.jsonl").write_bytes("{}".encode("utf-16"))
    (tmp_path / "a.pdf").write_bytes(b"%PDF")

    for name, said in (("a.jsonl", "UTF-16"), ("a.pdf", ".jsonl")):
        result = run("exchange", "import", "disclosures", tmp_path / name)
        assert result.exit_code == 1
        assert said in result.stderr


def test_documents_need_a_site(run, notices):
    result = run("exchange", "import", "disclosures", notices)

    assert result.exit_code == 1
    assert "flask county init" in result.stderr


def test_export_writes_what_import_reads(people, run, notices, tmp_path):
    run("exchange", "import", "disclosures", notices)

    assert run("exchange", "export", "disclosures", tmp_path / "b.csv").exit_code == 0
    result = run("exchange", "import", "disclosures", tmp_path / "b.csv", "--json")
    assert json.loads(result.stdout)["unchanged"] == 1


@pytest.fixture
def sample(run):
    """What `flask sample load` leaves."""

    def load() -> None:
        assert run("sample", "load").exit_code == 0

    begin_with("sample load", load)


def test_the_sample_county_loads_once(sample, run):
    second = run("sample", "load")

    assert second.exit_code == 1
    assert "已有数据" in second.stderr
    site = the_site()
    assert site is not None
    assert site.is_sample


def test_the_sample_county_is_not_loaded_into_another(run):
    settle_in()

    assert run("sample", "load").exit_code == 1
    assert db.session.query(Document).count() == 0


def test_the_sample_has_an_officer_of_every_role_and_no_password(sample):
    chosen = team()
    assert list(chosen) == list(Role)
    assert len({officer.id for officer in chosen.values()}) == len(Role)
    assert chosen[Role.EDITOR].organ_id == chosen[Role.REVIEWER].organ_id
    assert all(officer.password_hash is None for officer in db.session.scalars(db.select(Officer)))


def test_forms_go_out_and_come_in_by_command(people, run, tmp_path):
    edition = make_service(people, title="殡葬服务许可")
    db.session.commit()
    path = tmp_path / "forms.zip"

    assert run("exchange", "forms-out", "MZ", path).exit_code == 0
    result = run("exchange", "forms-in", path, "--json")

    assert (result.exit_code, json.loads(result.stdout)["unchanged"]) == (0, 2)
    bad = tmp_path / "bad.docx"
    bad.write_bytes(docx(table(("事项名称", "甲"), ("事项分类", "大事"))))
    refused = run("exchange", "forms-in", bad, "--organ", "MZ")
    assert (refused.exit_code, "bad.docx" in refused.stderr) == (3, True)
    assert edition.version == 1


def test_a_mapping_that_is_not_there_is_said(people, run, notices):
    result = run("exchange", "import", "disclosures", notices, "--mapping", "没有")

    assert result.exit_code == 2
    assert "no mapping for disclosures" in result.stderr
