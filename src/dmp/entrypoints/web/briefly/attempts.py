"""How often a code may be tried: for one address, and for everybody together.

A code has 59 bits, so that guessing is hopeless anyway; this keeps a guesser from being a burden. It is counted
in the memory of each process.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
MOST_OF_ONE = 10
MOST_OF_ALL = 300


class Attempts:
    """Failed attempts of the last minutes, by whom; bounded in number."""

    def __init__(self, most_of_one: int = MOST_OF_ONE, most_of_all: int = MOST_OF_ALL) -> None:
        self._most_of_one = most_of_one
        self._failed: deque[tuple[datetime, str]] = deque(maxlen=most_of_all)

    def may_try(self, who: str, now: datetime) -> bool:
        """Whether another attempt is taken."""
        while self._failed and self._failed[0][0] <= now - WINDOW:
            self._failed.popleft()
        if len(self._failed) == self._failed.maxlen:
            return False
        return sum(one == who for _, one in self._failed) < self._most_of_one

    def failed(self, who: str, now: datetime) -> None:
        """An attempt with a code that opened nothing."""
        self._failed.append((now, who))
