"""A live tree in the small, to be deployed."""

import gzip
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import brotli

from publisher.deploy import DeployOptions, DeployReport, TreeFile, deploy

COUNTY = {
    "index.html": "<a href=/xxgk/>信息公开</a><a href=/xxgk/1/>公告</a><link href=/assets/site.01234567.css>",
    "xxgk/index.html": "<a href=/xxgk/c/gfxwj/>规范性文件</a>",
    "xxgk/c/gfxwj/index.html": "<a href=/xxgk/1/>一</a><a href=/xxgk/2/>二</a>",
    "xxgk/1/index.html": "<a href=/xxgk/c/gfxwj/>规范性文件</a><a href=/files/ab/abcd.docx>附件</a>",
    "xxgk/2/index.html": "<a href=/xxgk/c/gfxwj/>规范性文件</a>",
    "files/ab/abcd.docx": "word",
    "assets/site.01234567.css": "a{color:blue}",
    "assets/chrome.json": '{"site.css": "/assets/site.01234567.css"}',
    "404.html": "<h1>没有找到</h1>",
    "feed.xml": "<feed/>",
}
# A new document in a new channel, a withdrawal, a new style sheet.
LATER = {
    **{path: text.replace("01234567", "89abcdef") for path, text in COUNTY.items() if "01234567" not in path},
    "assets/site.89abcdef.css": "a{color:navy}",
    "xxgk/index.html": "<a href=/xxgk/c/gfxwj/>规范性文件</a><a href=/xxgk/c/bmwj/>部门文件</a>",
    "xxgk/c/gfxwj/index.html": "<a href=/xxgk/2/>二</a>",
    "xxgk/c/bmwj/index.html": "<a href=/xxgk/3/>三</a>",
    "xxgk/2/index.html": "<a href=/xxgk/c/bmwj/>现属部门文件</a>",
    "xxgk/3/index.html": "<a href=/xxgk/c/bmwj/>部门文件</a>",
    "index.html": "<a href=/xxgk/>信息公开</a><a href=/xxgk/3/>新</a><link href=/assets/site.89abcdef.css>",
}
del LATER["xxgk/1/index.html"], LATER["files/ab/abcd.docx"]


class LiveTree:
    """A tree as the publisher leaves it: files replaced by renaming, compressed twins beside the pages."""

    def __init__(self, folder: Path, files: Mapping[str, str | bytes] = COUNTY):
        self.folder = folder
        folder.mkdir(parents=True)
        self.become(files)

    def become(self, files: Mapping[str, str | bytes]) -> None:
        """Hold these files and no others."""
        for path in self.paths() - {*files, *(path + end for path in files for end in (".gz", ".br"))}:
            (self.folder / path).unlink()
        for folder in sorted(self.folder.rglob("*"), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        for path, text in files.items():
            self.put(path, text)

    def put(self, path: str, text: str | bytes, *, twins: bool = True) -> None:
        content = text.encode() if isinstance(text, str) else text
        if (self.folder / path).is_file() and (self.folder / path).read_bytes() == content:
            return
        self.drop_twins(path)
        replace(self.folder / path, content)
        if twins and path.endswith((".html", ".css", ".xml", ".json")):
            replace(self.folder / (path + ".gz"), gzip.compress(content, mtime=0))
            replace(self.folder / (path + ".br"), brotli.compress(content))

    def drop_twins(self, path: str) -> None:
        for ending in (".gz", ".br"):
            (self.folder / (path + ending)).unlink(missing_ok=True)

    def paths(self) -> set[str]:
        return set(contents(self.folder))

    def files(self) -> list[TreeFile]:
        """What the publisher's manifest says."""
        found = contents(self.folder)
        return [
            TreeFile(path, hashlib.sha256(content).hexdigest(), len(content))
            for path, content in sorted(found.items())
            if not (path.endswith((".gz", ".br")) and path[:-3] in found)
        ]


def replace(file: Path, content: bytes) -> None:
    """Other bytes in the place of these, in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}")
    fresh.write_bytes(content)
    os.replace(fresh, file)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder that readers may see."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    }


def deployed(tree: LiveTree, target: str, options: DeployOptions, **given) -> DeployReport:
    """One deploy of the tree as it is."""
    given = {"files": tree.files(), "release": "r", "dry_run": False, **given}
    return deploy(tree.folder, given.pop("files"), target, options=options, **given)


def broken_links(files: Mapping[str, bytes], start: Iterable[str] = ("index.html",)) -> list[tuple[str, str]]:
    """Page and address of each link to nothing that a reader meets who begins on one of these pages and follows links.

    The endpoint reads its names of assets from a file: that counts as a page of links as well.
    """
    found, seen, waiting = [], set[str](), [path for path in start if path in files]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for link in re.findall(rb"(?:href=|\": \")/([^ >\"]*)", files[path]):
            named = link.decode()
            leads_to = named + "index.html" if not named or named.endswith("/") else named
            if leads_to not in files:
                found.append((path, named))
            elif leads_to not in seen:
                waiting.append(leads_to)
    return found


def stale_twins(files: Mapping[str, bytes]) -> list[str]:
    """Compressed twins that do not hold what their file holds."""
    undo = {".gz": gzip.decompress, ".br": brotli.decompress}
    return [
        path
        for path, content in files.items()
        if path.endswith((".gz", ".br")) and files.get(path[:-3]) != undo[path[-3:]](content)
    ]
