"""Freezing the site into a folder with Frozen-Flask, page by page, so that one bad page is known by its name."""

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_frozen import Freezer, FrozenFlaskWarning

from publisher.errors import PublishError

log = logging.getLogger("zhuanlan.publisher")


class PageFreezer(Freezer):
    """Frozen-Flask with explicit generators only, which keeps within its folder and collects failures by page."""

    def __init__(self, site: Flask, urls: list[str], tree: Path):
        site.config.update(
            FREEZER_DESTINATION=str(tree.resolve()),
            FREEZER_REMOVE_EXTRA_FILES=False,
            FREEZER_REDIRECT_POLICY="error",
        )
        super().__init__(site, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self.failures: dict[str, str] = {}
        self._urls = urls
        self.register_generator(self._places)

    def _places(self) -> Iterator[tuple[str, dict[str, str]]]:
        for url in self._urls:
            yield "page", {"place": url[1:]}

    def _build_one(self, url: str, last_modified: object = None) -> Path:
        path = self.root / self.urlpath_to_filepath(url)
        if not path.resolve().is_relative_to(self.root):
            raise PublishError(f"页面 {url} 的地址指向发布目录之外。")
        try:
            return super()._build_one(url, last_modified)
        except (OSError, PublishError):
            raise  # the disk is no fault of the page
        except Exception as error:  # whatever a page trips over, the others go live
            log.exception("page %s could not be rendered", url)
            self.failures[url] = f"页面无法生成（{type(error).__name__}）"
            return path


def freeze(site: Flask, urls: list[str], tree: Path) -> dict[str, str]:
    """Write every address to its file below `tree`; return the pages that could not be rendered, with the reason.

    Raises: PublishError for an address outside the tree, or for two addresses on one file; OSError of the disk.
    """
    freezer = PageFreezer(site, urls, tree)
    seen: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error", FrozenFlaskWarning)
        for url, path in freezer.freeze_yield():
            other = seen.setdefault(str(path), url)
            if other != url:
                raise PublishError(f"页面 {url} 与 {other} 写入了同一个文件。")
    return freezer.failures
