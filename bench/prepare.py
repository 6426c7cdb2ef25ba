"""An installation for each corpus, filled through the real import once and copied for every measurement.

It lies in `build/bench/<corpus>/`: `rows/` the files of the import, `home/` the installation as the import left it, `index/` a
search index once one was built, `prepared.json` what the import took. It is made anew when the corpus, the migrations or the code
that makes it have changed.
"""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import words
from bench.measure import Measured, run

ROOT = Path(__file__).parent.parent
KINDS = ("organs", "channels", "disclosures", "services")
MADE_BY = (
    "migrations",
    *(f"bench/{name}.py" for name in ("corpus", "existing", "guides", "speech", "structure", "words")),
)


class BenchError(Exception):
    """Something the benchmarks need did not work; the message says what."""


@dataclass(frozen=True)
class Prepared:
    """Where an installation lies that can be copied, and what filling it took."""

    name: str
    folder: Path
    items: int
    imports: dict[str, dict[str, float]]  # by kind: rows, wall_s, cpu_s, peak_mib

    @property
    def home(self) -> Path:
        return self.folder / "home"


def prepare(name: str, place: Path, *, count: int = 0, source: Path | None = None) -> Prepared:
    """The installation of a corpus: of `count` made-up items, or of the corpus in the folder `source`."""
    folder = place / name
    record = folder / "prepared.json"
    wanted = fingerprint(str(count) if source is None else _listing(source))
    known = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    if known.get("fingerprint") != wanted:
        say(f"{name}: preparing an installation; this takes about {15 * max(count, 1) // 1000} s, once")
        shutil.rmtree(folder, ignore_errors=True)
        known = {"fingerprint": wanted, **_fill(folder, count, source)}
        record.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    return Prepared(name, folder, known["items"], known["imports"])


def fingerprint(corpus: str) -> str:
    """What an installation depends on, as a hash."""
    digest = hashlib.sha256(corpus.encode())
    for made_by in MADE_BY:
        files = sorted((ROOT / made_by).rglob("*")) if (ROOT / made_by).is_dir() else [ROOT / made_by]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _listing(source: Path) -> str:
    return "\n".join(
        f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in sorted(source.rglob("*.md"))
    )


def _fill(folder: Path, count: int, source: Path | None) -> dict[str, Any]:
    rows, home = folder / "rows", folder / "home"
    maker = (
        ["bench.corpus", str(count), str(rows)]
        if source is None
        else ["bench.existing", str(source), str(rows)]
    )
    python(*maker)
    flask(home, "db", "upgrade")
    flask(home, "county", "init", words.COUNTY, words.COUNTY_CODE)
    imports = {}
    for kind in KINDS:
        file = rows / f"{kind}.jsonl"
        took = flask(
            home, "exchange", "import", kind, str(file), "--state", "published", "--json", with_memory=True
        )
        report = json.loads(took.output)
        if report["refused"] or report["drafts"]:
            raise BenchError(
                f"{kind}: {len(report['refused'])} rows refused, {report['drafts']} not fit to be published: {took.output[:500]}"
            )
        imports[kind] = {
            "rows": report["added"],
            "wall_s": took.wall_s,
            "cpu_s": took.cpu_s,
            "peak_mib": took.peak_mib,
        }
        say(f"  {kind}: {report['added']} rows, {took.wall_s:.1f} s")
    desk(home, "staff")
    return {"items": int(imports["disclosures"]["rows"]), "imports": imports}


def flask(home: Path, *words: str, folder: Path = ROOT, with_memory: bool = False) -> Measured:
    """`flask …` on an installation, measured.

    Raises: BenchError when it fails; a part refused (status 3) is no failure.
    """
    return checked([sys.executable, "-m", "flask", *words], home, folder=folder, with_memory=with_memory)


def desk(home: Path, *words: str) -> dict[str, Any]:
    """What `python -m bench.desk …` answers."""
    return json.loads(checked([sys.executable, "-m", "bench.desk", *words], home).output)


def python(*words: str, home: Path | None = None) -> Measured:
    """`python -m …` from the project's root."""
    return checked([sys.executable, "-m", *words], home or ROOT / "var")


def checked(command: list[str], home: Path, *, folder: Path = ROOT, with_memory: bool = False) -> Measured:
    """A command measured.

    Raises: BenchError with its last words when it fails.
    """
    took = run(command, environment=environment(home), folder=folder, with_memory=with_memory)
    if took.status not in (0, 3):
        raise BenchError(f"{' '.join(command[1:])} ended with status {took.status}: {took.errors[-800:]}")
    return took


def environment(home: Path) -> dict[str, str]:
    """The environment without settings of other installations."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHUANLAN_")}
    return {
        **kept,
        "ZHUANLAN_HOME": str(home),
        "ZHUANLAN_LOG_LEVEL": "WARNING",
        "FLASK_APP": "app:for_commands",
    }


def say(message: str) -> None:
    """A message for the person, on standard error."""
    print(message, file=sys.stderr, flush=True)
