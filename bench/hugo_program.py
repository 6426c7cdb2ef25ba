"""Hugo on the same documents: its site laid out, built, and changed."""

import json
import shutil
import subprocess
from pathlib import Path

from bench.measure import Measured
from bench.prepare import checked, python

TEMPLATES = Path(__file__).parent / "hugo"
PROGRAM = shutil.which("hugo")
MISSING = "Hugo is not installed: the comparison is missing (Debian, Ubuntu: apt install hugo)."


def version() -> str:
    """What the program says of itself."""
    if PROGRAM is None:
        return ""
    return subprocess.run([PROGRAM, "version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def lay_out(tree: Path, folder: Path) -> Path:
    """A site of Hugo in `folder`, still without documents; our release in `tree` gives what stands around every page."""
    shutil.copytree(TEMPLATES, folder)
    shutil.copytree(tree / "assets", folder / "static" / "assets")
    (folder / "data").mkdir()
    shutil.copy(tree / "assets" / "chrome.json", folder / "data")
    return folder


def fill(folder: Path, home: Path) -> None:
    """The documents of the installation in `home`, as content of a site of Hugo."""
    python("bench.hugo_content", str(folder), home=home)


def build(site: Path, destination: Path, *, with_memory: bool = False) -> Measured:
    """A full build, which is what Hugo does after every change."""
    address = json.loads((site / "data/chrome.json").read_text("utf-8"))["public_url"]
    command = [
        PROGRAM or "hugo",
        "--quiet",
        "--source",
        str(site),
        "--destination",
        str(destination),
        "--baseURL",
        address,
    ]
    return checked(command, site, folder=site, with_memory=with_memory)


def retitle(site: Path, document: int, mark: str) -> None:
    """Give one document another title."""
    file = site / "content" / "xxgk" / f"{document}.md"
    text = file.read_text("utf-8")
    front, end = json.JSONDecoder().raw_decode(text)
    front["title"] = mark + front["title"].rpartition("：")[2]
    file.write_text(json.dumps(front, ensure_ascii=False, indent=0) + text[end:], "utf-8")
