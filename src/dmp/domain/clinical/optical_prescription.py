"""What of a record concerns sight, and until when a prescription of corrective lenses may be used.

Source: CSP D4362-12-1 (décret n° 2016-1381): one year before 16, five years from 16 to 42, three years
after; D4362-12-2: the prescriber may set less. CI-SIS, TRE_A01 and TRE_G15: specialities of authors.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.material import Described

CHILD_UNTIL = 16
ADULT_UNTIL = 42
_CHILD, _ADULT, _OLDER = 1, 5, 3

PRESCRIPTION_CLASS = "42"
"""Class of prescriptions. Source: ANS, TRE_A03."""
_ORTHOPTICS = "PRESC-ORTHOPTIE"
_CONSULTATION = "78513-9"
_OF_SIGHT = re.compile(r"SM38$|(?:^|_)(?:28|91)(?:/|$)")
"""Ophthalmologists, whatever stands before; opticians and orthoptists as professions."""
_LENSES = re.compile(
    r"\b(?:lunettes|verres?|lentilles?|correction optique|équipement optique)\b", re.I
)
_EYES = re.compile(r"ophtalm|orthopti|\bfond d.œil|\brétin|\bacuité visuelle", re.I)


def valid_until(birth: date, prescribed_on: date) -> date:
    """The last day on which the lenses may be delivered, from the age on the day of the prescription."""
    age = prescribed_on.year - birth.year
    age -= (prescribed_on.month, prescribed_on.day) < (birth.month, birth.day)
    years = _CHILD if age < CHILD_UNTIL else _ADULT if age <= ADULT_UNTIL else _OLDER
    try:
        return prescribed_on.replace(year=prescribed_on.year + years)
    except ValueError:
        return prescribed_on.replace(year=prescribed_on.year + years, day=28)


@lru_cache(maxsize=1_024)
def names_lenses(title: str) -> bool:
    """Whether a title says that lenses are what is prescribed."""
    return _LENSES.search(title) is not None


def is_optical(entry: Described, findings: Findings | None) -> bool:
    """Whether a document prescribes lenses, as far as can be told, or orthoptic care.

    What an ophthalmologist prescribes may be lenses, unless it is read as medicines.
    """
    if entry.class_code.code != PRESCRIPTION_CLASS:
        return False
    if entry.type_code.code == _ORTHOPTICS or names_lenses(entry.title):
        return True
    return _is_by_eye_care(entry) and not (findings is not None and findings.prescribed)


def is_of_sight(entry: Described) -> bool:
    """Whether a document other than a prescription is about the eyes: by who wrote it, or by its title."""
    if entry.class_code.code == PRESCRIPTION_CLASS:
        return False
    if entry.type_code.code == _CONSULTATION or _names_eyes(entry.title):
        return True
    return _is_by_eye_care(entry)


def _is_by_eye_care(entry: Described) -> bool:
    for author in entry.authors:  # noqa: SIM110  # asked of every document: a loop is half as long
        if author.specialty is not None and _is_of_eyes(author.specialty.code):
            return True
    return False


@lru_cache(maxsize=1_024)
def _names_eyes(title: str) -> bool:
    return _EYES.search(title) is not None


@lru_cache(maxsize=1_024)
def _is_of_eyes(speciality: str) -> bool:
    return _OF_SIGHT.search(speciality) is not None
