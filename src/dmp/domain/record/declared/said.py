"""Who declared a line and when, and days of which only the year or the month is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

NO_LINE: Final = UUID(int=0)
"""The identifier of a line that was kept before lines had any."""


class Speaker(StrEnum):
    """In which quality somebody declared something."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    CARER = "carer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When a line was declared or last changed (local day), and by whom: `by` is empty for the holder.

    `on` is None for what was declared before days were kept.
    """

    on: date | None = None
    by: str = ""
    speaker: Speaker = Speaker.HOLDER


UNSAID: Final = Said()
"""Of what was kept before days and names were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDay:
    """A year, a month of a year, or a day. Raises ValueError: no calendar knows it."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day stands in a month")
        date(self.year, self.month or 1, self.day or 1)

    @property
    def first_day(self) -> date:
        """The first day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def is_whole(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    @classmethod
    def of(cls, whole: date) -> PartialDay:
        """A day that is known."""
        return cls(year=whole.year, month=whole.month, day=whole.day)
