"""Giving documents their numbers: by the rule in force, once."""

import itertools
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from content import rules
from content.errors import NumberFrozenError, NumberTakenError
from content.models import (
    CodingRule,
    DisclosureEdition,
    Document,
    DocumentKind,
    Edition,
    NumberSeries,
    ServiceEdition,
)
from content.operations.linking import meet_links
from content.rules import NumberFacts
from content.rules.coding import PatternError
from county import ledger
from county.calendar import county_day
from county.organs import Organ
from database import db


def assign_number(edition: Edition, *, by: int | None, at: datetime) -> str:
    """Give the edition's document its index number or item code, unless it has one (B-15, A-02).

    Raises: PatternError when no rule is set or the organ lacks what the rule needs.
    """
    document = edition.document
    if document.number:
        return document.number
    pattern = _pattern_in_force(document.site_id, document.kind)
    facts = _facts(edition, at)
    while True:
        front, _ = rules.front_and_number(pattern, facts, 0)
        _, number = rules.front_and_number(pattern, facts, _next_serial(f"{document.kind.value}:{front}"))
        if not _is_taken(document.kind, number):  # a number that came by import may lie in the way
            break
    document.number = number
    ledger.record("number", document, by=by, at=at, details={"number": number})
    db.session.flush()
    return number


def number_fault(edition: Edition, *, at: datetime) -> PatternError | None:
    """What would keep the edition's document from being given a number; None when nothing does."""
    if edition.document.number:
        return None
    try:
        rules.front_and_number(
            _pattern_in_force(edition.document.site_id, edition.document.kind), _facts(edition, at), 1
        )
    except PatternError as fault:
        return fault
    return None


def number_ahead(edition: Edition, *, at: datetime) -> str | None:
    """The number the edition's document has, or the one it would be given now; None while it can have none.

    Nothing is taken from the series: of two documents that ask, the one approved first gets the number.
    """
    document = edition.document
    if document.number:
        return document.number
    try:
        pattern, facts = _pattern_in_force(document.site_id, document.kind), _facts(edition, at)
        front, _ = rules.front_and_number(pattern, facts, 0)
        series = db.select(NumberSeries.last).where(NumberSeries.front == f"{document.kind.value}:{front}")
        for serial in itertools.count((db.session.scalar(series) or 0) + 1):
            _, number = rules.front_and_number(pattern, facts, serial)
            if not _is_taken(document.kind, number):
                return number
    except PatternError:
        return None


def keep_number(document: Document, number: str, *, by: int | None, at: datetime) -> None:
    """Keep a number that was given elsewhere.

    Raises: NumberFrozenError when it has another; NumberTakenError when another document has this one;
    PatternError when it cannot be a number.
    """
    if document.number == number:
        return
    if document.number:
        raise NumberFrozenError(document.number)
    rules.check_kept_number(number, document.kind)
    if _is_taken(document.kind, number):
        raise NumberTakenError(number)
    document.number = number
    meet_links(document, number, at=at)
    ledger.record("number", document, by=by, at=at, details={"number": number, "kept": True})
    db.session.flush()


def _is_taken(kind: DocumentKind, number: str) -> bool:
    return bool(
        db.session.scalar(db.select(Document.id).where(Document.kind == kind, Document.number == number))
    )


def _pattern_in_force(site_id: int, kind: DocumentKind) -> str:
    rule = db.session.scalar(
        db.select(CodingRule).where(
            CodingRule.site_id == site_id, CodingRule.kind == kind, CodingRule.is_active
        )
    )
    if rule is None:
        raise PatternError("没有启用的编码规则，请系统管理员在“编码规则”中启用一条。", "number")
    return rule.pattern


def _next_serial(front: str) -> int:
    """Take the next serial of a series in one statement, so that two at once never get the same."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(NumberSeries).values(front=front, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberSeries.front], set_={"last": NumberSeries.last + 1}
    )
    return db.session.execute(statement.returning(NumberSeries.last)).scalar_one()


def _facts(edition: Edition, at: datetime) -> NumberFacts:
    organ = edition.document.organ
    today = county_day(at)
    day = (edition.published_on or today) if isinstance(edition, DisclosureEdition) else today
    return NumberFacts(
        organ_name=organ.name,
        region_code=organ.region.code if organ.region else _inherited(organ, "region_code"),
        letters=_inherited(organ, "letters"),
        subject_code=_inherited(organ, "subject_code"),
        uscc=_inherited(organ, "uscc"),
        category=edition.item_category if isinstance(edition, ServiceEdition) else None,
        produced_on=day,
    )


def _inherited(organ: Organ | None, name: str) -> str | None:
    """A section numbers under the organ it belongs to."""
    while organ is not None:
        value = (
            (organ.region.code if organ.region else None) if name == "region_code" else getattr(organ, name)
        )
        if value:
            return value
        organ = organ.parent
    return None
