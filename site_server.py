"""The door "site": serves the live tree in the demonstration and on one small machine.

A production web server serves the same folder by itself; here only what it would do is done.
"""

import hashlib
import os
import re
from pathlib import Path

from flask import Flask, Response, redirect, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from installation import settings
from publisher import headers
from publisher.order import MARK

TWIN = re.compile(r"\.(?:html|css|js|xml|json|svg|txt)\.(?:gz|br)$")
NO_SITE_YET = "网站尚未生成，请先运行 flask site build。\n"


def register(app: Flask) -> None:
    """Answer every address no other door has claimed from the live tree."""
    app.add_url_rule("/", "site", serve, defaults={"place": ""}, methods=["GET"])
    app.add_url_rule("/<path:place>", "site", serve, methods=["GET"])


def serve(place: str) -> AnyResponse:
    """The file at this address; a folder answers with its index, never with a listing."""
    file = _file_at(place)
    if file is None or _is_not_for_readers(file):
        return _not_found()
    if file.is_dir():
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{request.path}/{query}", 301)
    if file.name == "index.html" and (file.parent / MARK).is_file():
        return _withdrawn(file)
    return _sent(file)


def _is_not_for_readers(file: Path) -> bool:
    """Folders without a page, marks, and the compressed twins a web server takes by itself."""
    if file.is_dir():
        return not (file / "index.html").is_file()
    return file.name == MARK or bool(TWIN.search(file.name))


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
    place = request.path.lstrip("/")
    if place.startswith(headers.ATTACHED):
        download = headers.is_offered_for_download(place)
        response = send_file(file, conditional=True, etag=file.stem, as_attachment=download, max_age=0)
    else:
        content = file.read_bytes()
        response = Response(content)
        # By content, so that a new release does not make every page new to those who have it.
        response.set_etag(hashlib.sha256(content).hexdigest())
        response.make_conditional(request)
    is_folder = not place or place.endswith("/")
    response.headers["Content-Type"] = headers.content_type(place + "index.html" if is_folder else place)
    response.headers["Cache-Control"] = headers.cache_control(place)
    return response


def _withdrawn(notice: Path) -> Response:
    """The page of a document that was taken back: that it was, and when."""
    response = Response(notice.read_bytes(), 410, content_type=headers.TYPES[".html"])
    response.headers["Cache-Control"] = headers.NEVER_KEPT
    return response


def _not_found() -> Response:
    tree = settings().live_tree
    try:
        response = Response((tree / "404.html").read_bytes(), 404, content_type=headers.TYPES[".html"])
    except OSError:
        text = "没有找到您要的页面。\n" if tree.exists() else NO_SITE_YET
        response = Response(text, 404, content_type=headers.TYPES[".txt"])
    response.headers["Cache-Control"] = headers.NEVER_KEPT
    return response
