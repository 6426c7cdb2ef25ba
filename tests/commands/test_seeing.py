"""Proof: a publication counts as seen when readers find at the public address what it put there, and not before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import publisher
from commands.publishing import publishing
from commands.seeing import NotSeenError, look
from commands.work import pay_next
from content import operations
from content.models import EditionState
from county import ledger
from county.ledger import Errand
from database import db
from installation import search_index, settings
from publisher.models import Publication
from tests.people import NOON, make_edition, settled_in

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class WebServer:
    """What stands before the live tree; what it answers otherwise than from there is in `instead`."""

    address: str
    instead: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        if path in self.instead:
            return self.instead[path]
        file = settings().live_tree / f"{path.lstrip('/')}index.html"
        if file.with_name("gone").exists():
            return 410, {}, file.read_bytes()
        return (200, {}, file.read_bytes()) if file.is_file() else (404, {}, b"nothing")


@contextmanager
def serving(app) -> Iterator[WebServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with app.app_context():
                status, headers, body = web.answer(self.path)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = WebServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield web
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def web(app) -> Iterator[WebServer]:
    with serving(app) as web:
        app.extensions["settings"] = replace(app.extensions["settings"], read_back_url=web.address)
        yield web


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settled_in()


def pay_all() -> None:
    while pay_next():
        pass


def published(people, **values):
    edition = make_edition(people, EditionState.PUBLISHED, **values)
    db.session.commit()
    return edition


def newest() -> Publication:
    return db.session.scalars(db.select(Publication).order_by(Publication.id.desc())).first()  # type: ignore[return-value]


def address(edition) -> str:
    return f"/xxgk/{edition.document_id}/"


def make_due() -> None:
    for errand in ledger.waiting_errands():
        errand.due_at = datetime.now(UTC)
    db.session.commit()


def test_a_publication_is_seen_once_its_page_is_read_as_published(people, web):
    edition = published(people)

    pay_all()

    assert newest().seen_at is not None
    assert address(edition) in web.asked
    assert ledger.waiting_errands() == []


def test_where_no_address_is_set_nothing_is_looked_at(people, app):
    published(people)

    pay_all()

    assert newest().live_at is not None
    assert newest().seen_at is None
    assert ledger.latest_errand("see_live", newest().id) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {}, b"<p>yesterday</p>"), "内容与发布的不同"),
        ((503, {}, b""), "返回状态 503"),
        ((404, {}, b""), "返回状态 404"),
        ((410, {}, b""), "返回状态 410"),
        ((302, {"Location": "/xxgk/2/"}, b""), "返回状态 404"),
        ((302, {"Location": "/loop/"}, b""), "跳转次数过多"),
    ],
)
def test_what_is_not_there_stays_owed_with_its_reason_and_is_seen_later(people, web, answer, reason):
    edition = published(people)
    web.instead = {address(edition): answer, "/loop/": (302, {"Location": "/loop/"}, b"")}

    pay_all()

    assert newest().seen_at is None
    assert reason in newest().seen_note
    [errand] = ledger.waiting_errands("see_live")
    assert (errand.state, errand.attempts) == ("waiting", 1)
    assert reason in str(errand.last_error)
    web.instead = {}
    make_due()
    pay_all()
    assert newest().seen_at is not None
    assert newest().seen_note == ""


def test_a_server_that_does_not_answer_is_named_so(people, app):
    with serving(app) as web:
        pass  # nobody listens there any more
    app.extensions["settings"] = replace(app.extensions["settings"], read_back_url=web.address)
    published(people)

    pay_all()

    assert "没有回应" in newest().seen_note


def test_no_other_host_is_asked_whatever_the_public_address_says(people, app, web):
    edition = published(people)
    with serving(app) as stranger:
        web.instead = {address(edition): (301, {"Location": f"{stranger.address}/"}, b"")}

        pay_all()

        assert stranger.asked == []
    assert "另一台主机" in newest().seen_note


@pytest.mark.parametrize("can_say_gone", [True, False])
def test_a_withdrawn_page_is_seen_as_gone_or_as_the_notice_and_never_as_the_old_text(
    people, web, settings, can_say_gone
):
    edition = published(people)
    pay_all()
    old = (settings.live_tree / address(edition).strip("/") / "index.html").read_bytes()
    operations.withdraw(edition, reason="error", by=people.pei.id, at=NOON)
    db.session.commit()
    web.instead = {address(edition): (200, {}, old)}

    pay_all()

    assert "内容与发布的不同" in newest().seen_note
    notice = (settings.live_tree / address(edition).strip("/") / "index.html").read_bytes()
    web.instead = {address(edition): (410 if can_say_gone else 200, {}, notice)}
    make_due()
    pay_all()
    assert newest().seen_at is not None


def test_a_merged_document_is_seen_by_the_way_to_the_other(people, web):
    edition, kept = published(people), published(people, title="关于公交线路的公告")
    pay_all()
    operations.merge(edition, kept.document, by=people.pei.id, at=NOON)
    db.session.commit()
    web.instead = {address(edition): (301, {"Location": address(kept)}, b"")}

    pay_all()

    assert newest().seen_at is not None


def test_what_a_newer_publication_made_of_a_page_is_no_fault_of_the_older(people, web):
    edition = published(people)
    web.instead = {address(edition): (503, {}, b"")}
    pay_all()
    older = newest()
    newer = operations.revise(edition.document, by=people.ai.id, at=NOON)
    operations.save_draft(newer, {"body": "二路公交车的延伸推迟。"}, by=people.ai.id, at=NOON)
    operations.submit(newer, by=people.ai.id, at=NOON)
    operations.approve(newer, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.publish(newer, by=people.pei.id, at=NOON)
    db.session.commit()
    web.instead = {}
    make_due()

    pay_all()

    assert newest().id != older.id
    assert newest().seen_at is not None
    assert older.seen_at is not None


def test_of_many_pages_a_sample_is_asked_for_and_the_home_page(people, web):
    for number in range(25):
        make_edition(people, EditionState.PUBLISHED, title=f"第{number}号公告")
    db.session.commit()

    pay_all()

    assert newest().seen_at is not None
    assert "/" in web.asked
    assert 10 < len(web.asked) <= 20


def test_a_rollback_is_read_back_too_and_a_page_it_took_away_may_be_absent(people, web):
    published(people)
    pay_all()
    newer = published(people, title="后来的公告")
    pay_all()
    with publishing() as here:
        prepared = publisher.prepare_rollback(here, None, at=NOON)
        db.session.commit()
        publisher.carry_out(here, prepared, at=NOON)
        db.session.commit()

    pages = {page.address: page for page in publisher.expected(prepared.publication.id)}

    look(web.address, list(pages.values()))
    assert "/" in pages
    assert address(newer) not in pages
    web.instead = {"/": (200, {}, b"what was before the rollback")}
    with pytest.raises(NotSeenError, match="内容与发布的不同"):
        look(web.address, list(pages.values()))


def test_a_publication_that_another_carried_out_to_its_end_is_looked_at_as_well(people, web):
    published(people)
    pay_all()
    edition = published(people, title="后来的公告")
    with publishing() as here:  # and dies before it is carried out
        publisher.prepare(here, publisher.Changes(documents=frozenset({edition.document_id})), at=NOON)
        db.session.commit()
    half = newest()
    assert half.live_at is None

    with publishing():
        pass

    assert half.live_at is not None
    assert ledger.latest_errand("see_live", half.id)


def test_a_look_that_is_owed_does_not_have_the_site_published_anew(people, web):
    published(people)
    pay_all()
    count = db.session.scalar(db.select(db.func.count()).select_from(Publication))
    db.session.add(Errand(kind="see_live", key=str(newest().id), owed_at=NOON, due_at=NOON))
    db.session.commit()

    pay_all()

    assert db.session.scalar(db.select(db.func.count()).select_from(Publication)) == count
