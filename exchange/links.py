"""Relations between disclosures in rows: the id or index number of the other, or a list of them."""

import re

from content.models import DisclosureEdition, Document
from content.operations import LINKS, met
from database import db
from exchange.run import Run
from exchange.values import Reader

SEPARATORS = re.compile(r"[\r\n;；、]+")


def targets_in(reader: Reader, run: Run) -> dict[str, list[int | str]]:
    """The relations a row names, by their kind. What is still to come is kept by its key.

    Raises: UnreadableValueError for what is no key.
    """
    found: dict[str, list[int | str]] = {}
    for name in LINKS:
        if name in reader:
            keys = reader.parts(name, SEPARATORS)
            if not all(isinstance(key, str) for key in keys):
                raise reader.refuse(name, "应为其他信息的编号或索引号，每行一个。")
            found[name] = [_own(key, run) or key for key in keys]
    return found


def differ(edition: DisclosureEdition, name: str, given: list[int | str]) -> bool:
    """Whether a row names other documents than the edition does."""
    return met(edition.targets(LINKS[name]), name) != met(given, name)


def exported(edition: DisclosureEdition, site_code: str) -> dict[str, list[str]]:
    """The relations of an edition in the form the import reads."""
    found: dict[str, list[str]] = {name: [] for name in LINKS}
    for link in edition.links:
        target = db.session.get(Document, link.target_id) if link.target_id else None
        key = (target.foreign_id or f"{site_code}:{target.id}") if target else link.target_key
        found[link.kind.value].append(key)
    return found


def _own(key: str, run: Run) -> int | None:
    """The id of a document of ours that has no key of its own."""
    own = re.fullmatch(rf"{re.escape(run.site_code)}:(\d{{1,9}})", key) if run.site_code else None
    document = db.session.get(Document, int(own[1])) if own else None
    return document.id if document and not document.foreign_id else None
