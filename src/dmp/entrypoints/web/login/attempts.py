"""How often something may be tried in vain: within one session, and by everybody together."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

OF_A_SESSION = 5
"""Wrong codes of letters after which a session takes none any more."""


class Attempts:
    """Failures of everybody within a span of time, counted by this process."""

    def __init__(self, most: int = 60, within: timedelta = timedelta(minutes=10)) -> None:
        self._most = most
        self._within = within
        self._failed: deque[datetime] = deque(maxlen=most)

    def are_too_many(self, now: datetime) -> bool:
        """Whether nothing more is taken for the moment."""
        while self._failed and now - self._failed[0] >= self._within:
            self._failed.popleft()
        return len(self._failed) >= self._most

    def failed(self, now: datetime) -> None:
        """Count one more."""
        self._failed.append(now)
