"""How often somebody may try a password in vain; counted in the database, so that a restart forgives nothing."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from county.devices import Device
from county.officers import Officer, SignInAttempt
from database import db

WINDOW = timedelta(minutes=15)
TRIES = 10  # failures within the window that are still answered
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Try:
    """A try at a password, counted before the password is looked at."""

    login: str
    keys: tuple[str, ...]
    ids: tuple[int, ...]


def note_try(login: str, *, address: str, device: Device | None, at: datetime) -> Try:
    """Count a try. The caller commits before it is judged, so that of many at once none is overlooked."""
    db.session.execute(db.delete(SignInAttempt).where(SignInAttempt.at < at - FORGOTTEN_AFTER))
    keys = keys_of(login, address=address, device=device)
    rows = [SignInAttempt(key_hash=key, at=at) for key in keys]
    db.session.add_all(rows)
    db.session.flush()
    return Try(login, keys, tuple(row.id for row in rows))


def keys_of(login: str, *, address: str, device: Device | None) -> tuple[str, ...]:
    """What a try is counted under: the officer's own browser alone, or for any other the login and the address.

    Source: ASVS 5.0 6.3.1 (no malicious lock-out); OWASP device cookies.
    """
    officer_id = db.session.scalar(db.select(Officer.id).where(Officer.login == login))
    if device is not None and officer_id in device.officers:
        return (_hash(f"device:{device.name}:{officer_id}"),)
    return _hash(f"login:{login.lower()}"), _hash(f"address:{network_of(address)}")


def is_too_many(tried: Try, *, at: datetime) -> bool:
    """Whether this try is one more than are answered."""
    return any(_count(key, at) > TRIES for key in tried.keys)


def give_back(tried: Try) -> None:
    """Take a try out of the count: it was right, or it was not answered."""
    db.session.execute(db.delete(SignInAttempt).where(SignInAttempt.id.in_(tried.ids)))


def network_of(address: str) -> str:
    """The address whose tries are counted together: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def _count(key: str, at: datetime) -> int:
    within = db.select(db.func.count(SignInAttempt.id)).where(
        SignInAttempt.key_hash == key, SignInAttempt.at > at - WINDOW
    )
    return db.session.scalar(within) or 0


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
