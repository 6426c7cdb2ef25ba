"""What is looked at before a request is answered, and what every answer carries."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Response, abort, request

from installation import settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TRUSTED_SITES = ("same-origin", "same-site", "none")


def is_ours() -> bool:
    """Whether the request is for the endpoint."""
    return request.path.startswith("/svc/")


def limit_body(max_bytes: int) -> Callable[[], None]:
    """A guard that answers 413 to a body of more than `max_bytes`."""

    def limit() -> None:
        request.max_content_length = request.max_form_memory_size = max_bytes
        request.max_form_parts = 100

    return limit


def refuse_foreign_forms() -> None:
    """Refuse a form that another site's page sends.

    Public forms have no session that could be ridden on, but nobody is to be made to file an application by a
    link. Browsers say where a form comes from; programs that say nothing still need the signed ticket.
    """
    if request.method not in SAFE_METHODS and not _comes_from_us():
        abort(403)


def keep_out_of_caches(response: Response) -> Response:
    """Nothing of the endpoint stays in a cache or in a search engine, unless the view said otherwise."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Robots-Tag", "noindex")
    return response


def _comes_from_us() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in TRUSTED_SITES
    if origin is None:
        return True
    return urlsplit(origin).netloc in (request.host, urlsplit(settings().public_url).netloc)
