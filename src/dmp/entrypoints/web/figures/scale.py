"""A number line for one value: the usual range as a zone, the value as a mark, the last one before it.

Source: Zikmund-Fisher 2017 (number lines lower needless alarm without hiding extremes).
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dmp.domain.clinical.synthesis import Series
from dmp.entrypoints.web.figures.curve import bounds, is_outside, measured, spoken
from dmp.entrypoints.web.figures.svg import element, figure, text
from dmp.entrypoints.web.wording import measure

WIDTH, HEIGHT = 320, 44
_LEFT, _RIGHT = 8, 312
_LINE = 20
_MARGIN = 0.35
"""So much of the range is drawn on each side of it."""


def number_line(series: Series) -> Markup:
    """The number line of the last value; empty without a number or without a range that can be drawn."""
    found = measured(series)
    if not found or found[-1] is not series.last:
        return Markup("")
    last, value = found[-1], found[-1].value
    low, high = bounds(last)
    known = [one for one in (low, high) if one is not None]
    if value is None or not known:
        return Markup("")
    bottom, top = _ends([*known, value])

    def x(value: float) -> float:
        share = (value - bottom) / (top - bottom) if top > bottom else 0.5
        return _LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT)

    left = _LEFT if low is None else x(low)
    right = _RIGHT if high is None else x(high)
    drawn = [_ground(), _usual(left, right)]
    drawn += [text(x(one), HEIGHT - 4, measure(one), anchor="middle") for one in known]
    drawn.append(_mark(x(value), outside=is_outside(last)))
    return figure(WIDTH, HEIGHT, spoken(series), *drawn, class_="fig scale")


def _ends(known: Sequence[float]) -> tuple[float, float]:
    """The ends of the line: the range with a margin, and the value."""
    low, high = min(known), max(known)
    margin = (high - low or abs(high) or 1.0) * _MARGIN
    return (0.0 if low >= 0 > low - margin else low - margin), high + margin


def _ground() -> Markup:
    return element(
        "rect", x=_LEFT, y=_LINE - 4, width=_RIGHT - _LEFT, height=8, rx=4, class_="fig-rail"
    )


def _usual(left: float, right: float) -> Markup:
    return element(
        "rect", x=left, y=_LINE - 4, width=max(right - left, 2.0), height=8, class_="fig-usual"
    )


def _mark(x: float, *, outside: bool) -> Markup:
    if outside:
        return element(
            "path", d=f"M{x:.1f} {_LINE - 10}l10 10l-10 10l-10 -10z", class_="fig-outside"
        )
    return element("circle", cx=x, cy=_LINE, r=8, class_="fig-point")
