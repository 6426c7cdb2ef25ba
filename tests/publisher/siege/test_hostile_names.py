"""A thousand hostile names wherever a name can stand: nothing is written elsewhere, no page is broken, none shares a file."""

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from commands.output import DONE_IN_PART
from content import files, operations, queries
from content.errors import Fault
from content.models import Channel, ChannelKind, DocumentKind, Edition, Question
from county.chain import NOTED
from county.errors import RefusedError
from county.organs import Organ
from database import db
from publisher import processes
from publisher.draft import draft_of
from publisher.touching import Changes
from tests.publisher.conftest import GUIDE, PublishingHouse, SmallCounty
from tests.publisher.siege.conftest import ROUNDS
from tests.publisher.siege.faults import Calls, counted
from tests.publisher.siege.hostile_names import hostile_names, storable
from tests.publisher.siege.links import dangling
from tests.publisher.siege.wholeness import BESIDE, flaws, is_twin, paths_of
from tests.searched import taken_as_clean

COUNT = 1000
PDF = b"%%PDF-1.4\n%d\n%%%%EOF"
UNREADABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
RUNS = re.compile(r"\s*(?:javascript|vbscript|data):", re.IGNORECASE)
OUR_SCRIPT = re.compile(r"/assets/site\.[0-9a-f]{8}\.js|data")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Vandal:
    """Gives names to things, as far as the operations let him; what they said when they did not."""

    county: SmallCounty
    names: Iterator[str]
    titles: dict[int, str] = field(default_factory=dict)  # by document
    refusals: list[str] = field(default_factory=list)

    def tries(self, act: Callable[[], object]) -> bool:
        try:
            with db.session.begin_nested():
                act()
        except RefusedError as refusal:
            self.refusals.append(refusal.message)
            return False
        return True

    def document(self, title: str, file: str, old: str) -> None:
        made: list[Edition] = []
        if not self.tries(
            lambda: made.append(
                self._begin(DocumentKind.DISCLOSURE, {"title": title, "body": "正文内容如下。"})
            )
        ):
            made.append(
                self._begin(DocumentKind.DISCLOSURE, {"title": "换了标题的公告", "body": "正文内容如下。"})
            )
        [edition] = made
        self.tries(lambda: self._attach(edition, file))
        self.tries(
            lambda: operations.keep_old_addresses(edition.document, [old], by=None, at=self.county.now)
        )
        operations.take_over(edition, source="旧站", by=None, at=self.county.now)
        self.titles[edition.document_id] = edition.title

    def item(self, events: list[str]) -> None:
        values = {**GUIDE, "title": "许可", "life_events": [storable(event, 100) for event in events]}
        item = self._begin(DocumentKind.SERVICE, values)
        operations.take_over(item, source="旧站", by=None, at=self.county.now)

    def organ(self, name: str, number: int) -> None:
        given = {"name": storable(name, 200), "short_name": storable(name, 100)}
        db.session.add(Organ(code=f"V{number}", region=self.county.site.region, **given))

    def channel(self, name: str) -> None:
        code = storable(name, 60)
        if not db.session.scalar(db.select(Channel.id).where(Channel.code == code)):
            given = {"code": code, "name": storable(name, 100), "kind": ChannelKind.DISCLOSURE}
            db.session.add(Channel(site_id=self.county.site.id, **given))
            db.session.flush()

    def ask(self, text: str) -> None:
        values = {
            "question": text, "answer": text, "organ": self.county.organ, "site_id": self.county.site.id,
            "answered_on": self.county.now.date(),
        }  # fmt: skip
        self.tries(lambda: operations.save_question(None, values, publish=True, by=None, at=self.county.now))

    def _begin(self, kind: DocumentKind, values: dict[str, object]) -> Edition:
        channel = queries.channel_by_code("gfxwj") if kind is DocumentKind.DISCLOSURE else None
        return operations.create_document(
            kind, organ=self.county.organ, channel=channel, site_id=self.county.site.id, values=values, by=None,
            at=self.county.now,
        )  # fmt: skip

    def _attach(self, edition: Edition, name: str) -> None:
        content = BytesIO(PDF % len(self.titles))
        stored = files.store(content, f"{name}.pdf", self.county.uploads, max_bytes=1000)
        taken_as_clean(stored)
        operations.attach(edition, [stored], by=None, at=self.county.now)


