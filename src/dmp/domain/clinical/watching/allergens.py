"""Allergies against treatments: the same substance, or the family that reacts with it.

Source: `families.csv`, our own table; crossed reactions as the summaries of product characteristics print them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dmp.domain.clinical.coding import atc_of
from dmp.domain.clinical.facts import Allergy
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.clinical.same.conditions import allergen
from dmp.domain.clinical.treatments import Course
from dmp.domain.tables import table

FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = tuple(
    (
        tuple(row["words"].split("|")),
        tuple(row["atc"].split()),
        tuple(name for name in row["substances"].split("|") if name),
    )
    for row in table("dmp.domain.clinical.watching", "families.csv").rows
)
"""Words of an allergy, and the ATC classes and substances that it forbids."""
CROSSED = ("J01C", "J01D", "J01E", "J01FA", "J01M", "J01A", "J01G", "M01A", "V08A")
"""Classes in which an allergy to one member is said of every member."""


@dataclass(frozen=True, slots=True)
class AllergyMatch:
    """An allergy and a treatment; `by_class`: not the substance itself, but one of its family."""

    allergy: Allergy
    course: Course
    by_class: bool


@dataclass(frozen=True, slots=True)
class _Forbidden:
    substances: frozenset[str]
    classes: tuple[str, ...]
    crossed: tuple[str, ...]


def allergy_matches(
    allergies: Sequence[Allergy], courses: Sequence[Course], medicines: Medicines
) -> list[AllergyMatch]:
    """Every current treatment that an active allergy speaks against; local ones too."""
    found = []
    for allergy in allergies:
        if not allergy.active:
            continue
        forbidden = _forbidden(allergy, medicines)
        for course in courses:
            by_class = _against(forbidden, course)
            if by_class is not None:
                found.append(AllergyMatch(allergy, course, by_class))
    return found


def _forbidden(allergy: Allergy, medicines: Medicines) -> _Forbidden:
    words = allergen(allergy.label)
    substances: set[str] = set()
    classes: list[str] = []
    for names, atc, named in FAMILIES:
        if any(f" {name} " in f" {words} " for name in names):
            classes.extend(atc)
            substances.update(named)
    codes = () if allergy.code is None else (allergy.code,)
    own = atc_of(codes)
    if own:
        classes.append(own)
    medicine = medicines.by_codes(codes, allergy.label)
    crossed: list[str] = [c for c in CROSSED if own.startswith(c)]
    if medicine is not None and len(medicine.substances) == 1:
        substances.update(medicine.substances)
        crossed.extend(c for c in CROSSED if medicine.atc.startswith(c))
    return _Forbidden(frozenset(substances), tuple(classes), tuple(dict.fromkeys(crossed)))


def _against(forbidden: _Forbidden, course: Course) -> bool | None:
    """False: the substance itself; True: by its class; None: nothing against it."""
    if forbidden.substances & set(course.substances):
        return False
    atc = course.treatment.atc
    if not atc:
        return None
    if any(len(code) == 7 and atc == code for code in forbidden.classes):
        return False
    wide = (*forbidden.classes, *forbidden.crossed)
    return True if wide and atc.startswith(wide) else None
