"""Who stands where in which list: read from the database as far as needed, changed in memory, written at the end."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from database import db
from publisher.bulk import upsert
from publisher.models import Listing, ListPlace

BLOCK = 64  # places that are read together
DOCUMENT, QUESTION, CASE = "document", "question", "case"


@dataclass
class ListState:
    """What is known of a list without reading it."""

    label: str = ""
    last_place: int = 0
    size: int = 0


@dataclass(slots=True)
class Stand:
    """A subject's place in one list."""

    place: int
    is_gone: bool = False


class Places:
    """Places in lists. `whole`: everything is read at once, for who goes through all of it anyway."""

    def __init__(self, *, whole: bool):
        rows = db.session.execute(db.select(Listing.key, Listing.label, Listing.last_place, Listing.size))
        self.lists = {row.key: ListState(row.label, row.last_place, row.size) for row in rows}
        self.before = {key: (state.last_place, state.size) for key, state in self.lists.items()}
        self._stands: dict[tuple[str, int], dict[str, Stand]] = {}
        self._changed = defaultdict[str, dict[int, tuple[str, int]]](
            dict
        )  # list -> place -> subject, moved or new
        self._living = defaultdict[str, dict[int, int]](dict)  # list -> place -> subject, of what was read
        self._read: set[tuple[str, int]] = set()  # list and block of places
        self._whole = whole
        if whole:
            self._read_all()

    def state(self, address: str) -> ListState:
        """The state of a list; an empty one where nothing ever stood."""
        return self.lists.get(address) or ListState()

    def of(self, kind: str, subject: int) -> dict[str, int]:
        """The lists in which a subject stands now, with its place."""
        return {key: stand.place for key, stand in self._stand(kind, subject).items() if not stand.is_gone}

    def settle(self, kind: str, subject: int, lists: Mapping[str, str]) -> set[str]:
        """Have a subject stand in exactly these lists (address and label); which lists it entered or left."""
        stands, moved = self._stand(kind, subject), set()
        for address, stand in stands.items():
            if not stand.is_gone and address not in lists:
                self._set(address, (kind, subject), stand, is_gone=True)
                moved.add(address)
        for address, label in lists.items():
            state = self.lists.get(address)
            if state is None:
                state = self.lists[address] = ListState()
            state.label = label
            stand = stands.get(address)
            if stand is None:
                state.last_place += 1
                stand = stands[address] = Stand(state.last_place, is_gone=True)
            if stand.is_gone:
                self._set(address, (kind, subject), stand, is_gone=False)
                moved.add(address)
        return moved

    def between(self, address: str, first: int, last: int) -> list[int]:
        """Subjects on these places, by place."""
        living = self._load(address, first, last)
        return [living[place] for place in range(first, last + 1) if place in living]

    def newest(self, address: str, count: int) -> list[int]:
        """Subjects on the last places given, at most `count`, newest first."""
        last = self.state(address).last_place
        return self.between(address, max(1, last - count + 1), last)[::-1]

    def neighbours(self, address: str, place: int) -> tuple[int | None, int | None]:
        """The subjects before and after a place: the older and the newer one."""
        return self._nearest(address, place, -1), self._nearest(address, place, 1)

    def subjects(self, kind: str) -> list[int]:
        """Every document, question or case that ever stood in a list; the places must be whole."""
        return [subject for of_kind, subject in self._stands if of_kind == kind]

    def write(self) -> None:
        """Write what changed; the caller commits."""
        changed = [
            (key, state.label, state.last_place, state.size)
            for key, state in self.lists.items()
            if self.before.get(key) != (state.last_place, state.size)
        ]
        upsert(Listing, ("key", "label", "last_place", "size"), changed, ("key",))
        upsert(
            ListPlace,
            ("list_key", "place", "subject_kind", "subject_id", "is_gone"),
            [
                (address, place, *subject, self._stands[subject][address].is_gone)
                for address, places in self._changed.items()
                for place, subject in places.items()
            ],
            ("list_key", "place"),
        )

    def _stand(self, kind: str, subject: int) -> dict[str, Stand]:
        if (kind, subject) not in self._stands:
            rows = () if self._whole else db.session.execute(
                db.select(ListPlace.list_key, ListPlace.place, ListPlace.is_gone).where(
                    ListPlace.subject_kind == kind, ListPlace.subject_id == subject
                )
            )  # fmt: skip
            self._stands[kind, subject] = {row.list_key: Stand(row.place, row.is_gone) for row in rows}
        return self._stands[kind, subject]

    def _set(self, address: str, subject: tuple[str, int], stand: Stand, *, is_gone: bool) -> None:
        stand.is_gone = is_gone
        self.lists[address].size += -1 if is_gone else 1
        self._changed[address][stand.place] = subject
        if is_gone:
            self._living[address].pop(stand.place, None)
        else:
            self._living[address][stand.place] = subject[1]

    def _nearest(self, address: str, place: int, step: int) -> int | None:
        last, reach, here = self.state(address).last_place, BLOCK, place + step
        while 1 <= here <= last:
            end = min(max(here + step * reach, 1), last)
            living = self._load(address, min(here, end), max(here, end))
            found = next((living[at] for at in range(here, end + step, step) if at in living), None)
            if found is not None:
                return found
            here, reach = end + step, reach * 2
        return None

    def _load(self, address: str, first: int, last: int) -> dict[int, int]:
        """Who stands in a list, known for these places at least: read in blocks, each of them once."""
        living = self._living[address]
        if self._whole:
            return living
        blocks = range((first - 1) // BLOCK, (last - 1) // BLOCK + 1)
        missing = [block for block in blocks if (address, block) not in self._read]
        if missing:
            chosen = ListPlace.place.between(missing[0] * BLOCK + 1, (missing[-1] + 1) * BLOCK)
            query = db.select(ListPlace.place, ListPlace.subject_id).where(
                ListPlace.list_key == address, chosen, ~ListPlace.is_gone
            )
            living |= {row.place: row.subject_id for row in db.session.execute(query)}
            self._read |= {(address, block) for block in missing}
            for place, subject in self._changed[address].items():  # wins over what was read
                if self._stands[subject][address].is_gone:
                    living.pop(place, None)
                else:
                    living[place] = subject[1]
        return living

    def _read_all(self) -> None:
        row = ListPlace
        for found in db.session.execute(
            db.select(row.list_key, row.place, row.subject_kind, row.subject_id, row.is_gone)
        ):
            stands = self._stands.setdefault((found.subject_kind, found.subject_id), {})
            stands[found.list_key] = Stand(found.place, found.is_gone)
            if not found.is_gone:
                self._living[found.list_key][found.place] = found.subject_id
