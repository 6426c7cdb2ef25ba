"""Tickets (办理凭据): a form carries one, signed and dated; what comes back with the same one is the same application."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from county.keys import Keyring

LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Ticket:
    """A ticket that was read: for which item, its nonce, and when its form was opened."""

    item_code: str
    nonce: str
    issued_at: datetime

    def is_expired(self, at: datetime) -> bool:
        return not self.issued_at <= at + timedelta(minutes=1) <= self.issued_at + LASTS


def issue(item_code: str, *, keyring: Keyring, at: datetime) -> str:
    """A new ticket for the form of this item."""
    return _signer(keyring).dumps([item_code, secrets.token_urlsafe(18), int(at.timestamp())])


def read(text: str, *, keyring: Keyring) -> Ticket | None:
    """The ticket, or None if we did not sign it."""
    try:
        item_code, nonce, issued = _signer(keyring).loads(text)
    except BadData:
        return None
    return Ticket(item_code, nonce, datetime.fromtimestamp(issued, UTC))


def _signer(keyring: Keyring) -> URLSafeSerializer:
    return URLSafeSerializer(keyring.derive("endpoint ticket"), salt="apply")
