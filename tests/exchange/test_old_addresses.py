"""What rows say of addresses of the site before this one, and of the moment at which a text is taken back."""

from datetime import UTC, datetime

import pytest

import exchange
from content import queries
from content.models import DisclosureEdition, Edition, OldAddress
from content.operations import withdraw_expired
from county.ledger import Act, Errand
from database import db
from tests.exchange.conftest import counts
from tests.exchange.test_disclosures import NOTICE
from tests.exchange.test_service_items import GUIDE

OLD = "/art/2019/3/15/art_1_2.html"


def stored() -> list[str]:
    return list(db.session.scalars(db.select(OldAddress.address).order_by(OldAddress.address)))


@pytest.mark.parametrize(("kind", "row"), [("disclosures", NOTICE), ("services", GUIDE)])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_old_addresses_are_taken_over_lead_to_the_document_and_come_back_as_they_went(
    take, tmp_path, kind, row, suffix
):
    take(
        kind, [row | {"old_addresses": [f"http://old.example{OLD}", "/公告;1,2.jsp?id=3"]}], state="published"
    )

    [edition] = db.session.scalars(db.select(Edition))
    column = "xxgk" if kind == "disclosures" else "zwfw"
    page = f"/{column}/{edition.document_id}/"
    assert queries.redirects() == [("/%E5%85%AC%E5%91%8A;1,2.jsp?id=3", page), (OLD, page)]
    path = tmp_path / f"out{suffix}"
    assert exchange.export_file(kind, path) == 1
    assert counts(take(kind, path, state="published")) == (0, 0, 1, 0)
    db.session.execute(db.delete(OldAddress))
    db.session.commit()
    assert counts(take(kind, path, state="published")) == (0, 1, 0, 0)
    assert len(stored()) == 2


@pytest.mark.parametrize(
    "given", [f"{OLD}\n/b.html", f" {OLD} \r\n\r\n http://old.example/b.html ", [OLD, "/b.html"]]
)
def test_old_addresses_are_a_list_or_stand_one_a_line_under_their_chinese_name_too(take, given):
    assert counts(take("disclosures", [NOTICE | {"原网址": given}])) == (1, 0, 0, 0)

    assert stored() == [OLD, "/b.html"]


@pytest.mark.parametrize(
    "given", ["/xxgk/1/", "//evil.example/a", "a.html", "/a/../b", "/a b", "/a\u0000b", [OLD, "/admin/"], 12, [["/a"]], {"a": 1}]
)  # fmt: skip
@pytest.mark.parametrize(("kind", "row"), [("disclosures", NOTICE), ("services", GUIDE)])
def test_an_old_address_that_is_none_refuses_the_row_and_names_the_field(take, kind, row, given):
    report = take(kind, [row | {"old_addresses": given}])

    assert counts(report) == (0, 0, 0, 1)
    assert report.as_json()["refused"][0]["field"] == "old_addresses"
    assert stored() == []


def test_an_address_that_leads_elsewhere_already_refuses_the_second_row(take):
    row = {key: value for key, value in NOTICE.items() if key != "索引号"} | {"old_addresses": OLD}
    rows = [row | {"id": "1"}, row | {"id": "2"}]

    report = take("disclosures", rows)

    assert counts(report) == (1, 0, 0, 1)
    [refused] = report.as_json()["refused"]
    assert (refused["line"], refused["field"]) == (2, "old_addresses")
    assert "已经指向另一条信息" in refused["reason"]


def test_a_row_that_names_addresses_names_all_and_one_that_names_none_leaves_them(take):
    row = NOTICE | {"id": "1"}
    take("disclosures", [row | {"old_addresses": [OLD, "/b"]}], state="published")
    db.session.execute(db.update(Errand).values(state="settled"))
    db.session.commit()

    assert counts(take("disclosures", [row], state="published")) == (0, 0, 1, 0)
    assert stored() == [OLD, "/b"]
    assert counts(take("disclosures", [row | {"old_addresses": ["/b"]}], state="published")) == (0, 1, 0, 0)

    assert stored() == ["/b"]
    waiting = db.session.scalars(db.select(Errand.kind).where(Errand.state == "waiting"))
    assert set(waiting) == {"publish_document", "publish_site"}
    assert db.session.scalar(db.select(db.func.count(Edition.id))) == 1  # the text did not change


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-12-31 18:00", datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("2026-12-31T18:00:30", datetime(2026, 12, 31, 10, 0, 30, tzinfo=UTC)),
        ("2026-12-31T18:00:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31T18:00:00+08:00", datetime(2026, 12, 31, 10, tzinfo=UTC)),
    ],
)
def test_the_moment_of_expiry_is_read_on_the_countys_clock_and_kept(take, tmp_path, said, moment):
    """G-13."""
    take("disclosures", [NOTICE | {"到期撤下时间": said}], state="published")

    [edition] = db.session.scalars(db.select(DisclosureEdition))
    assert edition.expires_at == moment
    exchange.export_file("disclosures", tmp_path / "out.csv")
    assert moment.isoformat() in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert withdraw_expired(moment) == 1
    assert db.session.scalars(db.select(Act.verb).order_by(Act.id.desc()).limit(1)).one() == "withdraw"


@pytest.mark.parametrize(
    "said", ["2026-12-31", "年底", "0001-01-01 00:00", "2026-13-01 10:00", 20261231, "2150-01-01 10:00"]
)
def test_a_moment_that_cannot_be_read_is_refused(take, said):
    report = take("disclosures", [NOTICE | {"expires_at": said}])

    assert [row["field"] for row in report.as_json()["refused"]] == ["expires_at"]


def test_what_has_expired_already_is_not_taken_over_but_waits_as_a_draft(take):
    report = take("disclosures", [NOTICE | {"expires_at": "2026-11-01 10:00"}], state="published")

    assert [gap["field"] for gap in report.as_json()["gaps"]] == ["expires_at"]
