"""Who does what in the sample county."""

from county.errors import RefusedError
from county.officers import Officer, Right, may
from database import db


class Desk:
    """Finds an officer with a right in an organ: one of the organ itself before one of the whole county."""

    def __init__(self) -> None:
        self._officers = list(db.session.scalars(db.select(Officer).order_by(Officer.id)))
        self._found: dict[tuple[Right, int], list[Officer]] = {}

    def officer(self, right: Right, organ_id: int, *, but: tuple[Officer, ...] = ()) -> Officer:
        """The officer for an act in an organ, other than those named.

        Raises: RefusedError when the sample's officers leave nobody for it.
        """
        if (right, organ_id) not in self._found:
            able = [officer for officer in self._officers if may(officer, right, organ_id)]
            self._found[right, organ_id] = sorted(able, key=_is_county_wide)
        found = next((one for one in self._found[right, organ_id] if one not in but), None)
        if found is None:
            raise RefusedError(f"样例县没有人能在机构{organ_id}“{right.value}”，请在 officers.jsonl 中补充。")
        return found


def _is_county_wide(officer: Officer) -> bool:
    return all(grant.organ_id is None for grant in officer.grants)
