"""Organs and channels that rows name: found, or made where the import may make them."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from content import queries
from content.models import Channel, ChannelKind
from county import ledger
from county.organs import Organ, organ_by_code_or_name
from county.regions import Site
from database import db
from exchange.errors import UnreadableValueError

PATH_SEPARATOR = re.compile(r"\s*[/／>＞]\s*")


class Names:
    """Finds organs and channels by what rows call them, and remembers what it found."""

    def __init__(
        self,
        site: Site | None,
        *,
        organ_id: int | None = None,
        channel_id: int | None = None,
        create_missing: bool = False,
        by: int | None,
        at: datetime,
    ):
        self.site_id = site.id if site else None
        self.organ_id = organ_id
        self.channel_id = channel_id
        self.create_missing = create_missing
        self.by = by
        self.at = at
        self.made: list[dict[str, str]] = []
        self._organs: dict[str, int] = {}
        self._channels: dict[str, int] = {}

    def forget(self) -> None:
        """What was made for a refused row is gone again."""
        self.made = [entry for entry in self.made if self._is_there(entry)]
        self._organs.clear()
        self._channels.clear()

    def organ(self, text: str, field: str = "organ") -> Organ:
        """The organ a row names, or the one given for rows that name none.

        Raises: UnreadableValueError when there is none and none may be made.
        """
        if not text:
            if self.organ_id is None:
                raise UnreadableValueError(field, "没有写明所属机构，请补充，或用 --organ 指定。")
            return db.session.get_one(Organ, self.organ_id)
        if text not in self._organs:
            organ = organ_by_code_or_name(text) or self._new_organ(text, field)
            self._organs[text] = organ.id
        return db.session.get_one(Organ, self._organs[text])

    def channel(self, path: Sequence[str], field: str = "channel") -> Channel | None:
        """The channel a row names by code or path of names, or the one given for rows that name none.

        Raises: UnreadableValueError when there is none, or several, and none may be made.
        """
        names = [name for name in path if name]
        if not names:
            return db.session.get(Channel, self.channel_id) if self.channel_id else None
        key = "/".join(names)
        if key not in self._channels:
            channel = queries.channel_by_code(key) or self._channel_of_path(names, field)
            self._channels[key] = channel.id
        return db.session.get_one(Channel, self._channels[key])

    def _new_organ(self, name: str, field: str) -> Organ:
        namesakes = db.session.scalar(db.select(db.func.count(Organ.id)).where(Organ.name == name)) or 0
        if namesakes > 1:
            raise UnreadableValueError(field, f"名为“{name}”的机构不止一个，请改用机构代码。")
        if not self.create_missing:
            raise UnreadableValueError(
                field, f"找不到机构“{name}”，请检查名称或代码，或加 --create-missing 新建。"
            )
        if len(name) > 200:
            raise UnreadableValueError(field, f"机构名称共{len(name)}个字，超过了200个字的上限。")
        organ = Organ(code=_made_code(name), name=name, created_by_import=True)
        db.session.add(organ)
        ledger.record("create", organ, by=self.by, at=self.at, details={"by_import": True})
        db.session.flush()
        self.made.append({"kind": "organ", "code": organ.code, "name": name})
        return organ

    def _channel_of_path(self, names: Sequence[str], field: str) -> Channel:
        found = [channel for channel in queries.channels() if _ends_with(channel, names)]
        if len(found) > 1:
            shown = "/".join(names)
            raise UnreadableValueError(field, f"名为“{shown}”的栏目不止一个，请写完整路径或改用栏目代码。")
        if found:
            return found[0]
        if not self.create_missing:
            raise UnreadableValueError(
                field, f"找不到栏目“{'/'.join(names)}”，请检查名称或代码，或加 --create-missing 新建。"
            )
        above = self._channel_of_path(names[:-1], field) if names[1:] else self._top_channel()
        return self._new_channel(names[-1], above, field)

    def _top_channel(self) -> Channel | None:
        """A path that begins nowhere begins under the column of disclosures."""
        tops = (channel for channel in queries.channels() if channel.parent_id is None)
        return next((channel for channel in tops if channel.kind is ChannelKind.DISCLOSURE), None)

    def _new_channel(self, name: str, above: Channel | None, field: str) -> Channel:
        if len(name) > 100:
            raise UnreadableValueError(field, f"栏目名称共{len(name)}个字，超过了100个字的上限。")
        channel = Channel(
            site_id=self.site_id,
            code=_made_code(f"{above.code if above else ''}/{name}"),
            name=name,
            kind=ChannelKind.DISCLOSURE,
            parent_id=above.id if above else None,
            position=500,  # behind the channels somebody put in order
            created_by_import=True,
        )
        db.session.add(channel)
        ledger.record("create", channel, by=self.by, at=self.at, details={"by_import": True})
        db.session.flush()
        self.made.append({"kind": "channel", "code": channel.code, "name": name})
        return channel

    def _is_there(self, entry: dict[str, str]) -> bool:
        model = Organ if entry["kind"] == "organ" else Channel
        return db.session.scalar(db.select(model.id).where(model.code == entry["code"])) is not None


def path_of(text: str) -> list[str]:
    """The names of a channel's path; a code is a path of one."""
    return [name for name in PATH_SEPARATOR.split(text.strip()) if name]


def _made_code(name: str) -> str:
    """The same name gets the same code wherever it is imported."""
    return f"imp-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _ends_with(channel: Channel, names: Sequence[str]) -> bool:
    step: Channel | None = channel
    for name in reversed(names):
        if step is None or step.name != name:
            return False
        step = step.parent
    return True
