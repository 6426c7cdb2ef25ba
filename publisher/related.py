"""What stands beside a disclosure: what it interprets, answers or replaces, and what does so to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from content.models import LinkKind
from county.calendar import county_day
from publisher.facts import DisclosureHead
from publisher.source import Source

FORWARD = {
    LinkKind.INTERPRETS: "解读的文件",
    LinkKind.OUTCOME_OF: "征求意见稿",
    LinkKind.REPLACES: "本文件废止、替代的文件",
}
BACKWARD = {
    LinkKind.INTERPRETS: "政策解读",
    LinkKind.OUTCOME_OF: "征集结果反馈",
    LinkKind.REPLACES: "废止、替代本文件的文件",
}


@dataclass(frozen=True)
class Relation:
    """Documents that stand in one relation to the one at hand."""

    name: str
    documents: tuple[DisclosureHead, ...]


@dataclass(frozen=True)
class Version:
    """An edition that was public before (历次版本)."""

    number: int
    published_on: date


def related(source: Source, item: DisclosureHead) -> tuple[Relation, ...]:
    """The shown documents related to one, by relation: first what others say of it, then what it says of others."""
    rows = source.relations.of(item.id)
    found: dict[str, dict[int, DisclosureHead]] = {}
    for kind, name in BACKWARD.items():
        for row in rows:
            if row.kind is kind and row.target_id == item.id:
                _put(found, name, _shown(source, row.document_id, row.edition_id))
    for kind, name in FORWARD.items():
        for row in rows:
            if row.kind is kind and row.edition_id == item.edition_id:
                _put(found, name, _shown(source, row.target_id))
    return tuple(Relation(name, tuple(heads.values())) for name, heads in found.items())


def outcomes(relations: Iterable[Relation]) -> tuple[DisclosureHead, ...]:
    """Of the relations of a consultation, what is shown as its outcome."""
    name = BACKWARD[LinkKind.OUTCOME_OF]
    return next((each.documents for each in relations if each.name == name), ())


def linked(source: Source, document: int) -> Iterator[int]:
    """Documents whose pages show this one, now or before."""
    head, before = source.head(document), source.shown_before.get(document)
    own = {before, head.edition_id if head else None}
    for row in source.relations.of(document):
        if row.document_id == document:
            if row.edition_id in own:
                yield row.target_id
        elif _shown(source, row.document_id, row.edition_id):
            yield row.document_id


def versions(source: Source, item: DisclosureHead) -> tuple[Version, ...]:
    """The editions before the one shown, newest first, and when each went public.

    Their dates only: a correction is often the reason for a new edition, and then the old text must not stay.
    """
    past = source.relations.past(item.id, item.edition_id)
    return tuple(
        Version(number, county_day(row.published_at)) for number, row in reversed(list(enumerate(past, 1)))
    )


def _shown(source: Source, document: int, edition: int | None = None) -> DisclosureHead | None:
    """A document's head, if it is shown, and in this edition if one is named."""
    head = source.head(document)
    if not isinstance(head, DisclosureHead) or (edition is not None and head.edition_id != edition):
        return None
    return head


def _put(found: dict[str, dict[int, DisclosureHead]], name: str, head: DisclosureHead | None) -> None:
    if head is not None:
        found.setdefault(name, {})[head.id] = head