@pytest.fixture
def vandal(small_county: SmallCounty) -> Vandal:
    names = hostile_names(COUNT)
    random.Random(1).shuffle(names)
    vandal = Vandal(small_county, iter(names))
    per_place = [iter(names) for _ in range(7)] if ROUNDS else [vandal.names] * 7
    title, file, old, events, organs, channels, questions = per_place
    for _ in range(COUNT if ROUNDS else 120):
        vandal.document(next(title), next(file), next(old))
    for _ in range(40 if ROUNDS else 14):
        vandal.item(list(islice(events, 25 if ROUNDS else 20)))
    for number, name in enumerate(islice(organs, COUNT if ROUNDS else 100)):
        vandal.organ(name, number)
    for name in islice(channels, COUNT if ROUNDS else 160):
        vandal.channel(name)
    for name in islice(questions, COUNT if ROUNDS else 100):
        vandal.ask(name)
    db.session.commit()
    return vandal


def test_a_thousand_hostile_names_break_nothing(
    vandal: Vandal, house: PublishingHouse, app, settings, monkeypatch
):
    """Seen failing: an old address `/index.html.gz` became a folder where the compressed home page belongs, and nothing
    could be published any more; a title with half a character was a stack trace; a refusal repeated a line end.
    """
    monkeypatch.setattr(processes, "WORTH_IT", 10**6)  # so that every call is made in this process
    site = settings.site_folder
    with counted(Calls(Path("/"))) as calls:
        ended = [app.test_cli_runner().invoke(args=["site", command]) for command in ("build", "publish")]

    assert {result.exit_code for result in ended} <= {0, DONE_IN_PART}, ended
    paths = (made.path for made in calls.made if made.call != "sync")
    compiled = FileSystemBytecodeCache().directory
    assert strayed(paths, site, settings.index_folder, settings.home / NOTED, Path(compiled)) == []
    assert dangling(site / "current") == []
    assert flaws(site, keep=settings.keep_releases) == []
    outcomes = draft_of(house.place, Changes(everything=True), lambda *_: None).rendering.outcomes.values()
    assert len({outcome.path for outcome in outcomes}) == len(outcomes)
    tree = Path(os.path.realpath(site / "current"))
    for path in paths_of(tree):
        if path.endswith(".html") and not is_twin(path):
            assert faults_of((tree / path).read_text("utf-8")) == [], path
    for document, title in vandal.titles.items():
        assert heading_of((tree / f"xxgk/{document}/index.html").read_text("utf-8")) == title
    assert [words for words in vandal.refusals if not is_readable(words)] == []
    assert len(vandal.refusals) > 50


def strayed(paths: Iterator[str], site: Path, *others: Path) -> list[str]:
    """Paths outside of where a publisher may write, or that lead there by a detour."""
    allowed = tuple(f"{site / name}" for name in (*BESIDE, ".current-", ".shows-"))
    return sorted(
        {
            path
            for path in paths
            if path.startswith("/")
            and path != str(site)
            and not (path.startswith((*allowed, *map(str, others))) and os.path.normpath(path) == path)
        }
    )


def is_readable(words: str) -> bool:
    """Whether a person can read a refusal: Chinese, not endless, nothing hidden in it."""
    return (
        bool(re.search(r"[\u4e00-\u9fff]{4}", words))
        and len(words) < 300
        and not UNREADABLE.search(words)
        and bool(words.encode())
    )


class Look(HTMLParser):
    """Whether elements are nested properly, and whether there is anything that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.heading: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and not self._in_drawing():
            self.open.append(tag)
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction", "srcdoc")
            if name.startswith("on") or (leads and RUNS.match(value or "")):
                self.faults.append(f"{tag} {name} {value}")
        if tag == "script" and not OUR_SCRIPT.fullmatch(dict(attrs).get("src") or "data"):
            self.faults.append(f"script {attrs}")
        self._is_data = tag == "script" and ("type", "application/ld+json") in attrs
        if tag == "script" and not dict(attrs).get("src") and not self._is_data:
            self.faults.append("script of its own")

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False
        if self._in_drawing() and tag != "svg":
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._is_data:
            json.loads(data)
        if "h1" in self.open:
            self.heading.append(data)

    def _in_drawing(self) -> bool:
        return "svg" in self.open


def faults_of(page: str) -> list[str]:
    look = Look()
    look.feed(page)
    look.close()
    return look.faults + look.open


def heading_of(page: str) -> str:
    look = Look()
    look.feed(page)
    return "".join(look.heading).strip()


def test_a_question_keeps_no_character_that_a_database_refuses(small_county):
    """PostgreSQL stores no NUL, SQLite no half of a character."""
    kept = db.session.get_one(Question, small_county.question("如何\x00办理？", "到窗口\x01办理。"))
    assert (kept.question, kept.answer) == ("如何办理？", "到窗口办理。")
    with pytest.raises(Fault, match="问题含有残缺的字符"):
        small_county.question("如何\ud83d办理？", "到窗口办理。")
