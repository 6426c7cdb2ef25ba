"""Web servers make the mark of a page from its second and size: no two editions of a file may have the same."""

import os
import time

from content import operations
from tests.publisher.conftest import PublishingHouse, SmallCounty


def test_a_page_published_twice_within_a_second_has_another_time(county: SmallCounty, house: PublishingHouse):
    edition = county.disclosure("同一秒内的公告")
    house.build()
    page = house.place.site_folder / "current" / "xxgk" / str(edition.document_id) / "index.html"
    seconds = [int(page.stat().st_mtime)]

    for title in ("同一秒内的通知", "同一秒内的决定"):
        revised = operations.revise(edition.document, by=None, at=county.now)
        operations.save_draft(revised, {"title": title}, by=None, at=county.now)
        operations.take_over(revised, source="旧站", by=None, at=county.now)
        house.publish()
        assert title in page.read_text(encoding="utf-8")
        seconds.append(int(page.stat().st_mtime))

    assert seconds[0] < seconds[1] < seconds[2]


def test_a_page_built_within_the_second_of_its_last_edition_has_another_time_and_so_have_its_twins(
    county: SmallCounty, house: PublishingHouse
):
    """A web server makes its tag of second and size; a build is a tree of its own. Seen failing."""
    edition = county.disclosure("同一秒内的公告")
    house.build()
    folder = house.place.site_folder / "current" / "xxgk" / str(edition.document_id)
    files = ("index.html", "index.html.gz", "index.html.br")
    ahead = int(time.time()) + 100
    for name in files:
        os.utime(folder / name, (ahead, ahead))
    revised = operations.revise(edition.document, by=None, at=county.now)
    operations.save_draft(revised, {"title": "同一秒内的决定"}, by=None, at=county.now)
    operations.take_over(revised, source="旧站", by=None, at=county.now)

    house.build()

    assert [int((folder / name).stat().st_mtime) for name in files] == [ahead + 1] * 3
