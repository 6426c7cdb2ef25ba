"""What a web server says about a file of the tree: one rule for the door `site`, for nginx and for S3 storage."""

from pathlib import PurePosixPath

from publisher.old_addresses import WEB_SUFFIXES

TYPES = {  # the host's own table differs from machine to machine
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wps": "application/vnd.ms-works",
    ".ofd": "application/ofd",
    **dict.fromkeys(WEB_SUFFIXES, "text/html; charset=utf-8"),  # at an address of the site before this one
}
UNKNOWN_TYPE = "application/octet-stream"
FEED = "feed.xml"
FEED_TYPE = "application/atom+xml; charset=utf-8"
HASHED, ATTACHED = "assets/", "files/"
CHROME = "assets/chrome.json"
SHOWN_INLINE = (".pdf", ".txt", ".png", ".jpg", ".jpeg", ".gif", ".webp")  # of attachments

IMMUTABLE = f"public, max-age={365 * 24 * 3600}, immutable"
ONE_DAY = f"public, max-age={24 * 3600}"  # a file that was withdrawn must leave the caches
ASKED_ANEW = "public, max-age=0, must-revalidate"
NEVER_KEPT = "no-store"

SECURITY = {  # the same as the application sends; tests/publisher/test_nginx.py holds them together
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `same-origin` would make the forms of the static pages arrive with "Origin: null".
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000"


def content_type(path: str) -> str:
    """The type of the file at this place of the tree."""
    return FEED_TYPE if path == FEED else TYPES.get(_suffix(path), UNKNOWN_TYPE)


def cache_control(path: str) -> str:
    """What is named by its hash never changes; a page is asked for anew each time and answered with 304."""
    if path.startswith(ATTACHED):
        return ONE_DAY
    return IMMUTABLE if path.startswith(HASHED) and path != CHROME else ASKED_ANEW


def is_offered_for_download(path: str) -> bool:
    """Whether a browser is to save the file instead of showing it: an attachment that it might run."""
    return path.startswith(ATTACHED) and _suffix(path) not in SHOWN_INLINE


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
