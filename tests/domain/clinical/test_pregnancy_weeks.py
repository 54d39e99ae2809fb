"""What is due in which weeks of a pregnancy, and how the weeks are known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import CIM10, CNAM_CCAM
from dmp.domain.clinical.facts import Findings, Imaging, Stay
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.codes import Code
from dmp.domain.identity.patient import Sex
from tests.builders.clinical import TODAY, a_material, a_problem, a_result, an_exam, days_ago
from tests.builders.people import some_traits

ULTRASOUNDS = {"G01": "1er", "G02": "2e", "G03": "3e"}


def synthesis(*facts: Findings) -> Synthesis:
    traits = some_traits(sex=Sex.FEMALE, birth_date=days_ago(365 * 30))
    return synthesis_of(a_material(*facts, traits=traits), shipped_knowledge())


def due_of(*facts: Findings) -> set[str]:
    return {one.rule_id for one in synthesis(*facts).due}


def pregnant(weeks: int | None = None) -> Findings:
    """A pregnancy that was stated 20 days ago, with the day of birth that is expected where weeks are given."""
    until = None if weeks is None else TODAY + timedelta(weeks=41 - weeks)
    return Findings(problems=(a_problem("Grossesse", "Z33", since=days_ago(20), until=until),))


@pytest.mark.parametrize(
    ("weeks", "due"),
    [
        (6, set()),
        (11, {"G01"}),
        (16, set()),
        (22, {"G02"}),
        (27, set()),
        (32, {"G03"}),
        (38, set()),
    ],
)
def test_an_ultrasound_is_due_in_its_weeks(weeks: int, due: set[str]) -> None:
    assert due_of(pregnant(weeks)) & set(ULTRASOUNDS) == due


def test_where_nothing_tells_the_weeks_all_are_said() -> None:
    assert due_of(pregnant()) >= set(ULTRASOUNDS)


def exam(code: str, weeks_ago: int) -> Imaging:
    return an_exam(weeks_ago * 7, code=Code(code, CNAM_CCAM), modality="US", region="uterus")


@pytest.mark.parametrize("code", ["JQQM010", "JQQM015"])
def test_an_ultrasound_of_the_insurance_tells_the_weeks(code: str) -> None:
    """Made at 12 weeks, ten weeks ago."""
    assert due_of(pregnant(), Findings(imaging=(exam(code, 10),))) & set(ULTRASOUNDS) == {"G02"}


@pytest.mark.parametrize(
    "result",
    [
        a_result("49051-6", 14, ago=56, unit="wk", label="Age gestationnel"),
        a_result(
            "11778-8", ago=56, value=None, text=f"{TODAY + timedelta(weeks=19):%Y%m%d}", unit=""
        ),
        a_result(
            "8665-2", ago=56, value=None, text=f"{TODAY - timedelta(weeks=22):%d/%m/%Y}", unit=""
        ),
    ],
    ids=["weeks", "day of birth", "last period"],
)
def test_a_report_tells_the_weeks(result: object) -> None:
    facts = Findings(results=(result,))  # type: ignore[arg-type] # parametrised
    assert due_of(pregnant(), facts) & set(ULTRASOUNDS) == {"G02"}


def test_an_ultrasound_alone_is_no_pregnancy() -> None:
    """One that ended otherwise leaves nothing in the claims: nobody is reminded of it."""
    assert not {rule for rule in due_of(Findings(imaging=(exam("JQQM010", 4),))) if rule[0] == "G"}


@pytest.mark.parametrize("text", ["", "bientôt", "2026-13-45"])
def test_what_is_no_day_tells_nothing(text: str) -> None:
    told = a_result("11778-8", ago=20, value=None, text=text, unit="")
    assert due_of(pregnant(), Findings(results=(told,))) >= set(ULTRASOUNDS)


def test_an_earlier_pregnancy_tells_nothing_of_this_one() -> None:
    assert due_of(pregnant(), Findings(imaging=(exam("JQQM010", 60),))) >= set(ULTRASOUNDS)


def test_the_synthesis_tells_the_weeks_with_what_dates_them() -> None:
    """By the ultrasound where nothing surer is there, and by the report once there is one."""
    by_exam = exam("JQQM010", 10)
    found = synthesis(pregnant(), Findings(imaging=(by_exam,)))
    assert found.pregnancy is not None
    assert (found.pregnancy.weeks, found.pregnancy.on) == (22, TODAY)
    assert any(found.pregnancy.stated is one for one in found.problems)
    assert found.pregnancy.sources[0].document == by_exam.sources[0].document
    told = a_result("49051-6", 13, ago=56, unit="wk", label="Age gestationnel")
    surer = synthesis(pregnant(), Findings(imaging=(by_exam,)), Findings(results=(told,))).pregnancy
    assert surer is not None
    assert (surer.weeks, surer.sources[0].document) == (21, told.sources[0].document)


def test_whoever_may_not_see_what_dates_it_is_told_no_weeks() -> None:
    """He sees the statement alone: his synthesis is that of a record where nothing dates the pregnancy."""
    seen = synthesis(pregnant())
    assert seen.problems and seen.pregnancy is None
    assert synthesis(Findings(imaging=(exam("JQQM010", 10),))).pregnancy is None


def test_a_pregnancy_that_ended_is_told_no_more() -> None:
    birth = Stay(
        place="Maternité",
        start=days_ago(3),
        codes=(Code("O80.0", CIM10),),
        sources=exam("JQQM010", 1).sources,
    )
    dated = Findings(imaging=(exam("JQQM016", 8),))
    assert synthesis(pregnant(), dated).pregnancy is not None
    assert synthesis(pregnant(), dated, Findings(stays=(birth,))).pregnancy is None
