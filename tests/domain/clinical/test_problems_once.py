"""One disease, one problem: episodes apart, categories joined, antecedents that end nothing."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from dmp.domain.clinical.facts import Findings, Problem
from dmp.domain.clinical.merging import merged
from tests.builders.clinical import a_knowledge, a_problem, a_source, days_ago, of_claims

MEDICINES = a_knowledge().medicines


def put(*problems: Problem) -> list[Problem]:
    """Put together, in whatever order they come."""
    found = [
        sorted(
            merged([Findings(problems=(one,)) for one in order], MEDICINES).problems,
            key=lambda one: (not one.active, one.label),
        )
        for order in permutations(problems)
    ]
    assert all(one == found[0] for one in found)
    again = merged([Findings(problems=tuple(found[0]))], MEDICINES).problems
    assert sorted(map(repr, again)) == sorted(map(repr, found[0]))
    return found[0]


def recalled(label: str, code: str, **changes: Any) -> Problem:
    """Named among the antecedents of a recent letter."""
    return a_problem(
        label, code, active=False, sources=(a_source(2, days_ago(10), anchor="11348-0"),), **changes
    )


def listed(label: str, code: str, **changes: Any) -> Problem:
    """Listed as active in an older synthesis."""
    return a_problem(
        label, code, sources=(a_source(1, days_ago(200), anchor="11450-4"),), **changes
    )


def test_a_disease_that_lasts_is_not_ended_by_a_list_of_antecedents() -> None:
    (one,) = put(listed("Diabète de type 2", "E11.9"), recalled("Diabète de type 2", "E11.9"))
    assert one.active
    assert len(one.sources) == 2


def test_an_end_that_is_told_ends_it_and_what_heals_is_past() -> None:
    ended = recalled("Diabète de type 2", "E11.9", until=days_ago(30))
    assert [one.active for one in put(listed("Diabète de type 2", "E11.9"), ended)] == [False]
    healed = put(listed("Pneumopathie", "J18.9"), recalled("Pneumopathie", "J18.9"))
    assert [one.active for one in healed] == [False]


def test_a_disease_that_only_antecedents_name_stays_where_it_was_told() -> None:
    (one,) = put(recalled("Hypertension artérielle", "I10"))
    assert not one.active


def test_a_new_episode_does_not_begin_with_the_former_one() -> None:
    former = recalled("Pneumopathie", "J18.9", since=date(2018, 2, 1), until=date(2018, 3, 1))
    new = a_problem("Pneumopathie", "J18.9", since=days_ago(8), sources=(a_source(3, days_ago(5)),))
    now, before = put(former, new)
    assert (now.active, now.since) == (True, days_ago(8))
    assert (before.active, before.until) == (False, date(2018, 3, 1))


def test_a_category_joins_the_problem_that_says_more() -> None:
    broad = listed("Insuffisance cardiaque", "I50", since=date(2019, 1, 1))
    fine = a_problem(
        "Insuffisance ventriculaire gauche", "I50.1", sources=(a_source(3, days_ago(5)),)
    )
    (one,) = put(broad, fine)
    assert (one.label, one.since) == ("Insuffisance ventriculaire gauche", date(2019, 1, 1))
    assert len(one.sources) == 2


def test_a_category_joins_one_of_several_and_never_what_is_over() -> None:
    eyes = a_problem("Rétinopathie diabétique", "E11.3", sources=(a_source(3),))
    kidneys = a_problem("Néphropathie diabétique", "E11.2", sources=(a_source(4),))
    assert len(put(listed("Diabète de type 2", "E11"), eyes, kidneys)) == 2
    past = recalled("Pneumopathie bactérienne", "J15")
    assert len(put(past, a_problem("Pneumopathie à pneumocoque", "J15.9"))) == 2


@pytest.mark.parametrize("paid", ["I50.0", "I50", "I50.9"])
def test_a_long_term_condition_joins_whatever_its_category_is_called(paid: str) -> None:
    stated = listed("Insuffisance cardiaque à fraction d'éjection réduite", "I50.9")
    claim = a_problem(
        "Insuffisance cardiaque congestive",
        paid,
        long_term="5",
        sources=(of_claims(days_ago(900)),),
    )
    (one,) = put(stated, claim)
    assert (one.label, one.long_term) == (stated.label, "5")


def test_the_closest_code_takes_the_long_term_condition() -> None:
    eyes = a_problem("Rétinopathie diabétique", "E11.3", sources=(a_source(3),))
    plain = a_problem("Diabète sans complication", "E11.9", sources=(a_source(4),))
    claim = a_problem("Diabète", "E11.9", long_term="8", sources=(of_claims(),))
    found = {one.label: one.long_term for one in put(eyes, plain, claim)}
    assert found == {"Rétinopathie diabétique": "", "Diabète sans complication": "8"}
