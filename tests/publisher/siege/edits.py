"""What officers do between two publications: every kind of change a page, a list, a file or the look of the site can have."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from content import operations, queries
from content.models import DocumentKind, Edition, EditionState
from county import ledger
from county.officers import Officer
from database import db
from publisher import publishing, records, rendering
from publisher.facts import SiteFacts
from tests.publisher.conftest import GUIDE, SmallCounty


@dataclass
class Office:
    """Changes one thing after the other; each change is one that a publication has to bring to the site."""

    county: SmallCounty
    chance: random.Random
    done: int = 0
    officer: Officer = field(init=False)

    def __post_init__(self) -> None:
        self.officer = Officer(name="裴青", login="pei", organ=self.county.organ, created_at=self.county.now)
        db.session.add(self.officer)
        db.session.commit()

    def change(self) -> str:
        """The next kind of change; its name."""
        kind = self.kinds[self.done % len(self.kinds)]
        self.done += 1
        kind()
        db.session.commit()
        return kind.__name__

    @property
    def kinds(self) -> tuple[Callable[[], None], ...]:
        """All there are but `restyle`."""
        first = (self.revise, self.announce, self.offer, self.withdraw)
        return (*first, self.ask, self.move, self.rename, self.merge)

    def announce(self) -> None:
        """A new page with a file to download."""
        self.county.disclosure(f"第{self.done}号公告", files={"附表.txt": f"表{self.done}".encode()})

    def revise(self) -> None:
        """A new title, and another file in place of the old one."""
        live = self._some(DocumentKind.DISCLOSURE, Edition.attachments.any())
        revised = operations.revise(live.document, by=None, at=self.county.now)
        operations.save_draft(revised, {"title": f"第{self.done}次修改"}, by=None, at=self.county.now)
        revised.attachments[:] = [self.county.attach("新表.txt", f"新表{self.done}".encode())]
        db.session.flush()
        operations.take_over(revised, source="旧站", by=None, at=self.county.now)

    def offer(self) -> None:
        """A service item of an event that no other has: a new list."""
        values = {**GUIDE, "title": f"第{self.done}项许可", "life_events": [f"事件{self.done}"]}
        item = operations.create_document(
            DocumentKind.SERVICE, organ=self.county.organ, channel=None, site_id=self.county.site.id,
            values=values, by=None, at=self.county.now,
        )  # fmt: skip
        operations.take_over(item, source="旧站", by=None, at=self.county.now)

    def withdraw(self) -> None:
        """A notice in place of a page, and a mark beside it."""
        operations.withdraw(
            self._some(DocumentKind.DISCLOSURE), reason="error", by=self.officer.id, at=self.county.now
        )

    def ask(self) -> None:
        """A question about an item."""
        self.county.question(f"第{self.done}问？", document=self._some(DocumentKind.SERVICE).document)

    def move(self) -> None:
        """To another channel: from one list to another."""
        channels = [channel for channel in queries.channels() if channel.kind.value == "disclosure"]
        document = self._some(DocumentKind.DISCLOSURE).document
        operations.file_document(
            document, organ=document.organ, channel=self.chance.choice(channels), by=None, at=self.county.now
        )

    def rename(self) -> None:
        """A name that stands on many pages."""
        self.county.township.short_name = f"第{self.done}镇"
        ledger.owe("publish_organ", self.county.township.id, at=self.county.now)

    def merge(self) -> None:
        """The address of one leads to the other."""
        one, other = self._some(DocumentKind.DISCLOSURE), self._some(DocumentKind.DISCLOSURE)
        if one is not other:
            operations.merge(one, other.document, by=self.officer.id, at=self.county.now)

    def restyle(self) -> None:
        """Everything looks different: see `dressed`."""
        ledger.owe("publish_site", "all", at=self.county.now)
        db.session.commit()

    def _some(self, kind: DocumentKind, *wanted: Any) -> Edition:
        live = db.select(Edition).where(
            Edition.state == EditionState.PUBLISHED, Edition.kind == kind, *wanted
        )
        return self.chance.choice(db.session.scalars(live.order_by(Edition.id)).all())


@contextmanager
def dressed(style: int) -> Iterator[None]:
    """Publish with another style sheet, as a new version of the program does: its name is new on every page."""
    read, fingerprint = rendering.read_assets, records.fingerprint

    def assets(site: SiteFacts) -> dict[str, tuple[str, bytes]]:
        found = read(site)
        url, content = found["site.css"]
        return found | {"site.css": (url.replace(".css", f".{style}.css"), content + b"/*%d*/" % style)}

    def look(public_url: str) -> str:
        return f"{style:064d}" if style else fingerprint(public_url)

    if style:
        rendering.read_assets = assets
    records.fingerprint = publishing.fingerprint = look
    try:
        yield
    finally:
        rendering.read_assets = read
        records.fingerprint = publishing.fingerprint = fingerprint
