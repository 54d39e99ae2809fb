"""What cannot be so in a declared line: each fault with the field it is about. Nothing is judged on health.

A fault is a word; doors have the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.measures import SCALES, Measure
from dmp.domain.record.declared.said import PartialDay
from dmp.domain.record.declared.vaccines import Against

LONGEST_LABEL: Final = 200
LONGEST_TEXT: Final = 2000
OLDEST_AGE: Final = 130
_PHONE = re.compile(r"\+?[0-9](?:[ .\-]?[0-9]){2,19}")

Line = (
    Allergy
    | Condition
    | Treatment
    | VaccineGiven
    | HospitalStay
    | Disability
    | FamilyCondition
    | PersonToWarn
    | Measure
)
"""One line of a section."""


class Fault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    IN_FUTURE = "in-future"
    BEFORE_BIRTH = "before-birth"
    ENDS_BEFORE_START = "ends-before-start"
    OUT_OF_BOUNDS = "out-of-bounds"
    NOT_BELOW_FIRST = "not-below-first"
    NOT_A_PHONE = "not-a-phone"
    ALREADY_THERE = "already-there"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """Between which days things happened: from birth to today, both local days."""

    birth: date
    today: date


_MANDATORY = ("substance", "label", "reason", "name")
_SHORT = (
    "substance", "label", "reason", "name", "reaction", "dosage", "place", "lot", "by_whom", "relation",
)  # fmt: skip
_LONG = ("note",)


def faults(line: Line, life: Lifetime) -> dict[str, Fault]:
    """The first fault of each field that has one; empty when the line may be kept."""
    found: dict[str, Fault] = {}
    for field, fault in _faults(line, life):
        found.setdefault(field, fault)
    return found


def _faults(line: Line, life: Lifetime) -> Iterator[tuple[str, Fault]]:
    yield from _of_words(line)
    yield from _of_days(line, life)
    match line:
        case Measure():
            yield from _of_measure(line)
        case PersonToWarn() if not is_phone(line.phone):
            yield "phone", Fault.NOT_A_PHONE
        case FamilyCondition() if line.age is not None and not 0 <= line.age <= OLDEST_AGE:
            yield "age", Fault.OUT_OF_BOUNDS


def is_phone(text: str) -> bool:
    """Whether a text is a number to call: digits, with blanks, points or hyphens between them."""
    return _PHONE.fullmatch(text) is not None


def _of_words(line: Line) -> Iterator[tuple[str, Fault]]:
    for name in _MANDATORY:
        if _may_be_left_out(name, line):
            continue
        if hasattr(line, name) and not getattr(line, name).strip():
            yield name, Fault.MISSING
    for names, longest in ((_SHORT, LONGEST_LABEL), (_LONG, LONGEST_TEXT)):
        for name in names:
            if len(getattr(line, name, "")) > longest:
                yield name, Fault.TOO_LONG


def _may_be_left_out(name: str, line: Line) -> bool:
    """The reason of a treatment; the name of a vaccine, but of one that no word of the carnet names."""
    if isinstance(line, VaccineGiven):
        return line.against is not Against.OTHER
    return name == "reason" and not isinstance(line, HospitalStay)


def _of_days(line: Line, life: Lifetime) -> Iterator[tuple[str, Fault]]:
    for name in ("since", "start", "on", "until", "end", "stop"):
        day: PartialDay | date | None = getattr(line, name, None)
        if day is None:
            continue
        partial = PartialDay.of(day) if isinstance(day, date) else day
        if partial.first_day > life.today and name != "stop":
            yield name, Fault.IN_FUTURE
        if _ended_before(partial, life.birth):
            yield name, Fault.BEFORE_BIRTH
    for first, last in (("since", "until"), ("start", "end"), ("start", "stop")):
        start: PartialDay | None = getattr(line, first, None)
        end: PartialDay | None = getattr(line, last, None)
        if start is not None and end is not None and _ended_before(end, start.first_day):
            yield last, Fault.ENDS_BEFORE_START


def _ended_before(day: PartialDay, other: date) -> bool:
    """Whether a day that may be known to the year only is before another for sure."""
    parts = tuple(part for part in (day.year, day.month, day.day) if part is not None)
    return parts < (other.year, other.month, other.day)[: len(parts)]


def _of_measure(line: Measure) -> Iterator[tuple[str, Fault]]:
    scale = SCALES[line.what]
    if scale.computed or not scale.lowest <= line.value <= scale.highest:
        yield "value", Fault.OUT_OF_BOUNDS
    if scale.second is None:
        return
    if line.second is None:
        yield "second", Fault.MISSING
    elif not scale.second.lowest <= line.second <= scale.second.highest:
        yield "second", Fault.OUT_OF_BOUNDS
    elif line.second >= line.value:
        yield "second", Fault.NOT_BELOW_FIRST
