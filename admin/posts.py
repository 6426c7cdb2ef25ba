"""Which steps of a review an officer decides: by roles of his own, and in the place of those whose deputy he is."""

from typing import Any

from flask import g
from sqlalchemy import Select

from admin.signed_in import now
from content import reviews
from content.models import Edition
from county.calendar import county_day
from county.deputies import stood_in_for
from county.officers import REVIEWING, Officer, organs_with_role
from database import db


def principals(officer: Officer) -> list[Officer]:
    """Those in whose place the officer may decide today, asked of the database once a request."""
    known: dict[int, list[Officer]] = g.setdefault("stood_in_for", {})
    if officer.id not in known:
        known[officer.id] = stood_in_for(officer, county_day(now()))
    return known[officer.id]


def posts_of(officer: Officer) -> reviews.Posts:
    """The reviewing roles the officer decides by, with the organs they are held for."""
    known: dict[int, reviews.Posts] = g.setdefault("posts", {})
    if officer.id not in known:
        known[officer.id] = [
            (role, organs)
            for person in (officer, *principals(officer))
            for role in REVIEWING
            if (organs := organs_with_role(person, role)) is None or organs
        ]
    return known[officer.id]


def may_decide(officer: Officer, edition: Edition) -> bool:
    """Whether the step at which the edition stands is his, or that of somebody whose deputy he is."""
    role, organ = reviews.post_of(edition)
    return any(role is held and (organs is None or organ in organs) for held, organs in posts_of(officer))


def on_behalf_of(officer: Officer, edition: Edition) -> Officer | None:
    """The one in whose place the officer decides; None where the step is his own."""
    if reviews.holds_post(officer, edition):
        return None
    return next((one for one in principals(officer) if reviews.holds_post(one, edition)), None)


def reviewed_elsewhere(officer: Officer) -> Select[Any] | None:
    """Ids of documents the officer reviews for organs he has no part in otherwise; None where there are none."""
    documents = reviews.documents_before(posts_of(officer))
    return documents if db.session.scalar(documents.limit(1)) is not None else None
