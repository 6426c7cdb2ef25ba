"""Where the tree can hold a page for an address of the site before this one."""

from urllib.parse import unquote, urlsplit

from publisher.order import TWIN_SUFFIXES

WEB_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml", ".jsp", ".asp", ".aspx", ".php", ".do")
LONGEST_NAME = 200  # bytes of one part of a path; file systems take 255


def place_of(old: str) -> str | None:
    """The address under which the tree can hold a page for an old address, or None.

    A name without a web suffix becomes a folder, so that no name is a file here and a folder there.
    """
    parts = urlsplit(old)
    path = unquote(parts.path, errors="replace")
    names = [name for name in path.split("/") if name]
    if parts.query or not names or not all(map(_is_fit, names)):
        return None
    if any(name.lower().endswith(WEB_SUFFIXES) for name in names[:-1]):
        return None
    joined = "/" + "/".join(names)
    return joined if names[-1].lower().endswith(WEB_SUFFIXES) else f"{joined}/"


def _is_fit(name: str) -> bool:
    return (
        not name.startswith(".")
        and name.isprintable()
        and "�" not in name
        and "\\" not in name
        and len(name.encode()) <= LONGEST_NAME
        and name not in ("index.html", "gone")
        and not name.lower().endswith(TWIN_SUFFIXES)  # a folder where the twin of a page has to stand
    )
