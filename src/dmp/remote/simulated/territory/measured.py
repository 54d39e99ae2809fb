"""Signs in the prose of a note: the practice's software codes what the doctor typed.

Source: LOINC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dmp.remote.simulated.territory.papers import Result

_NUMBER = r"(\d{1,3}(?:,\d{1,2})?)"


@dataclass(frozen=True, slots=True)
class _Sign:
    """How a sign is written, and what each of its numbers is: name, LOINC code, unit in UCUM."""

    written: re.Pattern[str]
    numbers: tuple[tuple[str, str, str], ...]


def _sign(pattern: str, *numbers: tuple[str, str, str]) -> _Sign:
    return _Sign(re.compile(pattern.replace("N", _NUMBER)), numbers)


_SIGNS: Final = (
    _sign(r"Poids N kg", ("Poids", "29463-7", "kg")),
    _sign(r"taille N cm", ("Taille", "8302-2", "cm")),
    _sign(r"Périmètre crânien N cm", ("Périmètre crânien", "8287-5", "cm")),
    _sign(
        r"Pression artérielle N/N mmHg",
        ("Pression artérielle systolique", "8480-6", "mm[Hg]"),
        ("Pression artérielle diastolique", "8462-4", "mm[Hg]"),
    ),
    _sign(r"Fréquence cardiaque (?:régulière à )?N/min", ("Fréquence cardiaque", "8867-4", "/min")),
    _sign(r"Saturation N %", ("Saturation en oxygène", "20564-1", "%")),
    _sign(r"Température N °C", ("Température", "8310-5", "Cel")),
    _sign(r"Glycémie capillaire N g/L", ("Glycémie capillaire", "32016-8", "g/L")),
)


def signs_in(words: str) -> tuple[Result, ...]:
    """The signs that a text tells, in the order of the table; the first of each kind."""
    found: list[Result] = []
    for sign in _SIGNS:
        match = sign.written.search(words)
        if match is None:
            continue
        for (name, loinc, unit), number in zip(sign.numbers, match.groups(), strict=True):
            value = float(number.replace(",", "."))
            found.append(Result(name=name, loinc=loinc, value=value, unit=unit))
    return tuple(found)
