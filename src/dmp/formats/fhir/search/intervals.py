"""Search by date: prefixes and partial dates as intervals.

Source: FHIR R4 search, date parameters. Alternatives are a union; repeated parameters intersect.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from dmp.domain.documents.query import Period
from dmp.formats.fhir.dates import read_range
from dmp.formats.fhir.search.values import alternatives, invalid

MAX_INTERVALS: Final = 64

_PREFIXED = re.compile(r"(eq|ne|lt|le|gt|ge|sa|eb|ap)?(.+)", re.ASCII)


def of_instant(parameter: str, value: str, known: tuple[Period, ...]) -> tuple[Period, ...]:
    """The intervals in which an instant must lie, those already known taken into account.

    An interval that ends before it starts holds nothing; it stays, so that nothing is found.
    Raises Refused: PARAMETER_INVALID.
    """
    found: list[Period] = []
    for one in alternatives(parameter, value):
        prefix, start, end = _read(parameter, one)
        found.extend(_instants(parameter, prefix, start, end))
    return _met(parameter, known, found)


def of_period(parameter: str, value: str, known: tuple[Period, ...]) -> tuple[Period, ...]:
    """The intervals that a period must overlap. Raises Refused: PARAMETER_INVALID."""
    found: list[Period] = []
    for one in alternatives(parameter, value):
        prefix, start, end = _read(parameter, one)
        if prefix in ("ne", "sa", "eb"):
            raise invalid(parameter, "eq, lt, le, gt and ge are the prefixes of a period")
        found.extend(_instants(parameter, prefix, start, end))
    met = _met(parameter, known, found)
    if any(p.start is not None and p.end is not None and p.start >= p.end for p in met):
        raise invalid(parameter, "the two intervals do not meet")
    return met


def _read(parameter: str, value: str) -> tuple[str, datetime, datetime]:
    matched = _PREFIXED.fullmatch(value)
    # A plus sign that was not percent-encoded arrives as a blank.
    covered = read_range(matched.group(2).replace(" ", "+")) if matched else None
    if matched is None or covered is None:
        raise invalid(parameter, "a date like 2026-06-12, ge2026-06 or lt2026-06-12T10:00:00Z")
    return matched.group(1) or "eq", *covered


def _instants(parameter: str, prefix: str, start: datetime, end: datetime) -> list[Period]:
    match prefix:
        case "eq":
            return [Period(start=start, end=end)]
        case "ne":
            return [Period(end=start), Period(start=end)]
        case "lt" | "eb":
            return [Period(end=start)]
        case "le":
            return [Period(end=end)]
        case "gt" | "sa":
            return [Period(start=end)]
        case "ge":
            return [Period(start=start)]
        case _:
            raise invalid(parameter, "the prefix ap is not supported; use ge and le")


def _met(parameter: str, known: tuple[Period, ...], more: list[Period]) -> tuple[Period, ...]:
    met = [_intersection(a, b) for a in known for b in more] if known else more
    if len(met) > MAX_INTERVALS:
        raise invalid(parameter, "too many alternatives")
    return tuple(met)


def _intersection(a: Period, b: Period) -> Period:
    starts = [at for at in (a.start, b.start) if at is not None]
    ends = [at for at in (a.end, b.end) if at is not None]
    return Period(start=max(starts, default=None), end=min(ends, default=None))
