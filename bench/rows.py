"""The measurements of one corpus, in order: whole builds of ours and Hugo's in turn, then changes, then the worker."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import hugo_program as hugo
from bench.compare import compare
from bench.figures import Figures, Result, Row, hashes_of, touched
from bench.prepare import ROOT, Prepared, desk, environment, flask, say

LEFT_OUT = (
    ".git",
    ".venv",
    "var",
    "build",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    "screenshots",
)
APART = ("check", "compress")  # stages that have rows of their own
EDITS = 20
STOP_S = 60


class Bench:
    """One corpus under measurement; every build goes into a new folder below `folder`."""

    def __init__(self, prepared: Prepared, folder: Path, rounds: int):
        self.prepared, self.folder, self.rounds = prepared, folder, rounds
        self.result = Result(prepared.name, prepared.items, imports=prepared.imports)
        self.home = folder  # of the last full build
        self.hugo_site: Path | None = None
        self.hugo_tree = folder
        self._made = 0

    def run(self) -> Result:
        """Measure everything."""
        self.full_builds()
        self.compare()
        self.start()
        self.index()
        can_publish = self.knows("publish")
        for name, measure in (
            ("publish, nothing to do", self.nothing_to_do),
            ("one edit", self.edit),
            ("one new item", self.new_item),
            ("a change of the templates", self.template),
        ):
            say(f"  {name}")
            if can_publish:
                measure()
            else:
                self.result.rows.append(Row(name, note="not available"))
        self.worker()
        return self.result

    def knows(self, command: str) -> bool:
        """Whether `flask site` has a command."""
        lines = flask(self.home, "site", "--help").output.splitlines()
        return any(line.split()[:1] == [command] for line in lines)

    # Whole builds

    def full_builds(self) -> None:
        """Ours and Hugo's in turn; then one of each with memory watched."""
        live = Row(
            "**full build, HTML live**",
            Figures(),
            goal="time ≤ 0.6 at 10,000, ≤ 0.4 at 50,000; memory ≤ 0.15",
        )
        whole = Row("full build, the whole command", Figures())
        ours, hugos = Figures(), Figures()
        stages: dict[str, list[float]] = {}
        for number in range(self.rounds + 1):
            is_watched = number == self.rounds
            say(f"  full builds, round {number + 1} of {self.rounds + 1}{' (memory)' if is_watched else ''}")
            report = self._build(ours, is_watched)
            if hugo.PROGRAM:
                self._build_with_hugo(hugos, is_watched)
            if not is_watched:
                for stage, seconds in report.get("stages", {}).items():
                    stages.setdefault(stage, []).append(seconds)
        whole.ours = ours
        apart = [
            sum(each) for each in zip(*(stages[stage] for stage in APART if stage in stages), strict=True)
        ]
        without = [wall - (apart[place] if apart else 0) for place, wall in enumerate(ours.wall_s)]
        live.ours = Figures(without, peak_mib=ours.peak_mib, largest_mib=ours.largest_mib)
        live.hugo = whole.hugo = hugos if hugo.PROGRAM else None
        self.result.rows += [
            live,
            whole,
            *(Row(f"of it: {name}", Figures(each)) for name, each in stages.items()),
        ]

    def _build(self, figures: Figures, is_watched: bool) -> dict[str, Any]:
        self.home = self.folder / f"home-{self._next()}"
        shutil.copytree(self.prepared.home, self.home)
        os.sync()
        took = flask(self.home, "site", "build", "--json", with_memory=is_watched)
        (figures.watch if is_watched else figures.add)(took)
        report = json.loads(took.output)
        self.result.pages, self.result.files = report["pages"], report["files"]
        self.result.megabytes = report["bytes"] / 1e6
        if report["blocked"] and not is_watched:
            self.result.notes.append(
                f"{len(report['blocked'])} pages were kept back, such as {report['blocked'][0]}"
            )
        return report

    def _build_with_hugo(self, figures: Figures, is_watched: bool) -> None:
        if self.hugo_site is None:
            self.hugo_site = hugo.lay_out(self.tree, self.folder / "hugo")
            hugo.fill(self.hugo_site, self.prepared.home)
        self.hugo_tree = self.folder / f"hugo-{self._next()}"
        os.sync()
        took = hugo.build(self.hugo_site, self.hugo_tree, with_memory=is_watched)
        (figures.watch if is_watched else figures.add)(took)

    def compare(self) -> None:
        """Hold Hugo's site against ours: every address, and the words of twenty pages."""
        if self.hugo_site is None:
            return
        found = compare(self.tree, self.hugo_tree)
        self.result.comparison = {"pages": found.pages, "compared": found.compared, "only_ours": found.only_first[:20],
                                  "only_hugo": found.only_second[:20], "different": found.different}  # fmt: skip
        odd = f"{len(found.only_first)} only ours, {len(found.only_second)} only Hugo's"
        self.result.notes.append(
            f"the addresses of {found.pages} pages are {'the same' if not (found.only_first or found.only_second) else odd}; "
            f"of {found.compared} pages {len(found.different)} differ in their words"
            + "".join(
                f"; {page}: {lines.splitlines()[:2]}" for page, lines in list(found.different.items())[:2]
            )
        )

    # Changes

    def start(self) -> None:
        """What every command takes before it does anything."""
        figures = Figures()
        for _ in range(self.rounds + 2):
            figures.add(flask(self.home, "site", "--help"))
        self.result.rows.append(Row("starting `flask` alone", figures))

    def nothing_to_do(self) -> None:
        """Publishing and planning when nothing has changed."""
        self._commands("publish, nothing to do", "publish", goal="≤ 50 ms (inside)")
        if self.knows("plan"):
            self._commands("plan, nothing to do", "plan")

    def _commands(self, name: str, command: str, goal: str = "") -> None:
        whole, inside = Figures(), Figures()
        for number in range(self.rounds + 3):
            is_watched = number == self.rounds + 2
            took = flask(self.home, "site", command, "--json", with_memory=is_watched)
            (whole.watch if is_watched else whole.add)(took)
            seconds = json.loads(took.output).get("seconds")
            if seconds is not None and not is_watched:
                inside.wall_s.append(seconds)
        self.result.rows.append(Row(f"{name}, the whole command", whole))
        if inside.wall_s:
            self.result.rows.append(Row(f"{name}, inside", inside, goal=goal))

    def edit(self) -> None:
        """One title changed, planned and published; Hugo builds everything anew."""
        hugos = Figures()
        if self.hugo_site is not None:
            document = desk(self.home, "middle")["document"]
            for number in range(1, self.rounds + 1):
                hugo.retitle(self.hugo_site, document, f"第{number}次更正：")
                os.sync()
                hugos.add(hugo.build(self.hugo_site, self.hugo_tree))
        self._change("one edit", "edit", hugos if hugos.wall_s else None, goal="≤ 10 files")

    def new_item(self) -> None:
        """One document more."""
        self._change("one new item", "new", None)

    def _change(self, name: str, act: str, hugos: Figures | None, goal: str = "") -> None:
        plan, publish, inside = Figures(), Figures(), Figures()
        can_plan = self.knows("plan")
        for number in range(1, self.rounds + 1):
            file = Path(desk(self.home, act, str(number))["file"])
            before = hashes_of(self.tree) if number == self.rounds else {}
            os.sync()
            if can_plan:
                plan.add(flask(self.home, "site", "plan", "--json"))
            took = flask(self.home, "site", "publish", "--json")
            publish.add(took)
            inside.wall_s.append(json.loads(took.output).get("seconds", 0))
            if before:
                self.result.touched.append(touched(name, before, hashes_of(self.tree)))
            if not file.is_file():
                self.result.notes.append(f"{name}: {file.name} is not there after publishing")
        self.result.rows.append(Row(f"{name}: publish, the whole command", publish, hugos, goal=goal))
        self.result.rows.append(Row(f"{name}: publish, inside", inside))
        if can_plan:
            self.result.rows.append(Row(f"{name}: plan, the whole command", plan))

    def template(self) -> None:
        """The foot of every page changed, in a copy of the code."""
        code = self.folder / "code"
        shutil.copytree(ROOT, code, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        foot = code / "site_templates" / "partials" / "footer.html"
        foot.write_text(
            foot.read_text("utf-8").replace("</footer>", "<p>本站支持IPv6访问</p>\n</footer>"), "utf-8"
        )
        before = hashes_of(self.tree)
        os.sync()
        figures = Figures()
        figures.add(flask(self.home, "site", "publish", "--json", folder=code))
        self.result.touched.append(touched("a change of the templates", before, hashes_of(self.tree)))
        whole = next(row for row in self.result.rows if row.name.startswith("full build, the whole"))
        self.result.rows.append(
            Row("a change of the templates: publish", figures, whole.hugo, note="Hugo: its full build")
        )
        flask(self.home, "site", "publish", "--json")  # back to what the worker's code renders

    # The worker

    def worker(self) -> None:
        """Seconds from a commit to the readable file, with the worker running."""
        say("  the worker")
        with running_worker(self.home):
            said = desk(self.home, "watch", str(EDITS))
        seconds = sorted(said["seconds"])
        if len(seconds) < 2:
            self.result.rows.append(
                Row("worker: commit to readable file", Figures([said["first_s"]]), note="one edit")
            )
            return
        note = f"{len(seconds)} edits"
        last = quantiles(seconds, n=20, method="inclusive")[-1]
        self.result.rows.append(
            Row(
                "**worker: commit to readable file, p50**",
                Figures([median(seconds)]),
                note=note,
                goal="≤ 100 ms",
            )
        )
        self.result.rows.append(Row("worker: commit to readable file, p95", Figures([last]), note=note))

    def index(self) -> None:
        """The search index that the worker keeps: built once for a corpus, copied after that."""
        kept = self.prepared.folder / "index"
        if kept.is_dir():
            shutil.copytree(kept, self.home / "index", dirs_exist_ok=True)
            return
        say("  building the search index, once")
        figures = Figures()
        figures.add(flask(self.home, "search", "rebuild"))
        self.result.rows.append(Row("search index, built anew", figures))
        shutil.copytree(self.home / "index", kept)

    @property
    def tree(self) -> Path:
        """The live tree of the installation at hand."""
        return (self.home / "site" / "current").resolve()

    def _next(self) -> int:
        self._made += 1
        return self._made


@contextmanager
def running_worker(home: Path) -> Iterator[None]:
    """`flask work` beside us; asked to end, and made to if it does not."""
    command = [sys.executable, "-m", "flask", "work"]
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment(home), cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
