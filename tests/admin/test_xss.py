"""S4: more than 500 hostile texts in every field, in a real browser: none runs, and the policy has nothing to stop."""

import threading
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from sqlalchemy import String, Text, inspect
from werkzeug.serving import make_server

from content import operations
from content.models import Attachment, Channel, DocumentKind, Duty, Edition
from content.operations.writing import editable_fields
from county.officers import Officer
from county.organs import Organ
from database import db
from tests.admin.conftest import Office
from tests.admin.hostile_scripts import payloads
from tests.admin.test_screens import Walk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
PAYLOADS = payloads()
PER_DOCUMENT = 24  # names of files and other texts; the text itself holds all of them
ARMED = """() => [...document.querySelectorAll('*')].flatMap(node => [...node.attributes]
  .filter(({name, value}) => name.startsWith('on')
    || (/^(href|src|action|formaction|data|xlink:href|srcdoc)$/.test(name) && /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text)/i.test(value)))
  .map(({name, value}) => `${node.tagName} ${name}=${value}`))
  .concat([...document.scripts].filter(script => !script.src && script.type !== 'application/ld+json').map(script => script.text))
  .concat([...document.querySelectorAll('main iframe:not([sandbox="allow-same-origin"]), main object, main embed, main base, main meta, svg script, main style')].map(node => node.outerHTML))"""


def chunked(number: int, longest: int) -> str:
    """Some of the texts, from this number on, as many as the field holds."""
    text = ""
    for place in range(len(PAYLOADS)):
        more = f"{PAYLOADS[(number + place) % len(PAYLOADS)]} "
        if len(text) + len(more) > longest:
            break
        text += more
    return text


def poison(row: object, number: int, *, but: set[str] = frozenset()) -> None:
    """Hostile texts in every field of text, past all rules: what was stored before there were any."""
    for column in inspect(type(row)).columns:
        is_text = isinstance(column.type, String | Text) and getattr(column.type, "enum_class", None) is None
        if is_text and column.key not in but:
            setattr(row, column.key, chunked(number, min(column.type.length or 3000, 3000)))


def furnish(office: Office) -> list[int]:
    """Documents, organs, channels, duties and people whose every text is hostile; ids of the editions."""
    at, by = datetime.now(UTC), office.people["editor"].id
    keep = {"code", "uscc", "letters", "subject_code", "login", "password_hash"}
    poison(office.water, 100, but=keep)
    poison(office.people["stranger"], 130, but=keep)
    office.channel.name, office.channel.description = chunked(150, 100), chunked(160, 1000)
    duty = Duty(
        site_id=office.site.id, organ=office.water, title="x", content="x", created_at=at, updated_at=at
    )
    poison(duty, 170, but={"foreign_id"})
    db.session.add(duty)
    editions = []
    for number in range(0, len(PAYLOADS), PER_DOCUMENT):
        edition = office.published(f"第{number}号通知")
        body = (
            "\n\n".join(PAYLOADS[number:] + PAYLOADS[:number])
            if number == 0
            else "\n\n".join(PAYLOADS[number : number + PER_DOCUMENT])
        )
        operations.revise(edition.document, by=by, at=at)
        open_one = db.session.scalars(
            db.select(Edition).where(Edition.document_id == edition.document_id).order_by(Edition.id.desc())
        ).first()
        operations.save_draft(open_one, {"body": body}, by=by, at=at)
        for each in (edition, open_one):
            each.body_html = open_one.body_html
            text_of(each, number)
        for place, payload in enumerate(PAYLOADS[number : number + PER_DOCUMENT]):
            db.session.add(Attachment(edition_id=open_one.id, display_name=payload[:190], sha256=f"{number + place:064x}", suffix=".txt", size_bytes=1))  # fmt: skip
        editions.append(open_one.id)
    service = operations.create_document(
        DocumentKind.SERVICE, organ=office.finance, channel=None, site_id=office.site.id, values={"title": "事项"}, by=by, at=at
    )  # fmt: skip
    text_of(service, 300)
    db.session.commit()
    return [*editions, service.id]


