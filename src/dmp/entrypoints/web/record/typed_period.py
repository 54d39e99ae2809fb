"""A period as somebody typed it into the address: two days, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_LONGEST = 20
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
        typed = visit.asked(name, _LONGEST)
        if typed:
            try:
                days[name] = typed_day(typed)
            except ValueError:
                errors[name] = translate(
                    "{value} n’est pas une date. Exemple : 12/03/2026.", value=translate(words)
                )
    start, end = days["du"], days["au"]
    if start and end and start > end:
        errors["au"] = "La fin de la période est avant son début."
    return TypedPeriod(
        first=visit.asked("du", _LONGEST),
        last=visit.asked("au", _LONGEST),
        start=None if errors else start,
        end=None if errors else end,
        errors=errors,
    )
