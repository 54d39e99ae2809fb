"""One thing that was done at a counter, for whoever did it to find on the same day.

Neither a name nor an identifier of the person: what an agent did is counted, not whom he met.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from dmp.domain.record.calendar import LOCAL

MOST_IN_A_DAY: Final = 500
"""Operations of one agent that are kept; older ones go with the next day."""


class Deed(StrEnum):
    """What was done."""

    OPENED = "opened"
    REOPENED = "reopened"
    CLOSED = "closed"
    REFUSED = "refused"
    INFORMED = "informed"
    CODE_ISSUED = "code-issued"  # on a letter
    CODE_SENT = "code-sent"  # by SMS
    REPRESENTATIVE_DECLARED = "representative-declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOperation:
    """What was done, when (UTC)."""

    slip_id: UUID
    at: datetime
    deed: Deed


def is_of(operation: DeskOperation, day: date) -> bool:
    """Whether it was done on this local day."""
    return operation.at.astimezone(LOCAL).date() == day
