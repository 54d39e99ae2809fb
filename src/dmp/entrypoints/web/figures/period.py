"""A stretch of days laid on a width: where a day stands, and which months are named under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_date
from markupsafe import Markup

from dmp.entrypoints.web.figures.svg import decoration, element, text

CLOSEST = 28
"""Pixels: names of months that would stand closer are left out. Source: ux rules of the project §2.3."""

AXIS_HEIGHT = 16
_LETTER = 5.6
"""Pixels that a letter of the axis takes, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `start` to `end`, both included, on `width` pixels."""

    start: date
    end: date
    width: float

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    def x(self, day: date) -> float:
        """Where a day begins, kept inside the width."""
        rank = min(max((day - self.start).days, 0), self.days)
        return rank * self.width / self.days

    def holds(self, first: date, last: date) -> bool:
        """Whether some of these days stand in the period."""
        return first <= self.end and last >= self.start

    def months(self) -> tuple[date, ...]:
        """The first day of every month that begins in the period."""
        found = []
        day = self.start.replace(day=1)
        while day <= self.end:
            if day >= self.start:
                found.append(day)
            day = (day + timedelta(days=32)).replace(day=1)
        return tuple(found)

    def named_months(self) -> tuple[date, ...]:
        """Those that have room for their name."""
        named: list[date] = []
        free = 0.0
        for month in self.months():
            x = self.x(month)
            room = len(_month(month)) * _LETTER
            if x >= free and x + room <= self.width:
                named.append(month)
                free = x + max(CLOSEST, room)
        return tuple(named)


def months_back(day: date, months: int) -> date:
    """The first day of the month `months` before the one after `day`'s: 6 gives six whole columns."""
    total = day.year * 12 + day.month - months
    return date(total // 12, total % 12 + 1, 1)


def _month(day: date) -> str:
    short = format_date(day, "MMM", locale="fr")
    return f"{short} {day:%y}" if day.month == 1 else short


@lru_cache(maxsize=8)
def axis(period: Period) -> Markup:
    """The names of the months, with a stroke where each begins: the same for every patient of a day."""
    marks = [
        element("path", d=f"M{period.x(month):.1f} 0v4", class_="fig-axis")
        for month in period.months()
    ]
    names = [text(period.x(month) + 2, 12, _month(month)) for month in period.named_months()]
    return decoration(period.width, AXIS_HEIGHT, *marks, *names)
