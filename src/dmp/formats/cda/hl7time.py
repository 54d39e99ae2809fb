"""Instants in CDA: HL7 timestamps of every precision.

Source: HL7 v3 data types, TS: `YYYY[MM[DD[HH[MM[SS[.f]]]]]][+/-ZZZZ]`; CI-SIS asks for the zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")

_TIMESTAMP = re.compile(
    r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:[.,](\d{1,9}))?)?)?)?)?)?"
    r"(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


def read_instant(text: str) -> datetime | None:
    """The first instant that `text` may mean, in UTC, or None when it is no timestamp.

    What is not said is the earliest: `2021` is the first of January 2021 at midnight. Without zone
    the wall clock of Paris is meant.
    """
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        local = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
            tzinfo=_zone(zone),
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_date(text: str) -> date | None:
    """The calendar day written in a timestamp, zone aside, or None when the day is not told."""
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None or found.group(3) is None:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None


def write_instant(instant: datetime) -> str:
    """`instant` to the second, in the wall clock of Paris with its zone."""
    return instant.astimezone(PARIS).strftime("%Y%m%d%H%M%S%z")


def write_date(day: date) -> str:
    """`YYYYMMDD`."""
    return day.strftime("%Y%m%d")


def _zone(text: str | None) -> ZoneInfo | timezone:
    if text is None:
        return PARIS
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
