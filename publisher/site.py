"""create_site: the read-only Flask application that is frozen. No session, no database of its own, no back office."""

import mimetypes
from collections.abc import Callable, Hashable, MutableMapping
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from publisher.chrome import Chrome
from publisher.page import Link, Page
from publisher.qr import qr_svg
from publisher.structured import structured
from publisher.theme import TEMPLATES, template_folders

Find = Callable[[str], Page | bytes | None]


class Templates(Environment):
    """Flask's environment for templates that do not change while the process runs: each is looked for once."""

    def __init__(self, app: Flask, **options: Any):
        super().__init__(app, **options)
        self._found: dict[str, Template] = {}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template of this name; a page asks for five of them."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        if name not in self._found:
            self._found[name] = super().get_template(name, parent)
        return self._found[name]


def templates() -> Environment:
    """The templates, compiled once in a process; what differs between publications is given when rendering."""
    return _templates(template_folders())


@lru_cache(maxsize=4)
def _templates(folders: tuple[Path, ...]) -> Environment:
    return Templates(
        app=Flask("publisher.site", static_folder=None),
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(("html", "xml", "svg")),
        bytecode_cache=_compiled_before(),
        undefined=StrictUndefined,  # a misspelt field is an error here, not a hole in a page
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class CompiledBefore(FileSystemBytecodeCache):
    """Templates compiled by an earlier process of this account. Where they cannot be kept, they are compiled again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, unless the disk is full."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_before() -> CompiledBefore | None:
    """None where no folder is safe from others."""
    try:
        return CompiledBefore()
    except (OSError, RuntimeError):
        return None


class Around:
    """Head and foot of the page, which are the same on every page of a section."""

    def __init__(self, chrome: Chrome, section: str):
        self._given = {"chrome": chrome, "section": section}

    @cached_property
    def header(self) -> Markup:
        return self._rendered("partials/header.html")

    @cached_property
    def footer(self) -> Markup:
        return self._rendered("partials/footer.html")

    def _rendered(self, name: str) -> Markup:
        return Markup(templates().get_template(name).render(self._given))  # noqa: S704  our own template


class EverySection(dict[str, Around]):
    """Head and foot by section, made when first asked for."""

    def __init__(self, chrome: Chrome):
        super().__init__()
        self._chrome = chrome

    def __missing__(self, section: str) -> Around:
        self[section] = Around(self._chrome, section)
        return self[section]


class Press:
    """Turns pages into text: the templates with the chrome of one publication."""

    def __init__(self, chrome: Chrome):
        self._given = {
            "chrome": chrome,
            "around": EverySection(chrome),
            "places": self.places,
            "shared": self.shared,
        }
        self._public_url = chrome.public_url
        self._shared: dict[tuple[str, Hashable], Markup] = {}
        self._places: dict[tuple[int, str], tuple[object, str]] = {}

    def text_of(self, page: Page) -> str | bytes:
        """A page as text, by its template; a file as its bytes."""
        if page.make is not None:
            return page.make(page.view)
        template = templates().get_template(page.template)
        data = structured(page, self._public_url) if page.url.endswith(("/", ".html")) else ""
        return template.render(
            self._given,
            page=page,
            view=page.view,
            section=page.section,
            code=Markup(qr_svg(self._public_url + page.url) if page.is_for_print else ""),  # noqa: S704  our own drawing
            structured=Markup(data),  # noqa: S704  escaped for where it stands
        )

    def shared(self, partial: str, it: Hashable) -> Markup:
        """A partial that says the same on every page that has the same `it`, made once for all of them."""
        key = (partial, it)
        if key not in self._shared:
            self._shared[key] = Markup(templates().get_template(partial).render(it=it))  # noqa: S704  our own template
        return self._shared[key]

    def places(self, tree: tuple[Link, ...], here: str) -> str:
        """A tree of links in which the page at hand is marked, made once for the pages that are not in it."""
        key = (id(tree), here if _is_in(tree, here) else "")
        if key not in self._places:
            lists: Any = templates().get_template("partials/lists.html").module
            self._places[key] = (
                tree,
                lists.places(tree, key[1]),
            )  # the tree is held, so that its id stays its own
        return self._places[key][1]


def _is_in(tree: tuple[Link, ...], here: str) -> bool:
    return any(link.url == here or _is_in(link.below, here) for link in tree)


def create_site(find: Find, press: Press) -> Flask:
    """An application that answers at the address of each page and of each asset, and nowhere else."""
    site = Flask("publisher.site", root_path=str(TEMPLATES), static_folder=None)
    site.config["PROPAGATE_EXCEPTIONS"] = True

    @site.get("/", defaults={"place": ""})
    @site.get("/<path:place>")
    def page(place: str) -> Response:
        found = find(f"/{place}")
        if found is None:
            abort(404)
        content = found if isinstance(found, bytes) else press.text_of(found)
        name = f"/{place}" if isinstance(found, bytes) else found.file
        return Response(content, mimetype=mimetypes.guess_type(name)[0])

    return site
