"""A fault on a page that is no document's never stops the county's publishing."""

from dataclasses import replace

import pytest

import publisher
from database import db
from publisher import rendering
from publisher.models import KeptBack

ID_NUMBER = "11010519491231002X"


def test_an_organ_that_tells_a_personal_number_is_blacked_out_and_the_county_goes_live(
    county, build, live, settings
):
    """What stands on many pages is blacked out where it is read, and reported once."""
    county.organ.office_hours = f"工作日，经办人手机13987654321、{ID_NUMBER}"
    db.session.commit()

    report = build()

    page = live(f"/xxgk/o/{county.organ.id}/")
    assert "139****4321" in page
    tree = settings.live_tree.resolve()
    assert not [
        file
        for file in tree.rglob("*.html")
        for number in ("13987654321", ID_NUMBER)
        if number in file.read_text("utf-8")
    ]
    assert [entry.page for entry in report.blocked] == [f"单位“{county.organ.short_name}”"]
    assert "手机号码" in report.blocked[0].reason
    assert "13987654321" not in report.blocked[0].reason


def test_a_broken_link_on_a_list_is_reported_and_the_county_goes_live(county, build, live, monkeypatch):
    original = rendering.faults_of

    def one_broken(page, text, **given):
        return ["链接 /x/ 指向的页面不存在"] if page.url == "/hudong/" else original(page, text, **given)

    monkeypatch.setattr(rendering, "faults_of", one_broken)

    report = build()

    assert live("/hudong/")
    assert [entry.page for entry in report.blocked] == ["/hudong/"]


def test_a_shared_page_that_tells_a_personal_number_is_blacked_out_and_says_so_until_it_does_not(
    county, house, live, monkeypatch
):
    original = rendering.page_at

    def with_number(source, url):
        page = original(source, url)
        return page and (replace(page, title=f"网站地图 {ID_NUMBER}") if url == "/map.html" else page)

    monkeypatch.setattr(rendering, "page_at", with_number)
    report = house.build()

    assert [entry.page for entry in report.blocked] == ["/map.html"]
    assert "（已遮盖后发布）" in report.blocked[0].reason
    assert ID_NUMBER not in report.blocked[0].reason + live("/map.html")
    assert "网站地图 110" in live("/map.html")
    monkeypatch.setattr(rendering, "page_at", original)
    county.service("小餐饮登记")
    report = house.publish()
    assert report is not None
    assert report.blocked == ()
    assert publisher.kept_back() == {}


def test_a_shared_page_that_cannot_be_blacked_out_stops_the_publication_and_nothing_changes(
    county, house, live, monkeypatch
):
    house.build()
    before, original = live("/map.html"), rendering.page_at

    def with_number(source, url):
        page = original(source, url)
        return page and (replace(page, title=f"网站地图 {ID_NUMBER}") if url == "/map.html" else page)

    monkeypatch.setattr(rendering, "page_at", with_number)
    monkeypatch.setattr(rendering, "redact", lambda text, _contacts: text)

    with pytest.raises(publisher.PublishError, match=r"/map\.html"):
        house.build()

    assert live("/map.html") == before
    assert len(publisher.publications(5)) == 1


def test_a_number_in_a_title_that_cannot_be_blacked_out_on_lists_stops_nothing(
    county, house, live, monkeypatch
):
    """Shared pages are judged when the document whose title they name is off them."""
    original = rendering.redact
    monkeypatch.setattr(
        rendering, "redact", lambda text, contacts: text if "<html" in text else original(text, contacts)
    )
    bad = county.disclosure(f"关于{ID_NUMBER}的通报")

    report = house.build()

    assert [entry.page for entry in report.blocked] == [f"/xxgk/{bad.document_id}/"]
    assert ID_NUMBER not in live("/") + live("/xxgk/ml/") + live("/feed.xml")


def test_a_fault_that_is_gone_when_a_page_is_rendered_anew_is_not_reported(county, build, monkeypatch):
    """What leads to what leads to a page kept back is judged in later rounds, and lists are rendered anew in each."""
    bad = county.disclosure("名单", body=f"身份证号{ID_NUMBER}")
    item = county.service("领取补助", summary="见名单")
    item.body_html = f'<p><a href="/xxgk/{bad.document_id}/">名单</a></p>'
    db.session.commit()
    original, looks = rendering.faults_of, []

    def faulty_at_first(page, text, **given):
        looks.extend([1] if page.url == "/map.html" else [])
        first = page.url == "/map.html" and len(looks) == 1
        return ["链接 /x/ 指向的页面不存在"] if first else original(page, text, **given)

    monkeypatch.setattr(rendering, "faults_of", faulty_at_first)

    report = build()

    assert len(looks) == 2
    assert {entry.page for entry in report.blocked} == {
        f"/xxgk/{bad.document_id}/",
        f"/zwfw/{item.document_id}/",
    }


def test_what_was_kept_back_is_remembered_with_its_reason_and_its_subject(county, house):
    assert publisher.kept_back() == {}
    key = county.question(answer=f"请联系{ID_NUMBER}")
    bad = county.disclosure("名单", body=f"身份证号{ID_NUMBER}")

    report = house.build()

    assert publisher.kept_back() == {each.page: each.reason for each in report.blocked} != {}
    rows = db.session.scalars(db.select(KeptBack).order_by(KeptBack.page))
    assert [(row.page, row.subject_kind, row.subject_id) for row in rows] == [
        (f"/hudong/{key}/", "question", key),
        (f"/xxgk/{bad.document_id}/", "document", bad.document_id),
    ]
    assert ID_NUMBER not in "".join(publisher.kept_back().values())
    county.disclosure("另一公告")
    report = house.publish()
    assert report is not None
    assert set(publisher.kept_back()) == {each.page for each in report.blocked}
    assert len(report.blocked) == 2
