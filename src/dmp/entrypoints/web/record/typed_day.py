"""A day as somebody typed it: one reader for every form and every address.

People write `12/03/2026`; date fields send `2026-03-12`. Both are read wherever a day is asked, and what is
said of a day that is none gives an example of the first.
"""

from __future__ import annotations

import re
from datetime import date

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
_DAY_FIRST = re.compile(r"(?:(?:([0-9]{1,2})[-/. ])?([0-9]{1,2})[-/. ])?([0-9]{4})")

Parts = tuple[int, int | None, int | None]
"""Year, month, day; the last two as far as they were typed."""


def typed_parts(text: str) -> Parts | None:
    """A day, a month or a year as typed, whether or not a calendar knows it; None when it is none of them."""
    iso, french = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso is not None:
        year, month, day = iso.groups()
    elif french is not None:
        day, month, year = french.groups()
    else:
        return None
    return int(year), int(month) if month else None, int(day) if day else None


def typed_day(text: str) -> date:
    """A whole day as typed. Raises ValueError: it is none, or no calendar knows it."""
    parts = typed_parts(text.strip())
    if parts is None or parts[1] is None or parts[2] is None:
        raise ValueError("not a day")
    return date(parts[0], parts[1], parts[2])


def as_field(text: str) -> str:
    """A typed day as a date field takes it; empty when it is none."""
    try:
        return typed_day(text).isoformat()
    except ValueError:
        return ""
