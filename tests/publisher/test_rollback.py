"""Going back to an earlier publication, and finding out whether the live tree is what it should be."""

import json
import random

import pytest

import publisher
from content import operations
from content.models import Edition
from database import db
from tests.publisher.conftest import PublishingHouse, SmallCounty
from tests.publisher.test_increment import Town, differences, tree_bytes


def retitle(county: SmallCounty, edition: Edition, title: str) -> None:
    revised = operations.revise(edition.document, by=None, at=county.now)
    operations.save_draft(revised, {"title": title}, by=None, at=county.now)
    operations.take_over(revised, source="旧站", by=None, at=county.now)
    db.session.commit()


def site(app, *args: str):
    return app.test_cli_runner().invoke(args=["site", *args])


def test_a_rollback_brings_every_byte_back_and_publishing_goes_on_from_the_database(
    county: SmallCounty, house: PublishingHouse, app
):
    edition = county.disclosure("原来的标题")
    tree = house.place.site_folder / "current"
    house.build()
    before, first = tree_bytes(tree), publisher.publications(1)[0].name
    retitle(county, edition, "改过的标题")
    county.disclosure("新的公告")
    house.publish()
    after = tree_bytes(tree)
    assert differences(before, after)

    assert site(app, "rollback", first).exit_code == 0

    assert differences(tree_bytes(tree), before) == []
    assert publisher.is_held()
    assert site(app, "publish").exit_code == 0
    assert differences(tree_bytes(tree), after) == []
    assert not publisher.is_held()


def test_a_rollback_never_makes_public_what_was_taken_back(county: SmallCounty, house: PublishingHouse, app):
    officer = Town(county, random.Random(1)).officer
    edition = county.disclosure("名单公示")
    house.build()
    first = publisher.publications(1)[0].name
    operations.withdraw(edition, reason="privacy", by=officer.id, at=county.now)
    db.session.commit()
    house.publish()

    refused = site(app, "rollback", first)

    assert refused.exit_code == 1
    assert f"/xxgk/{edition.document_id}/" in refused.stderr
    assert "名单公示" not in (house.place.site_folder / "current/xxgk/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("everything", [False, True])
def test_a_rollback_never_brings_back_what_was_merged(
    county: SmallCounty, house: PublishingHouse, app, everything: bool
):
    officer = Town(county, random.Random(1)).officer
    edition, into = county.disclosure("名单公示"), county.disclosure("名单公示（汇总）")
    house.build()
    first = publisher.publications(1)[0]
    operations.merge(edition, into.document, by=officer.id, at=county.now)
    db.session.commit()
    house.publish(publisher.Changes(everything=True) if everything else None)

    refused = site(app, "rollback", first.name)

    assert refused.exit_code == 1
    assert f"/xxgk/{edition.document_id}/" in refused.stderr
    assert [each.edition_id for each in publisher.proofs_of(edition.document)] == [None, edition.id]
    there = {page.address: page for page in publisher.expected(first.id, most=1000)}
    assert there[f"/xxgk/{edition.document_id}/"].may_be_gone  # where the web server leads on to the other


@pytest.mark.parametrize(
    ("harm", "kinds"),
    [
        ("change", {"damaged", "twin"}),  # its twins have what it no longer has
        ("remove", {"missing", "unknown"}),
        ("add", {"unknown"}),
    ],
)
def test_verify_names_what_was_done_to_the_live_tree_and_a_build_mends_it(
    county: SmallCounty, house: PublishingHouse, app, harm: str, kinds: set[str]
):
    assert site(app, "build").exit_code == 0
    page = house.place.site_folder / "current" / "index.html"
    if harm == "remove":
        page.unlink()
    else:
        name = {"change": page, "add": page.with_name("stray.html"), "twin": page.with_name("index.html.gz")}[
            harm
        ]
        name.write_bytes(b"changed by hand")

    found = site(app, "verify", "--json")

    assert found.exit_code == 1
    assert {each["kind"] for each in json.loads(found.stdout)["differences"]} == kinds
    assert site(app, "build").exit_code == 0
    assert json.loads(site(app, "verify", "--json").stdout)["differences"] == []
