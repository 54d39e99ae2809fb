"""Whether a test was done twice within a day: what the insurance and the reports tell, as far as they tell it.

The insurance knows days, not hours: of two claims on one day that one is a repeat is known only when somebody
else ordered it, or did it. Reports know hours: two samples that are reported apart, less than the interval from
each other. Whatever may be one and the same sample is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Final

from dmp.domain.clinical.facts import Agent, Performed, Result
from dmp.domain.record.calendar import LOCAL

APART: Final = timedelta(hours=1)
"""Samples nearer to each other are one taking of blood."""


def claimed_twice(acts: Iterable[Performed]) -> Iterator[tuple[Performed, Performed]]:
    """By day, the first two acts of which another ordered, or did, the second."""
    days: dict[date, list[Performed]] = {}
    for act in acts:
        days.setdefault(act.on, []).append(act)
    for same in days.values():
        apart = ((a, b) for a, b in combinations(same, 2) if _are_of_two(a, b))
        yield from list(apart)[:1]


def _are_of_two(a: Performed, b: Performed) -> bool:
    return _differ(a.prescriber, b.prescriber) or _differ(a.performer, b.performer)


def _differ(a: Agent, b: Agent) -> bool:
    """Whether both are known, and not the same."""
    one, other = (agent.id or agent.name or agent.place for agent in (a, b))
    return bool(one and other) and one != other


def sampled_twice(
    results: Sequence[Result], interval: timedelta
) -> Iterator[tuple[list[Result], list[Result]]]:
    """Results of two samples of known hours, in different documents, less than the interval apart."""
    samples: dict[datetime, list[Result]] = {}
    for result in results:
        samples.setdefault(result.at, []).append(result)
    for before, after in pairwise(sorted(at for at in samples if _has_hour(at))):
        if APART <= after - before < interval:
            earlier, later = samples[before], samples[after]
            if not _documents(earlier) & _documents(later):
                yield earlier, later


def _has_hour(at: datetime) -> bool:
    if (at.hour, at.minute) == (0, 0):
        return False
    local = at.astimezone(LOCAL)
    return (local.hour, local.minute) != (0, 0)


def _documents(results: Iterable[Result]) -> set[object]:
    return {source.document for result in results for source in result.sources}
