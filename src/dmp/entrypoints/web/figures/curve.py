"""Values of one analyte over time: the small line of the synthesis, and the curve of the page of results.

The reference range is a band, the last point is bigger, and a point outside the range has another
colour and another shape. What only the holder says is a square, what documents say a disc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from markupsafe import Markup

from dmp.domain.clinical.facts import Provenance, Result
from dmp.domain.clinical.synthesis import Series
from dmp.entrypoints.web.figures.period import CLOSEST
from dmp.entrypoints.web.figures.svg import figure, points, text, written
from dmp.entrypoints.web.wording import NBSP, local, measure, printed_unit
from dmp.entrypoints.web.wording import day as written_day
from dmp.locale import translate

LITTLE = (56, 16)
LITTLE_POINTS = 12
LITTLE_SPAN = timedelta(days=731)
"""What the small line shows: closer points could not be told apart."""
LARGE = (560, 170)
CLOSE = (300, 150)
"""The same curve where the page is narrow: its letters are read on a phone."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 34, 12, 24
_DATE_WIDTH = 62
_DRAWN = 1e15
"""No quantity in a body is larger; what is, or is no number at all, is written and not drawn."""
_OPEN_SIDE = 0.3
"""A range with one bound is drawn on so much of what the values span."""


def is_outside(result: Result) -> bool:
    """Whether a value is outside the range printed with it."""
    value = result.value
    if value is None:
        return False
    too_low = result.low is not None and value < result.low
    return too_low or (result.high is not None and value > result.high)


def is_declared(result: Result) -> bool:
    """Whether only the holder says a value: it has another shape than those of documents."""
    sources = result.sources
    # Most are said by a document first: nothing else of them is looked at.
    if not sources or sources[0].provenance is not Provenance.DECLARED:
        return False
    return all(source.provenance is Provenance.DECLARED for source in sources)


def measured(series: Series) -> tuple[Result, ...]:
    """The points that have a number that can be drawn, oldest first."""
    return tuple(
        [one for one in series.points if one.value is not None and -_DRAWN < one.value < _DRAWN]
    )


def bounds(result: Result) -> tuple[float | None, float | None]:
    """The range of a value as far as it can be drawn: a bound that is beyond is none."""
    low, high = result.low, result.high
    return (
        low if low is not None and abs(low) < _DRAWN else None,
        high if high is not None and abs(high) < _DRAWN else None,
    )


def newest(series: Series) -> tuple[Result, ...]:
    """The points that have room in the small line, oldest first: of two years, twelve at most."""
    drawn = (
        one
        for one in reversed(series.points)
        if one.value is not None and -_DRAWN < one.value < _DRAWN
    )
    found = list(islice(drawn, LITTLE_POINTS))
    since = found[0].at - LITTLE_SPAN if found else None
    return tuple(one for one in reversed(found) if since is None or one.at >= since)


_Spot = tuple[float, float]
"""Where a value stands, in pixels."""


@dataclass(frozen=True, slots=True)
class _Place:
    """From instants and values to pixels."""

    first: datetime
    last: datetime
    low: float
    high: float
    left: float
    right: float
    top: float
    bottom: float

    def x(self, at: datetime) -> float:
        whole = (self.last - self.first).total_seconds()
        if not whole:
            return self.right
        return self.left + (at - self.first).total_seconds() * (self.right - self.left) / whole

    def y(self, value: float) -> float:
        span = self.high - self.low
        if not span:
            return (self.top + self.bottom) / 2
        return self.bottom - (value - self.low) * (self.bottom - self.top) / span

    def spots(self, found: Sequence[Result]) -> list[_Spot]:
        """Where each value stands: once for the line and for its points."""
        return [(self.x(one.at), self.y(one.value)) for one in found if one.value is not None]


def _placed(found: Sequence[Result], frame: tuple[float, float, float, float]) -> _Place:
    last = found[-1]
    known = [one.value for one in found if one.value is not None]
    lowest, highest = min(known), max(known)
    low, high = bounds(last)
    # The range is drawn whole when it is near; far away it would flatten the line.
    for bound in (low, high):
        if bound is not None:
            lowest, highest = min(lowest, bound), max(highest, bound)
    room = (highest - lowest or abs(highest) or 1.0) * _OPEN_SIDE
    if low is None and high is not None:
        lowest = min(lowest, max(high - room, min(0.0, lowest)))
    if high is None and low is not None:
        highest = max(highest, low + room)
    left, right, top, bottom = frame
    return _Place(found[0].at, last.at, lowest, highest, left, right, top, bottom)


def sparkline(series: Series) -> Markup:
    """The small line of the newest values of two years; empty when there are fewer than two numbers."""
    found = newest(series)
    if len(found) < 2:
        return Markup("")
    width, height = LITTLE
    place = _placed(found, (4, width - 5, 4, height - 4))
    spots = place.spots(found)
    drawn = (_band(place, found[-1]), _line(spots), _points(spots, found, 1.7, 3.4))
    return figure(width, height, spoken(series), *drawn, class_="fig spark")


