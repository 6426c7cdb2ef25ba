"""`make bench`: the lists of the back office over 100,000 documents, 5,000 organs and 100,000 acts; and one page and one form.

    python -m bench.office FOLDER      fills the installation FOLDER where it is empty, measures, answers one JSON document

Rows are put into the tables directly: what is measured is reading. ROWS=1000 makes it smaller.
"""

import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from admin.signed_in import cookie_name
from app import create_app
from config import Settings
from content import founding
from content.models import Channel, DisclosureEdition, Document, DocumentKind, Edition, EditionState
from county import sign_in
from county.acts import Act
from county.keys import Keyring
from county.officers import Officer, Role
from county.organs import Organ, OrganKind
from county.regions import the_site
from database import db

ROWS = int(os.environ.get("ROWS") or 100_000)
ORGANS = 5000
AT_ONCE = 5000
ROUNDS = 20
BEGAN = datetime(2026, 1, 5, 1, tzinfo=UTC)
TOPICS = (
    "春季绿化",
    "财政预算",
    "供水管网",
    "招标采购",
    "征地补偿",
    "安全生产",
    "学校招生",
    "食品抽检",
    "道路养护",
    "防汛值守",
)
WORDS = ("通知", "公告", "意见", "办法", "方案")
STATES = (EditionState.PUBLISHED,) * 16 + (
    EditionState.DRAFT,
    EditionState.SUBMITTED,
    EditionState.APPROVED,
    EditionState.DISCARDED,
)
VERBS = ("create", "save", "submit", "approve", "publish")
PAGES = {
    "list, first page": "/admin/disclosures/",
    "list, page 50": "/admin/disclosures/?page=50",
    "list, page 2,500": "/admin/disclosures/?page=2500",
    "list by title": "/admin/disclosures/?sort=0",
    "list by title, last first": "/admin/disclosures/?sort=0&desc=1",
    "list, searched": "/admin/disclosures/?search=供水管网",
    "list, searched in vain": "/admin/disclosures/?search=没有这样的标题",
    "list, searched by number": "/admin/disclosures/?search=NO-99",
    "list, drafts": "/admin/disclosures/?flt_state=draft",
    "list, live": "/admin/disclosures/?flt_state=published",
    "list of an organ": "/admin/disclosures/?flt_organ=7",
    "list of a channel": "/admin/disclosures/?flt_channel=11",
    "list of a year": "/admin/disclosures/?flt_year=2026",
    "organs": "/admin/organs/",
    "organs, searched": "/admin/organs/?search=4999",
    "review": "/admin/review/",
    "desk": "/admin/",
    "standing of all organs": "/admin/standing/",
    "standing of one organ": "/admin/standing/organ/?id=7",
    "freshness": "/admin/freshness/",
    "found by a common word": "/admin/find/?q=通知",
    "found by two words": "/admin/find/?q=供水管网 99999",
    "found by number": "/admin/find/?q=NO-99999",
    "found in vain": "/admin/find/?q=没有这样的标题",
    "ledger": "/admin/ledger/",
    "ledger, page 1,000": "/admin/ledger/?page=1000",
    "ledger, one verb": "/admin/ledger/?flt_verb=publish",
    "ledger, one officer": "/admin/ledger/?search=bench",
    "page of a document": "/admin/disclosures/details/?id=50001",
    "form": "/admin/disclosures/edit/?id=17",
}  # fmt: skip


def fill(app: Flask) -> None:
    """Found a county and fill its tables."""
    upgrade(directory=app.extensions["migrate"].directory)
    site = founding.found("青崖县", "990123", at=BEGAN)
    organ = {"kind": OrganKind.DEPARTMENT, "region_id": site.region_id}
    _insert(
        Organ,
        (
            {"id": n, "code": f"990123-{n:05}", "name": f"青崖县第{n}局", **organ}
            for n in range(1, ORGANS + 1)
        ),
    )
    officer = sign_in.create_officer("bench", "常测量", db.session.get_one(Organ, 1), by=None, at=BEGAN)
    for role in Role:
        sign_in.grant_role(officer, role, None, by=None, at=BEGAN)
    db.session.flush()
    channels = list(db.session.scalars(db.select(Channel.id).order_by(Channel.id)))
    _insert(Document, (_document(n, site.id, channels) for n in range(1, ROWS + 1)))
    _insert_editions(officer.id)
    _insert(Act, (_act(n, officer.id) for n in range(1000, ROWS + 1000)))
    db.session.commit()
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()


def _insert(model: Any, rows: Any) -> None:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == AT_ONCE:
            db.session.execute(db.insert(model.__table__), chunk)
            chunk = []
    if chunk:
        db.session.execute(db.insert(model.__table__), chunk)


