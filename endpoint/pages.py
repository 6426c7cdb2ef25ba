"""Pages of the endpoint: the templates of the site, with the names, navigation and foot the publisher wrote."""

import json
import mimetypes
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, abort
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from county.calendar import COUNTY_ZONE
from installation import settings

TEMPLATES = Path(__file__).parent.parent / "site_templates"
STATIC = TEMPLATES / "static"
CHROME_FILE = "assets/chrome.json"
PLAIN_CHROME: dict[str, Any] = {  # before the first publication
    "site_name": "政务服务",
    "region": "",
    "domain": "",
    "identity_code": "",
    "contact_phone": "",
    "is_sample": False,
    "sample_notice": "",
    "public_url": "",
    "nav": [
        {"key": "home", "name": "首页", "url": "/"},
        {"key": "lookup", "name": "办件查询", "url": "/svc/lookup"},
    ],
    "foot_links": [],
    "foot_facts": [],
    "foot_note": "",
    "assets": {file.name: f"/svc/assets/{file.name}" for file in STATIC.iterdir()},
}


def render(template: str, *, status: int = 200, **view: Any) -> Response:
    """The page made of a template of site_templates/endpoint/ and what it is to show."""
    html = _environment().get_template(f"endpoint/{template}").render(chrome=chrome(), **view)
    return Response(html, status=status, mimetype="text/html")


def chrome() -> dict[str, Any]:
    """What surrounds every page, as the publisher wrote it into the live tree; plain before a first publication."""
    file = settings().live_tree / CHROME_FILE
    try:
        found = file.stat()
    except OSError:
        return PLAIN_CHROME
    return _read_chrome(file, found.st_mtime_ns, found.st_ino)


def asset(name: str) -> Response:
    """A file of the look, for pages shown before the first publication."""
    if name not in PLAIN_CHROME["assets"]:
        abort(404)
    kind = mimetypes.guess_type(name)[0]
    return Response(
        (STATIC / name).read_bytes(), mimetype=kind, headers={"Cache-Control": "public, max-age=300"}
    )


@lru_cache(maxsize=4)
def _read_chrome(file: Path, _changed_ns: int, _inode: int) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        # After an upgrade the live tree may lack an asset until it is published anew.
        return {**PLAIN_CHROME, **found, "assets": {**PLAIN_CHROME["assets"], **found.get("assets", {})}}
    except (OSError, ValueError, TypeError, AttributeError):
        return PLAIN_CHROME


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([settings().theme_folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=_moment, day=_day)
    return environment


def _moment(at: datetime) -> str:
    local = at.astimezone(COUNTY_ZONE)
    return f"{_day(local.date())} {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
