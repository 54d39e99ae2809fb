"""Facts of documents, of the insurance and of the holder put together: the same fact stands once, with
all its sources.

The result does not depend on the order of the parts, and nothing is found in fewer parts that is not
found in all of them: whoever may not see a document sees no trace of it in what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

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


def merged(parts: Iterable[Findings], medicines: Medicines) -> Findings:
    """All the parts as one. "None known" is left out where there is an allergy or a problem."""
    # Findings are tuples of their kinds of facts: put side by side, each kind is a column.
    columns = (tuple(chain.from_iterable(column)) for column in zip(_NOTHING, *parts, strict=True))
    whole = Findings._make(columns)
    found_allergies = allergies(whole.allergies)
    found_problems = problems(whole.problems)
    known = Known(medicines)
    return Findings(
        allergies=tuple(found_allergies),
        problems=tuple(found_problems),
        prescribed=tuple(prescribed(whole.prescribed, known)),
        dispensed=tuple(dispensed(whole.dispensed, known)),
        results=tuple(results(whole.results)),
        vaccinations=tuple(vaccinations(whole.vaccinations, known)),
        stays=tuple(stays(whole.stays)),
        imaging=tuple(imaging(whole.imaging)),
        performed=tuple(performed(whole.performed)),
        devices=tuple(devices(whole.devices)),
        no_known_allergy=()
        if any(allergy.active for allergy in found_allergies)
        else in_order(whole.no_known_allergy),
        no_known_problem=()
        if any(problem.active for problem in found_problems)
        else in_order(whole.no_known_problem),
    )


_NOTHING = Findings()
