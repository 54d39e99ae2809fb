"""How often something may be tried in vain: by one, and by everybody together, whatever process answers.

What is tried has fifty bits and more, so that guessing is hopeless anyway; this keeps a guesser from being a
burden. The counts stand beside the sessions, under the hash of who tried, and go with their span of time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from dmp.entrypoints.web.login.sessions import SessionKeeper

OF_A_SESSION = 5
"""Wrong codes of letters after which a session takes none any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Failures of one `kind` within a span of time, which begins with the first one."""

    kind: str
    most_of_one: int
    most_of_all: int
    within: timedelta

    async def may_try(self, keeper: SessionKeeper, who: str, now: datetime) -> bool:
        """Whether another attempt is taken."""
        if await keeper.tallied(self._key(), now) >= self.most_of_all:
            return False
        return await keeper.tallied(self._key(who), now) < self.most_of_one

    async def failed(self, keeper: SessionKeeper, who: str, now: datetime) -> None:
        """Count one more that led nowhere."""
        for key in (self._key(), self._key(who)):
            await keeper.tally(key, now, now + self.within)

    def _key(self, who: str | None = None) -> str:
        """Never as long as the token of a session."""
        one = "all" if who is None else hashlib.sha256(who.encode()).hexdigest()
        return f"tally:{self.kind}:{one}"
