"""A period as somebody typed it into the address: two days, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_DAYS = {"du": "Le début de la période", "au": "La fin de la période"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPeriod:
    """`first` and `last` as typed; as days both are None where something is wrong: a period that makes no
    sense narrows nothing. `errors` says what, by the name of the field.
    """

    first: str
    last: str
    start: date | None
    end: date | None
    errors: Mapping[str, str]


def typed_period(visit: Visit) -> TypedPeriod:
    """The period of the fields `du` and `au` of the address."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = dict.fromkeys(_DAYS)
    for name, words in _DAYS.items():
        typed = visit.asked(name, 10)
        if typed:
            try:
                days[name] = date.fromisoformat(typed)
            except ValueError:
                errors[name] = translate(
                    "{value} n’est pas une date. Exemple : 2026-03-12.", value=translate(words)
                )
    start, end = days["du"], days["au"]
    if start and end and start > end:
        errors["au"] = "La fin de la période est avant son début."
    return TypedPeriod(
        first=visit.asked("du", 10),
        last=visit.asked("au", 10),
        start=None if errors else start,
        end=None if errors else end,
        errors=errors,
    )