def _insert_editions(by: int) -> None:
    """Every tenth live document has an edition before."""
    editions: list[dict[str, Any]] = []
    for n in range(1, ROWS + 1):
        state, at = STATES[n % len(STATES)], BEGAN + timedelta(minutes=n * 2)
        has_earlier = state is EditionState.PUBLISHED and n % 10 == 0
        for number in (1, 2) if has_earlier else (1,):
            editions.append(
                _edition(
                    len(editions) + 1,
                    n,
                    number,
                    EditionState.SUPERSEDED if has_earlier and number == 1 else state,
                    at,
                    by,
                )
            )
    _insert(Edition, editions)
    mine = {"mode": "主动公开", "validity": "有效"}
    own = {column.name for column in DisclosureEdition.__table__.columns}
    texts = {
        name: ""
        for name in own - {"id", "mode", "validity"}
        if not DisclosureEdition.__table__.c[name].nullable
    }
    _insert(DisclosureEdition, ({"id": row["id"], **texts, **_stored(mine, own)} for row in editions))


def _stored(values: dict[str, str], own: set[str]) -> dict[str, Any]:
    kinds = {name: DisclosureEdition.__table__.c[name].type for name in values if name in own}
    return {name: kinds[name].enum_class(values[name]) for name in kinds}  # type: ignore[attr-defined]


def _document(n: int, site: int, channels: list[int]) -> dict[str, Any]:
    state = STATES[n % len(STATES)]
    return {
        "id": n, "kind": DocumentKind.DISCLOSURE, "site_id": site, "organ_id": 1 + n % ORGANS,
        "channel_id": channels[n % len(channels)], "number": f"NO-{n}", "created_at": BEGAN,
        "sorted_on": BEGAN.date() + timedelta(days=n % 300) if state is EditionState.PUBLISHED else None,
        "title": _title(n), "score": 70 + n % 31, "gaps": ["summary", "subject"], "was_late": n % 9 == 0,
        "live_on": BEGAN.date() + timedelta(days=n % 300) if state is EditionState.PUBLISHED else None,
        "confirmed_on": BEGAN.date() + timedelta(days=n % 300) if state is EditionState.PUBLISHED else None,
    }  # fmt: skip


def _edition(key: int, n: int, number: int, state: EditionState, at: datetime, by: int) -> dict[str, Any]:
    title = _title(n)
    text = "各单位要按时完成。" * 40
    return {
        "id": key, "document_id": n, "kind": DocumentKind.DISCLOSURE, "edition_no": number, "version": 1, "state": state,
        "title": title, "summary": "", "body": text, "body_html": f"<p>{text}</p>", "extra": {}, "created_at": at,
        "updated_at": at, "review_note": "", "is_listed": state is not EditionState.SUPERSEDED, "reviewer_id": by, "submitted_at": at,
    }  # fmt: skip


def _title(n: int) -> str:
    return f"关于{TOPICS[n % 10]}的{WORDS[n // 10 % 5]}（第{n}号）"


def _act(n: int, by: int) -> dict[str, Any]:
    return {
        "id": n, "at": BEGAN + timedelta(minutes=n), "actor_id": by if n % 7 else None, "verb": VERBS[n % 5],
        "subject_kind": "disclosure_edition", "subject_id": 1 + n % ROWS, "organ_id": 1 + n % ORGANS, "details": {},
    }  # fmt: skip


def measure(app: Flask) -> dict[str, Any]:
    """Each page asked for twenty times: milliseconds (median, 95th of a hundred), statements, bytes."""
    with app.app_context():
        officer = db.session.scalars(db.select(Officer).where(Officer.login == "bench")).one()
        token = sign_in.start_session(officer, at=datetime.now(UTC))
        db.session.commit()
        client, engine = app.test_client(), db.engine
        client.set_cookie(cookie_name(), token, path="/admin", domain="localhost")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return {name: _page(client, path, asked) for name, path in PAGES.items()}


def _page(client: FlaskClient, path: str, asked: list[str]) -> dict[str, float]:
    times: list[float] = []
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    for _ in range(ROUNDS):
        asked.clear()
        begun = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - begun) * 1000)
    return {
        "median_ms": round(statistics.median(times), 1), "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "statements": len(asked), "bytes": len(answer.data),
    }  # fmt: skip


def main(folder: Path) -> None:
    settings = Settings.from_environment(
        {
            **os.environ,
            "ZHUANLAN_HOME": str(folder),
            "ZHUANLAN_SECOND_FACTOR": "0",
            "ZHUANLAN_SEPARATE_ADMINISTRATORS": "0",
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    if not settings.key_folder.exists():
        Keyring.create(settings.key_folder)
    app = create_app(("admin",), settings)
    with app.app_context():
        if not db.inspect(db.engine).has_table("site") or the_site() is None:
            fill(app)
    print(json.dumps(measure(app), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
