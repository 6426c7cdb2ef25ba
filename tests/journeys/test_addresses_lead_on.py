"""What the desk and the import decide about addresses, and what the clock takes back, on the public site."""

from datetime import timedelta

from commands.clock import tick
from commands.work import pay_next
from content import operations
from content.models import EditionState
from database import db
from installation import search_index
from tests.people import NOON, make_edition, settle_in


def publish_all(app, settings) -> str:
    """Pay what is owed; the names of the site's files. The site is then what the database says, byte for byte."""
    while pay_next():
        pass
    checked = app.test_cli_runner().invoke(args=["site", "verify"])
    assert checked.exit_code == 0, checked.output
    files = settings.live_tree.rglob("*.html")
    return " ".join(sorted(str(file.relative_to(settings.live_tree)) for file in files))


def test_old_addresses_mergers_and_expiries_reach_the_site_and_leave_it_again(app, settings):
    """B-05, G-13."""
    search_index().rebuild([])
    people = settle_in()
    kept, double = (
        make_edition(people, EditionState.PUBLISHED, title=title) for title in ("保留的", "重复的")
    )
    brief = make_edition(people, EditionState.PUBLISHED, title="短期的", expires_at=NOON + timedelta(days=1))
    operations.keep_old_addresses(
        kept.document, ["/old/1.html", "http://old.example/old/2.html"], by=None, at=NOON
    )
    db.session.commit()
    first = publish_all(app, settings)
    assert "old/1.html" in first
    assert "old/2.html" in first

    operations.keep_old_addresses(kept.document, ["/old/1.html"], by=None, at=NOON)
    operations.merge(double, kept.document, by=people.pei.id, at=NOON)
    db.session.commit()
    assert tick(NOON + timedelta(days=1)) == 1
    second = publish_all(app, settings)

    assert "old/1.html" in second
    assert "old/2.html" not in second
    merged, gone = (
        (settings.live_tree / "xxgk" / str(edition.document_id) / "index.html").read_text("utf-8")
        for edition in (double, brief)
    )
    assert f"url=/xxgk/{kept.document_id}/" in merged
    assert "内容已经失效" in gone
