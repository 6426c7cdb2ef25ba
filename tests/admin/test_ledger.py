"""The ledger at the desk: filtered by person, act, record, organ and day; taken along as a file."""

import contextvars
import csv
import io
import re
from datetime import datetime, timedelta

import pytest

from content import operations
from county import ledger
from county.acts import Act
from county.calendar import COUNTY_ZONE
from county.officers import Officer
from database import db
from tests.admin.conftest import Browser, Office

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=COUNTY_ZONE)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)


def listed(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/admin/ledger/?{query}")
    assert answer.status_code == 200
    rows = re.findall(r"<tr>(.*?)</tr>", answer.text.partition("<tbody>")[2], re.DOTALL)
    return [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in CELL.findall(row)] for row in rows]


def downloaded(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/admin/ledger/file.csv?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="ledger-' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")  # without it, Excel takes the text for another encoding
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


def act(office: Office, verb: str = "save_site", by: str = "editor", days: int = 0, **details) -> Act:
    one = ledger.record(
        verb, office.finance, by=office.people[by].id, at=MORNING + timedelta(days=days), organ_id=office.finance.id,
        details=details,
    )  # fmt: skip
    db.session.commit()
    return one


@pytest.fixture
def days(office: Office) -> Office:
    """An act on each of three days, by two people."""
    for day, by, verb in ((0, "editor", "save"), (1, "reviewer", "approve"), (2, "reviewer", "save")):
        act(office, verb, by, day)
    return office


@pytest.mark.row("I-06")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("search=包审核&flt_verb=save", [2], id="who-and-what"),
        pytest.param("search=editor&flt_to=2026-03-31", [0], id="login"),
        pytest.param("flt_verb=approve", [1], id="what"),
        pytest.param("flt_from=2026-03-03&flt_to=2026-03-31", [2, 1], id="from"),
        pytest.param("flt_from=2026-03-01&flt_to=2026-03-03", [1, 0], id="to-is-the-whole-day"),
        pytest.param("flt_from=2026-03-03&flt_to=2026-03-03", [1], id="one-day"),
        pytest.param("flt_from=2026-13-99&flt_verb=approve", [1], id="what-is-no-day-is-no-filter"),
        pytest.param("flt_from=99999-01-01&flt_verb=approve", [1], id="what-is-no-day-of-ours-is-no-filter"),
        pytest.param("flt_from=9999-12-31&flt_to=9999-12-31&flt_verb=approve", [1], id="nor-the-last-of-all-days"),
    ],
)  # fmt: skip
def test_acts_are_found_by_who_what_and_when(days, query, found):
    browser = days.at_desk("supervisor")
    moments = [(MORNING + timedelta(days=day)).strftime("%Y-%m-%d %H:%M") for day in found]

    assert [row[1] for row in listed(browser, query)] == moments
    assert [row[1] for row in downloaded(browser, query)] == [f"{moment}:00" for moment in moments]


def test_the_acts_on_a_record_are_found_by_its_id_and_those_on_a_document_by_its_number(office):
    edition, other = office.published("关于防汛的通知"), office.published("另一通知")
    operations.withdraw(
        edition, reason="error", by=office.people["publisher"].id, at=datetime.now(COUNTY_ZONE)
    )
    db.session.commit()
    browser = office.at_desk("supervisor")

    by_id = listed(browser, f"flt_subject=disclosure_edition&flt_record={edition.id}")
    by_number = listed(browser, f"flt_record={edition.document.number}")

    assert {"新建", "送审", "审核通过", "发布", "撤回"} <= {row[3] for row in by_id}
    assert {row[3] for row in by_number} >= {row[3] for row in by_id} | {"生成编号"}
    assert all("关于防汛的通知" in row[4] for row in by_id)
    assert not any("另一通知" in row[4] for row in by_number)
    assert other.document.number != edition.document.number
    assert listed(browser, "flt_record=没有这个编号") == []


def test_a_supervisor_of_one_organ_reads_and_downloads_only_its_acts(office):
    act(office)
    ledger.record("save", office.water, by=None, at=MORNING, organ_id=office.water.id)
    db.session.commit()
    browser = office.at_desk("supervisor")

    for found in (downloaded(browser), listed(browser)):
        assert found
    assert {row[7] for row in downloaded(browser)} == {"青崖县财政局"}
    assert downloaded(browser, f"flt_organ={office.water.id}") == []


def test_a_file_holds_every_act_with_place_and_seal_whatever_the_number(office, monkeypatch):
    monkeypatch.setattr("admin.ledger.AT_ONCE", 7)
    for number in range(30):
        act(office, days=number)
    browser = office.at_desk("auditor")

    rows = downloaded(browser)

    stored = db.session.execute(db.select(Act.chain_no, Act.seal).order_by(Act.id.desc())).all()
    assert [(row[0], row[9]) for row in rows] == [(str(one.chain_no), one.seal) for one in stored]
    assert len(rows) > 30


def test_a_reader_of_the_file_holds_no_connection(office, monkeypatch):
    monkeypatch.setattr("admin.ledger.AT_ONCE", 7)
    for number in range(10):
        act(office, days=number)
    browser = office.at_desk("supervisor")
    db.session.rollback()
    pool = db.engine.pool

    def read() -> list[int]:
        """As a server does, without an application context around it."""
        answer = browser.client.get("/admin/ledger/file.csv")
        held = [pool.checkedout() for _piece in answer.response]
        answer.close()
        return held

    held = contextvars.Context().run(read)

    assert held == [0] * len(held)
    assert len(held) > 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"], ids=["equals", "plus", "minus", "at", "tab", "return", "wide"])  # fmt: skip
def test_no_cell_of_the_file_is_run_as_a_formula(office, start):
    officer = db.session.get_one(Officer, office.people["editor"].id)
    officer.name = f"{start}HYPERLINK(1)"
    act(office, "=cmd", name="x")

    [row] = downloaded(office.at_desk("supervisor"), "flt_from=2026-03-02&flt_to=2026-03-02")

    assert row[2] == f"'{start}HYPERLINK(1)"
    assert row[4] == "'=cmd"


def test_the_link_to_the_file_keeps_the_filters_and_the_record_is_a_filter_of_its_own(days):
    page = days.at_desk("supervisor").get("/admin/ledger/?flt_verb=approve&flt_from=2026-03-01&page=0").text

    assert 'href="/admin/ledger/file.csv?flt_verb=approve&amp;flt_from=2026-03-01"' in page
    assert 'type="date" id="flt_from" name="flt_from" value="2026-03-01"' in page
    assert f'href="/admin/ledger/?flt_subject=organ&amp;flt_record={days.finance.id}"' in page


def test_a_page_far_back_asks_the_database_no_more_than_the_first(days):
    for number in range(120):
        act(days, days=number)
    browser = days.at_desk("supervisor")
    counts = []
    for page in (0, 2):
        asked: list[str] = []

        def note(_c, _k, statement, *_rest, into=asked):
            into.append(statement)

        db.event.listen(db.engine, "before_cursor_execute", note)
        rows = listed(browser, f"page={page}")
        db.event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(asked))
        assert rows
        assert not any("FROM act" in text and "LIMIT" not in text and "count" not in text for text in asked)

    assert counts[0] == counts[1] <= 10
