"""Life habits: plain closed choices, and words of one's own.

Source: habitudes de vie du profil médical; bilans de prévention.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dmp.domain.record.declared.said import UNSAID, Said


class Tobacco(StrEnum):
    """Smoking."""

    NEVER = "never"
    STOPPED = "stopped"
    SOMETIMES = "sometimes"
    DAILY = "daily"


class Alcohol(StrEnum):
    """Drinking, against the mark of ten glasses a week. Source: Santé publique France."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    BELOW_MARK = "below-mark"
    ABOVE_MARK = "above-mark"


class Activity(StrEnum):
    """Physical activity, against the mark of thirty minutes a day."""

    NONE = "none"
    SOMETIMES = "sometimes"
    MOST_DAYS = "most-days"
    DAILY = "daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was chosen, each None when it was not said, and free words."""

    tobacco: Tobacco | None = None
    alcohol: Alcohol | None = None
    activity: Activity | None = None
    words: str = ""
    said: Said = UNSAID

    @property
    def is_filled(self) -> bool:
        """Whether anything was said."""
        return bool(self.tobacco or self.alcohol or self.activity or self.words)


NO_HABITS: Final = Habits()
"""When nothing was said."""
