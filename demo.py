"""What `make run` does: the sample county, migrated, loaded if the database is empty, published, and served.

Run as a module from the Makefile; it is no `flask` command, because a real installation starts its processes apart.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from types import FrameType

from flask_migrate import upgrade

import publisher
from app import MIGRATIONS, create_app
from commands.indexing import rebuild_index
from commands.officers import link_address
from commands.output import fail, say
from commands.publishing import build_site, owed
from commands.sample import load_sample_county
from config import SettingError, Settings
from content import queries
from content.models import EditionState
from county import sign_in
from county.ledger import waiting_errands
from county.officers import ADMINISTRATORS, Officer, Role, holders_of
from county.regions import the_site
from database import db
from installation import settings

ROLE_LABELS = {
    Role.EDITOR: "信息编辑员",
    Role.REVIEWER: "审核员",
    Role.LEGAL_REVIEWER: "法制审核员",
    Role.DISCLOSURE_REVIEWER: "信息公开审核员",
    Role.PUBLISHER: "发布员",
    Role.DUTY_PUBLISHER: "应急发布员",
    Role.CLERK: "窗口办理人员",
    Role.SUPERVISOR: "监察员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


def main() -> int:
    """Prepare, then serve until somebody stops it."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    check_port_is_free(host, port)
    own_address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    os.environ.setdefault("ZHUANLAN_PUBLIC_URL", own_address)
    os.environ.setdefault("ZHUANLAN_READ_BACK_URL", own_address)
    try:
        app = create_app((), Settings.from_environment())
    except SettingError as error:
        fail(str(error))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        links = prepare()
        db.session.remove()
        db.engine.dispose()
    return serve(host, port, links)


def check_port_is_free(host: str, port: str) -> None:
    """End at once, with the cure, when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError):
            fail(f"{host}:{port} cannot be used: another program listens there. Try: make run PORT=8001")


def prepare() -> list[tuple[str, str]]:
    """Bring database, site and index to where they can be served; the sign-in links of the sample's officers."""
    step("Migrating the database")
    upgrade(directory=str(MIGRATIONS))
    if not queries.has_content() and the_site() is None:
        step("Loading the sample county 青崖县")
        load_sample_county()
    waits = owed(datetime.now(UTC)) and not publisher.is_held()
    if waits or not settings().live_tree.exists():
        step("Publishing the site")
        say(f"    {build_site().pages} pages")
        step("Indexing")
        rebuild_index()
        settle_published()
    return fresh_links()


def step(what: str) -> None:
    """Say what is being done."""
    say(f"--> {what}")


def settle_published() -> None:
    """What the full build has just done is owed no more."""
    for errand in waiting_errands():
        if errand.kind.startswith("publish_"):
            errand.state, errand.settled_at = "settled", datetime.now(UTC)
    db.session.commit()


def fresh_links() -> list[tuple[str, str]]:
    """A new one-time link for one officer of each role; only in the sample county."""
    site = the_site()
    if site is None or not site.is_sample:
        return []
    now = datetime.now(UTC)
    links = []
    for role, officer in team().items():
        who = f"{ROLE_LABELS[role]}  {officer.name}（{officer.organ.short_name or officer.organ.name}）"
        links.append((who, link_address(sign_in.make_link(officer, by=None, at=now))))
    db.session.commit()
    return links


def team() -> dict[Role, Officer]:
    """A different officer for each role; editor, reviewer and clerk together where most work is waiting."""
    busy = Counter(edition.document.organ_id for edition in queries.editions_in(list(EditionState)))
    chosen: dict[Role, Officer] = {}
    order = (
        Role.DUTY_PUBLISHER,
        Role.LEGAL_REVIEWER,
        Role.DISCLOSURE_REVIEWER,
        Role.PUBLISHER,
        *ADMINISTRATORS,
        Role.SUPERVISOR,
        Role.REVIEWER,
        Role.EDITOR,
        Role.CLERK,
    )
    for role in order:
        free = [officer for officer in holders_of(role) if officer not in chosen.values()]
        home = chosen[Role.REVIEWER].organ_id if Role.REVIEWER in chosen else None
        free.sort(key=lambda officer: (officer.organ_id != home, -busy[officer.organ_id]))
        if free:
            chosen[role] = free[0]
    return {role: chosen[role] for role in Role if role in chosen}


def serve(host: str, port: str, links: list[tuple[str, str]]) -> int:
    """Run the server and the worker side by side until the server ends or somebody asks to stop; then both end.

    A worker that ends is started again: without it nothing is published, but what is published can be read.
    """
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--graceful-timeout", "2"]
    server = subprocess.Popen([*gunicorn, "wsgi:app"])  # noqa: S603  the words are our own
    worker = start_worker()
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    wait_until_served(host, port, server)
    greet(links)
    while not asked.wait(1) and server.poll() is None:
        if worker.poll() is not None:
            say(f"--> The worker ended with status {worker.returncode}; starting it again")
            worker = start_worker()
    for process in (server, worker):
        process.terminate()
    for process in (server, worker):
        process.wait()
    return 0 if asked.is_set() else max(1, server.returncode)


def start_worker() -> subprocess.Popen[bytes]:
    """The worker as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "flask", "work"])


def wait_until_served(host: str, port: str, server: subprocess.Popen[bytes]) -> None:
    """Until the port answers, so that the addresses printed can be opened."""
    while server.poll() is None:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def greet(links: list[tuple[str, str]]) -> None:
    """Print the addresses, and how to get a first sign-in."""
    base = os.environ["ZHUANLAN_PUBLIC_URL"]
    say("")
    say(f"  公开网站  {base}/")
    say(f"  站内检索  {base}/svc/search")
    say(f"  办件查询  {base}/svc/lookup")
    say(f"  管理后台  {base}/admin/")
    if links:
        say("")
        say("  演示账号的一次性登录链接（24小时内有效，每次 make run 重新生成）：")
        for who, link in links:
            say(f"    {who}\n      {link}")
    say("")
    say("  Ctrl+C 停止")


if __name__ == "__main__":
    sys.exit(main())
