"""The growth of a child: values by age over the band in which nineteen children out of twenty stand.

The band is a shape and the median a dotted line; without a reference only the child's own line is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dmp.domain.record.declared.growth import Band
from dmp.entrypoints.web.figures.svg import element, figure, points, text
from dmp.entrypoints.web.wording import measure
from dmp.locale import translate

SIZE = (560, 240)
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 16, 12, 28
_LEVELS = 5
_YEAR = 12
_SHORT_MONTHS = 24
"""Until this age the axis counts months, from there on years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value at an age in months. `is_declared`: only the holder's side says it."""

    months: float
    value: float
    is_declared: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """From ages and values to pixels."""

    last: float
    low: float
    high: float

    def x(self, months: float) -> float:
        return _LEFT + months * (SIZE[0] - _LEFT - _RIGHT) / self.last

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return SIZE[1] - _BOTTOM - part * (SIZE[1] - _TOP - _BOTTOM)


def growth(label: str, unit: str, found: Sequence[Point], bands: Sequence[Band]) -> Markup:
    """The figure. There is at least one point; `bands` may be empty."""
    place = _placed(found, bands)
    drawn = [*_band(place, bands), *_levels(place), *_ages(place)]
    pairs = [(place.x(one.months), place.y(one.value)) for one in found]
    if len(pairs) > 1:
        drawn.append(element("polyline", points=points(pairs), class_="fig-line"))
    drawn += [_point(place, one) for one in found]
    return figure(*SIZE, _spoken(label, unit, found, bands), *drawn, class_="fig curve")


def _placed(found: Sequence[Point], bands: Sequence[Band]) -> _Place:
    last = max((*(one.months for one in found), *(band.months for band in bands), 1.0))
    values = [one.value for one in found]
    lows, highs = [band.low for band in bands], [band.high for band in bands]
    low, high = min((*values, *lows)), max((*values, *highs))
    room = (high - low or abs(high) or 1.0) * 0.06
    return _Place(last, max(0.0, low - room), high + room)


def _band(place: _Place, bands: Sequence[Band]) -> list[Markup]:
    if len(bands) < 2:
        return []
    over = [(place.x(one.months), place.y(one.high)) for one in bands]
    under = [(place.x(one.months), place.y(one.low)) for one in reversed(bands)]
    median = [(place.x(one.months), place.y(one.median)) for one in bands]
    return [
        element("polygon", points=points([*over, *under]), class_="fig-band"),
        element("polyline", points=points(median), class_="fig-until"),
    ]


def _levels(place: _Place) -> list[Markup]:
    step = (place.high - place.low) / (_LEVELS - 1)
    decimals = 0 if step >= 1 else 1
    values = dict.fromkeys(round(place.low + rank * step, decimals) for rank in range(_LEVELS))
    return [
        text(_LEFT - 8, place.y(value) + 4, measure(value), anchor="end")
        for value in values
        if place.low <= value <= place.high
    ]


def _ages(place: _Place) -> list[Markup]:
    """Ages under the curve: months of a baby, then years; as many as have room."""
    in_months = place.last <= _SHORT_MONTHS
    unit = 1 if in_months else _YEAR
    whole = int(place.last // unit)
    step = max(1, -(-whole // 9))
    baseline = SIZE[1] - 8
    drawn = []
    for number in range(0, whole + 1, step):
        words = translate("{number} mois" if in_months else "{number} ans", number=number)
        shown = words if number == whole - whole % step else str(number)
        drawn.append(text(place.x(number * unit), baseline, shown, anchor="middle"))
    return drawn


def _point(place: _Place, one: Point) -> Markup:
    x, y = place.x(one.months), place.y(one.value)
    if one.is_declared:
        return element("rect", x=x - 3.2, y=y - 3.2, width=6.4, height=6.4, class_="fig-declared")
    return element("circle", cx=x, cy=y, r=3.2, class_="fig-point")


def _spoken(label: str, unit: str, found: Sequence[Point], bands: Sequence[Band]) -> str:
    """The figure in words."""
    last = found[-1]
    said = translate(
        "{label} selon l’âge : {number} valeurs, dernière {value} {unit}",
        label=label,
        number=len(found),
        value=measure(last.value),
        unit=unit,
    )
    if len(bands) < 2:
        return said
    usual = translate(
        "repère à cet âge : de {low} à {high}",
        low=measure(round(bands[-1].low, 1)),
        high=measure(round(bands[-1].high, 1)),
    )
    return f"{said}, {usual}"
