"""Freezing the site with Frozen-Flask: its naming of files, without a request of its own for each page."""

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from flask import Flask
from flask_frozen import Freezer

from publisher.errors import PublishError
from publisher.page import Page
from publisher.site import Find, Press, create_site

log = logging.getLogger("zhuanlan.publisher")
LONGEST_NAME = 255  # bytes; what file systems take
PLAIN = re.compile(r"(?:/[a-z0-9_-]{1,99})*/(?:[a-z0-9_-]{1,99}(?:\.[a-z]{1,9})?)?", re.ASCII)


class PageFreezer(Freezer):
    """Frozen-Flask with explicit pages. A page is rendered by the template its view would use, without a request.

    It writes nothing: where the bytes go, and when, is decided by who publishes. That they are what the stock freezer
    would write for the same application is held by a test.
    """

    def __init__(self, find: Find, press: Press):
        site = create_site(find, press)
        super().__init__(site, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self._press = press

    def text_of(self, page: Page) -> str | bytes | Exception:
        """A page as text, a file as its bytes, or what went wrong."""
        try:
            return self._press.text_of(page)
        except OSError:
            raise  # the disk is no fault of the page
        except Exception as error:  # whatever a page trips over, the others go live
            log.exception("page %s could not be rendered", page.url)
            return error

    def place(self, url: str) -> str:
        """The file below the tree for an address.

        Raises: PublishError for an address that leads out of the tree, or that no file can have.
        """
        if PLAIN.fullmatch(url):  # nothing in it can lead astray
            return self.urlpath_to_filepath(url)
        path = normalize("NFC", self.urlpath_to_filepath(url))
        parts = PurePosixPath(path).parts
        outside = not path or path.startswith("/") or ".." in parts or "\0" in path or "\\" in path
        if outside or any(len(part.encode()) > LONGEST_NAME for part in parts):
            raise PublishError(f"页面 {url[:200]!r} 的地址指向发布目录之外，或不能作为文件名。")
        return path


def stock_freezer(site: Flask, urls: Iterable[str], tree: Path) -> Freezer:
    """Frozen-Flask as it comes, with the same pages: the measure for what we write ourselves."""
    site.config.update(
        FREEZER_DESTINATION=str(tree.resolve()),
        FREEZER_REMOVE_EXTRA_FILES=False,
        FREEZER_REDIRECT_POLICY="error",
    )
    freezer = Freezer(site, with_static_files=False, with_no_argument_rules=False, log_url_for=False)

    def places() -> Iterator[tuple[str, dict[str, str]]]:
        for url in urls:
            yield "page", {"place": url[1:]}

    freezer.register_generator(places)
    return freezer
