"""`make audit`: the sample site before the W3C's validator and Lighthouse, in normal and in elder mode.

Outside the suite, as it needs node, java and minutes. The suite holds what it can hold without: axe, the policy, sizes, requests, nesting.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from app import MIGRATIONS, create_app
from commands.publishing import build_site
from commands.sample import load_sample_county
from config import Settings
from content.models import DocumentKind, Edition, EditionState
from database import db

HERE = Path(__file__).parent
TOOLS = HERE / "node_modules"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST, DEBUG_PORT = 99, 9333


def main() -> int:
    """Every fault on a line; the status is whether there were any."""
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), public_url="http://127.0.0.1:8791")
        app = create_app((), settings)
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
            load_sample_county()
            build_site()
            pages = ["/", "/xxgk/ml/", _newest(DocumentKind.SERVICE), _newest(DocumentKind.DISCLOSURE)]
            db.session.remove()
        tree = Path(home, "site", "current").resolve()
        faults = _validated(tree)
        with _served(create_app(("site", "endpoint"), settings)) as base:
            for is_elder in (False, True):
                faults += _measured(base, pages, is_elder=is_elder)
    print("\n".join(faults) or "No faults.")
    return bool(faults)


def _newest(kind: DocumentKind) -> str:
    live = db.select(Edition).where(Edition.state == EditionState.PUBLISHED, Edition.kind == kind)
    edition = db.session.scalars(live.order_by(Edition.id.desc())).first()
    column = "zwfw" if kind is DocumentKind.SERVICE else "xxgk"
    return f"/{column}/{edition.document_id if edition else 0}/"


def _validated(tree: Path) -> list[str]:
    """Errors of the validator in pages and sheets."""
    jar = next(TOOLS.glob("vnu-jar/build/dist/*.jar"))
    found = []
    for kind, files in (("--skip-non-html", tree.rglob("*.html")), ("--css", tree.rglob("*.css"))):
        command = ["java", "-jar", str(jar), "--errors-only", kind, *sorted(map(str, files))]
        found += subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
    return [line.replace(f"file:{tree}", "") for line in found]


@contextmanager
def _served(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 8791, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _measured(base: str, pages: list[str], *, is_elder: bool) -> list[str]:
    """Categories under the goal. Lighthouse's phone: 1.6 Mbit/s, 150 ms, a processor four times slower."""
    faults = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        flags = ["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={DEBUG_PORT}"]
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=os.environ.get("CHROME_PATH", "/usr/bin/chromium"), args=flags
        )
        page = browser.new_page()
        page.goto(base)
        page.evaluate("on => on ? localStorage.setItem('elder', '1') : localStorage.clear()", is_elder)
        for place in pages:
            report = _lighthouse(base + place)
            scores = {name: round((report["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
            paint = report["audits"]["largest-contentful-paint"]["numericValue"]
            mode = "elder" if is_elder else "normal"
            print(f"{place} {mode}: {scores}, largest paint {paint / 1000:.2f} s", flush=True)
            faults += [f"{place} {mode}: {name} {score}" for name, score in scores.items() if score < LEAST]
            faults += [f"{place} {mode}: largest paint after {paint:.0f} ms"] if paint > 2500 else []
        browser.close()
    return faults


def _lighthouse(address: str) -> dict[str, Any]:
    command = [
        str(TOOLS / ".bin/lighthouse"), address, "--quiet", "--output=json", f"--port={DEBUG_PORT}",
        "--disable-storage-reset", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    sys.exit(main())
