"""What a pharmacy says of a statement it does not agree with: what it expected, what is counted here.

No person is named: the statement itself names none. It goes to the health insurance on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDispute:
    """One for a month (`month` is its first day): a later one takes its place. Counts are openings."""

    slip_id: UUID
    month: date
    expected: int
    counted: int
    at: datetime
    note: str = ""

    @property
    def difference(self) -> int:
        """Openings that the pharmacy misses; negative when more are counted than it expected."""
        return self.expected - self.counted


def dispute_id(month: date) -> UUID:
    """A pharmacy has one dispute for a month."""
    return uuid5(NAMESPACE_OID, f"dmp-dispute/{month:%Y-%m}")
