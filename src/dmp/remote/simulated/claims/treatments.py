"""From prescriptions to the boxes delivered month after month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from dmp.remote.simulated.claims.codes import Box, box_for
from dmp.remote.simulated.claims.lines import ACTORS, COUNTER, Actor, Detail, Line
from dmp.remote.simulated.territory.papers import Prescription, Visit

MONTH: Final = 30
_RENEWED: Final = 84
"""From this many days on a prescription is of a lasting treatment, renewed until it changes."""
_PSYCHOTROPIC: Final = ("N06A", "N05A")
"""Prescribed for 28 days at a time, and taken for months."""
_COURSE: Final = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A box taken from a day to another; `monthly` boxes at a time."""

    box: Box
    start: date
    end: date
    prescriber: str


def treatments_of(
    visits: Iterable[Visit], opened: date, since: date, until: date
) -> list[Treatment]:
    """What the prescriptions of a story make a person take.

    Args:
        visits: of the person's diary, in any order.
        opened: the day the diary begins: what is prescribed at first was taken before already.
        since: the first day of the claims.
        until: the last day of the claims.
    """
    found: dict[str, list[Treatment]] = {}
    for visit in sorted(visits, key=lambda visit: visit.at):
        for paper in visit.papers:
            if not isinstance(paper, Prescription):
                continue
            for drug in paper.drugs:
                box = box_for(drug.atc, drug.name)
                if box is None:
                    continue
                days = _days(drug.duration)
                if box.atc.startswith(_PSYCHOTROPIC):
                    days = _COURSE
                lasting = days >= _RENEWED and days != _COURSE
                start = visit.at.date()
                if lasting and box.atc not in found and opened > since:
                    start = since
                end = until if lasting else start + timedelta(days=days)
                _follow(found.setdefault(box.atc, []), box, start, end, visit.worker)
    return [treatment for each in found.values() for treatment in each]


def _follow(before: list[Treatment], box: Box, start: date, end: date, prescriber: str) -> None:
    """Put a treatment after those of the same substance: another strength takes the place of the first."""
    if before and before[-1].end >= start:
        if end < before[-1].end:
            return  # a short course of what is taken anyway
        last = before.pop()
        if last.box == box:
            start, end = last.start, max(end, last.end)
        else:
            before.append(
                Treatment(box=last.box, start=last.start, end=start, prescriber=last.prescriber)
            )
    before.append(Treatment(box=box, start=start, end=end, prescriber=prescriber))


def _days(duration: str) -> int:
    """The days of `5 jours`, `6 mois`."""
    number, _, unit = duration.partition(" ")
    return int(number) * (MONTH if unit.startswith("mois") else 1)


def deliveries(
    treatment: Treatment, renewals: list[tuple[date, str]], rng: Random, since: date, until: date
) -> Iterator[Line]:
    """The boxes of a treatment between two days, each on the prescription that was newest then.

    Args:
        treatment: what is taken.
        renewals: days on which a doctor renewed, oldest first, with his key.
        rng: draws how late the person comes.
        since: the first day.
        until: the day after the last.
    """
    box = treatment.box
    whole = (treatment.end - treatment.start).days
    boxes = max(1, round(min(MONTH, whole) / box.days))
    written, doctor, newer = treatment.start, treatment.prescriber, 0
    day = treatment.start + timedelta(days=int(rng.random() * 3))
    last = min(treatment.end, until)
    while day < last:
        while newer < len(renewals) and renewals[newer][0] <= day:
            if renewals[newer][0] >= written:
                written, doctor = renewals[newer]
            newer += 1
        if day >= since:
            yield delivery(box, day, ACTORS[doctor], quantity=boxes, prescribed=written)
        day += timedelta(days=boxes * box.days + int(rng.random() * 3))


def delivery(
    box: Box,
    day: date,
    prescriber: Actor,
    *,
    quantity: int = 1,
    prescribed: date | None = None,
    pharmacy: Actor = COUNTER,
) -> Line:
    """Boxes over the counter."""
    return Line(
        day=day,
        nature=box.nature,
        detail=Detail.PHARMACY,
        code=box.cip13,
        quantity=quantity,
        prescribed=prescribed or day,
        prescriber=prescriber,
        performer=pharmacy,
    )
