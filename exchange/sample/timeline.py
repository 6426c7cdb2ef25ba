"""The acts of the sample county in the order of their moments, so that its ledger reads like a real one."""

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime, time

from county.calendar import COUNTY_ZONE


class Timeline:
    """Acts planned for their moments; an act may plan later ones."""

    def __init__(self, now: datetime):
        self.now = now
        self._planned: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._places = itertools.count()

    def plan(self, day: date, hour: int, minute: int, act: Callable[[datetime], None]) -> None:
        """Let `act` happen on a day of the county at an hour; nothing happens later than now."""
        at = datetime.combine(day, time(hour, minute), COUNTY_ZONE)
        heapq.heappush(self._planned, (min(at, self.now), next(self._places), act))

    def run(self) -> None:
        """Let everything happen, the earliest first."""
        while self._planned:
            at, _, act = heapq.heappop(self._planned)
            act(at)
