"""Days as reference files write them, and the day of an edition that says it nowhere but in its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8,
    "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip
_WORDS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_SAS_MONTHS = {
    month: number
    for number, month in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1
    )
}
_SAS = re.compile(r"^(\d{2})([A-Z]{3})(\d{4})")
_FRENCH = re.compile(r"^(\d{2})/(\d{2})/(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
_IN_WORDS = re.compile(
    r"\b(\d{1,2})(?:er)?\s+(janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre"
    r"|d[ée]cembre)\s+(\d{4})\b",
    re.IGNORECASE,
)
_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d{3}(?!\d))"
)
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_](0[1-9]|1[0-2])(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
FIRST_YEAR = 1990


def day_of(written: str) -> date | None:
    """A day as BDPM (18/05/2026), the SNDS (01JAN1996:00:00:00) or ISO 8601 write it; None when it is
    none.
    """
    text = written.strip()
    french = _FRENCH.match(text)
    if french is not None:
        return _day(french.group(3), french.group(2), french.group(1))
    sas = _SAS.match(text)
    if sas is not None and sas.group(2) in _SAS_MONTHS:
        return _day(sas.group(3), str(_SAS_MONTHS[sas.group(2)]), sas.group(1))
    iso = _ISO.match(text)
    return _day(*iso.groups()) if iso is not None else None


def newest(days: Iterable[str], today: date) -> date | None:
    """The latest plausible day among those written: after 1990, not after `today` (published dates are
    wrong).
    """
    found = (day_of(text) for text in set(days))
    return max(
        (day for day in found if day is not None and day.year >= FIRST_YEAR and day <= today),
        default=None,
    )


def day_in_words(text: str) -> date | None:
    """The first day written in French words, `15 septembre 2023`."""
    found = _IN_WORDS.search(text)
    if found is None:
        return None
    month = found.group(2).lower().translate(str.maketrans("éû", "eu"))
    return _day(found.group(3), str(MONTHS[month]), found.group(1))


def in_words(day: date) -> str:
    """A day in French words."""
    return f"{'1er' if day.day == 1 else day.day} {_WORDS[day.month - 1]} {day.year}"


def day_in_name(name: str) -> date | None:
    """The day, month or year that the name of a file holds; the first of what it does not say."""
    whole = _IN_NAME.search(name)
    if whole is not None:
        return _day(*whole.groups())
    month = _MONTH_IN_NAME.search(name)
    if month is not None:
        return _day(month.group(1), month.group(2), "1")
    year = _YEAR_IN_NAME.search(name)
    return _day(year.group(1), "1", "1") if year is not None else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
