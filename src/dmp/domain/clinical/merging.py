"""Facts of documents, of the insurance and of the holder put together: the same fact stands once, with
all its sources.

The result does not depend on the order of the parts, and nothing is found in fewer parts that is not
found in all of them: whoever may not see a document sees no trace of it in what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    found_allergies = allergies(_all(whole, lambda part: part.allergies))
    found_problems = problems(_all(whole, lambda part: part.problems))
    known = Known(medicines)
    return Findings(
        allergies=tuple(found_allergies),
        problems=tuple(found_problems),
        prescribed=tuple(prescribed(_all(whole, lambda part: part.prescribed), known)),
        dispensed=tuple(dispensed(_all(whole, lambda part: part.dispensed), known)),
        results=tuple(results(_all(whole, lambda part: part.results))),
        vaccinations=tuple(vaccinations(_all(whole, lambda part: part.vaccinations), known)),
        stays=tuple(stays(_all(whole, lambda part: part.stays))),
        imaging=tuple(imaging(_all(whole, lambda part: part.imaging))),
        performed=tuple(performed(_all(whole, lambda part: part.performed))),
        devices=tuple(devices(_all(whole, lambda part: part.devices))),
        no_known_allergy=()
        if any(allergy.active for allergy in found_allergies)
        else in_order(_all(whole, lambda part: part.no_known_allergy)),
        no_known_problem=()
        if any(problem.active for problem in found_problems)
        else in_order(_all(whole, lambda part: part.no_known_problem)),
    )


def _all(parts: Iterable[Findings], of: Callable[[Findings], Sequence[V]]) -> list[V]:
    return [fact for part in parts for fact in of(part)]
