"""Instants and dates as FHIR writes them.

Source: FHIR R4 data types, `date`, `dateTime`, `instant`; search by date (prefixes, precision).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dmp.domain.errors import Reason, Refused

PARIS: Final = ZoneInfo("Europe/Paris")
"""The zone of what is said without zone."""

_DATE_TIME = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})"
    r"(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?",
    re.ASCII,
)


def write_instant(at: datetime) -> str:
    """`2026-06-12T08:00:00Z`, fractions kept when there are any."""
    text = at.astimezone(UTC).isoformat()
    return text.removesuffix("+00:00") + "Z"


def read_range(text: str) -> tuple[datetime, datetime] | None:
    """The interval that a date of any precision covers, end excluded, in UTC; None when it is no date.

    `2026` is the whole year, in the wall clock of Paris when no zone is said.
    """
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        start = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
            f".{(fraction or '').ljust(6, '0')[:6]}{(zone or '').replace('Z', '+00:00')}"
        )
        if start.tzinfo is None:
            start = start.replace(tzinfo=PARIS)
        end = _end(start, month, day, hour, second, fraction)
        return start.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end(
    start: datetime,
    month: str | None,
    day: str | None,
    hour: str | None,
    second: str | None,
    fraction: str | None,
) -> datetime:
    if month is None:
        return start.replace(year=start.year + 1)
    if day is None:
        later = start.year + start.month // 12
        return start.replace(year=later, month=start.month % 12 + 1)
    if hour is None:
        # Wall clock arithmetic: the day after, also when the clocks change.
        return start + timedelta(days=1)
    if second is None:
        return start + timedelta(minutes=1)
    if fraction is None:
        return start + timedelta(seconds=1)
    # The clock of the registry counts milliseconds in searches, microseconds in values.
    step = 1000 if len(fraction) <= 3 else 1
    return start + timedelta(microseconds=step)


def read_instant(value: str, field: str) -> datetime:
    """The first instant that a `dateTime` covers, in UTC. Raises Refused: METADATA_INVALID."""
    found = read_range(value)
    if found is None:
        raise Refused(
            Reason.METADATA_INVALID, field=field, detail="a date like 2026-06-12T10:00:00+02:00"
        )
    return found[0]


def read_date(value: str, field: str) -> date:
    """A calendar day `YYYY-MM-DD`. Raises Refused: METADATA_INVALID."""
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise Refused(
            Reason.METADATA_INVALID, field=field, detail="a date like 1980-05-31"
        ) from None
