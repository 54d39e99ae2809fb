"""The emergency card that leads to a record: a random number, revocable, valid for a year.

The number opens nothing. It tells a professional who has logged in of whose record he may state an emergency.
It stands in the slip itself, sealed with the record's key, so that the card can be printed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

CARD_ID: Final = UUID(int=1)
"""A record has one card that leads to it."""
VALID_FOR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCard:
    """`number` is what stands on the card; `used_at` is when a professional last came by it."""

    slip_id: UUID = CARD_ID
    number: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether it still leads somewhere."""
        return self.made_at <= at < self.ends_at
