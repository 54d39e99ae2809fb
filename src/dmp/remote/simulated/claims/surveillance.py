"""The tests of people with a lasting condition, month after month, where the story tells of none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from dmp.remote.simulated.claims.care import analysis
from dmp.remote.simulated.claims.lines import Line
from dmp.remote.simulated.territory.diary import working
from dmp.remote.simulated.territory.people import Condition, Person

_QUIET: Final = 85
"""Days at the end without such a test, so that what a case tells there is told alone."""
_NEAR: Final = 75
"""A test that the story tells within so many days makes this one needless."""
# The condition, the tests drawn together, and every how many days.
_ROUNDS: Final = (
    (Condition.DIABETES, ("1577", "552"), 118),
    (Condition.DIABETES, ("996", "592", "1133"), 362),
    (Condition.HYPERTENSION, ("592", "1609"), 365),
    (Condition.HEART_FAILURE, ("1821", "592", "1609"), 150),
    (Condition.HYPOTHYROIDISM, ("1208",), 182),
    (Condition.POLYMEDICATION, ("592", "1104"), 180),
)


def surveillance(
    person: Person, told: list[Line], since: date, until: date, rng: Random
) -> Iterator[Line]:
    """The tests of a person's conditions between two days, beside those that are told already."""
    known: dict[str, list[date]] = {}
    for line in told:
        known.setdefault(line.code, []).append(line.day)
    for condition, codes, every in _ROUNDS:
        if condition not in person.conditions:
            continue
        day = until - timedelta(days=_QUIET + int(rng.random() * 40))
        while day >= since:
            drawn = working(day)
            for code in codes:
                days = known.setdefault(code, [])
                if all(abs((drawn - other).days) > _NEAR for other in days):
                    days.append(drawn)
                    yield analysis(drawn, code, person.doctor)
            day -= timedelta(days=every + int(rng.random() * 12))