def text_of(edition: Edition, number: int) -> None:
    fields = editable_fields(edition.kind)
    others = {column.key for column in inspect(type(edition)).columns} - fields
    poison(edition, number, but=others | {"body", "kind"})
    edition.document.title = edition.title


@pytest.fixture
def walk(office, browser):
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Walk(browser, f"http://127.0.0.1:{server.server_port}")
    for context in browser.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def watched(page: Page) -> list[str]:
    """What ran, from now on."""
    ran: list[str] = []
    page.context.expose_function("xss", lambda number: ran.append(f"ran {number}"))
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    return ran


def test_s4_there_are_500_hostile_texts_and_they_differ():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 500


def test_s4_the_texts_do_run_where_nobody_escapes_them(walk):
    """The negative control: without it nothing below would prove anything."""
    ran, raw = (
        watched(walk.page),
        [text for text in PAYLOADS if text.startswith(("<img", "<svg onload", "<IMG"))],
    )

    walk.page.set_content("\n".join(f"<div>{text}</div>" for text in raw))
    walk.page.evaluate("() => xss(-1)")  # what ran before it has been heard of

    assert len(set(ran)) > 3
    assert len(walk.page.evaluate(ARMED)) > 3


def test_s4_no_hostile_text_runs_in_the_back_office_and_the_policy_has_nothing_to_stop(office, walk):
    editions = furnish(office)
    office.set(separate_administrators=False)
    ran, armed = watched(walk.page), {}
    walk.sign_in("allround")
    last = editions[-1]
    pages = [
        "",
        "disclosures/",
        "services/",
        f"disclosures/edit/?id={editions[0]}",
        f"services/details/?id={last}",
        "review/",
        "publish/",
    ]
    pages += [f"disclosures/details/?id={key}" for key in editions[:-1]]
    pages += [f"disclosures/{name}/?id={editions[0]}" for name in ("compare", "versions")]
    look(walk, pages, armed)
    for login, own in {
        "administrator": ["organs/", f"organs/edit/?id={office.water.id}", f"organs/change/?id={office.water.id}", "channels/", "duties/"],
        "security_administrator": ["officers/", f"officers/details/?id={office.people['stranger'].id}"],
        "auditor": ["ledger/"],
    }.items():  # fmt: skip
        walk.context.clear_cookies()
        walk.sign_in(login)
        look(walk, own, armed)

    assert ran == []
    assert armed == {}
    assert walk.complaints == []


def look(walk: Walk, pages: list[str], armed: dict[str, list[str]]) -> None:
    for path in pages:
        answer = walk.page.goto(f"/admin/{path}")
        assert answer is not None
        assert answer.status == 200, path
        found = walk.page.evaluate(ARMED)
        if found:
            armed[path] = found[:3]


def test_s4_no_hostile_text_runs_on_the_public_pages(office, browser, make_app):
    furnish(office)
    office.bring_live()
    keys = db.session.scalars(
        db.select(Edition.document_id).where(Edition.kind == DocumentKind.DISCLOSURE).distinct()
    ).all()
    water, channel = (
        office.water.id,
        db.session.scalars(db.select(Channel.code).where(Channel.id == office.channel.id)).one(),
    )
    assert db.session.get_one(Organ, water).name.startswith(PAYLOADS[100][:5])
    assert db.session.scalars(db.select(Officer).where(Officer.login == "stranger")).one()
    server = make_server("127.0.0.1", 0, make_app("site"), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    walk = Walk(browser, f"http://127.0.0.1:{server.server_port}")
    ran, armed, shown = watched(walk.page), {}, 0
    for path in (
        "/",
        "/xxgk/",
        "/xxgk/ml/",
        f"/xxgk/c/{channel}/",
        f"/xxgk/o/{water}/",
        "/xxgk/sx/",
        "/map.html",
        *(f"/xxgk/{key}/" for key in keys),
    ):
        answer = walk.page.goto(path)
        shown += answer.status == 200
        if found := walk.page.evaluate(ARMED):
            armed[path] = found[:3]
    walk.context.close()
    server.shutdown()
    server.server_close()

    assert shown > 10
    assert ran == []
    assert armed == {}
    assert [each for each in walk.complaints if "404" not in each] == []
