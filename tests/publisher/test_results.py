"""结果反馈: results that everybody may read, and what of a case nobody may (D-10c, D-10d)."""

import re
from datetime import timedelta

import pytest

from cases import queries
from cases.errors import LookUpRefusedError
from cases.models import CaseOutcome
from cases.published import results
from content import operations
from content.models import ItemCategory
from county import ledger
from county.keys import Keyring
from county.privacy import mask_title
from database import db
from tests.publisher.conftest import APPLICANT, close_case


@pytest.mark.row("D-10c", "D-10d")
def test_a_closed_case_appears_on_the_item_and_in_its_list_and_touches_little_else(county, house, live):
    item = county.service("排水许可")
    house.build()
    assert not (house.place.site_folder / "current" / f"zwfw/{item.document_id}/results").exists()

    case = close_case(item, by=None, at=county.now)
    db.session.commit()
    report = house.publish()

    for url in (f"/zwfw/{item.document_id}/", f"/zwfw/{item.document_id}/results/"):
        page = live(url)
        assert case.number in page
        assert re.search(r"准予</td>", page)
        assert "2026-11-20 12:00" in page
    assert report is not None
    assert report.changed + report.added <= 3


@pytest.mark.row("D-10c")
def test_results_of_an_item_are_public_where_law_says_so_or_its_editors_do(county, house, live):
    chosen = {
        "许可": {},
        "不公开的许可": {"results_published": False},
        "确认": {"item_category": ItemCategory.CONFIRMATION},
        "公开的确认": {"item_category": ItemCategory.CONFIRMATION, "results_published": True},
    }
    items = {name: county.service(name, **given) for name, given in chosen.items()}
    for item in items.values():
        close_case(item, by=None, at=county.now)
    db.session.commit()
    house.build()

    shown = {
        name: (house.place.site_folder / "current" / f"zwfw/{item.document_id}/results/index.html").exists()
        for name, item in items.items()
    }
    assert shown == {"许可": True, "不公开的许可": False, "确认": False, "公开的确认": True}
    assert all(
        ("办理结果公示" in live(f"/zwfw/{items[name].document_id}/")) is is_shown
        for name, is_shown in shown.items()
    )


def test_the_list_goes_with_its_item_and_with_the_flag(county, house):
    item = county.service("排水许可")
    close_case(item, by=None, at=county.now)
    db.session.commit()
    house.build()
    file = house.place.site_folder / "current" / f"zwfw/{item.document_id}/results/index.html"
    assert file.exists()

    revised = operations.revise(item.document, by=None, at=county.now)
    operations.save_draft(revised, {"results_published": False}, by=None, at=county.now)
    operations.take_over(revised, source="旧站", by=None, at=county.now)
    db.session.commit()
    house.publish()

    assert not file.exists()


@pytest.mark.row("D-04a", "D-10c")
def test_a_long_list_of_results_is_paged(county, house, live, monkeypatch):
    monkeypatch.setattr("publisher.lists.PER_PAGE", 3)
    item = county.service("排水许可")
    house.build()
    numbers = [close_case(item, by=None, at=county.now + timedelta(hours=hour)).number for hour in range(8)]
    db.session.commit()
    house.publish()

    url = f"/zwfw/{item.document_id}/results/"
    found = [number for page in (url, f"{url}1.html") for number in numbers if number in live(page)]
    assert sorted(found) == sorted(numbers)
    assert "共8件" in live(url)


def test_closing_a_case_owes_its_publication(county):
    item = county.service("排水许可")
    case = close_case(item, by=None, at=county.now)

    assert ledger.latest_errand("publish_case", case.id) is not None


@pytest.mark.row("D-10a")
def test_the_number_in_the_list_opens_nothing_by_itself(county):
    case = close_case(county.service("排水许可"), by=None, at=county.now)
    keyring = Keyring(b"k" * 32)

    for guess in ("", case.number, "11010519491231003X"):
        with pytest.raises(LookUpRefusedError):
            queries.look_up_by_case(case.number, guess, keyring=keyring, address="203.0.113.9", at=county.now)
    found = queries.look_up_by_case(
        case.number, APPLICANT.id_number, keyring=keyring, address="203.0.113.10", at=county.now
    )
    assert found.case_number == case.number


def test_nothing_of_an_applicant_and_no_word_of_a_clerk_reaches_the_tree(county, house):
    """Over the final bytes. Negative control tried: Case.result in the list."""
    item = county.service("排水许可")
    close_case(item, by=None, at=county.now, name="王小明申请排水许可", outcome=CaseOutcome.DENIED)
    db.session.commit()
    house.build()

    for file in (house.place.site_folder / "current").rglob("*"):
        if file.is_file() and file.suffix in (".html", ".xml", ".json"):
            text = file.read_text(encoding="utf-8")
            for said in (
                "王小明",
                APPLICANT.id_number,
                APPLICANT.phone,
                "理由只说给申请人",
                APPLICANT.statement,
            ):
                assert said not in text, file
    assert [each.name for each in results()] == ["王**申请排水许可"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("食品经营许可（新办）", "食品经营许可（新办）"),
        ("食品经营许可-王小明", "食品经营许可-王**"),
        ("欧阳青竹食品经营许可", "欧阳**食品经营许可"),
        ("申请人：阿依古丽·买买提", "申请人：阿***·***"),
        ("关于李四申请食品经营许可的决定", "关于李*申请食品经营许可的决定"),
        ("青崖县云栖小馆餐饮店食品经营许可", "青崖县云栖小馆餐饮店食品经营许可"),
        ("当事人张三丰，11010519491231002X", "当事人张**，110*************2X"),
    ],
)
def test_names_of_persons_in_a_title_are_masked_and_those_of_enterprises_are_not(title, shown):
    assert mask_title(title, ("食品经营许可（新办）", "食品经营许可")) == shown


def test_an_item_keeps_its_own_name_even_where_it_looks_like_a_person_s():
    assert mask_title("高龄津贴", ("高龄津贴",)) == "高龄津贴"
