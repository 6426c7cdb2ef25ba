"""`make bench`: measures, prints tables, writes `build/bench.json`.

SIZES="1000 10000" are the numbers of items; CORPUS=<folder> measures that corpus instead; ROUNDS=3 is how often each is timed.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import hugo_program as hugo
from bench.figures import Result
from bench.prepare import ROOT, BenchError, Prepared, prepare, python, say
from bench.rows import Bench
from bench.tables import table, table_of_pages

PLACE = ROOT / "build" / "bench"
FEW = 5000  # items: up to here one round more


def main() -> int:
    """Measure every size; 1 when something could not be measured."""
    if hugo.PROGRAM is None:
        say(hugo.MISSING)
    results: list[Result] = []
    runs = PLACE / "runs" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    try:
        for prepared in corpora():
            say(f"{prepared.name}: measuring")
            rounds = int(os.environ.get("ROUNDS") or (3 if prepared.items <= FEW else 2))
            bench = Bench(prepared, runs / prepared.name, rounds)
            bench.folder.mkdir(parents=True)
            results.append(bench.run())
            write(results, {})
            print(table(results[-1]) + "\n", flush=True)
        say("the back office over 100,000 documents: measuring (filled once, in some minutes)")
        office = json.loads(python("bench.office", str(PLACE / "office")).output)
        write(results, office)
        print(table_of_pages(office) + "\n", flush=True)
    except BenchError as error:
        say(str(error))
        return 1
    finally:
        shutil.rmtree(
            runs.parent, ignore_errors=True
        )  # at the end: creating files is slow after a large tree was removed
    if hugo.PROGRAM is None:
        print(hugo.MISSING)
    return 0


def corpora() -> list[Prepared]:
    """The installations to be measured, filled where they are not yet."""
    corpus = os.environ.get("CORPUS", "").strip()
    if corpus:
        source = Path(corpus).resolve()
        return [prepare(f"corpus-{source.name}", PLACE, source=source)]
    sizes = (os.environ.get("SIZES") or "1000 10000").split()
    return [prepare(size, PLACE, count=int(size)) for size in sizes]


def write(results: list[Result], office: dict[str, Any]) -> None:
    """The figures with what they were measured on."""
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **machine(),
        "results": [one.as_json() for one in results],
        "office": office,
    }
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    say(f"figures in {file.relative_to(ROOT)}")


def machine() -> dict[str, Any]:
    """Processor, memory, versions."""
    processors = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    git = [shutil.which("git") or "git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return {
        "processor": processors[0] if processors else platform.processor(),
        "processors": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "hugo": hugo.version(),
        "commit": commit.stdout.strip(),
    }


if __name__ == "__main__":
    sys.exit(main())
