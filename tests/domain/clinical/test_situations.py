"""Situations that rules ask about: those that hold, and those that nothing of the record could make hold."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.coding import CCAM
from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.treatments import courses
from dmp.domain.clinical.watching.situations import Situations
from dmp.domain.codes import Code
from tests.builders.clinical import (
    TODAY,
    WARFARIN,
    a_delivery,
    a_knowledge,
    a_problem,
    a_stay,
    a_test,
    days_ago,
)

SITUATIONS = (
    "pregnancy", "stay", "surgery", "diabetes", "no-diabetes", "stay-ahead", "bariatric", "atc:B01",
    "cim10:E11", "ald8", "age:0-17", "pregnancy:20-25", "of nobody's table",
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        (Findings(), {"no-diabetes"}),
        (Findings(problems=(a_problem("Diabète de type 2", "E11"),)), {"diabetes", "cim10:E11"}),
        (Findings(problems=(a_problem("ALD", "E14", long_term="8"),)), {"diabetes", "ald8"}),
        (
            Findings(problems=(a_problem("Grossesse", "Z33", since=days_ago(30)),)),
            {"no-diabetes", "pregnancy", "pregnancy:20-25"},
        ),
        (Findings(stays=(a_stay(first=6, last=2),)), {"no-diabetes", "surgery"}),
        (Findings(stays=(a_stay(first=2, last=-2),)), {"no-diabetes", "stay"}),
        (Findings(stays=(a_stay(first=-20, last=-22),)), {"no-diabetes", "stay-ahead"}),
        (Findings(dispensed=(a_delivery(WARFARIN),)), {"no-diabetes", "atc:B01"}),
        (
            Findings(performed=(a_test("HFCA001", code=Code("HFCA001", CCAM)),)),
            {"no-diabetes", "bariatric"},
        ),
    ],
)
def test_what_nothing_of_the_record_tells_never_holds_and_what_it_tells_does(
    facts: Findings, held: set[str]
) -> None:
    treated = courses(facts.prescribed, facts.dispensed, a_knowledge().medicines, TODAY)
    situations = Situations(facts, treated, date(1960, 5, 1))
    assert {word for word in SITUATIONS if situations.any_holds((word,), TODAY)} == held
    assert {word for word in SITUATIONS if situations.holds(word, TODAY)} == held
    assert situations.any_holds(SITUATIONS, TODAY)
    assert not situations.any_holds(tuple(word for word in SITUATIONS if word not in held), TODAY)
