"""Publishing piece by piece gives, byte for byte, what building everything gives, and that is what Frozen-Flask writes."""

import os
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from commands import clock
from content import operations, queries
from content.errors import Fault
from content.models import Document, DocumentKind, Duty, Edition, EditionState, Question
from county import ledger
from county.alerts import AlertLevel, lift_alert, raise_alert
from county.officers import Officer
from database import db
from publisher.draft import draft_of
from publisher.freeze import stock_freezer
from publisher.pages import every_address, page_at
from publisher.site import create_site
from publisher.touching import Changes
from tests.publisher.conftest import GUIDE, PublishingHouse, SmallCounty, close_case

STEPS = 1000
TWINS = (".gz", ".br")


def tree_bytes(tree: Path) -> dict[str, bytes]:
    """Every file of a tree but the compressed twins."""
    return {
        file.relative_to(tree).as_posix(): file.read_bytes()
        for file in tree.rglob("*")
        if file.is_file() and not file.name.endswith(TWINS)
    }


class Town:
    """Somebody who does to a county whatever may happen to it."""

    def __init__(self, county: SmallCounty, chance: random.Random):
        self.county, self.chance, self.now = county, chance, county.now
        found = [channel for channel in queries.channels() if channel.kind.value == "disclosure"]
        self.channels = [*found[:2], *[each for each in found[2:] if each.parent_id][:3]]
        self.channels += [each for each in found if each.code == "nianbao" and each not in self.channels]
        self.organs = [county.organ, county.township]
        self.officer = Officer(name="裴青", login="pei", organ=county.organ, created_at=county.now)
        db.session.add(self.officer)
        db.session.flush()
        self.count = 0

    def step(self) -> None:
        """Do one thing, if there is something to do it to."""
        things: list[Callable[[], None]] = [
            self.create, self.create, self.create, self.guide, self.edit, self.edit, self.move, self.withdraw,
            self.ask, self.change_question, self.rename, self.tick, self.schedule, self.bring_back, self.merge, self.lead_on,
            self.alert,
            self.close_case, self.close_case, self.show_results,
            *([self.oblige] if self.chance.random() < 0.1 else []),
        ]  # fmt: skip
        self.now += timedelta(minutes=self.chance.randint(1, 300))
        self.chance.choice(things)()
        db.session.commit()

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}第{self.count}号{self.chance.choice(('', '（修订）', '（2025年）', ' <b> & “引号”', '　全角'))}"

    def live(self, kind: DocumentKind | None = None) -> Edition | None:
        query = db.select(Edition).where(Edition.state == EditionState.PUBLISHED).order_by(Edition.id)
        found = db.session.scalars(query if kind is None else query.where(Edition.kind == kind)).all()
        return self.chance.choice(found) if found else None

    def create(self) -> None:
        day = self.now.date() - timedelta(days=self.chance.choice((0, 0, 0, 1, 400)))
        files = (
            {"附表.txt": self.chance.choice((b"one", b"two", b"three"))} if self.chance.random() < 0.2 else {}
        )
        self._live(
            DocumentKind.DISCLOSURE, self.chance.choice(self.channels),
            {"title": self.name("公告"), "body": f"内容{self.count}，请遵照执行。", "published_on": day, **self.relations()}, files,
        )  # fmt: skip

    def relations(self) -> dict[str, object]:
        """Relations to other documents, public or not, and perhaps the last day of a consultation."""
        values: dict[str, object] = {}
        others = db.session.scalars(
            db.select(Document.id).where(Document.kind == DocumentKind.DISCLOSURE)
        ).all()
        if others and self.chance.random() < 0.4:
            values[self.chance.choice(("interprets", "outcome_of", "replaces"))] = [
                self.chance.choice(others)
            ]
        if self.chance.random() < 0.3:
            values["opinions_until"] = self.now.date() + timedelta(days=self.chance.randint(0, 3))
        return values

    def oblige(self) -> None:
        db.session.add(
            Duty(
                site_id=self.county.site.id, organ=self.chance.choice(self.organs), title=self.name("应公开事项"),
                channel=self.chance.choice([*self.channels, None]), created_at=self.now, updated_at=self.now,
            )
        )  # fmt: skip
        ledger.owe("publish_site", "all", at=self.now)

    def guide(self) -> None:
        values = {
            **GUIDE, "title": self.name("事项"), "audience": self.chance.choice((["个人"], ["企业"], [])),
            "life_events": self.chance.choice((["开办餐饮店"], ["退休"], [])),
            "published_only": self.chance.random() < 0.3,
        }  # fmt: skip
        self._live(DocumentKind.SERVICE, None, values, {})

    def alert(self) -> None:
        site = self.county.site
        if site.alert_text and self.chance.random() < 0.6:
            lift_alert(site, by=None, at=self.now)
        else:
            level = self.chance.choice(list(AlertLevel))
            raise_alert(site, self.name("预警"), level=level, by=None, at=self.now)

    def edit(self) -> None:
        live = self.live()
        if live is None or self._has_open(live.document):
            return
        revised = operations.revise(live.document, by=None, at=self.now)
        values: dict[str, object] = {"title": self.name("改后"), "expires_at": None}
        if live.kind is DocumentKind.SERVICE:
            values["life_events"] = self.chance.choice((["开办餐饮店"], ["退休"], []))
        else:
            values |= {"opinions_until": None, "interprets": [], **self.others_than(live, self.relations())}
        if live.kind is DocumentKind.DISCLOSURE and self.chance.random() < 0.3:
            revised.attachments.clear()
        operations.save_draft(revised, values, by=None, at=self.now)
        operations.take_over(revised, source="旧站", by=None, at=self.now)

    def others_than(self, live: Edition, values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if value != [live.document_id]}

    def move(self) -> None:
        live = self.live()
        if live:
            channel = self.chance.choice(self.channels) if live.kind is DocumentKind.DISCLOSURE else None
            operations.file_document(
                live.document, organ=self.chance.choice(self.organs), channel=channel, by=None, at=self.now
            )

    def withdraw(self) -> None:
        live = self.live()
        if live:
            operations.withdraw(live, reason="privacy", by=self.officer.id, at=self.now)

    def bring_back(self) -> None:
        gone = db.session.scalars(
            db.select(Document).where(Document.withdrawn_at.is_not(None), Document.merged_into_id.is_(None))
        ).all()
        if gone:
            document = self.chance.choice(gone)
            if not self._has_open(document):
                revised = operations.revise(document, by=None, at=self.now)
                revised.expires_at = None
                operations.take_over(revised, source="旧站", by=None, at=self.now)

    def merge(self) -> None:
        one, other = self.live(), self.live()
        if one and other and one.document_id != other.document_id and self.chance.random() < 0.3:
            operations.merge(one, other.document, by=self.officer.id, at=self.now)

    def lead_on(self) -> None:
        live = self.live()
        if live:
            found = {
                f"/old/{self.chance.randint(1, 40)}{self.chance.choice(('', '/', '.html', '.jsp?id=3'))}"
            }
            with suppress(Fault):  # it leads to another document already
                operations.keep_old_addresses(live.document, found, by=None, at=self.now)

    def close_case(self) -> None:
        item = self.live(DocumentKind.SERVICE)
        if item and item.document.number:
            close_case(item, by=self.officer.id, at=self.now)

    def show_results(self) -> None:
        live = self.live(DocumentKind.SERVICE)
        if live and not self._has_open(live.document):
            revised = operations.revise(live.document, by=None, at=self.now)
            values = {"results_published": self.chance.choice((True, False, None)), "expires_at": None}
            operations.save_draft(revised, values, by=None, at=self.now)
            operations.take_over(revised, source="旧站", by=None, at=self.now)

    def ask(self) -> None:
        item = self.live(DocumentKind.SERVICE) if self.chance.random() < 0.5 else None
        operations.save_question(None, self._question(item), publish=True, by=None, at=self.now)

    def change_question(self) -> None:
        found = db.session.scalars(db.select(Question).order_by(Question.id)).all()
        if found:
            item = self.live(DocumentKind.SERVICE)
            values = self._question(item)
            operations.save_question(
                self.chance.choice(found), values, publish=self.chance.random() < 0.8, by=None, at=self.now
            )

    def rename(self) -> None:
        organ = self.chance.choice(self.organs)
        organ.name = f"青崖县第{self.chance.randint(1, 99)}局"
        ledger.owe("publish_organ", organ.id, at=self.now)
        if self.chance.random() < 0.1:
            channel = self.chance.choice(self.channels)
            channel.name = f"栏目{self.chance.randint(1, 99)}"
            ledger.owe("publish_site", "all", at=self.now)

    def schedule(self) -> None:
        live = self.live()
        if live:
            live.expires_at = self.now + timedelta(hours=self.chance.randint(1, 48))

    def tick(self) -> None:
        clock.tick(self.now)

    def _live(
        self, kind: DocumentKind, channel: object, values: dict[str, object], files: dict[str, bytes]
    ) -> None:
        edition = operations.create_document(
            kind, organ=self.chance.choice(self.organs), channel=channel, site_id=self.county.site.id,
            values=values, by=None, at=self.now,
        )  # fmt: skip
        edition.attachments += [self.county.attach(name, content) for name, content in files.items()]
        db.session.flush()
        operations.take_over(edition, source="旧站", by=None, at=self.now)

    def _question(self, item: Edition | None) -> dict[str, object]:
        return {
            "question": self.name("怎么办理"), "answer": "请到窗口办理。", "organ": self.chance.choice(self.organs),
            "site_id": self.county.site.id, "answered_on": self.now.date(), "document": item.document if item else None,
        }  # fmt: skip

    def _has_open(self, document: Document) -> bool:
        done = (
            EditionState.PUBLISHED,
            EditionState.SUPERSEDED,
            EditionState.WITHDRAWN,
            EditionState.DISCARDED,
        )
        return any(edition.state not in done for edition in document.editions)


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def test_after_any_sequence_of_changes_the_live_tree_is_the_full_build(
    small_county: SmallCounty, house: PublishingHouse, tmp_path_factory: pytest.TempPathFactory, monkeypatch
):
    """A fresh sequence each time; SEED=… repeats one. Negative controls tried: no `touch_moved` in settle_places;
    neighbours in the innermost channel only."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(2**32))
    chance = random.Random(seed)
    monkeypatch.setattr("publisher.lists.PER_PAGE", 3)  # many boundaries in few documents
    monkeypatch.setattr("publisher.catalogues.PER_SHEET", 2)
    monkeypatch.setattr("publisher.catalogues.IN_VOLUME", 7)
    monkeypatch.setattr("publisher.front_pages.IN_SHARD", 10)
    town = Town(small_county, chance)
    house.build()
    done = 0
    while done < STEPS:
        for _ in range(chance.choice((1, 1, 1, 2, 5, 20, 80))):
            town.step()
            done += 1
        house.publish()
        if chance.random() < 0.1 or done >= STEPS:
            folder = tmp_path_factory.mktemp("built") / "tree"
            house.build(out=folder)
            live = house.place.site_folder / "current"
            assert differences(tree_bytes(live), tree_bytes(folder)) == [], f"SEED={seed}, after {done} steps"


def test_the_full_build_is_what_plain_frozen_flask_writes(
    county: SmallCounty, house: PublishingHouse, tmp_path: Path
):
    ours, plain = tmp_path / "ours", tmp_path / "plain"
    county.disclosure("带附件的公告", files={"附表.txt": b"table"})
    town = Town(county, random.Random(1))
    operations.withdraw(county.disclosure("要撤回的公告"), reason="error", by=town.officer.id, at=county.now)
    db.session.commit()
    house.build(out=ours)

    draft = draft_of(house.place, Changes(everything=True), lambda _path, _content: None)
    found = {url: page_at(draft.source, url) for url in every_address(draft.source)} | draft.rendering.blobs
    freezer = stock_freezer(create_site(found.get, draft.rendering.press), list(found), plain)
    freezer.freeze()

    written = tree_bytes(plain)
    beside = {path for path in tree_bytes(ours) if path.startswith("files/") or path.endswith("/gone")}
    assert (
        differences({path: text for path, text in tree_bytes(ours).items() if path not in beside}, written)
        == []
    )
    assert len(beside) == 3
    assert len(written) > 60
