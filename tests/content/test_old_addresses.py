"""Addresses of the site before this one: which may be taken over, and where they lead."""

import pytest

from content import operations, queries
from content.addresses import document_address
from content.errors import Fault
from content.models import EditionState, OldAddress
from content.rules import read_old_address
from county.ledger import Act, Errand
from database import db
from tests.people import NOON, make_edition


def keep(people, edition, *texts):
    return operations.keep_old_addresses(edition.document, texts, by=None, at=NOON)


def stored():
    return db.session.scalars(db.select(OldAddress.address).order_by(OldAddress.address)).all()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/art/2019/3/15/art_1234_5678.html", "/art/2019/3/15/art_1234_5678.html"),
        ("/content.jsp?id=35&cls=a", "/content.jsp?id=35&cls=a"),
        ("http://www.qingya.gov.cn/zwgk/t20190315_1.htm", "/zwgk/t20190315_1.htm"),
        ("HTTPS://www.qingya.gov.cn:8080/a/b?c=1#top", "/a/b?c=1"),
        ("https://user:secret@host/a", "/a"),
        ("  /a/b.html\n", "/a/b.html"),
        ("/公告/停水.html", "/%E5%85%AC%E5%91%8A/%E5%81%9C%E6%B0%B4.html"),
        ("/%b9%ab%b8%e6.html", "/%B9%AB%B8%E6.html"),
        ("/xxgkml/1.html", "/xxgkml/1.html"),
        ("/index.php?id=3", "/index.php?id=3"),
        ("/a'b(c)[d].html", "/a'b(c)[d].html"),
        ("/a//b/./c///d.html?e=//./f", "/a/b/c/d.html?e=//./f"),
        ("/%61%2d%2F", "/a-%2F"),
        ('/a"b<c>{d}', "/a%22b%3Cc%3E%7Bd%7D"),
    ],
)
def test_an_old_address_is_kept_as_a_browser_sends_it(given, kept):
    assert read_old_address(given) == kept
    assert read_old_address(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "a/b.html", "//evil.example/a", "///evil.example", "ftp://host/a", "javascript:alert(1)", "http:/a", "http:///a",
        "/a/../b", "/a/%2e%2e/b", "/a/..%2fb", "/a\\b", "/a%5cb", "/a b", "/a%20b", "/a%00b", "/a\x00b", "/a\nb", "/a%0d%0aSet-Cookie:x",
        "/a\u202eb", "/a%E2%80%AEb", "/a%", "/a%zz", "/\ud800", "/" + "a" * 500, "/" + "文" * 60,
    ],
)  # fmt: skip
def test_what_is_no_address_or_could_be_bent_is_refused(given):
    with pytest.raises(Fault, match="原网址") as refusal:
        read_old_address(given)

    assert refusal.value.field == "old_addresses"
    refusal.value.message.encode()


@pytest.mark.parametrize(
    "given",
    [
        "/", "/?p=12", "http://host", "http://host?p=1", "https://host/#/a", "/index.html", "/index.html?a=1", "/map.html", "/404.html",
        "/feed.xml", "/sitemap.xml", "/sitemap-3.xml.gz", "/xxgk", "/xxgk/", "/xxgk/12/", "/zwfw/a.html", "/hudong/1/", "/svc/search",
        "/admin/", "/assets/a.css", "/files/ab/c.pdf", "/dzjc/", "/healthz", "/%78xgk/1/", "/./xxgk/1/", "/xxgk//1", "/%2Fxxgk/1",
    ],
)  # fmt: skip
def test_an_address_of_our_own_is_never_an_old_one(given):
    with pytest.raises(Fault, match="本网站自己的地址"):
        read_old_address(given)


def test_an_old_address_leads_to_its_document_and_on_to_what_that_was_merged_into(people):
    one = make_edition(people, EditionState.PUBLISHED, title="一")
    two = make_edition(people, EditionState.PUBLISHED, title="二")
    keep(people, one, "/old/1.html", "http://old.example/1b.html")
    there, here = (document_address(edition.kind, edition.document_id) for edition in (one, two))
    db.session.flush()
    assert queries.redirects() == [("/1b.html", there), ("/old/1.html", there)]
    assert queries.redirects_to(one.document_id) == ["/1b.html", "/old/1.html"]

    operations.merge(one, two.document, by=people.pei.id, at=NOON)
    db.session.flush()

    assert queries.redirects() == sorted([("/1b.html", here), ("/old/1.html", here), (there, here)])
    assert queries.redirects_to(two.document_id) == sorted(["/1b.html", "/old/1.html", there])


def test_an_old_address_leads_nowhere_until_its_document_has_a_page(people):
    edition = make_edition(people, EditionState.APPROVED)
    keep(people, edition, "/old/1.html")
    db.session.flush()
    assert queries.redirects() == queries.redirects_to(edition.document_id) == []

    operations.publish(edition, by=people.pei.id, at=NOON)
    db.session.flush()
    assert len(queries.redirects()) == 1
    operations.withdraw(edition, reason="error", by=people.pei.id, at=NOON)
    db.session.flush()

    assert len(queries.redirects()) == 1  # where it is said that the text was taken back


def test_the_addresses_given_are_the_addresses_kept_and_a_change_owes_the_page_once(people):
    edition = make_edition(people, EditionState.PUBLISHED)
    db.session.execute(db.update(Errand).values(state="settled"))
    assert keep(people, edition, "/a", "/b")
    assert db.session.scalars(db.select(Errand.key).where(Errand.state == "waiting")).all()

    assert not keep(people, edition, "/b", "http://host/a", "/a")
    assert keep(people, edition, "/b", "/c")
    db.session.flush()

    assert stored() == ["/b", "/c"]
    waiting = db.session.scalars(db.select(Errand.kind).where(Errand.state == "waiting"))
    assert sorted(waiting) == ["publish_document", "publish_site"]  # the page of /a has to go
    details = [act.details for act in db.session.scalars(db.select(Act).where(Act.verb == "keep_addresses"))]
    assert details == [{"added": 2, "removed": 0}, {"added": 1, "removed": 1}]


def test_an_old_address_leads_to_one_document_only(people):
    one, two = make_edition(people), make_edition(people, title="另一件")
    keep(people, one, "/a")

    for other in ("/a", "/a/", "/%61", "http://host/a"):
        with pytest.raises(Fault, match="已经指向另一条信息"):
            keep(people, two, "/b", other)
    assert keep(people, one, "/a", "/a/")


def test_a_document_has_no_more_than_a_hundred(people):
    with pytest.raises(Fault, match="最多登记100个"):
        keep(people, make_edition(people), *(f"/a{number}" for number in range(101)))
