"""Vaccinations over a life: a row for each disease, a mark for each dose.

A dose that a pharmacy delivered and nobody confirmed is a square without ground; one that was given is a disc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from dmp.entrypoints.web.figures.period import Period
from dmp.entrypoints.web.figures.svg import element, figure, text
from dmp.locale import plural, translate

WIDTH = 560
_ROW, _TOP, _LEFT, _RIGHT = 26, 6, 190, 14
_LETTERS = 30
_MOST_YEARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One dose on a day. `confirmed`: somebody says that it was given."""

    on: date
    confirmed: bool = True


Row = tuple[str, Sequence[Dose]]
"""What the doses are against, and the doses."""


def frieze(rows: Sequence[Row], today: date) -> Markup:
    """The figure; empty where no dose has a day."""
    known = [row for row in rows if row[1]]
    days = [dose.on for _, doses in known for dose in doses]
    if not days:
        return Markup("")
    start = min(days) - timedelta(days=30)
    period = Period(start=start, end=max(today, *days), width=float(WIDTH - _LEFT - _RIGHT))
    height = _TOP + _ROW * len(known) + 24
    drawn = [*_years(period, height)]
    for rank, (label, doses) in enumerate(known):
        middle = _TOP + _ROW * rank + _ROW / 2
        drawn.append(text(0, middle + 4, _short(label), class_="fig-text"))
        drawn.append(
            element(
                "line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=middle, y2=middle, class_="fig-axis-fine"
            )
        )
        drawn += [_mark(_LEFT + period.x(dose.on), middle, dose) for dose in doses]
    return figure(WIDTH, height, _spoken(known), *drawn, class_="fig curve")


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1].rstrip()}…"


def _mark(x: float, y: float, dose: Dose) -> Markup:
    if dose.confirmed:
        return element("circle", cx=x, cy=y, r=5, class_="fig-point")
    return element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, class_="fig-declared")


def _years(period: Period, height: float) -> list[Markup]:
    """Years under the rows, as many as have room."""
    first, last = period.start.year, period.end.year
    step = max(1, -(-(last - first + 1) // _MOST_YEARS))
    drawn = []
    for year in range(last - (last - first) // step * step, last + 1, step):
        day = max(date(year, 1, 1), period.start)
        x = _LEFT + period.x(day)
        drawn.append(element("line", x1=x, x2=x, y1=_TOP, y2=height - 20, class_="fig-until"))
        anchor = "end" if x > WIDTH - 40 else "middle"
        drawn.append(text(x, height - 6, str(year), anchor=anchor))
    return drawn


def _spoken(rows: Sequence[Row]) -> str:
    """The figure in words: each row with the number of its doses; the table beside it has their days."""
    parts = [
        translate(
            "{label} : {doses}",
            label=label,
            doses=plural("%(num)d dose", "%(num)d doses", len(doses)) % {"num": len(doses)},
        )
        for label, doses in rows
    ]
    return translate("Vaccins au fil des années : {rows}", rows="\u202f; ".join(parts))