def curve(series: Series, *, close: bool = False) -> Markup:
    """The curve with its two axes, small where it is `close`; empty when there are fewer than two numbers."""
    found = measured(series)
    if len(found) < 2:
        return Markup("")
    width, height = CLOSE if close else LARGE
    place = _placed(found, (_LEFT, width - _RIGHT, _TOP, height - _BOTTOM))
    drawn = [*_bands(place, found), *_levels(place, found), *_dates(place, found)]
    spots = place.spots(found)
    drawn += [_line(spots), _points(spots, found, 3.2, 5)]
    return figure(
        width, height, spoken(series), *drawn, class_="fig curve close" if close else "fig curve"
    )


def _band(
    place: _Place, one: Result, start: float | None = None, end: float | None = None
) -> Markup:
    """The range of a value, from one place to another; over the whole width when none is said."""
    low, high = bounds(one)
    if low is None and high is None:
        return Markup("")
    top = place.y(high) if high is not None else place.top
    bottom = place.y(low) if low is not None else place.bottom
    # Another laboratory's range may lie beyond what is drawn.
    top, bottom = max(min(top, bottom), place.top - 4), min(max(top, bottom), place.bottom + 4)
    left = place.left - 3 if start is None else start
    right = place.right + 1 if end is None else end
    x, y = written(left), written(min(top, bottom))
    width, height = written(max(right - left, 1.0)), written(max(bottom - top, 1.0))
    return Markup(  # noqa: S704  # numbers and a class of our own
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="fig-band"/>'
    )


def _bands(place: _Place, found: Sequence[Result]) -> list[Markup]:
    """A band for each stretch of values with the same range: laboratories do not all print the same one."""
    stretches: list[tuple[Result, float]] = []
    for one in found:
        before = stretches[-1][0] if stretches else None
        if before is None or (before.low, before.high) != (one.low, one.high):
            stretches.append((one, place.x(one.at)))
    if len(stretches) == 1:
        return [_band(place, found[-1])]
    # A stretch begins half-way between its first value and the one before it.
    order = [place.x(one.at) for one in found]
    starts = [_half_way(order, x) for _, x in stretches]
    ends = [*starts[1:], place.right + 1]
    return [
        _band(place, one, start, end)
        for (one, _), start, end in zip(stretches, starts, ends, strict=True)
    ]


def _half_way(order: Sequence[float], x: float) -> float:
    rank = order.index(x)
    return x - 3 if rank == 0 else (order[rank - 1] + x) / 2


def _line(spots: list[_Spot]) -> Markup:
    return Markup(f'<polyline points="{points(spots)}" class="fig-line"/>')  # noqa: S704  # numbers


def _points(spots: list[_Spot], found: Sequence[Result], size: float, newest: float) -> Markup:
    """Each value, the last one bigger. Numbers and classes of our own, written at once: a page has hundreds."""
    last = found[-1]
    drawn = [
        _point(spot, one, newest if one is last else size)
        for spot, one in zip(spots, found, strict=True)
    ]
    return Markup("".join(drawn))  # noqa: S704  # numbers


def _point(spot: _Spot, one: Result, size: float) -> str:
    x, y = spot
    if is_outside(one):
        size *= 1.25
        corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        return f'<polygon points="{points(corners)}" class="fig-outside"/>'
    if is_declared(one):
        left, top, side = written(x - size), written(y - size), written(2 * size)
        return f'<rect x="{left}" y="{top}" width="{side}" height="{side}" class="fig-declared"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" class="fig-point"/>'


def _levels(place: _Place, found: Sequence[Result]) -> list[Markup]:
    """The values named at the left: the bounds of the range, and the extremes where there is room."""
    last = found[-1]
    wanted = [*bounds(last), place.low, place.high]
    levels: list[float] = []
    for value in wanted:
        if value is not None and all(abs(place.y(value) - place.y(one)) >= 12 for one in levels):
            levels.append(value)
    return [text(place.left - 8, place.y(one) + 4, measure(one), anchor="end") for one in levels]


def _dates(place: _Place, found: Sequence[Result]) -> list[Markup]:
    """Dates under the curve; those that would touch another are left out, the last one never."""
    drawn: list[Markup] = []
    taken: list[float] = []
    for one in [found[-1], *found[:-1]]:
        x = place.x(one.at)
        if all(abs(x - other) >= max(CLOSEST, _DATE_WIDTH) for other in taken):
            taken.append(x)
            drawn.append(text(x, place.bottom + 18, _short(local(one.at).date()), anchor="middle"))
    return drawn


def _short(day: date) -> str:
    return f"{day:%d/%m/%y}"


def spoken(series: Series) -> str:
    """The line in words."""
    found, last = measured(series), series.last
    unit = f"{NBSP}{printed_unit(last.unit)}" if last.unit else ""
    shown = measure(last.value) if last.value is not None else last.text
    said = translate(
        "{label} : {number} valeurs, dernière {value} le {day}",
        label=series.label,
        number=len(found),
        value=f"{shown}{unit}",
        day=written_day(last.at),
    )
    between = reference(last)
    return f"{said}, {translate('intervalle {between}', between=between)}" if between else said


def reference(result: Result) -> str:
    """The reference range as it is written: `3,5–5,1`, `≤ 7`, `≥ 60`; empty when none was printed."""
    low, high = result.low, result.high
    if low is not None and high is not None:
        return f"{measure(low)}–{measure(high)}"
    if high is not None:
        return f"≤{NBSP}{measure(high)}"
    return f"≥{NBSP}{measure(low)}" if low is not None else ""
