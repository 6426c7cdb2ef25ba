"""create_site: the read-only Flask application that is frozen. No session, no database, no back office."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, abort, render_template
from jinja2 import StrictUndefined

from publisher.chrome import Chrome
from publisher.page import Page

TEMPLATES = Path(__file__).parent.parent / "site_templates"


def create_site(pages: Mapping[str, Page], blobs: Mapping[str, bytes], chrome: Chrome) -> Flask:
    """An application that answers at the address of each page and of each asset, and nowhere else."""
    site = Flask(
        "publisher.site", root_path=str(TEMPLATES), template_folder=str(TEMPLATES), static_folder=None
    )
    site.jinja_env.undefined = StrictUndefined  # a misspelt field is an error here, not a hole in a page
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    site.jinja_env.auto_reload = False
    site.config["PROPAGATE_EXCEPTIONS"] = True

    @site.get("/", defaults={"place": ""})
    @site.get("/<path:place>")
    def page(place: str) -> Response:
        url = f"/{place}"
        if url in blobs:
            return Response(blobs[url], mimetype=mimetypes.guess_type(url)[0])
        if url not in pages:
            abort(404)
        found = pages[url]
        text = render_template(
            found.template, page=found, view=found.view, section=found.section, chrome=chrome
        )
        return Response(text, mimetype=mimetypes.guess_type(found.file)[0])

    return site
