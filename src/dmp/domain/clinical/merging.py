"""Facts of documents, of the insurance and of the holder put together: the same fact stands once, with
all its sources.

The result does not depend on the order of the parts, and nothing is found in fewer parts that is not
found in all of them: whoever may not see a document sees no trace of it in what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeVar

from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.clinical.same.conditions import allergies, problems
from dmp.domain.clinical.same.events import (
    devices,
    imaging,
    performed,
    results,
    stays,
    vaccinations,
)
from dmp.domain.clinical.same.gathering import in_order
from dmp.domain.clinical.same.supplies import Known, dispensed, prescribed

V = TypeVar("V")


def merged(parts: Iterable[Findings], medicines: Medicines) -> Findings:
    """All the parts as one. "None known" is left out where there is an allergy or a problem."""
    whole = list(parts)
    found_allergies = allergies(_all([part.allergies for part in whole]))
    found_problems = problems(_all([part.problems for part in whole]))
    known = Known(medicines)
    return Findings(
        allergies=tuple(found_allergies),
        problems=tuple(found_problems),
        prescribed=tuple(prescribed(_all([part.prescribed for part in whole]), known)),
        dispensed=tuple(dispensed(_all([part.dispensed for part in whole]), known)),
        results=tuple(results(_all([part.results for part in whole]))),
        vaccinations=tuple(vaccinations(_all([part.vaccinations for part in whole]), known)),
        stays=tuple(stays(_all([part.stays for part in whole]))),
        imaging=tuple(imaging(_all([part.imaging for part in whole]))),
        performed=tuple(performed(_all([part.performed for part in whole]))),
        devices=tuple(devices(_all([part.devices for part in whole]))),
        no_known_allergy=()
        if any(allergy.active for allergy in found_allergies)
        else in_order(_all([part.no_known_allergy for part in whole])),
        no_known_problem=()
        if any(problem.active for problem in found_problems)
        else in_order(_all([part.no_known_problem for part in whole])),
    )


def _all(parts: Iterable[Sequence[V]]) -> list[V]:
    return list(chain.from_iterable(parts))
