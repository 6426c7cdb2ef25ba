"""S7: whatever a text begins with, no export has a cell that a spreadsheet runs, and texts and numbers come back unchanged."""

import csv

import openpyxl
import pytest

import exchange
from content import operations
from content.models import DisclosureEdition, ServiceEdition
from database import db
from tests.exchange.conftest import counts
from tests.exchange.test_forms import TRIGGERS
from tests.people import NOON, make_edition, make_service

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PHONE, NUMBER = "0990-4622795", "6217000010001234567"


@pytest.fixture
def hostile(people):
    """Records of every kind that is exported, with a trigger in their texts."""
    for place, trigger in enumerate(TRIGGERS):
        text = f"{trigger}{place}"
        if place % 3 == 0:
            make_service(people, title=text, acceptance_conditions=text, handling_place=text, contact_phone=PHONE,
                         materials=[{"name": text}], handling_department=NUMBER)  # fmt: skip
        elif place % 3 == 1:
            make_edition(people, title=text, body=text, summary=text, document_no=text[:90])
        else:
            values = {"organ": people.organ, "site_id": people.site.id}
            operations.save_duty(
                None, values | {"title": text, "content": text, "basis": text}, by=None, at=NOON
            )
            operations.save_question(
                None, values | {"question": text, "answer": text}, publish=False, by=None, at=NOON
            )
    db.session.commit()
    return people


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", ["services", "disclosures", "duties", "questions", "organs", "channels"])
def test_no_export_has_a_cell_that_runs(hostile, take, tmp_path, kind, suffix):
    assert len(TRIGGERS) >= 200
    path = tmp_path / f"{kind}{suffix}"

    rows = exchange.export_file(kind, path)

    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(DANGEROUS)]
    else:
        book = openpyxl.load_workbook(path)
        found = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        book.close()
        assert {cell.data_type for cell in found} == {"s"}
        assert not [cell for cell in found if cell.hyperlink]
        cells = [str(cell.value) for cell in found]
    if kind == "services":
        assert cells.count(PHONE) == cells.count(NUMBER) == rows
    assert counts(take(kind, path))[0] == 0  # each row is found again


def test_texts_come_back_as_they_were(hostile, take, tmp_path):
    before = [(edition.title, edition.summary) for edition in db.session.query(DisclosureEdition)]
    titles = [edition.title for edition in db.session.query(ServiceEdition)]
    for kind in ("disclosures", "services"):
        path = tmp_path / f"{kind}.xlsx"
        exchange.export_file(kind, path)
        take(kind, path)

    assert [(edition.title, edition.summary) for edition in db.session.query(DisclosureEdition)] == before
    assert [edition.title for edition in db.session.query(ServiceEdition)] == titles
