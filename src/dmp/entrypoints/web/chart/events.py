"""What stands in the chronology: the facts of one reader as events with their days, band by band.

Source: ux rules of the project §2.1 (LifeLines, HistoriView) and §7.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dmp.domain.clinical.facts import Problem, Result, Source
from dmp.domain.clinical.results.series import trend_of
from dmp.domain.clinical.results.vital_signs import VITAL_SIGNS
from dmp.domain.clinical.synthesis import Series, Treatment, Trend
from dmp.entrypoints.web.synthesis import words
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.entrypoints.web.synthesis.zones import Zone
from dmp.entrypoints.web.wording import local
from dmp.locale import plural, translate

JOINED_WITHIN = timedelta(days=30)
"""Deliveries that follow one another this closely are one stretch."""


class Band(StrEnum):
    """One band; its value is its anchor and stands in addresses."""

    PROBLEMS = "problemes"
    STAYS = "sejours"
    TREATMENTS = "traitements"
    EXAMS = "examens"


SHOWN_WITH: dict[Band, frozenset[Zone]] = {
    Band.PROBLEMS: frozenset({Zone.PROBLEMS}),
    Band.STAYS: frozenset({Zone.STAYS}),
    Band.TREATMENTS: frozenset({Zone.TREATMENTS, Zone.CRITICAL}),
    Band.EXAMS: frozenset({Zone.RESULTS, Zone.RENAL, Zone.VITALS, Zone.IMAGING, Zone.VACCINATIONS}),
}
TITLES: dict[Band, str] = {
    Band.PROBLEMS: "Problèmes",
    Band.STAYS: "Séjours et passages",
    Band.TREATMENTS: "Traitements",
    Band.EXAMS: "Examens, résultats et vaccins",
}


class Shape(StrEnum):
    """How an event of one day is drawn."""

    DISC = "disc"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `stretches` are its days, first and last; `goes_on` beyond today's data.

    `is_dated` is false where the source gives no beginning: it stands from the day of the source.
    """

    band: Band
    label: str
    about: str
    stretches: tuple[tuple[date, date], ...]
    sources: tuple[Source, ...] = ()
    shape: Shape = Shape.DISC
    goes_on: bool = False
    is_dated: bool = True

    @property
    def start(self) -> date:
        """Its first day."""
        return self.stretches[0][0]

    @property
    def end(self) -> date:
        """Its last day."""
        return self.stretches[-1][1]

    def is_in(self, first: date, last: date) -> bool:
        """Whether some of its days stand between two days."""
        return any(start <= last and end >= first for start, end in self.stretches)


def bands_of(zones: frozenset[Zone]) -> tuple[Band, ...]:
    """The bands of a reader."""
    return tuple(band for band in Band if not zones.isdisjoint(SHOWN_WITH[band]))


def events_of(sheet: Sheet, zones: frozenset[Zone]) -> tuple[Event, ...]:
    """Every event of the zones that a reader has, as far as they are looked at; the newest first."""
    found: list[Event] = []
    for band in bands_of(zones):
        found += _OF_BAND[band](sheet, zones)
    return tuple(sorted(found, key=lambda one: (-one.end.toordinal(), -one.start.toordinal())))


def _problems(sheet: Sheet, _: frozenset[Zone]) -> Iterator[Event]:
    lens = sheet.lens
    for one in (*sheet.synthesis.problems, *sheet.synthesis.past):
        if lens is not None and not lens.shows_problem(one):
            continue
        yield _problem(one, sheet.today)


def _problem(one: Problem, today: date) -> Event:
    told = min((source.on for source in one.sources), default=today)
    start = one.since or min(told, one.until or told)
    end = today if one.active else max(one.until or told, start)
    return Event(
        band=Band.PROBLEMS,
        label=one.label,
        about=words.about_problem(one),
        stretches=((min(start, end), end),),
        sources=one.sources,
        goes_on=one.active,
        is_dated=one.since is not None,
    )


def _stays(sheet: Sheet, _: frozenset[Zone]) -> Iterator[Event]:
    for one in sheet.stays:
        yield Event(
            band=Band.STAYS,
            label=one.place,
            about=one.reason or one.nature,
            stretches=((one.start, max(one.end or one.start, one.start)),),
            sources=one.sources,
            shape=Shape.SQUARE,
        )


def _treatments(sheet: Sheet, _: frozenset[Zone]) -> Iterator[Event]:
    for one in sheet.all_treatments:
        stretches = _stretches(one, sheet.today)
        if stretches:
            yield Event(
                band=Band.TREATMENTS,
                label=one.label,
                about=", ".join(part for part in (one.critical, one.dosage) if part),
                stretches=stretches,
                sources=one.sources,
                goes_on=one.is_current,
            )


def _stretches(one: Treatment, today: date) -> tuple[tuple[date, date], ...]:
    found: list[tuple[date, date]] = []
    for supply in sorted(one.supplies, key=lambda supply: supply.on):
        last = supply.on + timedelta(days=max(supply.days, 1) - 1)
        if found and supply.on - found[-1][1] <= JOINED_WITHIN:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((supply.on, last))
    if not found and one.start is not None:
        end = one.end or (today if one.is_current else one.start)
        found.append((one.start, max(end, one.start)))
    return tuple(found)


def _exams(sheet: Sheet, zones: frozenset[Zone]) -> Iterator[Event]:
    if Zone.IMAGING in zones:
        for exam in sheet.imaging:
            yield _point(exam.on, exam.label, exam.conclusion, exam.sources, Shape.SQUARE)
    if not zones.isdisjoint({Zone.RESULTS, Zone.RENAL, Zone.VITALS}):
        yield from _results(sheet.series)
    if Zone.VACCINATIONS in zones and sheet.lens is None:
        for one in sheet.vaccinations:
            yield _point(one.on, one.label, words.vaccination(one), one.sources, Shape.TRIANGLE)


def _point(on: date, label: str, about: str, sources: tuple[Source, ...], shape: Shape) -> Event:
    return Event(
        band=Band.EXAMS,
        label=label,
        about=about,
        stretches=((on, on),),
        sources=sources,
        shape=shape,
    )


def _results(series: Iterable[Series]) -> Iterator[Event]:
    """One event for the values that stand in one document, or that one day has without any."""
    groups: dict[tuple[date, object], list[tuple[Series, Result]]] = {}
    for one in series:
        if one.code in VITAL_SIGNS:
            continue
        for point in one.points:
            document = point.sources[0].document if point.sources else None
            groups.setdefault((local(point.at).date(), document), []).append((one, point))
    for (on, _), points in groups.items():
        out = [one.label for one, point in points if trend_of(point) in _OUT]
        counted = translate(
            plural("{number} résultat", "{number} résultats", len(points)), number=len(points)
        )
        about = translate("hors intervalle : {labels}", labels=", ".join(out)) if out else ""
        yield _point(
            on,
            counted,
            about,
            points[0][1].sources,
            Shape.DIAMOND if out else Shape.DISC,
        )


_OUT = (Trend.HIGH, Trend.LOW)
_OF_BAND = {
    Band.PROBLEMS: _problems,
    Band.STAYS: _stays,
    Band.TREATMENTS: _treatments,
    Band.EXAMS: _exams,
}
