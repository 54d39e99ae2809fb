"""The code that a desk gives to a person without any other means to log in: used once, with her birth date.

The code itself is kept nowhere: it stands on the letter, or in the SMS. A record has one at a time, so that a
new letter ends the one before. Source: enrolment at a desk, identity seen by an agent; WCAG 3.3.8 (no memory
test).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

ACCESS_CODE_ID: Final = UUID(int=0)
"""A record has one access code."""
VALID_FOR: Final = timedelta(days=30)
"""How long a letter opens."""
BY_SMS_VALID_FOR: Final = timedelta(days=3)
"""How long a code opens that was sent by SMS: it is at hand at once, and a telephone changes hands."""
MOST_ATTEMPTS: Final = 3
"""Wrong birth dates after which the letter is worth nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCode:
    """`code_digest` is the SHA-256 of the code, found by it. `attempts` counts wrong birth dates."""

    slip_id: UUID = ACCESS_CODE_ID
    code_digest: str
    issued_at: datetime
    expires_at: datetime
    attempts: int = 0
    used_at: datetime | None = None

    def may_be_used(self, at: datetime) -> bool:
        """Whether it still opens: not used, not run out, not tried too often."""
        return self.used_at is None and at < self.expires_at and self.attempts < MOST_ATTEMPTS

    def tried_wrongly(self) -> AccessCode:
        """With one more wrong birth date."""
        return replace(self, attempts=self.attempts + 1)

    def used(self, at: datetime) -> AccessCode:
        """Used: it opens nothing any more."""
        return replace(self, used_at=at)
