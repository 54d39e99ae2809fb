"""The claims of one person over the period: his care story, his treatments, what is done without a document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from dmp.remote.simulated.claims.care import act, services_of
from dmp.remote.simulated.claims.codes import boxes, long_terms
from dmp.remote.simulated.claims.lines import ACTORS, Claims, Line, LongTerm
from dmp.remote.simulated.claims.surveillance import surveillance
from dmp.remote.simulated.claims.treatments import (
    Treatment,
    deliveries,
    delivery,
    treatments_of,
)
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.diary import Diary, working
from dmp.remote.simulated.territory.people import Condition, Person
from dmp.remote.simulated.territory.scenes.routine import lived
from dmp.remote.simulated.territory.scenes.scripts import lived_by_cast

_RENEWAL: Final = 90
"""Days between two visits of somebody with a lasting treatment."""
_EXEMPT_YEARS: Final = 10
_GROWN: Final = 15
"""From this age on somebody takes the tablets of adults."""
# Conditions that may become long-term ones, and for how many in a hundred of those who have them.
_LONG_TERM: Final = (
    (Condition.DIABETES, "diabetes", 70),
    (Condition.HEART_FAILURE, "heart-failure", 85),
    (Condition.POLYMEDICATION, "atrial-fibrillation", 60),
    (Condition.COPD, "copd", 40),
)
_DOCTORS: Final = ("dr-martin", "dr-petit", "dr-garnier", "dr-rousseau", "dr-klein")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since`, to the day before `until`; `seed` is the territory's."""

    since: date
    until: date
    seed: int


def claims_of(person: Person, period: Period) -> Claims:
    """The claims of somebody who is no scripted case, within the period; the same for the same arguments."""
    rng = Random(f"{period.seed}/claims/{person.key}")  # noqa: S311  # invented people need no secret randomness
    diary = _diary(person, period)
    claims = Claims()
    for visit in diary.visits:
        claims.add(services_of(person, visit))
    seen = [(v.at.date(), v.worker) for v in diary.visits if v.worker in _DOCTORS]
    taken = treatments_of(diary.visits, diary.opened, period.since, period.until)
    taken += _also_taken(person, period)
    lasting = [t for t in taken if (t.end - max(t.start, period.since)).days > _RENEWAL]
    if lasting:
        first = max(period.since, min(t.start for t in lasting))
        seen += _renewals(person, seen, first, period, claims)
    seen.sort()
    for treatment in taken:
        claims.lines += deliveries(treatment, seen, rng, period.since, period.until)
    claims.lines += _colds(person, claims, period, rng)
    claims.lines += list(surveillance(person, claims.lines, period.since, period.until, rng))
    claims.long_terms = _long_terms(person, period, rng)
    _pregnancy(person, diary, claims)
    return within(claims, period)


def within(claims: Claims, period: Period) -> Claims:
    """The services and stays of the period."""
    claims.lines = [li for li in claims.lines if period.since <= li.day < period.until]
    claims.stays = [s for s in claims.stays if period.since <= s.start and s.end < period.until]
    return claims


def _diary(person: Person, period: Period) -> Diary:
    if person.key in cast_people():
        return lived_by_cast(person, period.seed, period.until)
    return lived(period.seed, person, period.until)[0]


def _renewals(
    person: Person, seen: list[tuple[date, str]], first: date, period: Period, claims: Claims
) -> list[tuple[date, str]]:
    """Visits to the doctor every three months where the story tells of none; added to the claims."""
    own = [day for day, worker in seen if worker == person.doctor]
    added: list[tuple[date, str]] = []
    day = working(first + timedelta(days=_RENEWAL - 25))
    while day < period.until:
        if not any(abs((day - other).days) < _RENEWAL // 2 for other in own):
            claims.lines.append(act(person.doctor, day))
            added.append((day, person.doctor))
        day = working(day + timedelta(days=_RENEWAL))
    return added


def _long_terms(person: Person, period: Period, rng: Random) -> list[LongTerm]:
    found: list[LongTerm] = []
    for condition, key, share in _LONG_TERM:
        exempt = rng.randint(1, 100) <= share
        if condition in person.conditions and exempt and person.key not in _WITHOUT:
            found.append(long_term(key, period.until - timedelta(days=rng.randint(800, 2500))))
    return found


_WITHOUT: Final = ("jeanne-durand",)
"""Those of the cast whose story needs that they have no long-term condition."""


def long_term(key: str, start: date) -> LongTerm:
    """A long-term condition recognised on that day, for ten years."""
    code = long_terms()[key]
    return LongTerm(
        cim10=code.cim10,
        number=code.number,
        reason=code.reason,
        start=start,
        end=date(start.year + _EXEMPT_YEARS, start.month, min(start.day, 28)),
    )


def _colds(person: Person, claims: Claims, period: Period, rng: Random) -> list[Line]:
    """Visits for small things, for people of whom no year tells one."""
    found: list[Line] = []
    for year in range((period.until - period.since).days // 365):
        last = period.until - timedelta(days=365 * year)
        first = last - timedelta(days=364)
        day = working(first + timedelta(days=30 + int(rng.random() * 300)))
        seen = any(first <= line.day <= last and line.nature == "1110" for line in claims.lines)
        if not seen and day > person.traits.birth_date:
            found.append(act(person.doctor, day))
            if person.age_on(day) >= _GROWN:
                key = boxes()["paracetamol-500"]
                found.append(delivery(key, day, ACTORS[person.doctor], quantity=2))
    return found


# Conditions, and what is taken for them that no document of the story names.
_ALSO: Final = (
    (Condition.COPD, "tiotropium"),
    (Condition.ASTHMA, "salbutamol"),
)


def _also_taken(person: Person, period: Period) -> list[Treatment]:
    return [
        Treatment(box=boxes()[key], start=period.since, end=period.until, prescriber=person.doctor)
        for condition, key in _ALSO
        if condition in person.conditions
    ]


def _pregnancy(person: Person, diary: Diary, claims: Claims) -> None:
    """The presumed beginning of a pregnancy, on every service that is about it."""
    if Condition.PREGNANCY not in person.conditions:
        return
    started = diary.ago(30 * 7) + timedelta(days=14)
    claims.lines = [
        replace(line, pregnant_since=started) if line.day > started else line
        for line in claims.lines
    ]
