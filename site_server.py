"""The door "site": serves the live tree in the demonstration and on one small machine.

A production web server serves the same folder by itself; here only what it would do is done.
"""

import hashlib
import mimetypes
import os
from pathlib import Path

from flask import Flask, Response, redirect, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from installation import settings

TYPES = {  # the host's own table differs from machine to machine
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wps": "application/vnd.ms-works",
    ".ofd": "application/ofd",
}
FEED = "/feed.xml"
CHROME = "/assets/chrome.json"
HASHED = "/assets/"
ATTACHED = "/files/"
IMMUTABLE = f"public, max-age={365 * 24 * 3600}, immutable"
ONE_DAY = f"public, max-age={24 * 3600}"  # a file that was withdrawn must leave the caches
ASKED_ANEW = "public, max-age=0, must-revalidate"
SHOWN_INLINE = {".pdf", ".txt", ".png", ".jpg", ".jpeg", ".gif", ".webp"}  # of attachments
NO_SITE_YET = "网站尚未生成，请先运行 flask site build。\n"


def register(app: Flask) -> None:
    """Answer every address no other door has claimed from the live tree."""
    app.add_url_rule("/", "site", serve, defaults={"place": ""}, methods=["GET"])
    app.add_url_rule("/<path:place>", "site", serve, methods=["GET"])


def serve(place: str) -> AnyResponse:
    """The file at this address; a folder answers with its index, never with a listing."""
    file = _file_at(place)
    if file is None or (file.is_dir() and not (file / "index.html").is_file()):
        return _not_found()
    if file.is_dir():
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{request.path}/{query}", 301)
    return _sent(file)


def _file_at(place: str) -> Path | None:
    """The file or folder in the live tree that an address names, or None; links out of the tree lead nowhere."""
    root = Path(os.path.realpath(settings().live_tree))
    if "\\" in place or "\0" in place or any(part.startswith(".") for part in place.split("/")):
        return None
    joined = safe_join(str(root), place + "index.html" if not place or place.endswith("/") else place)
    if joined is None:
        return None
    try:
        found = Path(joined).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return found if found.is_relative_to(root) else None


def _sent(file: Path) -> Response:
    suffix = file.suffix.lower()
    kind = TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if request.path == FEED:
        kind = "application/atom+xml; charset=utf-8"
    if request.path.startswith(ATTACHED):
        as_attachment = suffix not in SHOWN_INLINE
        response = send_file(
            file, kind, conditional=True, etag=file.stem, as_attachment=as_attachment, max_age=0
        )
    else:
        content = file.read_bytes()
        response = Response(content)
        # By content, so that a new release does not make every page new to those who have it.
        response.set_etag(hashlib.sha256(content).hexdigest())
        response.make_conditional(request)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = _keeping(request.path)
    return response


def _keeping(path: str) -> str:
    """What is named by its hash never changes; a page is asked for anew each time and answered with 304."""
    if path.startswith(ATTACHED):
        return ONE_DAY
    return IMMUTABLE if path.startswith(HASHED) and path != CHROME else ASKED_ANEW


def _not_found() -> Response:
    tree = settings().live_tree
    try:
        response = Response((tree / "404.html").read_bytes(), 404, content_type=TYPES[".html"])
    except OSError:
        text = "没有找到您要的页面。\n" if tree.exists() else NO_SITE_YET
        response = Response(text, 404, content_type=TYPES[".txt"])
    response.headers["Cache-Control"] = "no-store"
    return response
