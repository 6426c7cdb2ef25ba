"""How often somebody may ask in vain."""

import ipaddress
from datetime import timedelta

LOOK_UP_WINDOW = timedelta(minutes=15)
TRIES_PER_SUBJECT = 10
TRIES_PER_ADDRESS = 60  # a town hall or a village may sit behind one address


def address_group(address: str) -> str:
    """The address whose tries are counted together: an IPv4 address, or the /64 network of an IPv6 one.

    Source: ASVS 2.4.1; a household is given a /64 and could try from each of its addresses.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))


def may_look_up(*, misses_of_subject: int, misses_of_address: int, secret_is_strong: bool) -> bool:
    """Whether a look-up may still be answered after so many misses within the window.

    A query code of 80 bits cannot be guessed, so misses of others never lock out who holds it, whether they
    aim at the same number or come from the same address: a town hall, or a proxy nobody told us of.
    Source: D-10a; ASVS 6.3.1 (throttling without malicious lock-out).
    """
    if secret_is_strong:
        return True
    return misses_of_address < TRIES_PER_ADDRESS and misses_of_subject < TRIES_PER_SUBJECT
