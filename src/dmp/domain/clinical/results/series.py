"""Results put into series: one analyte over time, in one unit.

Values are never computed (no DFG that no laboratory gave): they are shown as they were printed, or
converted where the conversion is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dmp.domain.clinical.coding import folded_label
from dmp.domain.clinical.facts import Result
from dmp.domain.clinical.results.analytes import CORE, Analyte, analyte_of
from dmp.domain.clinical.results.units import converted, plain_unit
from dmp.domain.clinical.results.vital_signs import BODY_MASS_INDEX, VITAL_SIGNS
from dmp.domain.clinical.synthesis import Series, Trend

_HIGH = frozenset({"H", "HH", "HU", ">"})
_LOW = frozenset({"L", "LL", "LU", "<"})
_NORMAL = "N"
STALE = timedelta(days=730)
"""A value that much older than the newest one is not what a reader must see first."""
_PLACES = {code: place for place, code in enumerate((*VITAL_SIGNS, BODY_MASS_INDEX), start=1)}
"""Vital signs stand behind analyses: measured at each visit, they would push laboratory values off the page."""
CRITICAL_MARKS = frozenset({"HH", "LL", "AA"})
"""Interpretations by which a laboratory calls a value critical. Source: HL7 ObservationInterpretation."""


def series_of(results: Iterable[Result]) -> tuple[Series, ...]:
    """Every analyte: out of range first, then the six core ones in their order, then the most recent; vital
    signs after them, each beside its like. What was out of range long before the newest value pushes nothing
    off the page.
    """
    groups: dict[str, list[Result]] = {}
    analytes: dict[str, Analyte | None] = {}
    named: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        code = result.code
        label = (code.code if code is not None else "", result.label)
        group = named.get(label)
        if group is None:
            analyte = analyte_of(result)
            key = analyte.key if analyte is not None else label[0] or folded_label(result.label)
            group = named[label] = groups.setdefault(key, [])
            analytes[key] = analyte
        group.append(result)
    found = [series for key, group in groups.items() for series in _split(group, analytes[key])]
    if not found:
        return ()
    since = max(series.last.at for series in found) - STALE
    return tuple(sorted(found, key=lambda series: _first_shown(series, since)))


def _split(group: list[Result], analyte: Analyte | None) -> Iterable[Series]:
    """One series in the unit of the last value; what cannot be converted makes one of its own."""
    left = sorted(group, key=lambda result: (result.at, result.value or 0, result.text))
    while left:
        unit, has_value = left[-1].unit, left[-1].value is not None
        points, apart = [], []
        for result in left:
            if (result.value is not None) != has_value:
                apart.append(result)
            elif not has_value or result.unit == unit:
                points.append(result)
            elif (point := _in_unit(result, unit, analyte)) is None:
                apart.append(result)
            else:
                points.append(point)
        last = points[-1]
        yield Series(
            code=last.code.code if last.code is not None else "",
            label=analyte.label if analyte is not None else last.label,
            points=tuple(points),
            trend=trend_of(last),
        )
        left = apart


def _in_unit(result: Result, unit: str, analyte: Analyte | None) -> Result | None:
    if result.value is None or plain_unit(result.unit) == plain_unit(unit):
        return result
    key = analyte.key if analyte is not None else ""
    value = converted(result.value, result.unit, unit, key)
    if value is None:
        return None

    def same(bound: float | None) -> float | None:
        return None if bound is None else converted(bound, result.unit, unit, key)

    return Result(
        label=result.label,
        at=result.at,
        code=result.code,
        value=round(value, 4),
        text=result.text,
        unit=unit,
        low=same(result.low),
        high=same(result.high),
        interpretation=result.interpretation,
        sources=result.sources,
    )


def trend_of(result: Result) -> Trend:
    """Where a value stands: by its interpretation, else by the range printed with it."""
    mark = result.interpretation.upper()
    if mark in _HIGH:
        return Trend.HIGH
    if mark in _LOW:
        return Trend.LOW
    if result.value is not None:
        if result.high is not None and result.value > result.high:
            return Trend.HIGH
        if result.low is not None and result.value < result.low:
            return Trend.LOW
        if result.high is not None or result.low is not None:
            return Trend.NORMAL
    return Trend.NORMAL if mark == _NORMAL else Trend.UNKNOWN


def _first_shown(series: Series, since: datetime) -> tuple[object, ...]:
    last = series.last
    out = last.at >= since and (
        series.trend in (Trend.HIGH, Trend.LOW) or last.interpretation in CRITICAL_MARKS
    )
    analyte = analyte_of(last)
    core = CORE.index(analyte.key) if analyte is not None and analyte.key in CORE else len(CORE)
    sign = _PLACES.get(series.code, 0)
    return not out, core, sign, -last.at.timestamp(), series.label, last.unit


def last_of(series: Sequence[Series], key: str) -> Result | None:
    """The newest value of an analyte of the table, in whatever unit it stands."""
    values = [s.last for s in series if (a := analyte_of(s.last)) is not None and a.key == key]
    return max(values, key=lambda result: result.at, default=None)
