"""Preview links: a page as it would be published, for a reader without an account, for some days, as long as it stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, render_template
from itsdangerous import BadData, URLSafeTimedSerializer

import publisher
from admin.publication import site_place
from admin.signed_in import PATH, now
from content.models import Edition, EditionState
from database import db
from installation import keyring, settings

DAYS = range(1, 8)
DAYS_AT_FIRST = 3
SHARED = (
    EditionState.DRAFT,
    EditionState.SUBMITTED,
    EditionState.RETURNED,
    EditionState.APPROVED,
    EditionState.PUBLISHED,
)
preview_pages = Blueprint("previews", __name__, url_prefix=PATH)


@dataclass(frozen=True)
class PreviewLink:
    """An address to hand on, and the moment from which it leads nowhere."""

    address: str
    expires_at: datetime


def link_to(edition: Edition, days: int, *, at: datetime) -> PreviewLink:
    """A link to the edition as it is now, good for so many days. It says nothing but ids; only we can have made it."""
    token = _serializer().dumps([edition.id, edition.version, days])
    return PreviewLink(f"{settings().public_url}{PATH}/preview/{token}", at + timedelta(days=days))


def moment_of(edition: Edition, at: datetime) -> datetime:
    """When the edition went live, or is to, or would if somebody published it at this moment."""
    if edition.state is EditionState.PUBLISHED and edition.published_at:
        return edition.published_at
    return max(edition.publish_at or at, at)


@preview_pages.get("/preview/<token>")
def open_link(token: str) -> Response:
    """The page behind a link. Expired, overtaken and forged links all get the same answer."""
    edition = _edition_of(token)
    if edition is None:
        return _nothing()
    try:
        page = publisher.preview(site_place(), edition, at=moment_of(edition, now()))
    except publisher.PublishError:
        return _nothing()
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _edition_of(token: str) -> Edition | None:
    try:
        longest = timedelta(days=DAYS[-1]).total_seconds()
        (key, version, days), made_at = _serializer().loads(
            token, max_age=int(longest), return_timestamp=True
        )
    except BadData:
        return None
    edition = db.session.get(Edition, key)
    if edition is None or edition.version != version or edition.state not in SHARED:
        return None
    return edition if now() < made_at + timedelta(days=days) else None


def _nothing() -> Response:
    return make_response(render_template("office/no_preview.html"), 404)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keyring().derive("preview links"), salt="edition")
