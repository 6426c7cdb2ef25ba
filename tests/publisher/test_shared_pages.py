"""A fault on a page that is no document's never stops the county's publishing."""

import json

import publisher
from database import db

ID_NUMBER = "11010519491231002X"


def test_an_organ_that_tells_a_personal_number_is_blacked_out_and_the_county_goes_live(
    county, build, live, settings
):
    """"""
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
    original = publisher.building.faults_of

    def one_broken(page, text, **given):
        return ["链接 /x/ 指向的页面不存在"] if page.url == "/hudong/" else original(page, text, **given)

    monkeypatch.setattr(publisher.building, "faults_of", one_broken)

    report = build()

    assert live("/hudong/")
    assert [entry.page for entry in report.blocked] == ["/hudong/"]


def test_the_manifest_tells_what_was_kept_back(county, build, settings):
    assert publisher.live_manifest(settings.site_folder) is None
    county.question(answer=f"请联系{ID_NUMBER}")

    report = build()

    manifest = publisher.live_manifest(settings.site_folder)
    assert manifest is not None
    assert manifest.blocked == report.blocked != ()
    stored = json.loads(
        (settings.site_folder / "releases" / f"{report.release}.manifest.json").read_text("utf-8")
    )
    assert stored["blocked"] == [{"page": each.page, "reason": each.reason} for each in report.blocked]
    assert ID_NUMBER not in json.dumps(stored)
