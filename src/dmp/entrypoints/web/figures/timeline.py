"""The timeline of one treatment: a bar for each delivery, gaps hatched, overlaps of a same class bracketed.

Source: ux rules of the project §2.4; Belden 2019 (a medication timeline reads faster than a table).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from markupsafe import Markup, escape

from dmp.domain.clinical.synthesis import Gap, Treatment
from dmp.entrypoints.web.figures.period import Period
from dmp.entrypoints.web.figures.svg import decoration, element, figure, text, written
from dmp.entrypoints.web.wording import day as written_day
from dmp.entrypoints.web.wording import short_day
from dmp.locale import plural, translate

HEIGHT = 18
DUPLICATE_HEIGHT = 26
SHOWN_GAP = 7
"""Days: a shorter stretch without supply is no gap."""
HATCHING = "manque"
_BAR, _TOP = 11, 3
_DUPLICATE = "doublon"
_DUPLICATE_WIDTH = 40
_GAP_LETTERS = 34
_DAY = timedelta(days=1)

Days = tuple[date, date]
"""First and last day, both included."""


@cache
def hatching() -> Markup:
    """The pattern of gaps: once on every page with a timeline, before it."""
    line = element("path", d="M-1 7L7 -1M3 9L9 3", class_="fig-hatch")
    pattern = element(
        "pattern", line, id=HATCHING, width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return decoration(0, 0, element("defs", pattern), class_="hidden-text")


def covered(treatment: Treatment) -> tuple[Days, ...]:
    """Days of supply, delivery by delivery, oldest first."""
    found = [(on, on + _span(days)) for on, days, _, _, _ in treatment.supplies]
    found.sort()
    return tuple(found)


@cache
def _span(days: int) -> timedelta:
    """From the first day of a supply to its last."""
    return timedelta(days=max(days, 1) - 1)


def shown_gaps(treatment: Treatment) -> tuple[Gap, ...]:
    """The gaps that are long enough to be shown."""
    return tuple(gap for gap in treatment.gaps if (gap.end - gap.start).days + 1 > SHOWN_GAP)


def overlaps(treatment: Treatment, others: Mapping[str, Treatment]) -> tuple[Days, ...]:
    """Days on which another treatment of its class was there as well: one stretch for each of them."""
    found = []
    for key in treatment.duplicates:
        other = others.get(key)
        common = _common(covered(treatment), covered(other)) if other is not None else []
        if common:
            found.append((common[0][0], common[-1][1]))
    return tuple(found)


def _common(mine: Sequence[Days], theirs: Sequence[Days]) -> list[Days]:
    """Stretches that two lists of days share, oldest first; both are sorted by their first days."""
    found: list[Days] = []
    for a, b in mine:
        for c, d in theirs:
            if c > b:
                break
            if a <= d:
                found.append((max(a, c), min(b, d)))
    return sorted(found)


def bars(
    treatment: Treatment, period: Period, doubled: Sequence[Days], until: date | None
) -> Markup:
    """The row of one treatment. `until` is the day to which deliveries are known."""
    inside = _inside(treatment, period)
    drawn = [_box(period, first, last, "fig-bar") for first, last in inside]
    if not treatment.supplies and treatment.start is not None:
        last = treatment.end or period.end
        if period.holds(treatment.start, last):
            drawn.append(_box(period, treatment.start, last, "fig-planned"))
    gaps = [gap for gap in shown_gaps(treatment) if period.holds(gap.start, gap.end)]
    drawn += [_gap(period, one) for one in gaps]
    shown = [days for days in doubled if period.holds(*days)]
    drawn += [_bracket(period, days) for days in shown]
    height = DUPLICATE_HEIGHT if shown else HEIGHT
    if until is not None and period.start <= until < period.end:
        x = period.x(until + timedelta(days=1))
        drawn.append(element("path", d=f"M{x:.1f} 0v{height}", class_="fig-until"))
    label = _said(treatment, inside, gaps, shown)
    return figure(period.width, height, label, *drawn, class_="fig bars")


def _inside(treatment: Treatment, period: Period) -> list[Days]:
    """The days of supply that reach into a period, oldest first."""
    return [days for days in covered(treatment) if period.holds(*days)]


def _box(period: Period, first: date, last: date, class_: str) -> Markup:
    left, right = period.x(first), period.x(last + _DAY)
    # One pixel between two deliveries, so that each can be counted.
    width = max(right - left - 1, 1.5)
    return Markup(  # noqa: S704  # numbers and a class of our own; a page has hundreds of them
        f'<rect x="{left:.1f}" y="{_TOP}" width="{width:.1f}" height="{_BAR}" rx="1.5"'
        f' class="{class_}"/>'
    )


def _gap(period: Period, gap: Gap) -> Markup:
    """A hatched box, with its days where there is room. Numbers and classes of our own, written at once."""
    left, right = period.x(gap.start), period.x(gap.end + _DAY)
    box = (
        f'<rect x="{written(left)}" y="{_TOP}" width="{written(max(right - left - 1, 1.5))}"'
        f' height="{_BAR}" fill="url(#{HATCHING})" class="fig-gap"/>'
    )
    if right - left < _GAP_LETTERS:
        return Markup(box)  # noqa: S704  # numbers
    middle, days = (left + right) / 2, (gap.end - gap.start).days + 1
    back = (
        f'<rect x="{written(middle - 14)}" y="{_TOP + 0.5}" width="28" height="{_BAR - 1}"'
        ' class="fig-ground"/>'
    )
    return Markup(box + back) + text(middle, _TOP + 9, f"{days} j", anchor="middle")  # noqa: S704  # numbers


def _bracket(period: Period, days: Days) -> Markup:
    left, right = period.x(days[0]), period.x(days[1] + timedelta(days=1))
    line = element("path", d=f"M{left:.1f} 15v3H{right:.1f}v-3", class_="fig-double")
    half = _DUPLICATE_WIDTH / 2
    middle = min(max((left + right) / 2, half), period.width - half)
    return line + text(middle, DUPLICATE_HEIGHT, _DUPLICATE, "fig-text fig-double-word", "middle")


def broken(treatment: Treatment, doubled: Sequence[Days]) -> Markup:
    """Every gap and every stretch with another of its class, as sentences of the equal table."""
    stretches = [
        translate(
            "sans délivrance du {start} au {end}",
            start=short_day(gap.start),
            end=short_day(gap.end),
        )
        for gap in shown_gaps(treatment)
    ]
    stretches += [
        translate("doublon du {first} au {last}", first=short_day(first), last=short_day(last))
        for first, last in doubled
    ]
    return Markup("".join([f"{escape(one)}&#8239;; " for one in stretches]))  # noqa: S704  # escaped


def _said(
    treatment: Treatment, inside: Sequence[Days], gaps: Sequence[Gap], doubled: Sequence[Days]
) -> str:
    """The row in words."""
    words = []
    if inside:
        counted = plural(
            "{number} délivrance du {first} au {last}",
            "{number} délivrances du {first} au {last}",
            len(inside),
        )
        words.append(
            translate(
                counted,
                number=len(inside),
                first=written_day(inside[0][0]),
                last=written_day(inside[-1][0]),
            )
        )
    elif not treatment.supplies and treatment.start is not None:
        words.append(
            translate(
                "prescrit depuis le {start}, sans délivrance connue",
                start=written_day(treatment.start),
            )
        )
    else:
        words.append(translate("aucune délivrance connue sur la période"))
    words += [
        translate(
            "sans délivrance du {start} au {end}",
            start=written_day(gap.start),
            end=written_day(gap.end),
        )
        for gap in gaps
    ]
    words += [
        translate("doublon du {first} au {last}", first=written_day(first), last=written_day(last))
        for first, last in doubled
    ]
    return f"{treatment.label}\u00a0: " + "\u202f; ".join(words)
