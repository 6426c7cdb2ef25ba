"""Web servers make the mark of a page from its second and size: no two editions of a file may have the same."""

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
