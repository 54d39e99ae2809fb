"""A band of the chronology, as wide as its place: places are in per cent, letters keep their size on a phone.

Marks are links to what proves them. No two of them stand so close in one line that a finger could not choose,
even at 320 pixels: those that would begin another line.

Source: LifeLines (Plaisant 1998); WCAG 2.2, 2.5.8 (targets of 24 pixels); ux rules of the project §7.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from markupsafe import Markup

from dmp.entrypoints.web.figures.svg import element
from dmp.locale import spoken

AXIS, LINE = 18, 26
"""Pixels: the height of the axis, and of a line of marks."""
CLOSEST = 8.6
"""Per cent of the width: 24 pixels of the narrowest figure."""
MOST_LINES = 4
"""Lines of signs in a band: what has no room in them is a heap, at which one looks nearer."""
_LETTERS = 27
_MIDDLE = 50.0
_NAMED = 15.0
"""Per cent: names under the axis that would stand closer are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark: `label` is written beside a bar, `said` tells all of it. Without `address` it is no link.

    `weighs`: it has a place before others.
    """

    label: str
    said: str
    stretches: tuple[tuple[date, date], ...]
    shape: str
    is_bar: bool
    goes_on: bool = False
    weighs: bool = False
    address: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days from `start` to `end`, both included, on the whole width."""

    start: date
    end: date

    def at(self, day: date) -> float:
        """Where a day begins, in per cent, kept inside."""
        return self._placed((day - self.start).days)

    def behind(self, day: date) -> float:
        """Where a day ends, in per cent, kept inside; of the last day that there is, too."""
        return self._placed((day - self.start).days + 1)

    def _placed(self, rank: int) -> float:
        days = (self.end - self.start).days + 1
        return min(max(rank, 0), days) * 100 / days

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Beginnings of years, or of months where the window is about one year, with their names."""
        months = (self.end - self.start).days < 800
        found: list[tuple[float, str]] = []
        day = self.start.replace(day=1)
        while day <= self.end:
            if day >= self.start and (months or day.month == 1):
                name = (
                    format_date(day, "MMM yy", locale=spoken().formats) if months else str(day.year)
                )
                found.append((self.at(day), name))
            day = (day + timedelta(days=32)).replace(day=1)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """Marks that have no room: how many, where they stand in per cent, their first and last day."""

    left: float
    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Laid:
    """The marks of a band in lines, and the heaps of those that have no room in them."""

    lines: tuple[tuple[Mark, ...], ...]
    heaps: tuple[Heap, ...] = ()


def laid(marks: Sequence[Mark], window: Window) -> Laid:
    """Marks in lines, as few as keep them apart; a bar has a line of its own, for its words.

    Those that weigh most have a place first, then the newest: what has none left is heaped.
    """
    lines: list[list[Mark]] = []
    taken: list[list[tuple[float, float]]] = []
    heaps: dict[int, list[Mark]] = {}
    bars = sorted((one for one in marks if one.is_bar), key=lambda one: one.stretches[0])
    signs = (one for one in marks if not one.is_bar)
    for one in sorted(signs, key=lambda one: (not one.weighs, -one.stretches[0][0].toordinal())):
        left, right = _hit_of(one, window)
        line = next((n for n, row in enumerate(taken) if _is_free(row, left, right)), len(taken))
        if line >= MOST_LINES:
            heaps.setdefault(int(left // CLOSEST), []).append(one)
            continue
        if line == len(taken):
            lines.append([])
            taken.append([])
        lines[line].append(one)
        taken[line].append((left, right))
    return Laid(
        (*((one,) for one in bars), *map(_by_day, lines)),
        tuple(
            Heap(
                left=slot * CLOSEST,
                number=len(found),
                start=min(one.stretches[0][0] for one in found),
                end=max(one.stretches[-1][1] for one in found),
            )
            for slot, found in sorted(heaps.items())
        ),
    )


def _is_free(row: Sequence[tuple[float, float]], left: float, right: float) -> bool:
    return all(right <= start or left >= end for start, end in row)


def _by_day(line: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(line, key=lambda one: one.stretches[0]))


def band(
    marks: Sequence[Mark], window: Window, label: str, nearer: Callable[[Heap], tuple[str, str]]
) -> Markup:
    """One band with its axis. `nearer` gives the address that looks nearer at a heap, and its words."""
    found = laid(marks, window)
    number = len(found.lines) + bool(found.heaps)
    height = AXIS + LINE * max(number, 1)
    drawn = [*_axis(window, height)]
    for line, those in enumerate(found.lines):
        drawn += [_drawn(one, window, AXIS + LINE * line) for one in those]
    last = AXIS + LINE * len(found.lines)
    drawn += [_heap(one, last, *nearer(one)) for one in found.heaps]
    # The name stands around the drawing: its links are read one by one, which those of an image are not.
    figure = element("svg", *drawn, class_="frieze", width="100%", height=height)
    return element("div", figure, role="group", aria_label=label)


def _heap(one: Heap, top: int, address: str, said: str) -> Markup:
    return element(
        "a",
        element("title", said),
        _hit(one.left, one.left + CLOSEST, top),
        element("text", f"+{one.number}", x=_cent(one.left), dx=3, y=top + 17, class_="fig-text"),
        href=address,
        class_="frieze-mark",
    )


def _hit_of(one: Mark, window: Window) -> tuple[float, float]:
    """Where the area of a mark begins and ends: it never leaves the figure, and holds a finger."""
    left = min(window.at(one.stretches[0][0]), 100 - CLOSEST)
    return left, max(left + CLOSEST, window.behind(one.stretches[-1][1]))


def _axis(window: Window, height: int) -> list[Markup]:
    drawn = []
    free = 0.0
    for x, name in window.ticks():
        drawn.append(
            element(
                "line",
                x1=_cent(x),
                x2=_cent(x),
                y1=0,
                y2=height,
                class_="fig-axis",
                aria_hidden="true",
            )
        )
        if x >= free and x <= 100 - _NAMED / 2:
            drawn.append(
                element("text", name, x=_cent(x), dx=3, y=12, class_="fig-text", aria_hidden="true")
            )
            free = x + _NAMED
    return drawn


def _drawn(one: Mark, window: Window, top: int) -> Markup:
    inner = _bar(one, window, top) if one.is_bar else _sign(one, window, top)
    title = element("title", one.said)
    if not one.address:
        return element("g", title, *inner, class_="frieze-mark")
    return element("a", title, *inner, href=one.address, id=one.mark, class_="proof frieze-mark")


def _hit(left: float, right: float, top: int) -> Markup:
    return element(
        "rect",
        x=_cent(left),
        y=top,
        width=_cent(max(right - left, CLOSEST)),
        height=LINE - 1,
        class_="fig-hit",
    )


def _bar(one: Mark, window: Window, top: int) -> list[Markup]:
    left, right = window.at(one.stretches[0][0]), window.behind(one.stretches[-1][1])
    inner = [_hit(min(left, 100 - CLOSEST), right, top)]
    for first, last in one.stretches:
        if last < window.start or first > window.end:
            continue
        x = window.at(first)
        inner.append(
            element(
                "rect",
                x=_cent(x),
                y=top + 16,
                width=_cent(max(window.behind(last) - x, 0.6)),
                height=7,
                rx=2,
                class_="fig-bar" if one.goes_on else "fig-ended",
            )
        )
    at, anchor = (left, "start") if left <= _MIDDLE else (min(max(right, left + 1), 100.0), "end")
    words = one.label if len(one.label) <= _LETTERS else one.label[: _LETTERS - 1] + "…"
    inner.append(
        element("text", words, x=_cent(at), y=top + 12, text_anchor=anchor, class_="fig-text")
    )
    return inner


def _sign(one: Mark, window: Window, top: int) -> list[Markup]:
    left, right = window.at(one.stretches[0][0]), window.behind(one.stretches[-1][1])
    middle = top + LINE // 2
    inner = [_hit(*_hit_of(one, window), top)]
    if right - left > CLOSEST / 2:
        inner.append(
            element(
                "rect",
                x=_cent(left),
                y=middle - 4,
                width=_cent(right - left),
                height=8,
                rx=2,
                class_="fig-ended",
            )
        )
        return inner
    # A path has no per cent: it stands in a figure of its own that has.
    path = element("path", d=_PATHS[one.shape], class_=_CLASSES[one.shape])
    at = _cent(min(left, 100 - 1.5))
    inner.append(element("svg", path, x=at, y=middle, overflow="visible", aria_hidden="true"))
    return inner


_PATHS = {
    "disc": "M7 -5a5 5 0 1 0 .1 0z",
    "square": "M2 -5h10v10h-10z",
    "diamond": "M7 -6.5l6.5 6.5l-6.5 6.5l-6.5 -6.5z",
    "triangle": "M7 -6l6 11h-12z",
}
_CLASSES = {
    "disc": "fig-point",
    "square": "fig-bar",
    "diamond": "fig-outside",
    "triangle": "fig-vaccine",
}


def _cent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
