"""Addresses of the site before this one (原网址): what may be taken over, and the one form in which it is kept."""

import posixpath
import re
from urllib.parse import quote, unquote

from content.errors import Fault
from content.rules.text import without_controls

FIELD = "old_addresses"
LONGEST = 500  # characters, as kept
HOST = re.compile(r"https?://[^/?#\\]+(?=(.?))", re.IGNORECASE)
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\\]")
AS_IT_IS = "/%?&=:;,@!$'()*+~[]"
OWN_FOLDERS = {
    "xxgk",
    "zwfw",
    "hudong",
    "dzjc",
    "svc",
    "admin",
    "assets",
    "files",
    "healthz",
    "readyz",
    "metrics",
}
OWN_FILES = {"", "index.html", "map.html", "404.html", "feed.xml", "robots.txt"}


def read_old_address(text: str) -> str:
    """Return path and query of an old address, percent-encoded; of a whole web address what follows the host.

    Source: decisions, addresses (redirects only for old addresses taken over at import); standards §11 (no redirect
    that an outsider can bend).
    Raises: Fault saying what is wrong.
    """
    shown = _shown(text)
    address = _after_host(text.strip(" \t\r\n\u3000")).partition("#")[0]
    if not address.startswith("/") or address.startswith("//"):
        raise Fault(f"原网址“{shown}”应以 / 开头，或是 http://、https:// 开头的完整网址。", FIELD)
    if UNSEEN.search(address) or UNSEEN.search(unquote(address)):
        raise Fault(f"原网址“{shown}”含有空格、反斜杠或不可见的字符，请删除。", FIELD)
    if ".." in unquote(address):
        raise Fault(f"原网址“{shown}”含有“..”，请改为完整的路径。", FIELD)
    address = _encoded(address, shown)
    if len(address) > LONGEST:
        raise Fault(
            f"原网址“{shown}”编码后共{len(address)}个字符，超过了{LONGEST}个的上限，不能登记。", FIELD
        )
    if _is_ours(unquote(address.partition("?")[0])):
        raise Fault(f"原网址“{shown}”与本网站自己的地址相同，不能作为原网址。", FIELD)
    return address


def _after_host(text: str) -> str:
    host = HOST.match(text)
    if host is None:
        return text
    return text[host.end() :] if host[1] == "/" else f"/{text[host.end() :]}"


def _encoded(address: str, shown: str) -> str:
    """The address as a server sees it: one way of writing it; of an escape beyond ASCII the character set is its own."""
    if any(found[1] is None for found in ESCAPE.finditer(address)):
        raise Fault(f"原网址“{shown}”的百分号编码不完整，请检查“%”后面的两位。", FIELD)
    path, mark, query = address.partition("?")
    address = re.sub(r"/(?:\.?/)+", "/", path) + mark + query
    try:
        return quote(ESCAPE.sub(_plainest, address), safe=AS_IT_IS)
    except UnicodeEncodeError:
        raise Fault(f"原网址“{shown}”含有残缺的字符，请重新填写。", FIELD) from None


def _plainest(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if UNRESERVED.match(letter) else escape[0].upper()


def _is_ours(path: str) -> bool:
    first, _, rest = posixpath.normpath(path).strip("/").partition("/")
    is_file = not rest and (first in OWN_FILES or first.startswith("sitemap"))
    return first in OWN_FOLDERS or is_file


def _shown(text: str) -> str:
    short = text if len(text) <= 60 else f"{text[:60]}…"
    return re.sub(r"\s", " ", without_controls(short.encode(errors="replace").decode()))
