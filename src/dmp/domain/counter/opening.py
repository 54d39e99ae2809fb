"""An opening by a pharmacy that is counted for its payment: once for a record, whatever comes after.

Source: convention nationale des pharmaciens titulaires d'officine, opening of a DMP, 1 € each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from dmp.domain.identity.caller import Caller, Professional
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.health_record import HealthRecord, State

PHARMACIST: Final = "21"
"""Profession of pharmacists in TRE_G15."""
PHARMACIES: Final = frozenset({"SA33", "SA38", "SA39", "SA65"})
"""Sectors of dispensing pharmacies in TRE_R02: officine, minière, mutualiste, antenne."""
CENTS: Final = 100
"""What one opening is paid, in cents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOpening:
    """One opening by a pharmacy; `slip_id` is the identifier of the record, so that it counts once there.

    `cents` is what it was worth on that day.
    """

    slip_id: UUID
    opened_at: datetime
    cents: int = CENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The openings of one month: how many on each local day, oldest first; `months` are those with any."""

    month: date
    days: tuple[tuple[date, int], ...]
    count: int
    cents: int
    months: tuple[date, ...]


def works_in_a_pharmacy(caller: Caller) -> bool:
    """Whether the caller is a pharmacist in a dispensing pharmacy."""
    who = caller.who
    return (
        isinstance(who, Professional)
        and who.profession.code == PHARMACIST
        and who.structure.sector in PHARMACIES
    )


def is_counted(caller: Caller, before: HealthRecord | None) -> bool:
    """Whether an opening counts: by a pharmacy, of a record that was never open before."""
    if not works_in_a_pharmacy(caller):
        return False
    if before is None or before.state is State.DESTROYED:
        return True
    return all(step.state is not State.OPEN for step in before.steps)


def statement_of(openings: Iterable[CountedOpening], month: date) -> Statement:
    """The statement of the month in which the day `month` lies."""
    first = month.replace(day=1)
    days: Counter[date] = Counter()
    months: set[date] = set()
    cents = 0
    for opening in openings:
        day = opening.opened_at.astimezone(LOCAL).date()
        months.add(day.replace(day=1))
        if day.replace(day=1) == first:
            days[day] += 1
            cents += opening.cents
    return Statement(
        month=first,
        days=tuple(sorted(days.items())),
        count=days.total(),
        cents=cents,
        months=tuple(sorted(months, reverse=True)),
    )
