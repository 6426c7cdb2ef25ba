"""What a document's page itself says, apart from its neighbours and the frame of the site: what an approval is sealed by."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from content.addresses import document_address
from content.models import DisclosureEdition, Edition, EditionState
from content.rules import plain_text
from publisher.candidates import candidates_of
from publisher.chrome import chrome_of, read_assets
from publisher.disclosure_pages import DocumentView
from publisher.errors import PublishError
from publisher.page import Page
from publisher.pages import page_at
from publisher.service_pages import ItemView
from publisher.site import Press
from publisher.source import Source
from publisher.trees import Place

MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
OF_NEIGHBOURS: dict[
    type[Any], dict[str, Any]
] = {  # what others put on the page, and what publishing fills in
    DocumentView: {"older": None, "newer": None, "relations": (), "outcomes": (), "versions": ()},
    ItemView: {"questions": (), "results": (), "results_total": 0, "results_url": ""},
}
MOST_NAMED = 3
MOST_LINES = 500  # of a page, by which what changed can be named


@dataclass(frozen=True)
class OwnPage:
    """The page of one document: its text, its files, and who can see it, each as one value to be compared."""

    text: str
    files: tuple[tuple[str, str, str], ...]  # name, registered hash, hash of the bytes as they lie there
    visibility: tuple[tuple[str, str], ...]

    def seal(self) -> dict[str, Any]:
        """Digests to be kept with an approval, and short ones of each line, by which a change can be named."""
        lines = [_hash(line)[:10] for line in self.lines()]
        parts = {"page": self.text, "files": self.files, "visibility": self.visibility}
        found = {name: _hash(json.dumps(part, ensure_ascii=False)) for name, part in parts.items()}
        return {
            **found,
            "digest": _hash(json.dumps(found)),
            "lines": lines if len(lines) <= MOST_LINES else [],
        }

    def lines(self) -> list[str]:
        """The readable text, line by line."""
        return [line.strip() for line in plain_text(self.text).splitlines() if line.strip()]

    def new_lines(self, seal: dict[str, Any]) -> Iterator[str]:
        """Lines that were not on the page that was sealed; none where that was too long to be kept line by line."""
        known = set(seal.get("lines", ()))
        return (line for line in self.lines() if known and _hash(line)[:10] not in known)


def own_page(place: Place, edition: Edition, *, at: datetime) -> OwnPage:
    """The own page of an edition as publishing it at this moment would make it; the moment itself is not part of it.

    Raises: PublishError if no page can be made of it.
    """
    source = Source({edition.document_id}, candidates=candidates_of({edition.document_id: edition.id}, at))
    source.load_heads([edition.document_id])
    source.load_bodies({edition.document_id})
    address = document_address(edition.kind, edition.document_id)
    page = page_at(source, address)
    if page is None or type(page.view) not in OF_NEIGHBOURS:
        raise PublishError(source.unreadable.get(edition.document_id, "页面不能生成"))
    site = source.surroundings.site
    press = Press(chrome_of(site, place.public_url, read_assets(site)))
    text = press.text_of(_alone(page))
    assert isinstance(text, str)  # noqa: S101 - for the type checker: made by a template
    found = MAIN.search(text)
    said = [
        page.title,
        page.description,
        *(f"{name}={value}" for name, value in page.detail if name != "PubDate"),
    ]
    return OwnPage("\n".join([*said, found[1] if found else text]), tuple(_files(page, place.upload_folder)),
                   tuple(_visibility(edition, page)))  # fmt: skip


def seal_again(place: Place, edition: Edition) -> dict[str, Any]:
    """The seal of an edition's page as it would be now, for the moment of its approval, with lines that are new.

    Raises: PublishError if no page can be made of it; ValueError for an edition that was not sealed.
    """
    if edition.approved_plan is None:
        raise ValueError(f"edition {edition.id} was approved without a seal")
    page = own_page(place, edition, at=datetime.fromisoformat(edition.approved_plan["at"]))
    return page.seal() | {
        "new_lines": list(itertools.islice(page.new_lines(edition.approved_plan), MOST_NAMED))
    }


def _alone(page: Page) -> Page:
    """The page without what others put on it, its number and the minute: a number once given stays, a minute passes."""
    item = page.view.item
    number = {"number": ""} if hasattr(item, "number") else {"code": ""}
    item = replace(item, published_minute="", **number)
    return replace(page, view=replace(page.view, item=item, **OF_NEIGHBOURS[type(page.view)]))


def _files(page: Page, uploads: Path) -> Iterator[tuple[str, str, str]]:
    for file in page.files:
        path = uploads / file.stored_name
        there = ""
        if path.is_file():
            with path.open("rb") as stream:
                there = hashlib.file_digest(stream, "sha256").hexdigest()
        yield file.name, file.sha256, there


def _visibility(edition: Edition, page: Page) -> Iterator[tuple[str, str]]:
    document = edition.document
    yield "address", page.url
    yield "indexed", str(page.is_indexed)
    yield "live before", str(any(one.state is EditionState.PUBLISHED for one in document.editions))
    yield "withdrawn", str(document.withdrawn_at)
    yield "expires", edition.expires_at.isoformat() if edition.expires_at else ""
    if isinstance(edition, DisclosureEdition):
        yield "mode", edition.mode.value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
