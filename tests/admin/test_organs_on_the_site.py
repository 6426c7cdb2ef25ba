"""A change of an organ at the desk reaches every page it touches: the site is then what a full build would make."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.publishing import build_folder, changes_of, publish, publishing, waiting
from content import operations
from content.models import DocumentKind
from county.organs import Organ
from database import db
from tests.admin.conftest import Office
from tests.people import GUIDE

FIELDS = ("name", "short_name", "letters", "subject_code", "phone", "address")


def tree_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".gz", ".br"))
    }


@pytest.fixture
def town(office: Office) -> Office:
    """An organ with pages of every kind, one of which only a withdrawn text is known, and one without anything."""
    at = datetime.now(UTC)
    office.published("县财政局的公告")
    gone = office.published("县水利局的公告")
    gone.document.organ = office.water
    operations.withdraw(gone, reason="error", by=office.people["publisher"].id, at=at)
    item = operations.create_document(
        DocumentKind.SERVICE, organ=office.finance, channel=None, site_id=office.site.id, values=GUIDE, by=None, at=at
    )  # fmt: skip
    office.finance.subject_code = "020"
    operations.take_over(item, source="旧站", by=None, at=at)
    asked = {
        "question": "怎样办理？", "answer": "到窗口办理。", "organ": office.finance, "site_id": office.site.id,
        "answered_on": at.date(), "document": item.document,
    }  # fmt: skip
    operations.save_question(None, asked, publish=True, by=None, at=at)
    db.session.add(
        Organ(code="990123-LY", name="青崖县林业局", kind=office.finance.kind, region=office.finance.region)
    )
    db.session.commit()
    office.bring_live()
    return office


def at_the_desk(office: Office, organ: Organ | None, **changed: Any) -> None:
    fields = {name: getattr(organ, name) or "" for name in FIELDS} if organ else {}
    fields |= {"kind": organ.kind.value, "is_active": "y", "uscc": ""} if organ else {}
    path = f"edit/?id={organ.id}" if organ else "new/"
    sent = {name: value for name, value in {**fields, **changed}.items() if value is not None}
    answer = office.at_desk("administrator").post(f"/admin/organs/{path}", sent)
    assert answer.status_code == 302, re.findall(r"<li>(.*?)</li>", answer.text)


NEW = {"code": "990123-JY", "name": "青崖县教育局", "kind": "department", "is_active": "y"}
CHANGES = [  # organ, what is changed, whether readers see it
    ("990123-CZ", {"name": "青崖县财政和国资局", "short_name": "县财政国资局"}, True),
    ("990123-CZ", {"phone": "0990-4620099"}, True),
    ("990123-CZ", {"kind": "township"}, True),
    ("990123-CZ", {"kind": "section"}, False),
    ("990123-CZ", {"is_active": None}, False),
    ("990123-SL", {"name": "青崖县水务局"}, True),
    ("990123-SL", {"is_active": None}, True),
    ("990123-LY", {"is_active": None}, True),
    ("990123-LY", {"kind": "window"}, True),
    ("990123-LY", {"parent_id": "1"}, False),
    (None, NEW, True),
    (None, {**NEW, "kind": "section"}, False),
]


@pytest.mark.parametrize(("code", "changed", "is_seen"), CHANGES, ids=str)
def test_publishing_a_changed_organ_gives_what_a_full_build_gives(town, tmp_path, code, changed, is_seen):
    organ = db.session.scalars(db.select(Organ).where(Organ.code == code)).one() if code else None
    before = tree_of(town.app.extensions["settings"].live_tree)

    at_the_desk(town, organ, **changed)

    errands = waiting(datetime.now(UTC))
    assert {errand.kind for errand in errands} == {"publish_organ"}
    with publishing() as here:
        publish(here, changes_of(errands))
    build_folder(tmp_path / "whole")
    live = tree_of(town.app.extensions["settings"].live_tree)
    assert live == tree_of(tmp_path / "whole")
    assert (live != before) is is_seen
