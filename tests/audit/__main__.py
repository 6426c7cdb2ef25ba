"""`make audit`: the sample site before the W3C's validator, and a page of every template before Lighthouse: normal, elder, dark.

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
from statistics import median
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
LEAST, SLOWEST_PAINT_MS, DEBUG_PORT = 99, 2500, 9333
ATTEMPTS = 3  # it gives up on a page where the machine is busy
DARK = "--blink-settings=preferredColorScheme=0"
MODES = {"normal": (), "elder": (), "dark": (DARK,)}
PAGES = (
    "/", "/xxgk/", "/xxgk/c/fdzdgk/", "/xxgk/ml/", "/xxgk/sx/", "/xxgk/nb/", "/zwfw/", "/zwfw/k/xk/", "/zwfw/online/",
    "/zwfw/ml/", "/zwfw/ml/k/xk/", "/hudong/", "/hudong/1/", "/hudong/yjzj/", "/map.html",
)  # fmt: skip
NOT_FOR_SEARCH_ENGINES = ("/notice.html", "/svc/lookup")


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
            pages = [
                _newest(DocumentKind.SERVICE),
                _newest(DocumentKind.DISCLOSURE),
                *PAGES,
                *NOT_FOR_SEARCH_ENGINES,
            ]
            db.session.remove()
        tree = Path(home, "site", "current").resolve()
        faults = _validated(tree)
        with _served(create_app(("site", "endpoint"), settings)) as base:
            for mode in MODES:
                faults += _measured(base, pages, mode)
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


def _measured(base: str, pages: list[str], mode: str) -> list[str]:
    """What misses the goal, measured once more and once more again: the median of three counts, as the machine may be busy.

    Lighthouse's phone: 1.6 Mbit/s, 150 ms, a processor four times slower.
    """
    faults = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        flags = ["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={DEBUG_PORT}", *MODES[mode]]
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=os.environ.get("CHROME_PATH", "/usr/bin/chromium"), args=flags,
            color_scheme="null",
        )  # fmt: skip
        page = browser.new_page()
        page.goto(base)
        page.evaluate("on => on ? localStorage.setItem('elder', '1') : localStorage.clear()", mode == "elder")
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (mode == "dark")
        for place in pages:
            figures = _figures(base, place)
            if _missed(figures):
                figures = _median([figures, _figures(base, place), _figures(base, place)])
            print(f"{place} {mode}: {figures}", flush=True)
            faults += [f"{place} {mode}: {each}" for each in _missed(figures)]
        browser.close()
    return faults


def _figures(base: str, place: str) -> dict[str, int]:
    """Scores of a page by category, without that for search engines where they are kept out; when its largest part is painted, ms."""
    report = _lighthouse(base + place)
    names = [name for name in CATEGORIES if name != "seo" or place not in NOT_FOR_SEARCH_ENGINES]
    scores = {name: round((report["categories"][name]["score"] or 0) * 100) for name in names}
    return {**scores, "paint": round(report["audits"]["largest-contentful-paint"]["numericValue"])}


def _missed(figures: dict[str, int]) -> list[str]:
    return [
        f"{name} {figure}"
        for name, figure in figures.items()
        if (figure > SLOWEST_PAINT_MS if name == "paint" else figure < LEAST)
    ]


def _median(rounds: list[dict[str, int]]) -> dict[str, int]:
    return {name: round(median(each[name] for each in rounds)) for name in rounds[0]}


def _lighthouse(address: str) -> dict[str, Any]:
    command = [
        str(TOOLS / ".bin/lighthouse"), address, "--quiet", "--output=json", f"--port={DEBUG_PORT}",
        "--disable-storage-reset", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.returncode:
            return json.loads(done.stdout)
    raise RuntimeError(f"{address}: {done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
