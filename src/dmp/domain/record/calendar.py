"""Dates as the law counts them: local days, whole months, birthdays. Results are instants in UTC.

A span in days or months keeps the local time of day over a change of the clock. Source: CSP
R1111-36, R1111-53; code civil, articles 388 and 414 (majority at eighteen).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Paris")
MAJORITY_AGE = 18
ANNOUNCEMENT_DAYS = 14
REVEAL_MONTHS = 1


def years_after(start: datetime, years: int) -> datetime:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def months_after(start: datetime, months: int) -> datetime:
    """The same day `months` later, or the last day of a shorter month (31 January → 28 February)."""
    total = start.month - 1 + months
    year, month = start.year + total // 12, total % 12 + 1
    for day in range(start.day, 27, -1):
        try:
            return start.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return start.replace(year=year, month=month)


def local_midnight(day: date) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(0), LOCAL).astimezone(UTC)


@lru_cache(maxsize=4096)
def majority_of(birth_date: date, age: int = MAJORITY_AGE) -> datetime:
    """The instant of majority: 00:00 local of the birthday; who was born on 29 February waits for 1 March."""
    year = birth_date.year + age
    try:
        day = birth_date.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return local_midnight(day)


@lru_cache(maxsize=4096)
def announcement_due(submitted_at: datetime) -> datetime:
    """When the patient is told to see a professional about what he may not know yet: 14 local days."""
    local = submitted_at.astimezone(LOCAL) + timedelta(days=ANNOUNCEMENT_DAYS)
    return local.astimezone(UTC)


@lru_cache(maxsize=4096)
def reveal_due(submitted_at: datetime) -> datetime:
    """When a document that waits for its announcement becomes visible by itself: one local month."""
    return months_after(submitted_at.astimezone(LOCAL), REVEAL_MONTHS).astimezone(UTC)
