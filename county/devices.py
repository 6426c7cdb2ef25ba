"""Known browsers (可信浏览器): a sealed cookie of one in which an officer has signed in, so that strangers cannot lock him out."""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from county.keys import Keyring, SealBrokenError

PLACE = "device.cookie"
LASTS = timedelta(days=180)
MOST_OFFICERS = 12  # who share one computer at a counter


@dataclass(frozen=True)
class Device:
    """A browser: a random name, and the ids of the officers who have signed in with it, the last one last.

    Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies"; ASVS 5.0 6.3.1.
    """

    name: str
    officers: tuple[int, ...] = ()

    @classmethod
    def new(cls) -> Self:
        return cls(secrets.token_urlsafe(16))

    @classmethod
    def unseal(cls, text: str, *, keyring: Keyring, at: datetime) -> Self | None:
        """The browser this cookie names; None when we did not make it, or too long ago."""
        try:
            name, officers, since = json.loads(keyring.unseal(base64.urlsafe_b64decode(text), PLACE))
        except (SealBrokenError, binascii.Error, ValueError):
            return None
        is_old = at - datetime.fromisoformat(since) > LASTS
        return None if is_old else cls(name, tuple(officers))

    def seal(self, *, keyring: Keyring, at: datetime) -> str:
        """The cookie's text."""
        text = json.dumps([self.name, self.officers, at.isoformat()])
        return base64.urlsafe_b64encode(keyring.seal(text, PLACE)).decode()

    def used_by(self, officer_id: int) -> Self:
        """The same browser after this officer has signed in."""
        others = tuple(known for known in self.officers if known != officer_id)
        return replace(self, officers=(*others, officer_id)[-MOST_OFFICERS:])
