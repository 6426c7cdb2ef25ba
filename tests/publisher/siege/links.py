"""Following links in a static tree as a browser behind a web server does. Standard library only: readers start quickly."""

import html
import re
import zlib
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

HOME = "/"
ROOTS = (HOME, "/sitemap.xml", "/feed.xml", "/404.html")
PUBLIC_URL = "http://localhost"
TARGETS = re.compile(r"""\s(?:href|src)="([^"]*)"|<loc>([^<]*)</loc>""")
DYNAMIC = ("/svc/", "/admin/")
PAGES = (".html", ".xml")


def file_at(address: str) -> str:
    """The file that answers at an address."""
    path = unquote(address).lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def links_of(address: str, text: str) -> set[str]:
    """The addresses on this site that a page links to, loads, or lists."""
    if not file_at(address).endswith(PAGES):
        return set()
    found = set()
    for groups in TARGETS.findall(text):
        target = urljoin(PUBLIC_URL + address, html.unescape(groups[0] or groups[1]))
        if target == PUBLIC_URL or target.startswith(f"{PUBLIC_URL}/"):
            path = urlsplit(target).path or HOME
            if not path.startswith(DYNAMIC):
                found.add(path)
    return found


def plain(file: Path) -> bytes:
    """The bytes a web server sends for a file."""
    return file.read_bytes()


def unpacked(file: Path) -> bytes:
    """What a reader sees whose web server sends the compressed twin where there is one."""
    try:
        return zlib.decompress(file.with_name(f"{file.name}.gz").read_bytes(), wbits=31)
    except FileNotFoundError:
        return file.read_bytes()


def dangling(tree: Path) -> list[str]:
    """Every link of a tree at rest that leads to nothing, as `page -> target`."""
    faults, seen, todo = [], set(ROOTS), list(ROOTS)
    while todo:
        address = todo.pop()
        for target in sorted(links_of(address, unpacked(tree / file_at(address)).decode())):
            if not (tree / file_at(target)).is_file():
                faults.append(f"{address} -> {target}")
            elif target not in seen and target.endswith(("/", *PAGES)):
                seen.add(target)
                todo.append(target)
    return faults
