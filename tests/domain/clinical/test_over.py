"""What time ends though nobody writes it: pregnancies; and values too old to be seen first."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import CIM10
from dmp.domain.clinical.facts import Findings, Problem, Result
from dmp.domain.clinical.results.series import series_of
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.codes import Code
from tests.builders.clinical import (
    a_knowledge,
    a_material,
    a_problem,
    a_result,
    a_source,
    a_stay,
    days_ago,
)


def pregnancy(ago: int, **changes: Any) -> Problem:
    """Stated that many days ago."""
    return a_problem("Grossesse en cours", "Z33", sources=(a_source(1, days_ago(ago)),), **changes)


def told(**facts: Any) -> Synthesis:
    return synthesis_of(a_material(Findings(**facts)), a_knowledge())


def labels(problems: tuple[Problem, ...]) -> list[tuple[str, bool]]:
    return [(one.label, one.active) for one in problems]


def test_a_pregnancy_in_course_is_a_problem_in_course() -> None:
    found = told(problems=(pregnancy(60, until=days_ago(-100)),))
    assert labels(found.problems) == [("Grossesse en cours", True)]
    assert found.past == ()


@pytest.mark.parametrize(
    "over", [pregnancy(60, until=days_ago(3)), pregnancy(400), pregnancy(900, until=days_ago(700))]
)
def test_a_pregnancy_whose_term_has_passed_is_past(over: Problem) -> None:
    found = told(problems=(over, a_problem()))
    assert [one.label for one in found.problems] == ["Hypertension artérielle"]
    assert labels(found.past) == [("Grossesse en cours", False)]
    assert found.pregnancy is None


def test_what_was_of_a_pregnancy_ends_with_it() -> None:
    threatened = a_problem(
        "Menace d'accouchement prématuré", "O47.0", sources=(a_source(1, days_ago(900)),)
    )
    after = a_problem("Thrombose du post-partum", "O87.1", sources=(a_source(1, days_ago(900)),))
    found = told(problems=(threatened, after))
    assert labels(found.problems) == [("Thrombose du post-partum", True)]
    assert labels(found.past) == [("Menace d'accouchement prématuré", False)]


def test_a_birth_ends_a_pregnancy() -> None:
    birth = a_stay(20, 16, codes=(Code("O80", CIM10, "Accouchement"),))
    found = told(problems=(pregnancy(60),), stays=(birth,))
    assert found.problems == ()
    assert labels(found.past) == [("Grossesse en cours", False)]


def test_what_was_out_of_range_long_ago_is_not_seen_first() -> None:
    def at(loinc: str, ago: int, label: str, interpretation: str) -> Result:
        return a_result(loinc, 3.0, ago, label=label, interpretation=interpretation)

    old = at("34714-6", 2000, "INR", "L")
    lately = at("2276-4", 300, "Ferritine", "L")
    core = at("2823-3", 10, "Potassium", "N")
    found = series_of([old, core, lately])
    assert [one.label for one in found] == ["Ferritine", "Potassium", "INR"]
    assert [one.label for one in series_of([old])] == ["INR"]
    assert series_of([]) == ()
